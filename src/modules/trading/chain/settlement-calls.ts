import type { DataSource } from 'typeorm';
import { type BroadcastOutcome, type ChainOrder, encodeRefund, encodeRelease, type Fees } from '../../../platform/chain/index.js';
import { writePoint } from '../../../platform/fault-points/index.js';
import { fromHex, toHex } from './evm-hex.js';
import { type PaymentRow, toChainOrder } from './payment-view.js';
import type { SettlementInstance } from './settlement-instance.js';

export type Action = 'release' | 'refund';

/** What the settler is to tell the contract of an order: what is settled is released, what is over otherwise goes back. */
export interface DueCall {
  readonly orderId: string;
  readonly instance: ContractOf;
  readonly action: Action;
  readonly order: ChainOrder;
  /** No event of it is in this block or below. */
  readonly fromBlock: number;
}

/** The instance that something is of, and its contract. */
export type ContractOf = Pick<SettlementInstance, 'id' | 'contract'>;

/** Whose nonces are counted: of one address on one chain, whatever contract it speaks to. */
export interface Sender {
  readonly chainId: number;
  readonly genesisHash: string;
  readonly address: string;
}

/** A transaction as it was signed. */
export interface SettlementTransaction extends Fees {
  readonly transactionHash: string;
  readonly orderId: string;
  readonly instance: ContractOf;
  readonly action: Action;
  readonly nonce: number;
  readonly raw: string;
  readonly gasLimit: bigint;
  /** Seconds since it was first and last taken by a node; null before. */
  readonly broadcastAge: number | null;
  readonly lastBroadcastAge: number | null;
  readonly lastOutcome: BroadcastOutcome | null;
}

const ACTION = `CASE WHEN o.state = 'settled' THEN 'release' ELSE 'refund' END`;
const COLUMNS = `p.order_id, p.instance_id, i.contract, p.from_block, ${ACTION} AS action, p.chain_order_id, p.buyer, p.token, p.amount, p.payees, p.deadline`;
const TABLES = 'chain_payment p JOIN trade_order o USING (order_id) JOIN settlement_instance i ON i.id = p.instance_id';
const OF_SENDER = 'settlement_transaction t JOIN settlement_instance i ON i.id = t.instance_id WHERE i.chain_id = $1 AND i.genesis_hash = $2 AND t.sender = $3';
const OVER = `o.state IN ('settled', 'refunded', 'expired', 'cancelled')`;

type DueRow = PaymentRow & { order_id: string; instance_id: number; contract: Buffer; from_block: string; action: Action };

function toDueCall(row: DueRow): DueCall {
  return { orderId: row.order_id, instance: { id: row.instance_id, contract: toHex(row.contract) }, action: row.action, order: toChainOrder(row), fromBlock: Number(row.from_block) };
}

function parametersOf({ chainId, genesisHash, address }: Sender): unknown[] {
  return [chainId, fromHex(genesisHash), fromHex(address)];
}

/**
 * Orders that are over here and not there, for which nothing is under way, what is due first in front.
 * @param instances of these. @param deepNonces transactions with nonces below this are mined as deep as events are believed; one that is mined and not as deep is waited for.
 */
export async function findDueCalls(dataSource: DataSource, instances: readonly number[], sender: Sender, deepNonces: number, limit: number): Promise<DueCall[]> {
  const rows = await dataSource.query<DueRow[]>(
    `SELECT ${COLUMNS} FROM ${TABLES} WHERE p.instance_id = ANY ($1::integer[]) AND p.funded_event IS NOT NULL AND p.ended_event IS NULL AND ${OVER}
        AND NOT EXISTS (SELECT 1 FROM settlement_transaction t WHERE t.order_id = p.order_id AND t.instance_id = p.instance_id AND t.sender = $2 AND t.nonce >= $3) ORDER BY p.deadline, p.order_id LIMIT $4`,
    [instances, fromHex(sender.address), deepNonces, limit]);
  return rows.map(toDueCall);
}

/** What is to be said of one order now; null: nothing more. */
export async function findDueCall(dataSource: DataSource, orderId: string): Promise<DueCall | null> {
  const [row] = await dataSource.query<DueRow[]>(`SELECT ${COLUMNS} FROM ${TABLES} WHERE p.order_id = $1 AND ${OVER}`, [orderId]);
  return row === undefined ? null : toDueCall(row);
}

/** Of each nonce that is not used up the newest transaction, by nonce. */
export async function findInFlight(dataSource: DataSource, sender: Sender, usedNonces: number): Promise<SettlementTransaction[]> {
  const rows = await dataSource.query<{
    transaction_hash: Buffer; order_id: string; instance_id: number; contract: Buffer; action: Action; nonce: string; raw: Buffer; gas_limit: string; max_fee_per_gas: string; max_priority_fee_per_gas: string; last_outcome: BroadcastOutcome | null; age: string | null; last_age: string | null;
  }[]>(
    `SELECT DISTINCT ON (t.nonce) t.transaction_hash, t.order_id, t.instance_id, i.contract, t.action, t.nonce, t.raw, t.gas_limit, t.max_fee_per_gas, t.max_priority_fee_per_gas, t.last_outcome,
            extract(epoch FROM clock_timestamp() - t.broadcast_at) AS age, extract(epoch FROM clock_timestamp() - t.last_broadcast_at) AS last_age
       FROM ${OF_SENDER} AND t.nonce >= $4 ORDER BY t.nonce, t.max_fee_per_gas DESC`, [...parametersOf(sender), usedNonces]);
  return rows.map((row) => ({
    transactionHash: toHex(row.transaction_hash), orderId: row.order_id, instance: { id: row.instance_id, contract: toHex(row.contract) }, action: row.action, nonce: Number(row.nonce), raw: toHex(row.raw), gasLimit: BigInt(row.gas_limit),
    maxFeePerGas: BigInt(row.max_fee_per_gas), maxPriorityFeePerGas: BigInt(row.max_priority_fee_per_gas), lastOutcome: row.last_outcome,
    broadcastAge: row.age === null ? null : Number(row.age), lastBroadcastAge: row.last_age === null ? null : Number(row.last_age),
  }));
}

/** The lowest nonce that was never given to a transaction here. */
export async function nextNonce(dataSource: DataSource, sender: Sender): Promise<number> {
  const [row] = await dataSource.query<{ next: string | null }[]>(`SELECT max(t.nonce) + 1 AS next FROM ${OF_SENDER}`, parametersOf(sender));
  return Number(row?.next ?? 0);
}

/** @throws QueryFailedError 23505 when another process was quicker with this nonce. */
export async function insertTransaction(
  dataSource: DataSource, sender: string, transaction: Omit<SettlementTransaction, 'broadcastAge' | 'lastBroadcastAge' | 'lastOutcome'>, replaces: string | null,
): Promise<void> {
  await writePoint('settlement.store-transaction', () => dataSource.query(
    `INSERT INTO settlement_transaction (instance_id, transaction_hash, order_id, action, sender, nonce, raw, gas_limit, max_fee_per_gas, max_priority_fee_per_gas, replaces) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [transaction.instance.id, fromHex(transaction.transactionHash), transaction.orderId, transaction.action, fromHex(sender), transaction.nonce, fromHex(transaction.raw), transaction.gasLimit.toString(),
      transaction.maxFeePerGas.toString(), transaction.maxPriorityFeePerGas.toString(), replaces && fromHex(replaces)]));
}

export async function noteBroadcast(dataSource: DataSource, { instance: { id }, transactionHash }: Pick<SettlementTransaction, 'instance' | 'transactionHash'>, outcome: BroadcastOutcome): Promise<void> {
  const taken = outcome === 'sent' || outcome === 'known';
  await writePoint('settlement.note-broadcast', () => dataSource.query(
    `UPDATE settlement_transaction SET last_outcome = $3, broadcast_at = CASE WHEN $4 THEN coalesce(broadcast_at, clock_timestamp()) ELSE broadcast_at END, last_broadcast_at = CASE WHEN $4 THEN clock_timestamp() ELSE last_broadcast_at END
      WHERE instance_id = $1 AND transaction_hash = $2`, [id, fromHex(transactionHash), outcome, taken]));
}

export function encodeCall({ action, order }: DueCall): string {
  return action === 'release' ? encodeRelease(order) : encodeRefund(order.orderId);
}
