import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { DomainError } from '../../../lib/errors/index.js';
import { Caller, IdempotencyKey, Public, Scopes } from '../../../platform/http/index.js';
import { readerOf } from '../../works/index.js';
import { QuoteListing, toLineView } from '../orders/quote-listing.js';
import { ChangeListing } from './change-listing.js';
import { type ListingChange, listingChangeSchema, listingSchema, type NewListing } from './listing-schema.js';
import { PublishListing } from './publish-listing.js';
import { type ListingView, ReadListing } from './read-listing.js';
import { type FoundListings, SearchListings } from './search-listings.js';
import { type ListingsQuery, listingsQuery } from './search-query.js';

@ApiTags('trading')
@Controller()
export class ListingsController {
  constructor(
    private readonly publish: PublishListing, private readonly change: ChangeListing, private readonly readListing: ReadListing, private readonly searchListings: SearchListings, private readonly quote: QuoteListing,
  ) {}

  /** Offers a licence, an exclusive licence or a slice of a work that the caller holds of, at a price. */
  @Post('works/:number/listings')
  @Scopes('rights:write')
  async offer(@Caller() caller: Caller, @IdempotencyKey() key: string | null, @Param('number') number: string, @Body({ schema: listingSchema }) listing: NewListing): Promise<ListingView> {
    const { number: made } = await this.publish.execute(number, caller.accountId, listing, key);
    return this.readListing.execute(made, caller.accountId);
  }

  /** Searches what is on sale: newest first, by price or by relevance. */
  @Get('listings')
  @Public()
  search(@Caller() caller: Caller | null, @Query({ schema: listingsQuery }) query: ListingsQuery): Promise<FoundListings> {
    const reader = readerOf(caller);
    if (query.seller === 'me' && reader === null) throw new DomainError('HTTP.UNAUTHENTICATED', 'Sign in to see your own listings; an API key needs the scope works:read.');
    return this.searchListings.execute(query, reader);
  }

  @Get('listings/:number')
  @Public()
  read(@Caller() caller: Caller | null, @Param('number') number: string): Promise<ListingView> {
    return this.readListing.execute(number, readerOf(caller));
  }

  /** Who gets what of the price: fee, tax, co-owners, and the owners of originals by their share. */
  @Get('listings/:number/quote')
  @Public()
  async quoted(@Caller() caller: Caller | null, @Param('number') number: string): Promise<Record<string, unknown>> {
    const { listing, lines } = await this.quote.execute(number, readerOf(caller));
    return { listing: listing.number, price: { amountMinor: listing.amountMinor.toString(), currency: listing.currency }, lines: lines.map(toLineView) };
  }

  /** Another price or end. Whoever was shown the old price does not pay a higher one. */
  @Patch('listings/:number')
  @Scopes('rights:write')
  async edit(@Caller() caller: Caller, @IdempotencyKey() key: string | null, @Param('number') number: string, @Body({ schema: listingChangeSchema }) change: ListingChange): Promise<ListingView> {
    const { number: changed } = await this.change.execute(number, caller.accountId, change, key);
    return this.readListing.execute(changed, caller.accountId);
  }

  /** Takes the listing back. */
  @Post('listings/:number/withdrawal')
  @Scopes('rights:write')
  async withdraw(@Caller() caller: Caller, @IdempotencyKey() key: string | null, @Param('number') number: string): Promise<ListingView> {
    const { number: withdrawn } = await this.change.withdraw(number, caller.accountId, key);
    return this.readListing.execute(withdrawn, caller.accountId);
  }
}
