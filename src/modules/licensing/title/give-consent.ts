import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { accountId } from '../../../lib/api-schema/index.js';
import { scopeSchema, toScope } from '../../../lib/rights/index.js';
import { AppendStatement } from '../../log/index.js';
import { sendNotices } from '../../notices/index.js';
import { Sealer } from '../../works/index.js';
import { type AppendedAnswer, toAnswer } from '../appended-answer.js';
import { toGrantedBox } from '../granted-box.js';
import { consentNotFound, notHolder } from '../licensing.errors.js';
import { PerformAct } from '../perform-act.js';
import { insertConsent, withdrawConsent } from './insert-consent.js';
import { isHolder } from './read-slices.js';
import { ReadTitle } from './read-title.js';

const DAY = 86_400_000;

export const consentSchema = z.strictObject({
  to: accountId.meta({ description: 'The co-owner who may then act' }),
  act: z.enum(['licence', 'assignment', 'term']),
  scope: scopeSchema,
  party: accountId.optional().meta({ description: 'Whom it may be licensed or assigned to; anyone when left out' }),
  validDays: z.int().min(1).max(366).default(90),
});
export type Consent = z.output<typeof consentSchema>;

/**
 * A co-owner agrees beforehand to what another one does: exclusive and sole licences, assignment and pledge need all of them (Copyright Law Art. 14). It covers
 * what lies within its scope, until it expires or is withdrawn.
 */
@Injectable()
export class GiveConsent {
  constructor(private readonly title: ReadTitle, private readonly append: AppendStatement, private readonly perform: PerformAct) {}

  /** @throws DomainError `WORKS.NOT_FOUND`, `LICENSING.NOT_HOLDER`, `LICENSING.SCOPE_INVALID`. */
  async execute(typed: string, accountId: string, consent: Consent, idempotencyKey: string | null): Promise<AppendedAnswer> {
    const known = await this.title.find(typed, accountId);
    const request = { accountId, idempotencyKey, act: 'consent', subject: known.number, payload: consent };
    const stored = await this.perform.replay<AppendedAnswer>(request);
    if (stored) return stored;
    const holds = (id: string): boolean => known.slices.some((slice) => isHolder(slice, id));
    if (!holds(accountId)) throw notHolder();
    if (!holds(consent.to) || consent.to === accountId) throw notHolder('/to');
    const box = toGrantedBox(consent.scope, known.slices);
    const sealer = new Sealer();
    sealer.seal('/party', consent.party === undefined ? undefined : `acct:${consent.party}`);
    return this.perform.execute(request, async (tx) => {
      const now = new Date();
      const expiresAt = new Date(now.getTime() + consent.validDays * DAY);
      const body = { to: `acct:${consent.to}`, act: consent.act, scope: toScope(box), expiresAt: expiresAt.toISOString() };
      const appended = await this.append.execute(tx, { type: 'work.consent-given', subject: known.number, actor: `acct:${accountId}`, body, sealed: sealer.sealed }, sealer.disclosures, now);
      await this.title.open(tx, known, known.slices);
      await insertConsent(tx, { workId: known.work.workId, seq: appended.seq, accountId, toAccount: consent.to, act: consent.act, partyId: consent.party ?? null, box, givenAt: now, expiresAt });
      await sendNotices(tx, [{ accountId: consent.to, kind: 'consent-given', subject: known.number }]);
      return toAnswer(appended);
    });
  }

  /** What was done by it stays done. @throws DomainError `WORKS.NOT_FOUND`, `LICENSING.CONSENT_NOT_FOUND`. */
  async withdraw(typed: string, accountId: string, seq: number, idempotencyKey: string | null): Promise<AppendedAnswer> {
    const known = await this.title.find(typed, accountId);
    return this.perform.execute({ accountId, idempotencyKey, act: 'withdraw-consent', subject: known.number, payload: seq }, async (tx) => {
      const appended = await this.append.execute(tx, { type: 'work.consent-withdrawn', subject: known.number, actor: `acct:${accountId}`, body: { consent: seq }, sealed: [] }, []);
      if (!(await withdrawConsent(tx, known.work.workId, seq, accountId, appended.acceptedAt))) throw consentNotFound();
      return toAnswer(appended);
    });
  }
}
