import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { paragraphs } from '../../../lib/api-schema/index.js';
import type { Tx } from '../../../platform/database/index.js';
import type { AppendedAnswer } from '../appended-answer.js';
import { toBoxParameters } from '../box-columns.js';
import { notInThisState, notParty } from '../licensing.errors.js';
import { boxFrom } from '../title/read-slices.js';
import { ActOnLicence, type LicenceAct, type LockedLicence, sideOf } from './act-on-licence.js';
import { type End, EndLicence, planEnd, toEndBody } from './end-licence.js';
import { FindLicence, type Licence } from './find-licence.js';
import { assertMay, type LicenceEvent, oppositeOf, standingBreach, standingDispute, standingOf, standingProposal } from './licence-event.js';

const reason = paragraphs(2_000).optional();

/** How a licence ends before its term does. Expiry needs nobody. */
export const terminationSchema = z.discriminatedUnion('ground', [
  z.strictObject({
    ground: z.literal('mutual'), effectiveAt: z.iso.datetime().optional(),
    rescind: z.boolean().optional().meta({ description: 'From the beginning, as if it had not been granted; false when it is left out, but for an agreement that names its proposal' }),
    proposal: z.int().min(1).optional().meta({ description: 'Seq of the other side’s proposal that is agreed to, with all its terms, or not at all' }),
    reason,
  }),
  z.strictObject({ ground: z.literal('breach'), reason }),
  z.strictObject({ ground: z.literal('declined'), reason }),
  z.strictObject({ ground: z.literal('withdrawn'), reason }),
]);
export type Termination = z.output<typeof terminationSchema>;
type On<G extends Termination['ground']> = Extract<Termination, { ground: G }>;
type Alone = Extract<Termination, { ground: 'declined' | 'withdrawn' }>;

interface Ended {
  readonly ended: boolean;
}
type Ending = LicenceAct & { readonly more: Ended };

/** So often one side may propose to end one licence. */
const MOST_PROPOSALS = 20;
/** A clock that is behind ours still says now. */
const SKEW = 60_000;

/**
 * Ends a licence: by both sides (the one proposes, the other says the same), for a breach that was not cured in time, or before it was accepted by
 * either alone. Never by one side's word against the other's: a disputed breach ends nothing here, and several who hold together are one side.
 */
@Injectable()
export class TerminateLicence {
  constructor(private readonly findLicence: FindLicence, private readonly act: ActOnLicence, private readonly end: EndLicence) {}

  /** @throws DomainError `LICENSING.NOT_FOUND`, `LICENSING.NOT_PARTY`, `LICENSING.NOT_IN_THIS_STATE`. */
  async execute(typed: string, accountId: string, termination: Termination, idempotencyKey: string | null): Promise<AppendedAnswer & Ended> {
    const found = await this.findLicence.execute(typed, accountId);
    return this.act.execute<Ended>(found, { act: 'terminate', accountId, idempotencyKey, payload: termination, mayEnd: true }, async (locked, tx) => {
      if (!locked.licence.isLicensee && !locked.licence.isAbove) throw notParty();
      switch (termination.ground) {
        case 'mutual':
          return (await this.agree(tx, locked, accountId, termination)) ?? propose(locked, termination);
        case 'breach':
          return this.forBreach(locked, accountId, termination);
        case 'declined':
        case 'withdrawn':
          return this.alone(locked, accountId, termination);
      }
    });
  }

  /** Takes up what the other side has proposed. Null when it proposed nothing, or something else. */
  private async agree(tx: Tx, { licence, events }: LockedLicence, accountId: string, termination: On<'mutual'>): Promise<Ending | null> {
    const { effectiveAt, rescind, proposal: named } = termination;
    for (const side of licence.sides) {
      const proposal = standingProposal(events, oppositeOf(side));
      if (proposal === null || (named !== undefined && proposal.seq !== named)) continue;
      const [proposed, isVoid] = [new Date(String(proposal.detail['effectiveAt'])), proposal.detail['void'] === true];
      const isSame = (rescind ?? (named === undefined ? false : isVoid)) === isVoid && (effectiveAt === undefined || Date.parse(effectiveAt) === proposed.getTime());
      if (!isSame || (await hasChangedHands(tx, licence, proposal))) continue;
      return this.conclude(licence, accountId, { ground: 'mutual', effectiveAt: new Date(Math.max(proposed.getTime(), Date.now())), void: isVoid, proposal: proposal.seq }, termination);
    }
    if (named !== undefined) throw notInThisState('The other side’s proposal does not stand any more, or says something else: read the licence’s history.');
    return null;
  }

  private forBreach({ licence, events }: LockedLicence, accountId: string, termination: On<'breach'>): Ending {
    const side = sideOf(licence);
    const breach = standingBreach(events, side);
    if (breach === null) throw notInThisState('Notify the other party of the breach first, and give them time to cure it.');
    if (Date.parse(String(breach.detail['cureBy'])) > Date.now()) throw notInThisState(`The other party has until ${String(breach.detail['cureBy'])} to cure the breach.`);
    if (standingDispute(events, side) !== null) throw notInThisState('The other party disputes the breach: agree with them, or ask a court.');
    return this.conclude(licence, accountId, { ground: 'breach', effectiveAt: new Date(), void: false }, termination);
  }

  /** What was not accepted the one declines or the other withdraws. What was said of a paper was accepted by nobody here. */
  private alone({ licence }: LockedLicence, accountId: string, termination: Alone): Ending {
    const { isLicensee, isAbove, isGrantor, declared, licenseeId, licenseeSealed, acceptedAt } = licence;
    const isDeclined = termination.ground === 'declined';
    if (isDeclined ? !isLicensee : !isAbove) throw notParty();
    if (acceptedAt !== null) {
      // A paper whose licensee is here is theirs as well; and a successor does not unsay what another one said.
      if (!declared || (!isDeclined && (licenseeId !== null || licenseeSealed))) throw notInThisState('The licence stands between both parties: it ends by both, or for a breach.');
      if (!isDeclined && !isGrantor) throw notParty();
    }
    // What was done meanwhile under a paper was licensed.
    return this.conclude(licence, accountId, { ground: termination.ground, effectiveAt: new Date(), void: acceptedAt === null }, termination);
  }

  private conclude(licence: Licence, accountId: string, wanted: End, { reason: why }: Termination): Ending {
    const end = planEnd(licence, wanted);
    return {
      kind: 'terminated', body: toEndBody(end), sealed: { reason: why }, notice: 'licence-terminated', more: { ended: true },
      apply: (tx, appended) => this.end.execute(tx, licence, appended, end, accountId),
    };
  }
}

function propose({ licence, events }: LockedLicence, { effectiveAt, rescind = false, reason: why }: On<'mutual'>): Ending {
  const at = effectiveAt === undefined ? new Date() : new Date(effectiveAt);
  if (at.getTime() < Date.now() - SKEW) throw notInThisState('A licence ends now or later; what was done under it was licensed. To undo it from the beginning, rescind it.');
  assertMay('termination-proposed', standingOf(licence, Date.now()));
  const by = sideOf(licence);
  if (events.filter(({ kind, detail }) => kind === 'termination-proposed' && detail['by'] === by).length >= MOST_PROPOSALS) {
    throw notInThisState('Your side has proposed to end this licence so often that it may not again. The other side still may.');
  }
  return { kind: 'termination-proposed', body: { effectiveAt: at.toISOString(), void: rescind, by }, sealed: { reason: why }, notice: 'licence-termination-proposed', more: { ended: false } };
}

/** Whether what is still to come of the licence's scope belongs to others than when it was proposed: then nobody is bound by the proposal. */
async function hasChangedHands(tx: Tx, { parentId, workId, box }: Licence, { happenedAt }: LicenceEvent): Promise<boolean> {
  if (parentId !== null) return false;
  const [row]: { changed: boolean }[] = await tx.query(
    `SELECT EXISTS (SELECT 1 FROM holding p JOIN holding h ON h.work_id = p.work_id AND h.rights && p.rights AND h.territories && p.territories AND h.uses && p.uses AND h.languages && p.languages AND h.term && p.term
       WHERE p.work_id = $1 AND p.replaced_seq IS NULL AND p.made_at >= $2 AND p.rights && $3 AND p.territories && $4 AND p.uses && $5 AND p.languages && $6 AND p.term && $7
         AND h.made_at < $2 AND (h.replaced_at IS NULL OR h.replaced_at >= $2) AND holders_of(h.holding_id) <> holders_of(p.holding_id)) AS changed`,
    [workId, happenedAt, ...toBoxParameters(boxFrom(box, Date.now()))]);
  return row?.changed === true;
}
