import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { z } from 'zod';
import { rowNumber, rowTime } from '../../../lib/api-schema/index.js';
import { decodeCursor, type Page, pageQuery, toPage } from '../../../platform/http/index.js';
import { fromOrderRow, ORDER_COLUMNS, type OrderRow } from './find-order.js';
import { toOrderView } from './read-order.js';

export const disputesQuery = z.strictObject({ ...pageQuery.shape, state: z.enum(['open', 'ended']).default('open').meta({ description: 'open: whatever still waits for an operator' }) });
export type DisputesQuery = z.output<typeof disputesQuery>;

const position = z.tuple([rowTime, rowNumber]);

/** Orders that their buyers object to, everybody's, for operators: the one that has waited longest first. */
@Injectable()
export class ListDisputes {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  async execute({ cursor, limit, state }: DisputesQuery): Promise<Page<Record<string, unknown>>> {
    const [at, id] = cursor === undefined ? [null, null] : decodeCursor(position, cursor);
    const rows = await this.dataSource.query<(OrderRow & { disputed: string })[]>(
      `SELECT ${ORDER_COLUMNS}, to_char(o.disputed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS disputed FROM trade_order o JOIN listing l USING (listing_id)
        WHERE o.disputed_at IS NOT NULL AND o.state ${state === 'open' ? '=' : '<>'} 'disputed' AND ($1::timestamptz IS NULL OR (o.disputed_at, o.order_id) > ($1, $2::bigint)) ORDER BY o.disputed_at, o.order_id LIMIT $3`, [at, id, limit + 1]);
    return toPage(rows, limit, ({ disputed, ...row }) => ({ ...toOrderView(fromOrderRow(row), null), disputedAt: new Date(disputed).toISOString() }), (row) => [row.disputed, row.order_id]);
  }
}
