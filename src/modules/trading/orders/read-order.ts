import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { z } from 'zod';
import { rowNumber, rowTime } from '../../../lib/api-schema/index.js';
import { toRowTime } from '../../../platform/database/index.js';
import { decodeCursor, type Page, pageQuery, toPage } from '../../../platform/http/index.js';
import { readPayment } from '../chain/payment-view.js';
import { FindOrder, fromOrderRow, type Order, ORDER_COLUMNS, ORDER_STATES, type OrderRow } from './find-order.js';

export const ordersQuery = z.strictObject({
  ...pageQuery.shape,
  role: z.enum(['buyer', 'seller']).default('buyer').meta({ description: 'What the caller is in them' }),
  state: z.enum(ORDER_STATES).optional(),
});
export type OrdersQuery = z.output<typeof ordersQuery>;

const position = z.tuple([rowTime, rowNumber]);

/** Orders as their parties see them. A co-owner or the owner of an original who is paid by one sees their own line of it. */
@Injectable()
export class ReadOrder {
  constructor(@InjectDataSource() private readonly dataSource: DataSource, private readonly findOrder: FindOrder) {}

  /** @throws DomainError `TRADING.ORDER_NOT_FOUND`. */
  async execute(typed: string, accountId: string, asOperator = false): Promise<Record<string, unknown>> {
    const order = await this.findOrder.execute(typed, accountId, asOperator);
    const timeline = await this.dataSource.query<{ state: string; at: Date }[]>('SELECT to_state AS state, at FROM order_event WHERE order_id = $1 ORDER BY place', [order.orderId.toString()]);
    const payment = order.method === 'chain' && (asOperator || accountId === order.buyerId || accountId === order.sellerId) ? { payment: await readPayment(this.dataSource, order.orderId) } : {};
    return { ...toOrderView(order, asOperator ? null : accountId), ...payment, timeline: timeline.map(({ state, at }) => ({ state, at: at.toISOString() })) };
  }

  /** The caller's, the newest first. */
  async list(accountId: string, { cursor, limit, role, state }: OrdersQuery): Promise<Page<Record<string, unknown>>> {
    const [at, id] = cursor === undefined ? [null, null] : decodeCursor(position, cursor);
    const rows = await this.dataSource.query<(OrderRow & { created: string })[]>(
      `SELECT ${ORDER_COLUMNS}, ${toRowTime('o.created_at')} AS created FROM trade_order o JOIN listing l USING (listing_id)
        WHERE ${role === 'buyer' ? 'o.buyer_id' : 'o.seller_id'} = $1 AND ($2::text IS NULL OR o.state = $2) AND ($3::timestamptz IS NULL OR (o.created_at, o.order_id) < ($3, $4::bigint))
        ORDER BY o.created_at DESC, o.order_id DESC LIMIT $5`, [accountId, state ?? null, at, id, limit + 1]);
    return toPage(rows, limit, (row) => toOrderView(fromOrderRow(row), accountId), (row) => [row.created, row.order_id]);
  }
}

/** @param accountId who looks at it; null: who may see all. */
export function toOrderView(order: Order, accountId: string | null): Record<string, unknown> {
  const { number, listing, work, kind, buyerId, sellerId, method, currency, amountMinor, lines, state, licence } = order;
  const isParty = accountId === null || accountId === buyerId || accountId === sellerId;
  const self = `/api/v1/orders/${number}`;
  return {
    number, listing, work, kind, state, method, currency, licence,
    ...(isParty ? { buyer: buyerId, seller: sellerId, amountMinor: amountMinor.toString(), lines, disputeReason: order.disputeReason, resolvedBy: order.resolvedBy, resolutionReason: order.resolutionReason, reason: order.reason } : { lines: lines.filter(({ account }) => account === accountId) }),
    createdAt: order.createdAt.toISOString(), fundedAt: order.fundedAt?.toISOString() ?? null, protectedUntil: order.protectedUntil?.toISOString() ?? null, expiresAt: order.expiresAt?.toISOString() ?? null, endedAt: order.endedAt?.toISOString() ?? null,
    links: { self, proof: `${self}/proof`, receipt: `${self}/receipt.pdf`, licence: licence === null ? null : `/api/v1/licences/${licence}` },
  };
}
