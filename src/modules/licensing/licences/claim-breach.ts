import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { paragraphs } from '../../../lib/api-schema/index.js';
import { LogReader } from '../../log/index.js';
import type { AppendedAnswer } from '../appended-answer.js';
import { curePeriodTooShort, notInThisState, notParty } from '../licensing.errors.js';
import { ActOnLicence, isOppositeOf, sideOf } from './act-on-licence.js';
import { readAgreement } from './compose-licence-contract.js';
import { FindLicence, type FoundLicence } from './find-licence.js';
import { assertMay, type LicenceEvent, markDoubt, oppositeOf, type Side, standingBreach, standingDispute, standingOf } from './licence-event.js';

export const breachSchema = z.strictObject({
  reason: paragraphs(4_000),
  curePeriodDays: z.int().min(1).max(365).optional().meta({ description: 'Longer than the contract has it, if at all' }),
});
export type Breach = z.output<typeof breachSchema>;
export const breachAnswerSchema = z.strictObject({ reason: paragraphs(4_000).optional() });

const DAY = 86_400_000;
/** Of a contract that does not say, or was erased. */
const CURE_PERIOD_DAYS = 30;
const SIDES = ['licensee', 'grantor'] as const;

/** A breach: one side says what is wrong and until when it can be cured, or takes it back; the other disputes it, and then only both, or a court, end the licence; or takes that back. */
@Injectable()
export class ClaimBreach {
  constructor(private readonly findLicence: FindLicence, private readonly reader: LogReader, private readonly act: ActOnLicence) {}

  /** @throws DomainError `LICENSING.NOT_FOUND`, `LICENSING.NOT_PARTY`, `LICENSING.NOT_IN_THIS_STATE`, `LICENSING.CURE_PERIOD_TOO_SHORT`. */
  async notify(typed: string, accountId: string, breach: Breach, idempotencyKey: string | null): Promise<AppendedAnswer> {
    const found = await this.findLicence.execute(typed, accountId);
    const [granted] = await this.reader.chain(found.number);
    const agreed = (granted && readAgreement(granted))?.curePeriodDays ?? CURE_PERIOD_DAYS;
    return this.act.execute(found, { act: 'breach-notified', accountId, idempotencyKey, payload: breach }, async ({ licence, events }) => {
      const by = sideOf(licence);
      assertMay('breach-notified', standingOf(licence, Date.now()));
      const { reason, curePeriodDays = agreed } = breach;
      if (curePeriodDays < agreed) throw curePeriodTooShort(agreed);
      if (standingBreach(events, by) !== null) throw notInThisState('Your side has notified a breach already.');
      return { kind: 'breach-notified', body: { cureBy: new Date(Date.now() + curePeriodDays * DAY).toISOString(), by }, sealed: { reason }, notice: 'licence-breach-notified' };
    });
  }

  /** By the side that notified it: it is cured, or was none. @throws DomainError `LICENSING.NOT_FOUND`, `LICENSING.NOT_PARTY`, `LICENSING.NOT_IN_THIS_STATE`. */
  async cured(typed: string, accountId: string, idempotencyKey: string | null): Promise<AppendedAnswer> {
    const found = await this.findLicence.execute(typed, accountId);
    return this.act.execute(found, { act: 'breach-cured', accountId, idempotencyKey, payload: null }, async ({ licence, events }) => {
      const by = notifierOf(licence, events, (side) => licence.sides.includes(side));
      return { kind: 'breach-cured', body: { by }, notice: 'licence-breach-cured', apply: (tx) => markDoubt(tx, licence.licenceId) };
    });
  }

  /** By the other side. @throws DomainError as {@link cured}. */
  async dispute(typed: string, accountId: string, reason: string | undefined, idempotencyKey: string | null): Promise<AppendedAnswer> {
    const found = await this.findLicence.execute(typed, accountId);
    return this.act.execute(found, { act: 'breach-disputed', accountId, idempotencyKey, payload: { reason } }, async ({ licence, events }) => {
      const notifier = notifierOf(licence, events, (side) => isOppositeOf(licence, side));
      if (standingDispute(events, notifier) !== null) throw notInThisState('Your side disputes the breach already.');
      return { kind: 'breach-disputed', body: { by: oppositeOf(notifier) }, sealed: { reason }, notice: 'licence-breach-disputed', apply: (tx) => markDoubt(tx, licence.licenceId) };
    });
  }

  /** By the side that disputed it: then the breach stands again as it was notified. @throws DomainError as {@link cured}. */
  async withdrawDispute(typed: string, accountId: string, idempotencyKey: string | null): Promise<AppendedAnswer> {
    const found = await this.findLicence.execute(typed, accountId);
    return this.act.execute(found, { act: 'breach-dispute-withdrawn', accountId, idempotencyKey, payload: null }, async ({ licence, events }) => {
      const notifier = notifierOf(licence, events, (side) => isOppositeOf(licence, side));
      if (standingDispute(events, notifier) === null) throw notInThisState('Your side disputes no breach.');
      return { kind: 'breach-dispute-withdrawn', body: { by: oppositeOf(notifier) }, notice: 'licence-breach-dispute-withdrawn', apply: (tx) => markDoubt(tx, licence.licenceId) };
    });
  }
}

/**
 * The side whose breach is meant.
 * @throws DomainError `LICENSING.NOT_PARTY` when only the wrong side has notified one, `LICENSING.NOT_IN_THIS_STATE` when nobody has.
 */
function notifierOf({ sides }: FoundLicence, events: readonly LicenceEvent[], isMeant: (side: Side) => boolean): Side {
  if (sides.length === 0) throw notParty();
  const notifiers = SIDES.filter((side) => standingBreach(events, side) !== null);
  if (notifiers.length === 0) throw notInThisState('No breach is notified.');
  const meant = notifiers.find(isMeant);
  if (meant === undefined) throw notParty();
  return meant;
}
