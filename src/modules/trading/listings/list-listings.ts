import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { z } from 'zod';
import { accountId, rowNumber } from '../../../lib/api-schema/index.js';
import { parseWorkNumber } from '../../../lib/statement/index.js';
import { decodeCursor, type Page, pageQuery, toPage } from '../../../platform/http/index.js';
import { fromListingRow, LISTING_COLUMNS, type ListingRow } from './find-listing.js';
import { LISTING_KINDS } from './listing-schema.js';
import { type ListingView, ReadListing } from './read-listing.js';

export const listingsQuery = z.strictObject({
  ...pageQuery.shape,
  seller: z.union([accountId, z.literal('me')]).optional().meta({ description: 'Whose; «me» lists also what is not open' }),
  work: z.string().max(64).refine((typed) => parseWorkNumber(typed) !== null, 'is no work number').optional(),
  kind: z.enum(LISTING_KINDS).optional(),
});
export type ListingsQuery = z.output<typeof listingsQuery>;

const position = z.tuple([z.iso.datetime(), rowNumber]);

/** Listings that the caller may see, the newest first. */
@Injectable()
export class ListListings {
  constructor(@InjectDataSource() private readonly dataSource: DataSource, private readonly readListing: ReadListing) {}

  async execute({ cursor, limit, seller, work, kind }: ListingsQuery, callerId: string | null): Promise<Page<ListingView>> {
    const [at, id] = cursor === undefined ? [null, null] : decodeCursor(position, cursor);
    const mine = seller === 'me';
    const rows = await this.dataSource.query<ListingRow[]>(
      `SELECT ${LISTING_COLUMNS} FROM listing
        WHERE ($1::uuid IS NULL OR seller_id = $1) AND ($2::bigint IS NULL OR work_id = $2) AND ($3::text IS NULL OR kind = $3) AND ($4::timestamptz IS NULL OR (published_at, listing_id) < ($4, $5::bigint))
          AND ($6 OR (closed_at IS NULL AND opens_at <= now() AND (closes_at IS NULL OR closes_at > now()))) AND (audience IS NULL OR seller_id = $7 OR $7 = ANY (audience))
        ORDER BY published_at DESC, listing_id DESC LIMIT $8`,
      [mine ? callerId : (seller ?? null), work === undefined ? null : parseWorkNumber(work)?.id.toString(), kind ?? null, at, id, mine && callerId !== null, callerId, limit + 1]);
    const page = toPage(rows, limit, (row) => fromListingRow(row), (row) => [row.published_at.toISOString(), row.listing_id]);
    return { items: await this.readListing.show(page.items), nextCursor: page.nextCursor };
  }
}
