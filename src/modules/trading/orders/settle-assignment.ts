import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { toScope } from '../../../lib/rights/index.js';
import { transact, type Tx } from '../../../platform/database/index.js';
import { writePoint } from '../../../platform/fault-points/index.js';
import { type Idempotent, runIdempotently } from '../../../platform/http/index.js';
import { endHold } from '../../accounting/index.js';
import { AssignTitle, type PreparedAssignment } from '../../licensing/index.js';
import { AppendStatement } from '../../log/index.js';
import { sendNotices } from '../../notices/index.js';
import { giveBackListing, postOnChain, takeBackOnChain } from '../chain/chain-escrow.js';
import { FindListing } from '../listings/find-listing.js';
import { orderNotInThisState, sharesChanged } from '../trading.errors.js';
import { assertUnencumbered } from './assert-unencumbered.js';
import { toCredits, toStatement } from './compose-trade.js';
import { FindOrder, type Order, type OrderState } from './find-order.js';
import { type Quote, QuoteListing, toLineView } from './quote-listing.js';
import { settleOrRefund, TitleMoved } from './settle-or-refund.js';

/** All that is looked up before the transaction: one that waited for a second connection could stop the service. */
interface Prepared {
  readonly quote: Quote;
  readonly assignment: PreparedAssignment;
}

/** What an operator decided on a disputed order. */
export interface Decision {
  readonly by: string;
  readonly reason: string;
}

/** Who wants it settled: nobody, when its time is over. */
export interface Wanted {
  readonly asked?: Idempotent;
  readonly decision?: Decision;
}

/** Settles the funded order of a slice: the slice and the money change hands in one transaction; when the slice cannot be assigned any more, the money goes back by itself. */
@Injectable()
export class SettleAssignment {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource, private readonly findOrder: FindOrder, private readonly findListing: FindListing, private readonly quote: QuoteListing, private readonly assign: AssignTitle, private readonly append: AppendStatement,
  ) {}

  /** @param from the states that it may be settled from. @returns the state that it has then. @throws DomainError `TRADING.NOT_IN_THIS_STATE`. */
  async execute(order: Order, from: readonly OrderState[], { asked, decision }: Wanted = {}): Promise<'settled' | 'refunded'> {
    // A licence that is paid on chain is funded for a moment too, and nobody's to confirm.
    if (order.kind !== 'assignment') throw orderNotInThisState(order.state);
    return settleOrRefund(async () => {
      const prepared = await this.prepare(order);
      await this.once(asked, (tx) => this.settle(tx, order, prepared, from, decision));
    }, (refusal) => this.once(asked, (tx) => this.refund(tx, order, from, refusal, decision)));
  }

  /** All of the money back to the buyer, and the listing to the market. @throws DomainError `TRADING.NOT_IN_THIS_STATE`. */
  async refund(tx: Tx, asked: Pick<Order, 'orderId'>, from: readonly OrderState[], reason: string, decision?: Decision): Promise<void> {
    const order = await this.lockIn(tx, asked, from);
    await writePoint('order.refund', () => tx.query(`UPDATE trade_order SET state = 'refunded', ended_at = now(), reason = $2, resolved_by = $3, resolution_reason = $4 WHERE order_id = $1`, [order.orderId.toString(), reason, decision?.by ?? null, decision?.reason ?? null]));
    // Listings before accounts, as everybody locks them.
    await giveBackListing(tx, order);
    if (order.method === 'chain') await takeBackOnChain(tx, order);
    else await endHold(tx, order.holdId as string, 'voided', [], 'refund', order.number);
    await sendNotices(tx, [order.buyerId, order.sellerId].map((accountId) => ({ accountId, kind: 'order-refunded', subject: order.number })));
  }

  private async prepare({ listingId, amountMinor, currency, rules, buyerId }: Order): Promise<Prepared> {
    const listing = await this.findListing.byId(listingId);
    this.quote.forget(listing);
    const quote = await this.quote.of(listing, amountMinor, rules);
    const { delivery, breach } = listing.terms;
    const assignment = await this.assign.prepare(quote.work, listing.sellerId, {
      scope: toScope(listing.box), to: [{ account: buyerId, shareBps: 10_000 }], price: { amountMinor: amountMinor.toString(), currency }, ...(delivery === undefined ? {} : { delivery }), ...(breach === undefined ? {} : { breach }),
    });
    return { quote, assignment };
  }

  private async settle(tx: Tx, asked: Order, { quote: { listing, payees, lines }, assignment }: Prepared, from: readonly OrderState[], decision?: Decision): Promise<void> {
    // The order's row first: nobody else moves it meanwhile. Then the work's chain, its holdings, and the accounts.
    const order = await this.lockIn(tx, asked, from);
    await this.append.lock(tx, [listing.work]);
    if (!(await stillHeld(tx, payees.holdingIds))) throw new TitleMoved();
    if (JSON.stringify(lines.map(toLineView)) !== JSON.stringify(order.lines.map(({ role, account, work: of, amountMinor }) => ({ role, account, work: of, amountMinor })))) throw sharesChanged();
    await assertUnencumbered(tx, order, listing);
    await this.assign.within(tx, assignment);
    const { act, disclosures } = toStatement({ order, listing, buyerId: order.buyerId, amountMinor: order.amountMinor, lines }, null, order.method);
    await this.append.begin(tx, act, disclosures);
    if (order.method === 'chain') await postOnChain(tx, order, lines);
    else await endHold(tx, order.holdId as string, 'posted', toCredits(lines, order.currency), 'settlement', order.number);
    await writePoint('order.settle-slice', () => tx.query(`UPDATE trade_order SET state = 'settled', ended_at = now(), resolved_by = $2, resolution_reason = $3 WHERE order_id = $1`, [order.orderId.toString(), decision?.by ?? null, decision?.reason ?? null]));
    const told = new Set([order.buyerId, order.sellerId, ...lines.flatMap(({ account }) => account ?? [])]);
    await sendNotices(tx, [...told].map((accountId) => ({ accountId, kind: accountId === order.buyerId || accountId === order.sellerId ? 'order-settled' : 'order-share-paid', subject: order.number })));
  }

  private async once(asked: Idempotent | undefined, act: (tx: Tx) => Promise<void>): Promise<void> {
    if (asked === undefined) return transact(this.dataSource, act);
    await runIdempotently(this.dataSource, asked, async (tx) => {
      await act(tx);
      return { status: 200, body: null };
    });
  }

  private async lockIn(tx: Tx, asked: Pick<Order, 'orderId'>, from: readonly OrderState[]): Promise<Order> {
    const order = await this.findOrder.lock(tx, asked);
    if (!from.includes(order.state)) throw orderNotInThisState(order.state);
    return order;
  }
}

/** The slices that the shares were worked out from are still the ones that stand; nobody replaces them before this transaction ends. */
export async function stillHeld(tx: Tx, holdingIds: readonly string[]): Promise<boolean> {
  const rows = await tx.query<unknown[]>('SELECT 1 FROM holding WHERE holding_id = ANY ($1::bigint[]) AND replaced_seq IS NULL ORDER BY holding_id FOR UPDATE', [holdingIds]);
  return rows.length === holdingIds.length;
}
