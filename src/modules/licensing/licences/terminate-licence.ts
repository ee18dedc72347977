import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { paragraphs } from '../../../lib/api-schema/index.js';
import type { AppendedAnswer } from '../appended-answer.js';
import { notInThisState, notParty } from '../licensing.errors.js';
import { ActOnLicence } from './act-on-licence.js';
import { type End, EndLicence, toEndBody } from './end-licence.js';
import { FindLicence, type FoundLicence, isOwnSide } from './find-licence.js';
import { readLicenceEvents, standingBreach, standingDoubt, standingProposal } from './licence-event.js';

const reason = paragraphs(2_000).optional();

/** How a licence ends before its term does. Expiry needs nobody. */
export const terminationSchema = z.discriminatedUnion('ground', [
  z.strictObject({ ground: z.literal('mutual'), effectiveAt: z.iso.datetime().optional(), rescind: z.boolean().default(false).meta({ description: 'From the beginning, as if it had not been granted' }), reason }),
  z.strictObject({ ground: z.literal('breach'), reason }),
  z.strictObject({ ground: z.literal('declined'), reason }),
  z.strictObject({ ground: z.literal('withdrawn'), reason }),
]);
export type Termination = z.output<typeof terminationSchema>;

/**
 * Ends a licence: by both parties (the first proposes, the second says the same), for a breach that was not cured in time, or before it was accepted by
 * either alone. Never by one party's word against the other's: a disputed breach ends nothing here.
 */
@Injectable()
export class TerminateLicence {
  constructor(private readonly findLicence: FindLicence, private readonly act: ActOnLicence, private readonly end: EndLicence) {}

  /** @throws DomainError `LICENSING.NOT_FOUND`, `LICENSING.NOT_PARTY`, `LICENSING.NOT_IN_THIS_STATE`. */
  async execute(typed: string, accountId: string, termination: Termination, idempotencyKey: string | null): Promise<AppendedAnswer & { ended: boolean }> {
    const found = await this.findLicence.execute(typed, accountId);
    if (!found.isLicensee && !found.isAbove) throw notParty();
    switch (termination.ground) {
      case 'mutual':
        return this.mutual(found, accountId, termination, idempotencyKey);
      case 'breach':
        return this.forBreach(found, accountId, termination.reason, idempotencyKey);
      case 'declined':
      case 'withdrawn':
        return this.beforeAcceptance(found, accountId, termination, idempotencyKey);
    }
  }

  private async mutual(found: FoundLicence, accountId: string, { effectiveAt, rescind, reason: why }: Extract<Termination, { ground: 'mutual' }>, idempotencyKey: string | null): Promise<AppendedAnswer & { ended: boolean }> {
    const at = effectiveAt === undefined ? null : new Date(effectiveAt);
    if (at !== null && at.getTime() < Date.now() - 60_000) throw notInThisState('A licence ends now or later; what was done under it was licensed. To undo it from the beginning, rescind it.');
    const proposal = standingProposal(await readLicenceEvents(this.findLicence.db, found.licenceId));
    const agreed = proposal !== null && !isOwnSide(found, proposal) && proposal.detail['void'] === rescind && (at === null || proposal.detail['effectiveAt'] === at.toISOString());
    if (agreed) {
      const proposed = new Date(String(proposal.detail['effectiveAt']));
      return { ...(await this.conclude(found, accountId, { ground: 'mutual', effectiveAt: new Date(Math.max(proposed.getTime(), Date.now())), void: rescind }, why, idempotencyKey, proposal.seq)), ended: true };
    }
    const body = { effectiveAt: (at ?? new Date()).toISOString(), void: rescind };
    const answer = await this.act.execute(found, { kind: 'termination-proposed', accountId, idempotencyKey, payload: { effectiveAt, rescind, why }, body, sealed: { reason: why }, notice: 'licence-termination-proposed' }, async (_tx, { licence }) => {
      if (licence.acceptedAt === null) throw notInThisState('The licence is not accepted yet: decline or withdraw it.');
      if (licence.voidedAt !== null || licence.box.term.until <= Date.now()) throw notInThisState('The licence has ended already.');
    });
    return { ...answer, ended: false };
  }

  private async forBreach(found: FoundLicence, accountId: string, why: string | undefined, idempotencyKey: string | null): Promise<AppendedAnswer & { ended: boolean }> {
    const events = await readLicenceEvents(this.findLicence.db, found.licenceId);
    const breach = standingBreach(events);
    if (breach === null || !isOwnSide(found, breach)) throw notInThisState('Notify the other party of the breach first, and give them time to cure it.');
    if (Date.parse(String(breach.detail['cureBy'])) > Date.now()) throw notInThisState(`The other party has until ${String(breach.detail['cureBy'])} to cure the breach.`);
    if (standingDoubt(events)?.kind === 'breach-disputed') throw notInThisState('The other party disputes the breach: agree with them, or ask a court.');
    return { ...(await this.conclude(found, accountId, { ground: 'breach', effectiveAt: new Date(), void: false }, why, idempotencyKey)), ended: true };
  }

  private async beforeAcceptance(found: FoundLicence, accountId: string, { ground, reason: why }: Extract<Termination, { ground: 'declined' | 'withdrawn' }>, idempotencyKey: string | null): Promise<AppendedAnswer & { ended: boolean }> {
    if (ground === 'declined' ? !found.isLicensee : !found.isAbove) throw notParty();
    // What was said of a paper, or to anyone, was accepted by nobody: its owner takes it back, and what was done meanwhile was licensed.
    const alone = found.declared || (ground === 'withdrawn' && found.acceptedAt === null);
    if (!alone && found.acceptedAt !== null) throw notInThisState('The licence was accepted: it ends by both parties, or for a breach.');
    const end: End = { ground, effectiveAt: new Date(), void: found.acceptedAt === null };
    return { ...(await this.conclude(found, accountId, end, why, idempotencyKey)), ended: true };
  }

  /** @param agreedTo seq of the proposal that the other party takes up. */
  private conclude(found: FoundLicence, accountId: string, end: End, why: string | undefined, idempotencyKey: string | null, agreedTo: number | null = null): Promise<AppendedAnswer> {
    return this.act.execute(found, { kind: 'terminated', accountId, idempotencyKey, payload: { ground: end.ground, why }, body: toEndBody(end), sealed: { reason: why }, notice: 'licence-terminated' }, async (tx, locked) => {
      if ((locked.licence.acceptedAt === null) !== (found.acceptedAt === null)) throw notInThisState('The licence was accepted meanwhile.');
      if (agreedTo !== null && standingProposal(locked.events)?.seq !== agreedTo) throw notInThisState('The proposal was changed meanwhile.');
      if (end.ground === 'breach' && standingDoubt(locked.events)?.kind === 'breach-disputed') throw notInThisState('The other party disputes the breach.');
      await this.end.execute(tx, locked, end, accountId);
    });
  }
}
