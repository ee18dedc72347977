import { Injectable } from '@nestjs/common';
import { type ActorSignature, formatWorkNumber } from '../../../lib/statement/index.js';
import type { Tx } from '../../../platform/database/index.js';
import { type Act, AppendStatement, type AppendedStatement } from '../../log/index.js';
import { sendNotices, type NoticeKind } from '../../notices/index.js';
import { Sealer } from '../../works/index.js';
import { type AppendedAnswer, toAnswer } from '../appended-answer.js';
import { notParty } from '../licensing.errors.js';
import { PerformAct } from '../perform-act.js';
import { FindLicence, type FoundLicence } from './find-licence.js';
import { assertMay, insertLicenceEvent, type LicenceActKind, type LicenceEvent, oppositeOf, readLicenceEvents, type Side, standingOf } from './licence-event.js';

export interface LicenceRequest {
  readonly accountId: string;
  readonly idempotencyKey: string | null;
  /** What is asked for, and the request as it was sent: the same for the same idempotency key. */
  readonly act: string;
  readonly payload: unknown;
  /** Whether the licence may end by it. */
  readonly mayEnd?: boolean;
}

/** What is known once the licence is locked: how the last act left it, and whom the caller speaks for now. */
export interface LockedLicence {
  readonly licence: FoundLicence;
  readonly events: readonly LicenceEvent[];
}

/** What is said of the licence, and what that changes. */
export interface LicenceAct {
  readonly kind: LicenceActKind;
  readonly body: Act['body'];
  /** What the parties know and others do not. */
  readonly sealed?: Readonly<Record<string, unknown>>;
  /** What the caller has sealed and signed themself, in their own name, and when that was taken: the moment that the statement is issued at. */
  readonly own?: { readonly actor: string; readonly disclosure: string; readonly signature: ActorSignature; readonly at: Date };
  readonly notice: NoticeKind;
  readonly apply?: (tx: Tx, appended: AppendedStatement) => Promise<void>;
}

/** What every act on a granted licence has in common: its statement in the licence's chain, its event, and the notice to the others. */
@Injectable()
export class ActOnLicence {
  constructor(private readonly findLicence: FindLicence, private readonly append: AppendStatement, private readonly perform: PerformAct) {}

  /**
   * @param decide what is said, by how the licence stands; it throws when the caller may not. What was found before the transaction decides nothing: titles change hands.
   * @throws DomainError `LICENSING.NOT_IN_THIS_STATE`, and as `decide`.
   */
  execute<More extends object = object>(found: FoundLicence, request: LicenceRequest, decide: (locked: LockedLicence, tx: Tx) => Promise<LicenceAct & { readonly more?: More }>): Promise<AppendedAnswer & More> {
    const { accountId, idempotencyKey, act, payload, mayEnd = false } = request;
    return this.perform.execute({ accountId, idempotencyKey, act, subject: found.number, payload }, async (tx) => {
      await this.append.lock(tx, mayEnd ? headsOf(found) : [found.number]);
      // What is granted from the licence meanwhile is committed, and in the log, before its end is said.
      const licence = await this.findLicence.lock(tx, found, accountId, mayEnd);
      const { kind, body, sealed = {}, own, notice, apply, more } = await decide({ licence, events: await readLicenceEvents(tx, found.licenceId) }, tx);
      assertMay(kind, standingOf(licence, Date.now()));
      const sealer = new Sealer();
      for (const [member, value] of Object.entries(sealed)) sealer.seal(`/${member}`, value);
      if (own !== undefined) sealer.take(own.disclosure);
      const appended = await this.append.execute(tx, {
        type: `licence.${kind}`, subject: found.number, about: [found.work], actor: own?.actor ?? actorOf(licence, accountId), body, sealed: sealer.sealed, ...(own === undefined ? {} : { signatures: [own.signature] }),
      }, sealer.disclosures, own?.at);
      if (kind !== 'terminated') await insertLicenceEvent(tx, found.licenceId, { seq: appended.seq, kind, actorId: accountId, happenedAt: appended.acceptedAt, detail: body });
      await apply?.(tx, appended);
      const others = new Set([...licence.above, ...(licence.licenseeId === null ? [] : [licence.licenseeId])]);
      others.delete(accountId);
      await sendNotices(tx, [...others].map((id) => ({ accountId: id, kind: notice, subject: found.number })));
      return { ...toAnswer(appended), ...more } as AppendedAnswer & More;
    });
  }
}

/** Whom the caller speaks for. @throws DomainError `LICENSING.NOT_PARTY`. */
export function sideOf({ sides: [side] }: Pick<FoundLicence, 'sides'>): Side {
  if (side === undefined) throw notParty();
  return side;
}

/** Whom the caller speaks for when that is the other side of somebody's act. */
export function isOppositeOf({ sides }: Pick<FoundLicence, 'sides'>, side: Side): boolean {
  return sides.includes(oppositeOf(side));
}

/** The chains that an end is said in. */
function headsOf({ number, parentId, work, exclusivity }: FoundLicence): string[] {
  return exclusivity === 'non-exclusive' ? [number] : [number, parentId === null ? work : formatWorkNumber(parentId, 'LC')];
}

/** Who is licensed is sealed: as themself they are named by what they are. */
function actorOf(licence: FoundLicence, accountId: string): string {
  return licence.isLicensee ? `licensee:${licence.number}` : licence.parentId === null ? `acct:${accountId}` : `grantor:${licence.number}`;
}
