import type { Line } from '../../../lib/money/index.js';
import type { Tx } from '../../../platform/database/index.js';
import { writePoint } from '../../../platform/fault-points/index.js';
import { uuidv7 } from '../../../platform/random/index.js';
import { type NewTransfer, type Posting, postTransfers, SERVICE, type TransferKind } from '../../accounting/index.js';
import { toCredits } from '../orders/compose-trade.js';
import type { Order } from '../orders/find-order.js';
import { deadlineNear, paymentUnsure } from './chain.errors.js';

type Paid = Pick<Order, 'orderId' | 'number' | 'buyerId' | 'currency' | 'amountMinor' | 'lines'>;

/** What the contract holds for orders stands in the account «clearing», until it is somebody's there. */
function clearing({ currency }: Paid, amountMinor: bigint): Posting {
  return { owner: SERVICE, purpose: 'clearing', currency, amountMinor };
}

function contract({ currency }: Paid, amountMinor: bigint): Posting {
  return { owner: SERVICE, purpose: 'contract', currency, amountMinor };
}

function buyer({ buyerId, currency }: Paid, amountMinor: bigint): Posting {
  return { owner: buyerId, purpose: 'on-chain', currency, amountMinor };
}

function transfer(kind: TransferKind, { number }: Paid, postings: Posting[]): NewTransfer {
  return { id: uuidv7(), kind, subject: number, postings };
}

/** The contract has the payment. */
export async function postFunded(tx: Tx, order: Paid): Promise<void> {
  await postTransfers(tx, [transfer('chain-funded', order, [contract(order, -order.amountMinor), clearing(order, order.amountMinor)])]);
}

/** The block in which it had it is gone. */
export async function postUnfunded(tx: Tx, order: Paid): Promise<void> {
  await postTransfers(tx, [transfer('chain-funded', order, [clearing(order, -order.amountMinor), contract(order, order.amountMinor)])]);
}

/** The payees' from here on, as the settler will tell the contract. The order's row is locked. @throws DomainError `TRADING.PAYMENT_UNSURE`, `TRADING.DEADLINE_NEAR`. */
export async function postOnChain(tx: Tx, order: Paid, lines: readonly Line[]): Promise<void> {
  const { inTime } = await assertHeld(tx, order);
  if (!inTime) throw deadlineNear();
  await postTransfers(tx, [transfer('chain-settlement', order, [clearing(order, -order.amountMinor), ...toCredits(lines, order.currency, 'on-chain')])]);
}

/** The buyer's again, as the settler will tell the contract. @throws DomainError `TRADING.PAYMENT_UNSURE`. */
export async function takeBackOnChain(tx: Tx, order: Paid): Promise<void> {
  await assertHeld(tx, order);
  await postRefunded(tx, order);
}

export async function postRefunded(tx: Tx, order: Paid): Promise<void> {
  await postTransfers(tx, [transfer('chain-refund', order, [clearing(order, -order.amountMinor), buyer(order, order.amountMinor)])]);
}

/** Whether the ledger says already that the buyer is to have it back. */
export async function isPaidBack(tx: Tx, { number }: Pick<Order, 'number'>): Promise<boolean> {
  const rows = await tx.query<unknown[]>(`SELECT 1 FROM transfer WHERE subject = $1 AND kind = 'chain-refund' LIMIT 1`, [number]);
  return rows.length > 0;
}

/** What was settled was never released: the payees have nothing of it. @param to the buyer who took it back; or nobody, when the chain has undone the payment itself. */
export async function postRescinded(tx: Tx, order: Paid, to: 'buyer' | 'nobody'): Promise<void> {
  const debits = toCredits(order.lines.map((line) => ({ ...line, amountMinor: BigInt(line.amountMinor) })), order.currency, 'on-chain').map((posting) => ({ ...posting, amountMinor: -posting.amountMinor }));
  await postTransfers(tx, [transfer('chain-refund', order, [...debits, to === 'buyer' ? buyer(order, order.amountMinor) : contract(order, order.amountMinor)])]);
}

/** What the buyer was to have back was never there. */
export async function postLapsed(tx: Tx, order: Paid): Promise<void> {
  await postTransfers(tx, [transfer('chain-refund', order, [buyer(order, -order.amountMinor), contract(order, order.amountMinor)])]);
}

/** The listing that an order took before it was paid; in the transaction that ends the order unpaid. */
export async function giveBackListing(tx: Tx, { orderId }: Pick<Order, 'orderId'>): Promise<void> {
  await writePoint('listing.give-back', () => tx.query('SELECT give_back_listing($1)', [orderId.toString()]));
}

/**
 * That the contract has it, as it was seen just now, and that our settler can tell it what becomes of it: not of a contract that is followed by nobody, or that takes no word of ours.
 * In time is by the later of both clocks: ours, and the chain's, which deadlines go by.
 */
async function assertHeld(tx: Tx, { orderId }: Paid): Promise<{ inTime: boolean }> {
  const [row] = await tx.query<{ held: boolean; in_time: boolean }[]>(
    `SELECT p.funded_event IS NOT NULL AND p.ended_event IS NULL AND i.our_settler AND l.good_until > clock_timestamp() AS held, greatest(now(), l.chain_time) < p.settle_until AS in_time
       FROM chain_payment p JOIN settlement_instance i ON i.id = p.instance_id CROSS JOIN settlement_lease l WHERE p.order_id = $1 FOR UPDATE OF p`, [orderId.toString()]);
  if (row?.held !== true) throw paymentUnsure();
  return { inTime: row.in_time };
}
