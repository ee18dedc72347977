import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { writePoint } from '../../../platform/fault-points/index.js';
import { computePayloadHash, runIdempotently } from '../../../platform/http/index.js';
import { listingClosed, notSeller, priceChanged } from '../trading.errors.js';
import { FindListing, type Listing, stateOf } from './find-listing.js';
import type { ListingChange } from './listing-schema.js';

/** Changes the price or the end of an open listing, or takes it back. Orders that were placed keep their price. */
@Injectable()
export class ChangeListing {
  constructor(@InjectDataSource() private readonly dataSource: DataSource, private readonly findListing: FindListing) {}

  /** @throws DomainError `TRADING.LISTING_NOT_FOUND`, `TRADING.NOT_SELLER`, `TRADING.LISTING_CLOSED`, `TRADING.PRICE_CHANGED` for another currency. */
  execute(typed: string, accountId: string, change: ListingChange, idempotencyKey: string | null): Promise<Listing> {
    return this.update(typed, accountId, 'change-listing', change, idempotencyKey, ({ currency, amountMinor, closesAt }) => {
      if (change.price !== undefined && change.price.currency !== currency) throw priceChanged(amountMinor, currency);
      return ['amount = $2, closes_at = $3', change.price?.amountMinor ?? amountMinor.toString(), change.closesAt === undefined ? closesAt : change.closesAt];
    });
  }

  /** @throws DomainError as {@link execute}. */
  withdraw(typed: string, accountId: string, idempotencyKey: string | null): Promise<Listing> {
    return this.update(typed, accountId, 'withdraw-listing', null, idempotencyKey, () => [`closed_at = now(), closed_by = 'withdrawn'`]);
  }

  private async update(typed: string, accountId: string, act: string, payload: unknown, key: string | null, set: (listing: Listing) => [sql: string, ...values: unknown[]]): Promise<Listing> {
    const listing = await this.findListing.execute(typed, accountId);
    if (listing.sellerId !== accountId) throw notSeller();
    await runIdempotently(this.dataSource, { accountId, key, payloadHash: computePayloadHash({ act, subject: listing.number, payload }) }, async (tx) => {
      const [sql, ...values] = set(listing);
      // Whoever buys at this moment comes before it or after it.
      const [, changed] = await writePoint('listing.change', () => tx.query<[unknown, number]>(`UPDATE listing SET ${sql} WHERE listing_id = $1 AND closed_at IS NULL AND (closes_at IS NULL OR closes_at > now())`, [listing.listingId.toString(), ...values]));
      if (changed === 0) throw listingClosed(stateOf(await this.findListing.byId(listing.listingId)));
      return { status: 200, body: null };
    });
    return this.findListing.byId(listing.listingId);
  }
}
