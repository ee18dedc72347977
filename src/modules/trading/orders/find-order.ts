import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import type { Rules } from '../../../lib/money/index.js';
import { formatWorkNumber, parseWorkNumber, type WorkNumber } from '../../../lib/statement/index.js';
import type { Tx } from '../../../platform/database/index.js';
import type { ListingKind } from '../listings/listing-schema.js';
import { orderNotFound } from '../trading.errors.js';
import type { toLineView } from './quote-listing.js';

export const ORDER_STATES = ['created', 'funded', 'settled', 'cancelled', 'expired', 'refunded', 'disputed'] as const;
export type OrderState = (typeof ORDER_STATES)[number];

export interface Order {
  readonly orderId: bigint;
  readonly number: WorkNumber;
  readonly listingId: bigint;
  readonly listing: WorkNumber;
  readonly workId: string;
  readonly work: WorkNumber;
  readonly kind: ListingKind;
  readonly buyerId: string;
  readonly sellerId: string;
  readonly method: 'balance' | 'chain';
  readonly currency: string;
  readonly amountMinor: bigint;
  readonly lines: readonly ReturnType<typeof toLineView>[];
  /** Fee and tax that they were worked out by. */
  readonly rules: Rules;
  readonly state: OrderState;
  readonly holdId: string | null;
  readonly licence: WorkNumber | null;
  readonly createdAt: Date;
  readonly fundedAt: Date | null;
  readonly protectedUntil: Date | null;
  readonly expiresAt: Date | null;
  readonly endedAt: Date | null;
  readonly reason: string | null;
  /** What the buyer of a slice objects to. */
  readonly disputeReason: string | null;
  /** The operator who decided on it. */
  readonly resolvedBy: string | null;
  readonly resolutionReason: string | null;
}

export interface OrderRow {
  order_id: string;
  listing_id: string;
  work_id: string;
  kind: ListingKind;
  buyer_id: string;
  seller_id: string;
  method: 'balance' | 'chain';
  currency: string;
  amount: string;
  breakdown: ReturnType<typeof toLineView>[];
  fee_bps: number;
  tax_bps: number;
  state: OrderState;
  hold_id: string | null;
  licence_id: string | null;
  created_at: Date;
  funded_at: Date | null;
  protected_until: Date | null;
  expires_at: Date | null;
  ended_at: Date | null;
  reason: string | null;
  dispute_reason: string | null;
  resolved_by: string | null;
  resolution_reason: string | null;
}

/** Of `trade_order o JOIN listing l USING (listing_id)`. */
export const ORDER_COLUMNS = 'o.order_id, o.listing_id, l.work_id, l.kind, o.buyer_id, o.seller_id, o.method, o.currency, o.amount, o.breakdown, o.fee_bps, o.tax_bps, o.state, o.hold_id, o.licence_id, o.created_at, o.funded_at, o.protected_until, o.expires_at, o.ended_at, o.reason, o.dispute_reason, o.resolved_by, o.resolution_reason';

/** Finds an order for one of its parties. */
@Injectable()
export class FindOrder {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** @param asOperator whether the caller may see all of them. @throws DomainError `TRADING.ORDER_NOT_FOUND`, also for anybody else's. */
  async execute(typed: string, accountId: string, asOperator = false): Promise<Order> {
    const id = parseWorkNumber(typed, 'OR')?.id;
    const order = id === undefined ? null : await this.byId(this.dataSource, id);
    if (order === null || !(asOperator || order.buyerId === accountId || order.sellerId === accountId || order.lines.some(({ account }) => account === accountId))) throw orderNotFound();
    return order;
  }

  async byId(db: Pick<DataSource, 'query'>, orderId: bigint): Promise<Order | null> {
    const [row] = await db.query<OrderRow[]>(`SELECT ${ORDER_COLUMNS} FROM trade_order o JOIN listing l USING (listing_id) WHERE o.order_id = $1`, [orderId.toString()]);
    return row === undefined ? null : fromOrderRow(row);
  }

  /** Locked until the transaction ends: of two who move it, one comes second. */
  async lock(tx: Tx, { orderId }: Pick<Order, 'orderId'>): Promise<Order> {
    await tx.query('SELECT 1 FROM trade_order WHERE order_id = $1 FOR NO KEY UPDATE', [orderId.toString()]);
    const order = await this.byId(tx, orderId);
    if (order === null) throw orderNotFound();
    return order;
  }
}

export function fromOrderRow(row: OrderRow): Order {
  return {
    orderId: BigInt(row.order_id), number: formatWorkNumber(BigInt(row.order_id), 'OR'), listingId: BigInt(row.listing_id), listing: formatWorkNumber(BigInt(row.listing_id), 'LS'), workId: row.work_id, work: formatWorkNumber(BigInt(row.work_id)), kind: row.kind,
    buyerId: row.buyer_id, sellerId: row.seller_id, method: row.method, currency: row.currency, amountMinor: BigInt(row.amount), lines: row.breakdown, rules: { feeBps: row.fee_bps, taxBps: row.tax_bps }, state: row.state, holdId: row.hold_id,
    licence: row.licence_id === null ? null : formatWorkNumber(BigInt(row.licence_id), 'LC'), createdAt: row.created_at, fundedAt: row.funded_at, protectedUntil: row.protected_until, expiresAt: row.expires_at, endedAt: row.ended_at, reason: row.reason,
    disputeReason: row.dispute_reason, resolvedBy: row.resolved_by, resolutionReason: row.resolution_reason,
  };
}
