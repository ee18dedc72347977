import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { type Exclusivity, describeScope, type Scope, toScope } from '../../../lib/rights/index.js';
import { CONFIG } from '../../../platform/config/index.js';
import { FindAccounts } from '../../identity/index.js';
import { isPayable, type PaymentConfig } from '../chain/chain-currencies.js';
import { FindListing, type Listing, type ListingState, stateOf } from './find-listing.js';
import type { ListingKind, ListingTerms, Money } from './listing-schema.js';

export interface ListingView {
  readonly number: string;
  readonly work: string;
  readonly title: string | null;
  readonly category: string;
  readonly seller: { readonly account: string; readonly name: string | null };
  readonly kind: ListingKind;
  readonly scope: Scope;
  readonly sentence: { readonly zh: string; readonly en: string };
  readonly price: Money;
  readonly pricing: 'fixed' | 'negotiable';
  readonly quantity: number | null;
  readonly remaining: number | null;
  readonly terms: ListingTerms;
  /** `stale`: open, but what it sells cannot be sold as things stand; `faults` says why. */
  readonly state: ListingState | 'stale';
  readonly faults: readonly string[];
  readonly isPrivate: boolean;
  readonly publishedAt: string;
  readonly opensAt: string;
  readonly closesAt: string | null;
  readonly links: { readonly self: string; readonly work: string; readonly quote: string };
}

/** A listing as buyers see it: stale the moment that what it sells cannot be sold any more. */
@Injectable()
export class ReadListing {
  constructor(@InjectDataSource() private readonly dataSource: DataSource, private readonly findListing: FindListing, private readonly accounts: FindAccounts, @Inject(CONFIG) private readonly config: PaymentConfig) {}

  /** @throws DomainError `TRADING.LISTING_NOT_FOUND`. */
  async execute(typed: string, accountId: string | null): Promise<ListingView> {
    const [view] = await this.show([await this.findListing.execute(typed, accountId)]);
    return view as ListingView;
  }

  /** Many, in their order. */
  async show(listings: readonly Listing[], now = new Date()): Promise<ListingView[]> {
    if (listings.length === 0) return [];
    const [rows, names] = await Promise.all([
      this.dataSource.query<{ id: string; faults: string[]; title: string | null; category: string }[]>(
        `SELECT l.listing_id AS id, CASE WHEN l.closed_at IS NULL THEN listing_faults(l) ELSE '{}' END AS faults, w.title, w.category FROM listing l JOIN work w USING (work_id) WHERE l.listing_id = ANY ($1::bigint[])`, [listings.map(({ listingId }) => listingId.toString())]),
      this.accounts.names(listings.map(({ sellerId }) => sellerId)),
    ]);
    const found = new Map(rows.map((row) => [row.id, row]));
    return listings.map((listing) => {
      const { faults = [], title = null, category = '' } = found.get(listing.listingId.toString()) ?? {};
      return toView(listing, { faults: listing.closedAt === null ? this.withCurrency(listing, faults) : faults, title, category, name: names.get(listing.sellerId) ?? null }, now);
    });
  }

  async faultsOf(listing: Listing): Promise<readonly string[]> {
    const [row] = await this.dataSource.query<{ faults: string[] }[]>('SELECT listing_faults(l) AS faults FROM listing l WHERE listing_id = $1', [listing.listingId.toString()]);
    return this.withCurrency(listing, row?.faults ?? []);
  }

  /** What its price is in may be taken no more since it was published: `listing_faults` does not know how the service is configured. */
  private withCurrency({ currency }: Listing, faults: readonly string[]): readonly string[] {
    return isPayable(this.config, currency) ? faults : [...faults, 'currency'];
  }
}

export function exclusivityOf(kind: ListingKind): Exclusivity {
  return kind === 'licence' ? 'non-exclusive' : 'exclusive';
}

function toView(listing: Listing, { faults, title, category, name }: { faults: readonly string[]; title: string | null; category: string; name: string | null }, now: Date): ListingView {
  const { number, work, sellerId, kind, box, terms, pricing, currency, amountMinor, quantity, sold, audience } = listing;
  const state = stateOf(listing, now);
  const self = `/api/v1/listings/${number}`;
  return {
    number, work, title, category, seller: { account: sellerId, name }, kind, scope: toScope(box), sentence: { zh: describeScope(box, exclusivityOf(kind), 'zh'), en: describeScope(box, exclusivityOf(kind), 'en') },
    price: { amountMinor: amountMinor.toString(), currency }, pricing, quantity, remaining: quantity === null ? null : quantity - sold, terms, state: state === 'open' && faults.length > 0 ? 'stale' : state, faults, isPrivate: audience !== null,
    publishedAt: listing.publishedAt.toISOString(), opensAt: listing.opensAt.toISOString(), closesAt: listing.closesAt?.toISOString() ?? null, links: { self, work: `/api/v1/works/${work}`, quote: `${self}/quote` },
  };
}
