import type { Tx } from '../../../platform/database/index.js';
import { writePoint } from '../../../platform/fault-points/index.js';
import type { Order } from '../orders/find-order.js';
import { fromHex, toHex } from './evm-hex.js';
import type { FoundEvent } from './find-events.js';
import type { SettlementInstance } from './settlement-instance.js';

/** The payment of an order, whose row is locked. */
export interface ChainPayment {
  readonly orderHash: string;
  readonly deadline: Date;
  readonly fundedEvent: string | null;
  readonly endedEvent: string | null;
  readonly endedKind: 'released' | 'refunded' | null;
  readonly lapsedAt: Date | null;
}

export async function lockPayment(tx: Tx, { orderId }: Pick<Order, 'orderId'>): Promise<ChainPayment> {
  const [row] = await tx.query<{ order_hash: Buffer; deadline: Date; funded_event: string | null; ended_event: string | null; ended_kind: ChainPayment['endedKind']; lapsed_at: Date | null }[]>(
    'SELECT p.order_hash, p.deadline, p.funded_event, p.ended_event, e.kind AS ended_kind, p.lapsed_at FROM chain_payment p LEFT JOIN chain_event e ON e.event_id = p.ended_event WHERE p.order_id = $1 FOR UPDATE OF p', [orderId.toString()]);
  if (row === undefined) throw new Error(`order ${orderId} has no payment on chain`);
  return { orderHash: toHex(row.order_hash), deadline: row.deadline, fundedEvent: row.funded_event, endedEvent: row.ended_event, endedKind: row.ended_kind, lapsedAt: row.lapsed_at };
}

export async function findOrderOf(tx: Tx, instance: SettlementInstance, chainOrderId: string): Promise<bigint | null> {
  const [row] = await tx.query<{ order_id: string }[]>('SELECT order_id FROM chain_payment WHERE instance_id = $1 AND chain_order_id = $2', [instance.id, fromHex(chainOrderId)]);
  return row === undefined ? null : BigInt(row.order_id);
}

/** @returns null when it stands already. */
export async function insertEvent(tx: Tx, { id }: SettlementInstance, { event, transactionHash, logIndex, blockNumber, blockHash, blockTime }: FoundEvent, transferId: string | null = null): Promise<string | null> {
  const [row] = await writePoint('chain-event.insert', () => tx.query<{ event_id: string }[]>(
    `INSERT INTO chain_event (instance_id, transaction_hash, log_index, block_number, block_hash, block_time, kind, chain_order_id, account, token, amount, transfer_id)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT DO NOTHING RETURNING event_id`,
    [id, fromHex(transactionHash), logIndex, blockNumber, fromHex(blockHash), new Date(blockTime * 1000), event.kind, event.orderId && fromHex(event.orderId), event.account && fromHex(event.account), fromHex(event.token), event.amount.toString(), transferId]));
  return row?.event_id ?? null;
}

/** @param event null: it does not stand any more. */
export async function setEvent(tx: Tx, { orderId }: Pick<Order, 'orderId'>, which: 'funded_event' | 'ended_event', event: string | null): Promise<void> {
  await writePoint('chain-payment.event', () => tx.query(`UPDATE chain_payment SET ${which} = $2 WHERE order_id = $1`, [orderId.toString(), event]));
}
