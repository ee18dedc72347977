import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import type { Box } from '../../../lib/rights/index.js';
import { formatWorkNumber, parseWorkNumber, type WorkNumber } from '../../../lib/statement/index.js';
import { Coalescer } from '../../../platform/coalesce/index.js';
import { queryPrepared, type Tx } from '../../../platform/database/index.js';
import { BOX_COLUMNS, type BoxRow, fromBoxRow } from '../../licensing/index.js';
import { listingNotFound } from '../trading.errors.js';
import type { ListingKind, ListingTerms } from './listing-schema.js';

export interface Listing {
  readonly listingId: bigint;
  readonly number: WorkNumber;
  readonly workId: string;
  readonly work: WorkNumber;
  readonly sellerId: string;
  readonly kind: ListingKind;
  readonly box: Box;
  readonly terms: ListingTerms;
  readonly pricing: 'fixed' | 'negotiable';
  readonly currency: string;
  readonly amountMinor: bigint;
  readonly quantity: number | null;
  readonly sold: number;
  /** Null: anyone. */
  readonly audience: readonly string[] | null;
  readonly publishedAt: Date;
  readonly opensAt: Date;
  readonly closesAt: Date | null;
  readonly closedAt: Date | null;
  readonly closedBy: 'sold-out' | 'withdrawn' | null;
}

export interface ListingRow extends BoxRow {
  listing_id: string;
  work_id: string;
  seller_id: string;
  kind: ListingKind;
  terms: ListingTerms;
  pricing: 'fixed' | 'negotiable';
  currency: string;
  amount: string;
  quantity: number | null;
  sold: number;
  audience: string[] | null;
  published_at: Date;
  opens_at: Date;
  closes_at: Date | null;
  closed_at: Date | null;
  closed_by: 'sold-out' | 'withdrawn' | null;
}

export const LISTING_COLUMNS = `listing_id, work_id, seller_id, kind, ${BOX_COLUMNS}, terms, pricing, currency, amount, quantity, sold, audience, published_at, opens_at, closes_at, closed_at, closed_by`;
const FIND = `SELECT l.* FROM jsonb_array_elements_text($1::jsonb) AS q(id) CROSS JOIN LATERAL (SELECT ${LISTING_COLUMNS} FROM listing WHERE listing_id = q.id::bigint OFFSET 0) l`;
const MOST_AT_ONCE = 64;

export type ListingState = 'open' | 'upcoming' | 'closed' | 'sold-out' | 'withdrawn';

/** By its own times and counts; whether its seller still has what it sells is another matter. */
export function stateOf({ closedBy, opensAt, closesAt }: Listing, now = new Date()): ListingState {
  if (closedBy !== null) return closedBy;
  if (closesAt !== null && closesAt <= now) return 'closed';
  return opensAt > now ? 'upcoming' : 'open';
}

/** Finds a listing by its number as typed, for a caller who may see it. */
@Injectable()
export class FindListing {
  private readonly coalescer = new Coalescer<string, Listing | null>((ids) => this.findMany(ids), { maxItems: MOST_AT_ONCE, maxBatches: 4, isItemFault: () => false });

  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** @throws DomainError `TRADING.LISTING_NOT_FOUND`, also for one that is for others. */
  async execute(typed: string, accountId: string | null): Promise<Listing> {
    const id = parseWorkNumber(typed, 'LS')?.id;
    const listing = id === undefined ? null : await this.coalescer.submit(id.toString());
    if (listing === null || !maySee(listing, accountId)) throw listingNotFound();
    return listing;
  }

  async byId(listingId: bigint): Promise<Listing> {
    const listing = await this.coalescer.submit(listingId.toString());
    if (listing === null) throw listingNotFound();
    return listing;
  }

  /** By the connection that a transaction has: one that waited for a second could stop the service. */
  async within(tx: Tx, listingId: bigint): Promise<Listing> {
    const [row] = await tx.query<ListingRow[]>(`SELECT ${LISTING_COLUMNS} FROM listing WHERE listing_id = $1`, [listingId.toString()]);
    if (row === undefined) throw listingNotFound();
    return fromListingRow(row);
  }

  /** The same, locked until the transaction ends: shared by those who need it to stay as it is. */
  async lock(tx: Tx, listingId: bigint, mode: 'SHARE' | 'NO KEY UPDATE'): Promise<Listing> {
    await tx.query(`SELECT 1 FROM listing WHERE listing_id = $1 FOR ${mode}`, [listingId.toString()]);
    return this.within(tx, listingId);
  }

  private async findMany(ids: readonly string[]): Promise<(Listing | null)[]> {
    const rows = await queryPrepared<ListingRow>(this.dataSource, 'find-listings', FIND, [JSON.stringify([...new Set(ids)])]);
    const found = new Map(rows.map((row) => [row.listing_id, fromListingRow(row)]));
    return ids.map((id) => found.get(id) ?? null);
  }
}

export function maySee({ audience, sellerId }: Listing, accountId: string | null): boolean {
  return audience === null || (accountId !== null && (accountId === sellerId || audience.includes(accountId)));
}

export function fromListingRow(row: ListingRow): Listing {
  return {
    listingId: BigInt(row.listing_id), number: formatWorkNumber(BigInt(row.listing_id), 'LS'), workId: row.work_id, work: formatWorkNumber(BigInt(row.work_id)), sellerId: row.seller_id, kind: row.kind, box: fromBoxRow(row), terms: row.terms,
    pricing: row.pricing, currency: row.currency, amountMinor: BigInt(row.amount), quantity: row.quantity, sold: row.sold, audience: row.audience, publishedAt: row.published_at, opensAt: row.opens_at, closesAt: row.closes_at,
    closedAt: row.closed_at, closedBy: row.closed_by,
  };
}
