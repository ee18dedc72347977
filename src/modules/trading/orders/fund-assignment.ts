import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import type { Tx } from '../../../platform/database/index.js';
import { faultPoint, writePoint } from '../../../platform/fault-points/index.js';
import { runIdempotently } from '../../../platform/http/index.js';
import { placeHold } from '../../accounting/index.js';
import { sendNotices } from '../../notices/index.js';
import { listingClosed } from '../trading.errors.js';
import { FindListing, type Listing, stateOf } from '../listings/find-listing.js';
import { assertNotOpenedJustNow } from './assert-unencumbered.js';
import type { Trade } from './compose-trade.js';
import { type Asked, type PlacedOrder, toAnswer } from './placed-order.js';
import { toLineView } from './quote-listing.js';

/** The listing is open and was not taken: its price has changed since it was looked at, or what it sells is over. Whoever asked looks again. */
export class ListingMoved extends Error {
  constructor() {
    super('the listing has changed since it was looked at');
  }
}

/**
 * Funds the order of a slice: the money is held, the listing is taken, and the buyer has time to look at the chain of title. Rights and money then change hands in one transaction, when the buyer confirms or
 * the time is over; or the money goes back.
 */
@Injectable()
export class FundAssignment {
  constructor(@InjectDataSource() private readonly dataSource: DataSource, private readonly findListing: FindListing) {}

  /** @throws DomainError `TRADING.LISTING_CLOSED`, `LICENSING.SCOPE_CONFLICT`, `ACCOUNTING.INSUFFICIENT_FUNDS`; ListingMoved. */
  async execute(trade: Trade, protectionSeconds: number, asked: Asked | null): Promise<PlacedOrder> {
    const { body } = await runIdempotently(this.dataSource, { accountId: trade.buyerId, key: asked?.key ?? null, payloadHash: asked?.payloadHash ?? new Uint8Array() }, async (tx) => ({ status: 201, body: await this.within(tx, trade, protectionSeconds, null) }));
    faultPoint('trading.answer');
    return body;
  }

  /** As a part of a wider act. @param offered the hold with the money of the buyer's offer, which becomes the order's. @throws DomainError as {@link execute}. */
  async within(tx: Tx, trade: Trade, protectionSeconds: number, offered: string | null): Promise<PlacedOrder> {
    const { order, listing, buyerId, amountMinor } = trade;
    if (!(await takeListing(tx, trade))) throw notTaken(trade, await this.findListing.within(tx, listing.listingId));
    await assertNotOpenedJustNow(tx, listing);
    const holdId = offered ?? (await placeHold(tx, { owner: buyerId, currency: listing.currency, amountMinor, subject: order.number }));
    const protectedUntil = new Date(Date.now() + protectionSeconds * 1000);
    await insertOrder(tx, trade, { state: 'funded', method: 'balance', holdId, protectedUntil });
    await sendNotices(tx, [{ accountId: listing.sellerId, kind: 'order-funded', subject: order.number }]);
    return toAnswer(trade, { state: 'funded', licence: null, receipt: null, protectedUntil: protectedUntil.toISOString() });
  }
}

/** Why a listing could not be taken. An agreed price is none that the listing could change. */
export function notTaken({ isAgreed }: Pick<Trade, 'isAgreed'>, now: Listing): Error {
  const state = stateOf(now);
  return state === 'open' && !isAgreed ? new ListingMoved() : listingClosed(state);
}

/** Counts one sale of a listing, when it is open, has one left, what it sells is not over, and its price is this one or another was agreed. */
export async function takeListing(tx: Tx, { listing: { listingId }, amountMinor, isAgreed }: Pick<Trade, 'listing' | 'amountMinor' | 'isAgreed'>): Promise<boolean> {
  const [, taken] = await writePoint('listing.take', () => tx.query<[unknown, number]>(
    `UPDATE listing SET sold = sold + 1, closed_at = CASE WHEN sold + 1 = quantity THEN now() END, closed_by = CASE WHEN sold + 1 = quantity THEN 'sold-out' END
      WHERE listing_id = $1 AND closed_at IS NULL AND (quantity IS NULL OR sold < quantity) AND opens_at <= now() AND (closes_at IS NULL OR closes_at > now()) AND upper(term) > now()
        AND (amount = $2 OR ($3 AND pricing = 'negotiable'))`, [listingId.toString(), amountMinor.toString(), isAgreed]));
  return taken > 0;
}

/** An order that is not settled at once. */
export async function insertOrder(
  tx: Tx, { order, listing, buyerId, amountMinor, lines, rules }: Trade, { state, method, holdId = null, protectedUntil = null, expiresAt = null }: { state: 'created' | 'funded'; method: 'balance' | 'chain'; holdId?: string | null; protectedUntil?: Date | null; expiresAt?: Date | null },
): Promise<void> {
  await writePoint('order.insert', () => tx.query(
    `INSERT INTO trade_order (order_id, listing_id, buyer_id, seller_id, method, currency, amount, breakdown, state, hold_id, created_at, funded_at, protected_until, expires_at, fee_bps, tax_bps, work_seq)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, now(), CASE WHEN $9 = 'funded' THEN now() END, $11, $12, $13, $14, (SELECT max(s.seq) FROM statement s WHERE s.subject = $15))`,
    [order.orderId.toString(), listing.listingId.toString(), buyerId, listing.sellerId, method, listing.currency, amountMinor.toString(), JSON.stringify(lines.map(toLineView)), state, holdId, protectedUntil, expiresAt, rules.feeBps, rules.taxBps, listing.work]));
}
