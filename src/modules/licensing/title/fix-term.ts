import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { computeTermAfterDeath, OPEN_END } from '../../../lib/rights/index.js';
import { sqlState, type Tx } from '../../../platform/database/index.js';
import { writePoint } from '../../../platform/fault-points/index.js';
import { AppendStatement } from '../../log/index.js';
import { sendNotices } from '../../notices/index.js';
import { type AppendedAnswer, toAnswer } from '../appended-answer.js';
import { consentMissing, notHolder, termIsFixed } from '../licensing.errors.js';
import { PerformAct } from '../perform-act.js';
import { AskForConsent } from './ask-for-consent.js';
import { findMissingConsents } from './find-missing-consents.js';
import { isHolder } from './read-slices.js';
import { ReadTitle } from './read-title.js';

export const termSchema = z.strictObject({
  lastAuthorDiedOn: z.iso.date().meta({ description: 'Of joint authors the last one' }),
  evidenceSha256: z.string().regex(/^[0-9a-f]{64}$/).optional().meta({ description: 'The digest of what shows it' }),
});
export type FixedTerm = z.output<typeof termSchema>;

/** Fills in the end of a protection that was open because the author lived (Copyright Law Art. 23): of all slices of the work, and of the licences that were to last as long. */
@Injectable()
export class FixTerm {
  constructor(private readonly title: ReadTitle, private readonly append: AppendStatement, private readonly perform: PerformAct, private readonly ask: AskForConsent) {}

  /** @throws DomainError `WORKS.NOT_FOUND`, `LICENSING.NOT_HOLDER`, `LICENSING.TERM_FIXED`, `LICENSING.CONSENT_MISSING`. */
  async execute(typed: string, accountId: string, fixed: FixedTerm, idempotencyKey: string | null): Promise<AppendedAnswer> {
    const known = await this.title.find(typed, accountId);
    const request = { accountId, idempotencyKey, act: 'fix-term', subject: known.number, payload: fixed };
    const stored = await this.perform.replay<AppendedAnswer>(request);
    if (stored) return stored;
    if (!known.slices.some((slice) => isHolder(slice, accountId))) throw notHolder();
    const until = computeTermAfterDeath(fixed.lastAuthorDiedOn);
    const open = known.slices.filter(({ box }) => box.term.until === OPEN_END && box.term.from < until);
    if (open.length === 0 || Date.parse(fixed.lastAuthorDiedOn) > Date.now()) throw termIsFixed();
    return this.perform.execute(request, async (tx) => {
      const body = { until: new Date(until).toISOString(), ...fixed };
      const appended = await this.append.execute(tx, { type: 'work.term-fixed', subject: known.number, actor: `acct:${accountId}`, body: JSON.parse(JSON.stringify(body)) as typeof body, sealed: [] }, []);
      const slices = await this.title.open(tx, known, known.slices);
      const missing = new Set<string>();
      for (const { box } of slices) for (const id of await findMissingConsents(tx, { ...known, slices }, box, 'term', accountId, null)) missing.add(id);
      if (missing.size > 0) throw consentMissing([...missing]);
      await narrowTerms(tx, known.work.workId, until).catch((error: unknown) => {
        // A slice would be left with nothing.
        throw sqlState(error) === 'ZB066' ? termIsFixed() : error;
      });
      const told = new Set(slices.flatMap((slice) => slice.holders.map((holder) => holder.accountId)));
      told.delete(accountId);
      await sendNotices(tx, [...told].map((id) => ({ accountId: id, kind: 'work-term-fixed', subject: known.number })));
      return toAnswer(appended);
    }).catch((error: unknown) => this.ask.refused(error, known, 'term', accountId));
  }
}

/** Slices of all times, since they add up to each other; and licences without an end. @param until milliseconds since 1970. */
export async function narrowTerms(tx: Tx, workId: string, until: number): Promise<void> {
  await writePoint('holding.fix-term', () => tx.query('SELECT fix_term($1, $2)', [workId, new Date(until)]));
}
