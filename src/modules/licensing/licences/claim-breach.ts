import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { paragraphs } from '../../../lib/api-schema/index.js';
import type { AppendedAnswer } from '../appended-answer.js';
import { notInThisState, notParty } from '../licensing.errors.js';
import { ActOnLicence } from './act-on-licence.js';
import { FindLicence, type FoundLicence, isOwnSide } from './find-licence.js';
import { markDoubt, standingBreach } from './licence-event.js';

export const breachSchema = z.strictObject({ reason: paragraphs(4_000), curePeriodDays: z.int().min(1).max(365).default(30) });
export type Breach = z.output<typeof breachSchema>;
export const breachAnswerSchema = z.strictObject({ reason: paragraphs(4_000).optional() });

const DAY = 86_400_000;

/** A breach: one party says what is wrong and until when it can be cured; takes it back; or the other disputes it, and then only both of them, or a court, end the licence. */
@Injectable()
export class ClaimBreach {
  constructor(private readonly findLicence: FindLicence, private readonly act: ActOnLicence) {}

  /** @throws DomainError `LICENSING.NOT_FOUND`, `LICENSING.NOT_PARTY`, `LICENSING.NOT_IN_THIS_STATE`. */
  async notify(typed: string, accountId: string, { reason, curePeriodDays }: Breach, idempotencyKey: string | null): Promise<AppendedAnswer> {
    const found = await this.party(typed, accountId);
    const cureBy = new Date(Date.now() + curePeriodDays * DAY);
    return this.act.execute(found, { kind: 'breach-notified', accountId, idempotencyKey, payload: { reason, curePeriodDays }, body: { cureBy: cureBy.toISOString() }, sealed: { reason }, notice: 'licence-breach-notified' }, async (_tx, { licence, events }) => {
      if (licence.acceptedAt === null || licence.voidedAt !== null) throw notInThisState('Only a licence that was accepted can be breached.');
      if (standingBreach(events) !== null) throw notInThisState('A breach is notified already.');
    });
  }

  /** By the side that notified it: it is cured, or was none. @throws as {@link notify}. */
  async cured(typed: string, accountId: string, idempotencyKey: string | null): Promise<AppendedAnswer> {
    const found = await this.party(typed, accountId);
    return this.act.execute(found, { kind: 'breach-cured', accountId, idempotencyKey, payload: null, body: {}, notice: 'licence-breach-cured' }, async (tx, { licence, events }) => {
      const breach = standingBreach(events);
      if (breach === null) throw notInThisState('No breach is notified.');
      if (!isOwnSide(found, breach)) throw notParty();
      await markDoubt(tx, licence.licenceId);
    });
  }

  /** By the other party, before the time to cure is over. @throws as {@link notify}. */
  async dispute(typed: string, accountId: string, reason: string | undefined, idempotencyKey: string | null): Promise<AppendedAnswer> {
    const found = await this.party(typed, accountId);
    return this.act.execute(found, { kind: 'breach-disputed', accountId, idempotencyKey, payload: { reason }, body: {}, sealed: { reason }, notice: 'licence-breach-disputed' }, async (tx, { licence, events }) => {
      const breach = standingBreach(events);
      if (breach === null) throw notInThisState('No breach is notified.');
      if (isOwnSide(found, breach)) throw notParty();
      await markDoubt(tx, licence.licenceId);
    });
  }

  private async party(typed: string, accountId: string): Promise<FoundLicence> {
    const found = await this.findLicence.execute(typed, accountId);
    if (!found.isLicensee && !found.isAbove) throw notParty();
    return found;
  }
}
