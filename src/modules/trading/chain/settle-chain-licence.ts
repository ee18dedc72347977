import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { parseWorkNumber } from '../../../lib/statement/index.js';
import { transact, type Tx } from '../../../platform/database/index.js';
import { writePoint } from '../../../platform/fault-points/index.js';
import { ComposeGrant, GrantLicence, type PreparedGrant, toGrantItem } from '../../licensing/index.js';
import { AppendStatement } from '../../log/index.js';
import type { Notice } from '../../notices/index.js';
import { FindListing, type Listing } from '../listings/find-listing.js';
import { toGrant, toStatement } from '../orders/compose-trade.js';
import { FindOrder, type Order } from '../orders/find-order.js';
import { type Quote, QuoteListing, toLineView } from '../orders/quote-listing.js';
import { SettleAssignment, stillHeld } from '../orders/settle-assignment.js';
import { settleOrRefund, TitleMoved } from '../orders/settle-or-refund.js';
import { orderNotInThisState, sharesChanged } from '../trading.errors.js';
import { postOnChain } from './chain-escrow.js';

/** Settles a licence that is paid on chain: grant, statements, notices and postings in one transaction; when it cannot be granted any more, the payment goes back. */
@Injectable()
export class SettleChainLicence {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource, private readonly findOrder: FindOrder, private readonly findListing: FindListing, private readonly quote: QuoteListing, private readonly grant: GrantLicence,
    private readonly composeGrant: ComposeGrant, private readonly append: AppendStatement, private readonly refunds: SettleAssignment,
  ) {}

  /** @returns the state that it has then. @throws DomainError `TRADING.NOT_IN_THIS_STATE`, `TRADING.PAYMENT_UNSURE`. */
  async execute(order: Order): Promise<'settled' | 'refunded'> {
    return settleOrRefund(async () => {
      const listing = await this.findListing.byId(order.listingId);
      this.quote.forget(listing);
      // Looked up before the transaction, which holds a connection: one that waited for a second could stop the service. What it says is held against the rows that are locked then.
      const quote = await this.quote.of(listing, order.amountMinor, order.rules);
      const prepared = await this.grant.prepare({ work: quote.work, parent: null, renews: null, accepted: true }, listing.sellerId, toGrant(listing, order.buyerId, order.amountMinor));
      await transact(this.dataSource, (tx) => this.settle(tx, order, quote, prepared));
    }, (refusal) => transact(this.dataSource, (tx) => this.refunds.refund(tx, order, ['funded'], refusal)));
  }

  private async settle(tx: Tx, asked: Order, { listing, payees, lines }: Quote, prepared: PreparedGrant): Promise<void> {
    // The order's row first: nobody else moves it meanwhile. Then the work's chain, its holdings, and the accounts.
    const order = await this.findOrder.lock(tx, asked);
    if (order.state !== 'funded') throw orderNotInThisState(order.state);
    const bars = listing.kind === 'exclusive-licence';
    if (bars) await this.append.lock(tx, [listing.work]);
    if (!(await stillHeld(tx, payees.holdingIds))) throw new TitleMoved();
    if (JSON.stringify(lines.map(toLineView)) !== JSON.stringify(order.lines.map(({ role, account, work: of, amountMinor }) => ({ role, account, work: of, amountMinor })))) throw sharesChanged();
    const { grant, answer } = await this.composeGrant.execute(bars ? tx : null, prepared, null);
    const { act, disclosures } = toStatement({ order, listing, buyerId: order.buyerId, amountMinor: order.amountMinor, lines }, answer.number, 'chain');
    const statement = await this.append.compose(null, act, disclosures, grant.licence.grantedAt);
    const item = toGrantItem({ ...grant, statements: [...grant.statements, statement], notices: noticesOf(order, listing, grant.notices), idempotency: null });
    await writePoint('order.settle-licence', () => tx.query('SELECT insert_grants($1)', [JSON.stringify([item])]));
    await postOnChain(tx, order, lines);
    await writePoint('order.settled', () => tx.query(`UPDATE trade_order SET state = 'settled', licence_id = $2, ended_at = now() WHERE order_id = $1`, [order.orderId.toString(), parseWorkNumber(answer.number, 'LC')?.id.toString()]));
  }
}

/** The seller learns of the sale instead of the acceptance that it brings, the buyer that the licence is theirs, and all who are paid of their share. */
function noticesOf({ number, buyerId, lines }: Order, { sellerId }: Listing, granted: readonly Notice[]): Notice[] {
  const paid = new Set(lines.flatMap(({ account }) => account ?? []));
  paid.delete(sellerId);
  return [
    ...granted.filter(({ accountId }) => accountId !== sellerId && !paid.has(accountId)),
    ...[...new Set([sellerId, buyerId])].map((accountId) => ({ accountId, kind: 'order-settled', subject: number }) as const),
    ...[...paid].map((accountId) => ({ accountId, kind: 'order-share-paid', subject: number }) as const),
  ];
}
