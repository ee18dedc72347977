import { sqlState, type Tx } from '../../platform/database/index.js';
import { writePoint } from '../../platform/fault-points/index.js';
import { insufficientFunds } from './accounting.errors.js';
import type { NewTransfer } from './posting.js';

/** «An account would fall below zero», says the ledger (migration 0010). */
const BELOW_ZERO = 'ZB072';

/**
 * Posts a set of transfers, all of them or none; accounts are opened as they are needed. Whoever moves money besides other things calls this last: debited accounts are locked from
 * here to the end of the transaction, credited ones are not.
 * @throws DomainError `ACCOUNTING.INSUFFICIENT_FUNDS` when a user's account would fall below zero; the transaction is then lost, and the caller MUST let it roll back.
 * @throws QueryFailedError `ZB071` for a transfer that does not sum to zero: a mistake of the caller.
 */
export async function postTransfers(tx: Tx, transfers: readonly NewTransfer[]): Promise<void> {
  if (transfers.length === 0) return;
  try {
    await writePoint('accounting.post', () => tx.query('SELECT post_transfers($1)', [JSON.stringify(transfers.map(toJson))]));
  } catch (error) {
    throw sqlState(error) === BELOW_ZERO ? insufficientFunds(error) : error;
  }
}

/** Amounts as text: JSON's numbers end at 2^53. */
export function toJson({ id, kind, subject, corrects, postings }: NewTransfer): object {
  return { id, kind, subject, corrects: corrects ?? null, postings: postings.map(({ owner, purpose, currency, amountMinor }) => ({ owner, purpose, currency, amount: amountMinor.toString() })) };
}
