import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import type { Tx } from '../../../platform/database/index.js';
import { writePoint } from '../../../platform/fault-points/index.js';
import { computePayloadHash, runIdempotently } from '../../../platform/http/index.js';
import { offerBinding } from '../negotiations/negotiations.errors.js';
import { closesBeforeOpening, listingClosed, notSeller, priceChanged } from '../trading.errors.js';
import { FindListing, type Listing, stateOf } from './find-listing.js';
import type { ListingChange } from './listing-schema.js';

/** Changes the price or the end of an open listing, or takes it back. Orders that were placed keep their price; offers of the seller's that stand keep the listing open. */
@Injectable()
export class ChangeListing {
  constructor(@InjectDataSource() private readonly dataSource: DataSource, private readonly findListing: FindListing) {}

  /** @throws DomainError `TRADING.LISTING_NOT_FOUND`, `TRADING.NOT_SELLER`, `TRADING.LISTING_CLOSED`, `TRADING.LISTING_INVALID`, `TRADING.OFFER_BINDING`; `TRADING.PRICE_CHANGED` for another currency. */
  execute(typed: string, accountId: string, change: ListingChange, idempotencyKey: string | null): Promise<Listing> {
    return this.once(typed, accountId, 'change-listing', change, idempotencyKey, async (tx, listing) => {
      const { price, closesAt } = change;
      const { currency, amountMinor, opensAt, closesAt: before } = listing;
      if (price !== undefined && price.currency !== currency) throw priceChanged(amountMinor, currency);
      const closes = typeof closesAt === 'string' ? new Date(closesAt) : null;
      if (closes !== null && closes <= opensAt) throw closesBeforeOpening(opensAt);
      if (closes !== null && (before === null || closes < before)) await assertNotBound(tx, listing, closes);
      await this.update(tx, listing, 'amount = coalesce($2, amount), closes_at = CASE WHEN $3 THEN $4 ELSE closes_at END', [price?.amountMinor ?? null, closesAt !== undefined, closes]);
    });
  }

  /** @throws DomainError `TRADING.LISTING_NOT_FOUND`, `TRADING.NOT_SELLER`, `TRADING.LISTING_CLOSED`, `TRADING.OFFER_BINDING`. */
  withdraw(typed: string, accountId: string, idempotencyKey: string | null): Promise<Listing> {
    return this.once(typed, accountId, 'withdraw-listing', null, idempotencyKey, async (tx, listing) => {
      await assertNotBound(tx, listing, null);
      await this.update(tx, listing, `closed_at = now(), closed_by = 'withdrawn'`, []);
    });
  }

  private async once(typed: string, accountId: string, act: string, payload: unknown, key: string | null, perform: (tx: Tx, listing: Listing) => Promise<void>): Promise<Listing> {
    const listing = await this.findListing.execute(typed, accountId);
    if (listing.sellerId !== accountId) throw notSeller();
    await runIdempotently(this.dataSource, { accountId, key, payloadHash: computePayloadHash({ act, subject: listing.number, payload }) }, async (tx) => {
      // Whoever buys at this moment comes before it or after it, and so does another change: what is not sent stays as that one left it.
      const current = await this.findListing.lock(tx, listing.listingId, 'NO KEY UPDATE');
      const state = stateOf(current);
      if (state !== 'open' && state !== 'upcoming') throw listingClosed(state);
      await perform(tx, current);
      return { status: 200, body: null };
    });
    return this.findListing.byId(listing.listingId);
  }

  private async update(tx: Tx, { listingId }: Listing, set: string, values: readonly unknown[]): Promise<void> {
    await writePoint('listing.change', () => tx.query(`UPDATE listing SET ${set} WHERE listing_id = $1`, [listingId.toString(), ...values]));
  }
}

/**
 * An offer of the seller's that says until when it stands cannot be revoked (Civil Code 476), neither by closing the listing under it. The listing's row is locked: who makes an offer waits for that, and finds it closed.
 * @param closesAt when the listing is to close; null: now. @throws DomainError `TRADING.OFFER_BINDING`.
 */
async function assertNotBound(tx: Tx, { listingId }: Listing, closesAt: Date | null): Promise<void> {
  const [row] = await tx.query<{ until: Date | null }[]>(
    `SELECT max(o.expires_at) AS until FROM negotiation n JOIN negotiation_offer o USING (negotiation_id)
      WHERE n.listing_id = $1 AND n.state = 'open' AND n.lapses_at > now() AND o.state = 'standing' AND o.made_by = 'seller' AND o.expires_at > greatest(now(), $2::timestamptz)`, [listingId.toString(), closesAt]);
  if (row?.until instanceof Date) throw offerBinding(row.until);
}
