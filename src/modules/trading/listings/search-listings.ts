import { Inject, Injectable, Optional } from '@nestjs/common';
import { toQueryWords } from '../../../lib/search-text/index.js';
import { CONFIG } from '../../../platform/config/index.js';
import { toRowTime } from '../../../platform/database/index.js';
import { decodeCursor, type Page, toPage } from '../../../platform/http/index.js';
import { type Bind, compose, SearchGate, type Statement, toRank } from '../../works/index.js';
import { payableCurrencies, type PaymentConfig } from '../chain/chain-currencies.js';
import { fromListingRow, LISTING_COLUMNS, type ListingRow } from './find-listing.js';
import { type ListingView, ReadListing } from './read-listing.js';
import { asksWork, toSides } from './search-conditions.js';
import { type ListingsQuery, positions, type Sort } from './search-query.js';

interface Row extends ListingRow {
  /** To the microsecond. */
  published: string;
  rank?: number;
}

/** How many of the listings that a search finds are of works of which category, of which kind, and in which currency. */
export interface ListingFacets {
  /** How many listings were counted: all, or when not `complete` the newest. */
  readonly counted: number;
  readonly complete: boolean;
  readonly categories: Readonly<Record<string, number>>;
  readonly kinds: Readonly<Record<string, number>>;
  readonly currencies: Readonly<Record<string, number>>;
}

export interface FoundListings extends Page<ListingView> {
  readonly facets?: ListingFacets;
}

/** How many are counted for facets. */
interface Most {
  readonly counted: number;
  readonly examined: number;
}

/** Fewer than of works: for each listing its work is looked up. */
const MOST_WEIGHED = 2_000;
/** Whether a listing can be sold takes several look-ups: so many are `examined` when they are counted. */
const MOST: Most = { counted: 5_000, examined: 500 };

/** What a side gives of each listing, and the orders by these names. */
const KEYS = 'l.listing_id, l.published_at AS by_time, l.amount AS by_amount';
const ORDERS = {
  newest: 'by_time DESC, listing_id DESC', 'price-up': 'by_amount, listing_id', 'price-down': 'by_amount DESC, listing_id DESC', relevance: 'rank DESC, by_time DESC, listing_id DESC',
} as const satisfies Record<Sort, string>;
/** As `ReadListing` says of one. OFFSET 0: asked of one after the other until the page is full, never of all listings at once. @param payable SQL of the currencies that are taken. */
const toSaleable = (payable: string): string =>
  `NOT EXISTS (SELECT 1 FROM listing l WHERE l.listing_id = k.listing_id AND l.closed_at IS NULL AND (l.currency <> ALL (${payable}::text[]) OR cardinality(listing_faults(l)) > 0) OFFSET 0)`;

/** Searches the listings that the caller may see; open ones, but for the caller's own. */
@Injectable()
export class SearchListings {
  private readonly payable: readonly string[];

  /** @param most left out but by tests. */
  constructor(private readonly gate: SearchGate, private readonly readListing: ReadListing, @Inject(CONFIG) config: PaymentConfig, @Optional() private readonly most: Most = MOST) {
    this.payable = payableCurrencies(config);
  }

  /** @throws DomainError `HTTP.INVALID_CURSOR`; `HTTP.UNAVAILABLE` when PostgreSQL does not find it soon. */
  async execute(query: ListingsQuery, reader: string | null): Promise<FoundListings> {
    const list = toList(query, reader, this.payable);
    const counts = query.facets === 'true' ? toCounts(query, reader, this.payable, this.mostCounted(query)) : null;
    const { page, facets } = await this.gate.within(async (tx) => ({
      page: toPage(await tx.query<Row[]>(list.sql, list.parameters), query.limit, fromListingRow, (row) => toPosition(query.sort, row)),
      facets: counts === null ? null : toFacets(await tx.query<Count[]>(counts.sql, counts.parameters)),
    }));
    return { items: await this.readListing.show(page.items), nextCursor: page.nextCursor, ...(facets === null ? {} : { facets }) };
  }

  private mostCounted({ stale }: ListingsQuery): number {
    return stale === 'exclude' ? this.most.examined : this.most.counted;
  }
}

/**
 * With words, or a category, so many are looked for where a page is wanted: then PostgreSQL looks up what holds a word and sorts it, unless very many do. For a page of twenty it would go through the listings in their order, in the hope that
 * the next one holds it. The order that is asked for twice keeps it from seeing the smaller limit.
 */
const LEAST_FOUND = 1_000;

/** The hits of one side after the other, and of all of them the first. @param after SQL; null: from the first on. @param saleable SQL that holds of what can be sold, where it is asked for; null: it is not asked. */
function toHits(query: ListingsQuery, sides: readonly string[], { columns, order, after, limit, saleable }: { columns: string; order: string; after: string | null; limit: string; saleable: string | null }): string {
  const hits = sides.map((side) => {
    const found = `SELECT ${columns} FROM listing l${asksWork(query) ? ' JOIN work w USING (work_id)' : ''} WHERE ${side}${after === null ? '' : ` AND ${after}`} ORDER BY ${order}`;
    if (saleable !== null) return `(SELECT * FROM (${found} OFFSET 0) k WHERE ${saleable} LIMIT ${limit})`;
    return asksWork(query) ? `(SELECT * FROM (${found} LIMIT greatest(${LEAST_FOUND}, ${limit})) f ORDER BY ${order} LIMIT ${limit})` : `(${found} LIMIT ${limit})`;
  });
  return hits.length === 1 ? hits.join() : `(SELECT * FROM (${hits.join(' UNION ALL ')}) u ORDER BY ${order} LIMIT ${limit})`;
}

function toAsked({ stale }: ListingsQuery, payable: readonly string[], bind: Bind): string | null {
  return stale === 'exclude' ? toSaleable(bind(payable)) : null;
}

function toList(query: ListingsQuery, reader: string | null, payable: readonly string[]): Statement {
  return compose((bind) => {
    const [sides, limit, saleable] = [toSides(query, reader, bind), bind(query.limit + 1), toAsked(query, payable, bind)];
    const hits = query.sort === 'relevance' ? byRelevance(query, sides, limit, saleable, bind) : toHits(query, sides, { columns: KEYS, order: ORDERS[query.sort], after: toAfter(query, bind), limit, saleable });
    return `SELECT ${LISTING_COLUMNS}, ${toRowTime('by_time')} AS published${query.sort === 'relevance' ? ', rank' : ''}
              FROM (${hits}) h JOIN listing USING (listing_id) ORDER BY ${ORDERS[query.sort]}`;
  });
}

function byRelevance(query: ListingsQuery, sides: readonly string[], limit: string, saleable: string | null, bind: Bind): string {
  const weighed = toHits(query, sides, { columns: `${KEYS}, w.words`, order: ORDERS.newest, after: null, limit: String(MOST_WEIGHED), saleable: null });
  const ranked = `SELECT listing_id, by_time, by_amount, ${toRank('h.words', bind(toQueryWords(query.q ?? '')))} AS rank FROM ${weighed} h`;
  const sorted = `SELECT * FROM (${ranked}) r ${toRankedAfter(query, bind)} ORDER BY ${ORDERS.relevance}`;
  return saleable === null ? `${sorted} LIMIT ${limit}` : `SELECT * FROM (${sorted} OFFSET 0) k WHERE ${saleable} LIMIT ${limit}`;
}

function toAfter({ sort, cursor }: ListingsQuery, bind: Bind): string | null {
  if (cursor === undefined) return null;
  if (sort === 'newest') {
    const [at, id] = decodeCursor(positions.newest, cursor);
    return `(l.published_at, l.listing_id) < (${bind(at)}::timestamptz, ${bind(id)}::bigint)`;
  }
  const [amount, id] = decodeCursor(positions['price-up'], cursor);
  return `(l.amount, l.listing_id) ${sort === 'price-up' ? '>' : '<'} (${bind(amount)}::numeric, ${bind(id)}::bigint)`;
}

function toRankedAfter({ cursor }: ListingsQuery, bind: Bind): string {
  if (cursor === undefined) return '';
  const [rank, at, id] = decodeCursor(positions.relevance, cursor);
  return `WHERE (rank, by_time, listing_id) < (${bind(rank)}::float8, ${bind(at)}::timestamptz, ${bind(id)}::bigint)`;
}

function toPosition(sort: Sort, { rank, published, amount, listing_id: id }: Row): unknown {
  if (sort === 'relevance') return [rank, published, id];
  return [sort === 'newest' ? published : amount, id];
}

interface Count {
  category: string;
  kind: string;
  currency: string;
  listings: number;
  /** Whether the one that is looked for to know that there are more is among these; it is not counted. */
  more: boolean;
}

/** OFFSET 0: looked up by key. As a join it would read all works. */
const CATEGORY = 'CROSS JOIN LATERAL (SELECT w.category FROM work w WHERE w.work_id = c.work_id OFFSET 0) w';

function toCounts(query: ListingsQuery, reader: string | null, payable: readonly string[], most: number): Statement {
  return compose((bind) => {
    const found = toHits(query, toSides(query, reader, bind), {
      columns: `${KEYS}, l.kind, l.currency, ${asksWork(query) ? 'w.category' : 'l.work_id'}`, order: ORDERS.newest, after: null, limit: String(most + 1), saleable: toAsked(query, payable, bind),
    });
    return `SELECT category, kind, currency, (count(*) FILTER (WHERE place <= ${most}))::integer AS listings, bool_or(place > ${most}) AS more
              FROM (SELECT *, row_number() OVER (ORDER BY ${ORDERS.newest}) AS place FROM ${found} n) c ${asksWork(query) ? '' : CATEGORY} GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`;
  });
}

function toFacets(counts: readonly Count[]): ListingFacets {
  const [categories, kinds, currencies]: [Record<string, number>, Record<string, number>, Record<string, number>] = [{}, {}, {}];
  let counted = 0;
  for (const { category, kind, currency, listings } of counts) {
    counted += listings;
    if (listings === 0) continue;
    for (const [facet, value] of [[categories, category], [kinds, kind], [currencies, currency]] as const) facet[value] = (facet[value] ?? 0) + listings;
  }
  return { counted, complete: !counts.some(({ more }) => more), categories, kinds, currencies };
}
