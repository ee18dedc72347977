import { Injectable } from '@nestjs/common';
import { isChainCurrency } from '../../../lib/money/index.js';
import { type Listing, stateOf } from '../listings/find-listing.js';
import { ReadListing } from '../listings/read-listing.js';
import { currencyUnavailable, listingClosed, listingStale } from '../trading.errors.js';
import { notNegotiable, offerCurrency } from './negotiations.errors.js';

/** Whether an offer can be made about a listing as things stand; the acceptance is checked again. */
@Injectable()
export class CheckNegotiable {
  constructor(private readonly readListing: ReadListing) {}

  /** @throws DomainError `TRADING.NOT_NEGOTIABLE`, `TRADING.OFFER_INVALID`, `TRADING.CURRENCY_UNAVAILABLE` (money in a contract cannot be held for an offer), `TRADING.LISTING_CLOSED`, `TRADING.LISTING_STALE`. */
  async execute(listing: Listing, currency: string): Promise<void> {
    if (listing.pricing !== 'negotiable') throw notNegotiable();
    if (currency !== listing.currency) throw offerCurrency(listing.currency);
    if (isChainCurrency(currency)) throw currencyUnavailable(currency);
    const state = stateOf(listing);
    if (state !== 'open') throw listingClosed(state);
    const faults = await this.readListing.faultsOf(listing);
    if (faults.length > 0) throw listingStale(faults);
  }
}
