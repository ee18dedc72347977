import type { DataSource } from 'typeorm';
import type { ChainOrder } from '../../../platform/chain/index.js';
import { fromHex, toHex } from './evm-hex.js';

/** All that a wallet needs to fund an order, and to take it back without us (docs/spec/settlement.md). */
export interface PaymentView {
  readonly chainId: number;
  readonly contract: string;
  readonly order: { readonly orderId: string; readonly buyer: string; readonly token: string; readonly amount: string; readonly payees: readonly string[]; readonly shareBps: readonly number[]; readonly deadline: string };
  readonly orderHash: string;
  readonly signature: string;
  /** Until when it is to be paid; the contract's own deadline, from which on the buyer takes back what was not released, is in the order. */
  readonly payBy: string;
  /** What the chain is known to say of it. */
  readonly state: 'unpaid' | 'funded' | 'released' | 'refunded';
  readonly transactions: { readonly funded: string | null; readonly ended: string | null };
}

export function toPaymentView(
  order: ChainOrder, where: { readonly chainId: number; readonly contract: string }, signed: { readonly orderHash: string; readonly signature: string }, payBy: Date,
): PaymentView {
  const { orderId, buyer, token, amount, payees, shareBps, deadline } = order;
  return {
    ...where, order: { orderId, buyer, token, amount: amount.toString(), payees, shareBps, deadline: deadline.toString() }, orderHash: signed.orderHash, signature: signed.signature, payBy: payBy.toISOString(),
    state: 'unpaid', transactions: { funded: null, ended: null },
  };
}

export interface PaymentRow {
  chain_order_id: Buffer;
  buyer: Buffer;
  token: Buffer;
  amount: string;
  payees: { address: string; shareBps: number }[];
  deadline: Date;
}

export function toChainOrder(row: PaymentRow): ChainOrder {
  return {
    orderId: toHex(row.chain_order_id), buyer: toHex(row.buyer), token: toHex(row.token), amount: BigInt(row.amount), payees: row.payees.map(({ address }) => address), shareBps: row.payees.map(({ shareBps }) => shareBps),
    deadline: row.deadline.getTime() / 1000,
  };
}

interface Row extends PaymentRow {
  chain_id: string;
  contract: Buffer;
  order_hash: Buffer;
  signature: Buffer;
  pay_by: Date;
  funded: Buffer | null;
  ended: Buffer | null;
  ended_kind: 'released' | 'refunded' | null;
}

/** Of an order that is paid on chain. */
export async function readPayment(db: Pick<DataSource, 'query'>, orderId: bigint): Promise<PaymentView | null> {
  const [row] = await db.query<Row[]>(
    `SELECT p.chain_order_id, p.buyer, p.token, p.amount, p.payees, p.deadline, i.chain_id, i.contract, p.order_hash, p.signature, o.expires_at AS pay_by,
            f.transaction_hash AS funded, e.transaction_hash AS ended, e.kind AS ended_kind
       FROM chain_payment p JOIN trade_order o USING (order_id) JOIN settlement_instance i ON i.id = p.instance_id LEFT JOIN chain_event f ON f.event_id = p.funded_event LEFT JOIN chain_event e ON e.event_id = p.ended_event
      WHERE p.order_id = $1`, [orderId.toString()]);
  if (row === undefined) return null;
  const view = toPaymentView(toChainOrder(row), { chainId: Number(row.chain_id), contract: toHex(row.contract) }, { orderHash: toHex(row.order_hash), signature: toHex(row.signature) }, row.pay_by);
  return { ...view, state: row.ended_kind ?? (row.funded === null ? 'unpaid' : 'funded'), transactions: { funded: row.funded && toHex(row.funded), ended: row.ended && toHex(row.ended) } };
}

export interface NewPayment {
  readonly orderId: bigint;
  readonly order: ChainOrder;
  readonly orderHash: string;
  readonly signature: string;
  readonly settleUntil: Date;
}

/** The values of a row of chain_payment, after the instance's id and its last known block. */
export function toPaymentValues({ orderId, order, orderHash, signature, settleUntil }: NewPayment): unknown[] {
  return [
    orderId.toString(), fromHex(order.orderId), fromHex(order.buyer), fromHex(order.token), order.amount.toString(), JSON.stringify(order.payees.map((address, i) => ({ address, shareBps: order.shareBps[i] }))),
    new Date(order.deadline * 1000), settleUntil, fromHex(orderHash), fromHex(signature),
  ];
}
