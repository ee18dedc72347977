import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { formatWorkNumber } from '../../../lib/statement/index.js';
import type { DomainError } from '../../../lib/errors/index.js';
import { sqlState } from '../../../platform/database/index.js';
import type { Listing } from '../listings/find-listing.js';
import { notPaidBefore, orderUnpaid, tooManyUnpaid } from './chain.errors.js';

const UNPAID = `SELECT order_id FROM trade_order WHERE buyer_id = $1 AND method = 'chain' AND state = 'created'`;

/** Orders on chain that their buyer has not paid: each keeps a listing from everybody else, so PostgreSQL holds that there are few (`unpaid_orders_bounded`). */
@Injectable()
export class UnpaidOrders {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** Before the listing is said to be sold out, by the buyer's own order. @throws DomainError `TRADING.ORDER_UNPAID`. */
  async assertNone({ listingId }: Pick<Listing, 'listingId'>, buyerId: string): Promise<void> {
    const [order] = await this.numbers(`${UNPAID} AND listing_id = $2`, [buyerId, listingId.toString()]);
    if (order !== undefined) throw orderUnpaid(order);
  }

  /** Why PostgreSQL refused one more; null: it was not that. */
  async explain(error: unknown, { listingId }: Pick<Listing, 'listingId'>, buyerId: string): Promise<DomainError | null> {
    switch (sqlState(error)) {
      case 'ZB093':
        return orderUnpaid((await this.numbers(`${UNPAID} AND listing_id = $2`, [buyerId, listingId.toString()]))[0] ?? '');
      case 'ZB094':
        return tooManyUnpaid(await this.numbers(`${UNPAID} ORDER BY created_at, order_id`, [buyerId]));
      case 'ZB095': {
        const [row] = await this.dataSource.query<{ until: Date | null }[]>('SELECT no_order_until($1, $2) AS until', [buyerId, listingId.toString()]);
        return notPaidBefore(row?.until ?? new Date());
      }
      default:
        return null;
    }
  }

  private async numbers(sql: string, parameters: unknown[]): Promise<string[]> {
    const rows = await this.dataSource.query<{ order_id: string }[]>(sql, parameters);
    return rows.map(({ order_id: id }) => formatWorkNumber(BigInt(id), 'OR'));
  }
}
