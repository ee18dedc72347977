import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { z } from 'zod';
import { isChainCurrency } from '../../../lib/money/index.js';
import { CONFIG } from '../../../platform/config/index.js';
import { sqlState } from '../../../platform/database/index.js';
import { faultPoint } from '../../../platform/fault-points/index.js';
import { computePayloadHash, findStoredResponse } from '../../../platform/http/index.js';
import { ComposeGrant, GrantLicence } from '../../licensing/index.js';
import { AppendStatement } from '../../log/index.js';
import { isPayable, type PaymentConfig } from '../chain/chain-currencies.js';
import { PlaceChainOrder } from '../chain/place-chain-order.js';
import { UnpaidOrders } from '../chain/unpaid-orders.js';
import { FindListing, type Listing, stateOf } from '../listings/find-listing.js';
import { moneySchema } from '../listings/listing-schema.js';
import { ReadListing } from '../listings/read-listing.js';
import { currencyUnavailable, listingClosed, listingStale, ownListing, priceChanged } from '../trading.errors.js';
import { drawOrderNumber, toGrant, toSettlement, toStatement, type Trade } from './compose-trade.js';
import { FundAssignment, ListingMoved } from './fund-assignment.js';
import { type Asked, type PlacedOrder, toAnswer } from './placed-order.js';
import { isUnheld, QuoteListing } from './quote-listing.js';
import { ComposedOrder, SettleOrders } from './settle-orders.js';

export const orderSchema = z.strictObject({
  listing: z.string().max(64),
  max: moneySchema.meta({ description: 'The most that the buyer agrees to pay; a price above it, or in another currency, is refused' }),
});
export type NewOrder = z.output<typeof orderSchema>;

/** Somebody's price, listing or rights moved between looking and paying; looked at again so many times. */
const ATTEMPTS = 4;
const MOVED: ReadonlySet<string> = new Set(['ZB081', 'ZB083']);

/** Buys from a listing. Paid from a balance, a licence is created, funded and settled in one transaction, or nothing happens at all. */
@Injectable()
export class PlaceOrder {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource, @Inject(CONFIG) private readonly config: PaymentConfig, private readonly findListing: FindListing, private readonly readListing: ReadListing,
    private readonly quote: QuoteListing, private readonly grant: GrantLicence, private readonly composeGrant: ComposeGrant, private readonly append: AppendStatement, private readonly settle: SettleOrders, private readonly fundAssignment: FundAssignment,
    private readonly placeChainOrder: PlaceChainOrder, private readonly unpaid: UnpaidOrders,
  ) {}

  /**
   * @throws DomainError `TRADING.LISTING_NOT_FOUND`, `TRADING.LISTING_CLOSED`, `TRADING.LISTING_STALE`, `TRADING.OWN_LISTING`, `TRADING.PRICE_CHANGED`, `TRADING.CURRENCY_UNAVAILABLE`,
   * `ACCOUNTING.INSUFFICIENT_FUNDS`, `WORKS.WITHDRAWN`.
   */
  async execute(buyerId: string, { listing: typed, max }: NewOrder, idempotencyKey: string | null): Promise<PlacedOrder> {
    const asked = idempotencyKey === null ? null : { callerId: buyerId, key: idempotencyKey, payloadHash: computePayloadHash({ act: 'order', subject: typed, payload: { max } }) };
    try {
      for (let attempt = 1; ; attempt++) {
        const listing = await this.findListing.execute(typed, buyerId);
        try {
          return await this.buy(listing, buyerId, max, asked);
        } catch (error) {
          if (attempt >= ATTEMPTS || !hasMoved(error)) throw await this.explain(error, listing);
          this.quote.forget(listing);
        }
      }
    } catch (error) {
      // How things stand may be otherwise since it was done.
      const stored = asked && (await findStoredResponse<PlacedOrder>(this.dataSource, { accountId: buyerId, ...asked }));
      if (stored) return stored.body;
      throw error;
    }
  }

  private async buy(listing: Listing, buyerId: string, max: NewOrder['max'], asked: Asked | null): Promise<PlacedOrder> {
    const state = stateOf(listing);
    if (isChainCurrency(listing.currency)) await this.unpaid.assertNone(listing, buyerId);
    if (state !== 'open') throw listingClosed(state);
    if (listing.sellerId === buyerId) throw ownListing();
    if (max.currency !== listing.currency || BigInt(max.amountMinor) < listing.amountMinor) throw priceChanged(listing.amountMinor, listing.currency);
    if (!isPayable(this.config, listing.currency)) throw currencyUnavailable(listing.currency);
    if (isChainCurrency(listing.currency)) return this.placeChainOrder.execute(listing, buyerId, asked);
    const { work, payees, lines, rules } = await this.quote.of(listing, listing.amountMinor);
    const trade: Trade = { order: drawOrderNumber(), listing, buyerId, amountMinor: listing.amountMinor, isAgreed: false, lines, rules };
    if (listing.kind === 'assignment') {
      // Nothing is held for a slice that is shown as stale; one that becomes so later gives the money back by itself.
      const faults = await this.readListing.faultsOf(listing);
      if (faults.length > 0) throw listingStale(faults);
      return this.fundAssignment.execute(trade, this.config.trading.protectionSeconds, asked);
    }
    const prepared = await this.grant.prepare({ work, parent: null, renews: null, accepted: true }, listing.sellerId, toGrant(listing, buyerId, trade.amountMinor));
    const compose = async (tx: Parameters<ComposeGrant['execute']>[0]): Promise<ComposedOrder> => {
      const granted = await this.composeGrant.execute(tx, prepared, null);
      const { act, disclosures } = toStatement(trade, granted.answer.number);
      const statement = await this.append.compose(null, act, disclosures, granted.grant.licence.grantedAt);
      return new ComposedOrder(trade, payees.holdingIds, granted, statement, toSettlement(trade), asked, toAnswer(trade, { state: 'settled', licence: granted.answer.number, receipt: statement.receipt, protectedUntil: null }));
    };
    const answer = listing.kind === 'licence' ? await this.settle.shared(await compose(null)) : await this.settle.alone(compose);
    faultPoint('trading.answer');
    return answer;
  }

  /** Turns what PostgreSQL refuses into what the buyer can do about it. */
  private async explain(error: unknown, listing: Listing): Promise<unknown> {
    if (!['23P01', 'ZB061', 'ZB064', 'ZB065', 'ZB081', 'ZB083'].includes(sqlState(error) ?? '') && !isUnheld(error) && !(error instanceof ListingMoved)) return error;
    const now = await this.findListing.byId(listing.listingId);
    const state = stateOf(now);
    if (state !== 'open') return listingClosed(state);
    const faults = await this.readListing.faultsOf(now);
    return faults.length > 0 ? listingStale(faults) : listingClosed('busy');
  }
}

function hasMoved(error: unknown): boolean {
  return error instanceof ListingMoved || MOVED.has(sqlState(error) ?? '');
}
