import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { bytesToHex } from '../../../lib/bytes/index.js';
import { parseWorkNumber } from '../../../lib/statement/index.js';
import { Coalescer } from '../../../platform/coalesce/index.js';
import { retrying, sqlState, transact, type Tx } from '../../../platform/database/index.js';
import { writePoint } from '../../../platform/fault-points/index.js';
import { keyReused } from '../../../platform/http/index.js';
import { insufficientFunds, type NewTransfer, toTransferItem } from '../../accounting/index.js';
import { type ComposedGrant, toGrantItem } from '../../licensing/index.js';
import type { UnstoredStatement } from '../../log/index.js';
import type { Notice } from '../../notices/index.js';
import { toLineView } from './quote-listing.js';
import type { Trade } from './compose-trade.js';
import type { Asked, PlacedOrder } from './placed-order.js';

/** Each may become a subtransaction; beyond 64 of them PostgreSQL keeps their list on disk. */
const MOST_AT_ONCE = 32;
const BELOW_ZERO = 'ZB072';

/** PostgreSQL refused one order of a batch. */
class RefusedOrder extends Error {
  constructor(readonly code: string) {
    super(`the order was refused (${code})`);
  }
}

/** All that a settled order writes. */
export class ComposedOrder {
  /** @param payment what is posted; or the hold that it is paid from, which whoever settles it ends in the same transaction. */
  constructor(
    readonly trade: Trade, readonly holdingIds: readonly string[], readonly granted: ComposedGrant, readonly statement: UnstoredStatement, readonly payment: NewTransfer | { readonly holdId: string }, readonly asked: Asked | null, readonly answer: PlacedOrder,
  ) {}

  toItem(): Record<string, unknown> {
    const { order, listing, buyerId, amountMinor, isAgreed, lines, rules } = this.trade;
    const { idempotency: _, ...grant } = toGrantItem({ ...this.granted.grant, statements: [...this.granted.grant.statements, this.statement], notices: this.notices(), idempotency: null });
    return {
      ...grant,
      listing: { id: listing.listingId.toString(), amount: amountMinor.toString(), isAgreed }, holdings: this.holdingIds, transfers: 'holdId' in this.payment ? [] : [toTransferItem(this.payment)],
      order: {
        orderId: order.orderId.toString(), listingId: listing.listingId.toString(), buyerId, sellerId: listing.sellerId, method: 'balance', currency: listing.currency, amount: amountMinor.toString(), breakdown: lines.map(toLineView), feeBps: rules.feeBps, taxBps: rules.taxBps, holdId: 'holdId' in this.payment ? this.payment.holdId : null,
        licenceId: parseWorkNumber(this.granted.answer.number, 'LC')?.id.toString(), createdAt: this.granted.grant.licence.grantedAt,
      },
      ...(this.asked === null ? {} : { callerId: this.asked.callerId, key: this.asked.key, payloadHash: bytesToHex(this.asked.payloadHash), response: this.answer }),
    };
  }

  /** The seller learns of the sale instead of the acceptance that it brings; co-owners of the grant as ever, and all who are paid of their money. */
  private notices(): Notice[] {
    const { listing, lines, order } = this.trade;
    const paid = new Set(lines.flatMap(({ account }) => account ?? []));
    paid.delete(listing.sellerId);
    return [
      ...this.granted.grant.notices.filter(({ accountId }) => accountId !== listing.sellerId && !paid.has(accountId)),
      { accountId: listing.sellerId, kind: 'order-settled', subject: order.number },
      ...[...paid].map((accountId) => ({ accountId, kind: 'order-share-paid', subject: order.number }) as const),
    ];
  }
}

/** Settles orders: rights, money, statements and notices in one transaction, or nothing. */
@Injectable()
export class SettleOrders {
  /** Licences that bar nobody wait for nobody, and share the round trips of those that are bought at the same time. */
  private readonly coalescer = new Coalescer<ComposedOrder, PlacedOrder | Error>((orders) => retrying(() => this.store(this.dataSource, orders)), {
    maxItems: MOST_AT_ONCE,
    isItemFault: (error) => /^(22|23)/.test(sqlState(error) ?? ''),
  });

  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** @throws as PostgreSQL refuses it; DomainError `ACCOUNTING.INSUFFICIENT_FUNDS`, `HTTP.IDEMPOTENCY_KEY_REUSED`. */
  async shared(order: ComposedOrder): Promise<PlacedOrder> {
    return read(await this.coalescer.submit(order));
  }

  /** One whose grant bars others: its mark goes into the work's chain, whose head is locked first. @throws as {@link shared}. */
  alone(compose: (tx: Tx) => Promise<ComposedOrder>): Promise<PlacedOrder> {
    return transact(this.dataSource, async (tx) => this.within(tx, await compose(tx)));
  }

  /** As a part of a wider act. @throws as {@link shared}. */
  async within(tx: Tx, order: ComposedOrder): Promise<PlacedOrder> {
    const [outcome] = await this.store(tx, [order]);
    return read(outcome as PlacedOrder | Error);
  }

  private async store(db: Tx | DataSource, orders: readonly ComposedOrder[]): Promise<(PlacedOrder | Error)[]> {
    const rows = await writePoint('order.settle', () => db.query<{ item: number; outcome: string; response: unknown }[]>('SELECT * FROM settle_orders($1)', [JSON.stringify(orders.map((order) => order.toItem()))]));
    return rows.toSorted((a, b) => a.item - b.item).map(({ outcome, response }, i) => {
      switch (outcome) {
        case 'settled':
          return (orders[i] as ComposedOrder).answer;
        case 'replayed':
          return response as PlacedOrder;
        case 'key-reused':
          return keyReused();
        case BELOW_ZERO:
          return insufficientFunds();
        default:
          return new RefusedOrder(outcome);
      }
    });
  }
}

function read(outcome: PlacedOrder | Error): PlacedOrder {
  if (outcome instanceof Error) throw outcome;
  return outcome;
}
