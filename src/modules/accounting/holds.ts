import type { Tx } from '../../platform/database/index.js';
import { writePoint } from '../../platform/fault-points/index.js';
import { uuidv7 } from '../../platform/random/index.js';
import { holdEnded } from './accounting.errors.js';
import { postTransfers } from './post-transfers.js';
import type { Posting, TransferKind } from './posting.js';

export interface NewHold {
  readonly owner: string;
  readonly currency: string;
  /** Above 0. */
  readonly amountMinor: bigint;
  readonly subject: string;
}

/**
 * Sets money aside for one thing: from what the owner has available to what they have held.
 * @returns the hold's id.
 * @throws DomainError `ACCOUNTING.INSUFFICIENT_FUNDS`.
 */
export async function placeHold(tx: Tx, { owner, currency, amountMinor, subject }: NewHold): Promise<string> {
  const [holdId, placedBy] = [uuidv7(), uuidv7()];
  await postTransfers(tx, [{ id: placedBy, kind: 'hold', subject, postings: [{ owner, purpose: 'available', currency, amountMinor: -amountMinor }, { owner, purpose: 'held', currency, amountMinor }] }]);
  await writePoint('accounting.place-hold', () =>
    tx.query('INSERT INTO hold (hold_id, owner_id, currency, amount, subject, placed_by) VALUES ($1, $2, $3, $4, $5, $6)', [holdId, owner, currency, amountMinor.toString(), subject, placedBy]));
  return holdId;
}

/**
 * Ends a hold, once: `posted` to those it is for, or `voided`. Of two who end it at once the second waits here for the first.
 * @param to credits that sum to the hold's amount; when voided and empty, all of it goes back to what its owner has available.
 * @param about what the money moves for, when that is not what it was set aside for: an order that came of an offer.
 * @throws DomainError `ACCOUNTING.HOLD_ENDED` when it has ended before. QueryFailedError `ZB071` when the credits are not its amount: a mistake of the caller.
 */
export async function endHold(tx: Tx, holdId: string, state: 'posted' | 'voided', to: readonly Posting[], kind: TransferKind, about: string | null = null): Promise<void> {
  const [hold] = await tx.query<{ owner: string; currency: string; amount: string; subject: string; state: string }[]>(
    'SELECT owner_id AS owner, currency, amount, subject, state FROM hold WHERE hold_id = $1 FOR UPDATE', [holdId]);
  if (!hold) throw new Error(`there is no hold ${holdId}`);
  if (hold.state !== 'pending') throw holdEnded();
  const { owner, currency, subject } = hold;
  const amountMinor = BigInt(hold.amount);
  const credits: readonly Posting[] = state === 'voided' && to.length === 0 ? [{ owner, purpose: 'available', currency, amountMinor }] : to;
  const endedBy = uuidv7();
  await postTransfers(tx, [{ id: endedBy, kind, subject: about ?? subject, postings: [{ owner, purpose: 'held', currency, amountMinor: -amountMinor }, ...credits] }]);
  await writePoint('accounting.end-hold', () => tx.query('UPDATE hold SET state = $2, ended_by = $3, ended_at = now() WHERE hold_id = $1', [holdId, state, endedBy]));
}
