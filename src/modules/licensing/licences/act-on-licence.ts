import { Injectable } from '@nestjs/common';
import { formatWorkNumber } from '../../../lib/statement/index.js';
import type { Tx } from '../../../platform/database/index.js';
import { type Act, AppendStatement, type AppendedStatement } from '../../log/index.js';
import { sendNotices, type NoticeKind } from '../../notices/index.js';
import { Sealer } from '../../works/index.js';
import { type AppendedAnswer, toAnswer } from '../appended-answer.js';
import { licenceNotFound } from '../licensing.errors.js';
import { PerformAct } from '../perform-act.js';
import { type FoundLicence, FindLicence, type Licence } from './find-licence.js';
import { insertLicenceEvent, type LicenceEvent, type LicenceEventKind, readLicenceEvents } from './licence-event.js';

export interface LicenceAct {
  readonly kind: LicenceEventKind;
  readonly accountId: string;
  readonly idempotencyKey: string | null;
  /** What was asked for: the same for the same idempotency key. */
  readonly payload: unknown;
  readonly body: Act['body'];
  /** What the parties know and others do not. */
  readonly sealed?: Readonly<Record<string, unknown>>;
  readonly notice: NoticeKind;
}

/** What is known once the licence is locked. */
export interface LockedLicence {
  readonly licence: Licence;
  readonly events: readonly LicenceEvent[];
  readonly appended: AppendedStatement;
}

/** What every act on a granted licence has in common: its statement in the licence's chain, its event, and the notice to the others. */
@Injectable()
export class ActOnLicence {
  constructor(private readonly findLicence: FindLicence, private readonly append: AppendStatement, private readonly perform: PerformAct) {}

  /**
   * @param apply what the act changes; it throws when the licence is not in a state for it.
   * @throws DomainError `LICENSING.NOT_FOUND`, and as `apply`.
   */
  execute(found: FoundLicence, act: LicenceAct, apply: (tx: Tx, locked: LockedLicence) => Promise<void>): Promise<AppendedAnswer> {
    const { kind, accountId, idempotencyKey, payload, body, sealed = {}, notice } = act;
    return this.perform.execute({ accountId, idempotencyKey, act: kind, subject: found.number, payload }, async (tx) => {
      const sealer = new Sealer();
      for (const [member, value] of Object.entries(sealed)) sealer.seal(`/${member}`, value);
      if (kind === 'terminated') await this.lockAll(tx, found);
      // The append locks the head: what is read after it is how the last act before this one left the licence.
      const appended = await this.append.execute(tx, { type: `licence.${kind}`, subject: found.number, about: [found.work], actor: actorOf(found, accountId), body, sealed: sealer.sealed }, sealer.disclosures);
      const licence = await this.findLicence.byId(tx, found.licenceId);
      if (licence === null) throw licenceNotFound();
      const events = await readLicenceEvents(tx, found.licenceId);
      const event = { seq: appended.seq, kind, actorId: accountId, happenedAt: appended.acceptedAt, detail: body };
      if (kind !== 'terminated') await insertLicenceEvent(tx, found.licenceId, event);
      await apply(tx, { licence, events, appended });
      const others = new Set([...found.above, ...(licence.licenseeId === null ? [] : [licence.licenseeId])]);
      others.delete(accountId);
      await sendNotices(tx, [...others].map((id) => ({ accountId: id, kind: notice, subject: found.number })));
      return toAnswer(appended);
    });
  }

  /** All that an end touches, before it is said: what is granted from the licence meanwhile is committed, and in the log, before. */
  private async lockAll(tx: Tx, { licenceId, number, parentId, work, exclusivity }: FoundLicence): Promise<void> {
    const above = parentId === null ? work : formatWorkNumber(parentId, 'LC');
    await this.append.lock(tx, exclusivity === 'non-exclusive' ? [number] : [number, above]);
    await tx.query('SELECT 1 FROM licence WHERE licence_id = $1 FOR UPDATE', [licenceId.toString()]);
  }
}

/** Who is licensed is sealed: as themself they are named by what they are. */
function actorOf(licence: FoundLicence, accountId: string): string {
  return licence.isLicensee ? `licensee:${licence.number}` : licence.parentId === null ? `acct:${accountId}` : `grantor:${licence.number}`;
}
