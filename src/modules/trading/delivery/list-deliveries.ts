import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { z } from 'zod';
import { rowNumber } from '../../../lib/api-schema/index.js';
import { decodeCursor, type Page, pageQuery, toPage } from '../../../platform/http/index.js';
import { assertParty } from '../orders/assert-party.js';
import { FindOrder } from '../orders/find-order.js';

export const deliveriesQuery = z.strictObject(pageQuery.shape);
export type DeliveriesQuery = z.output<typeof deliveriesQuery>;

export interface DeliveryView {
  readonly at: string;
  /** Whom the link was made for; whoever has it may use it. */
  readonly account: string;
  readonly sha256: string;
  /** What was asked for; how much of it arrived the service cannot know. */
  readonly firstByte: number;
  readonly byteLength: number;
}

interface Row {
  delivery_id: string;
  started_at: Date;
  account_id: string;
  sha256: string;
  first_byte: string;
  byte_length: string;
}

/** The deliveries of an order, the newest first, for buyer and seller. */
@Injectable()
export class ListDeliveries {
  constructor(@InjectDataSource() private readonly dataSource: DataSource, private readonly findOrder: FindOrder) {}

  /** @throws DomainError `TRADING.ORDER_NOT_FOUND`, `TRADING.NOT_PARTY`. */
  async execute(typed: string, accountId: string, { cursor, limit }: DeliveriesQuery): Promise<Page<DeliveryView>> {
    const order = await this.findOrder.execute(typed, accountId);
    assertParty(order, accountId);
    const rows = await this.dataSource.query<Row[]>(
      `SELECT d.delivery_id, d.started_at, l.account_id, encode(l.sha256, 'hex') AS sha256, d.first_byte, d.byte_length FROM delivery d JOIN delivery_link l USING (token_hash)
        WHERE d.order_id = $1 AND ($2::bigint IS NULL OR d.delivery_id < $2) ORDER BY d.delivery_id DESC LIMIT $3`,
      [order.orderId.toString(), cursor === undefined ? null : decodeCursor(rowNumber, cursor), limit + 1]);
    return toPage(rows, limit, toView, (row) => row.delivery_id);
  }
}

function toView({ started_at: at, account_id: account, sha256, first_byte: firstByte, byte_length: byteLength }: Row): DeliveryView {
  return { at: at.toISOString(), account, sha256, firstByte: Number(firstByte), byteLength: Number(byteLength) };
}
