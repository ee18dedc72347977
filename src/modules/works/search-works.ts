import { Injectable, Optional } from '@nestjs/common';
import { RIGHT_CODES } from '../../lib/rights/index.js';
import { toQueryWords } from '../../lib/search-text/index.js';
import { formatWorkNumber } from '../../lib/statement/index.js';
import { decodeCursor, type Page, toPage } from '../../platform/http/index.js';
import { PROTECTED, toConditions } from './search-conditions.js';
import { SearchGate } from './search-gate.js';
import { positions, type SearchQuery } from './search-query.js';
import { compose, MOST_COUNTED, MOST_WEIGHED, type Statement, toRank } from './search-sql.js';
import { linksOf } from './work-links.js';

interface Row {
  work_id: string;
  title: string | null;
  category: string;
  visibility: string;
  account_id: string;
  deposited_at: Date;
  withdrawn_at: Date | null;
  rank?: number;
}

export interface WorkSummary {
  readonly number: string;
  readonly title: string | null;
  readonly category: string;
  readonly visibility: string;
  readonly account: string;
  readonly depositedAt: string;
  readonly withdrawnAt: string | null;
  readonly links: ReturnType<typeof linksOf>;
}

/** How many of the works that a search finds are of which category, and have which right of their title. */
export interface Facets {
  /** How many works were counted: all, or when not `complete` the newest. */
  readonly counted: number;
  readonly complete: boolean;
  readonly categories: Readonly<Record<string, number>>;
  readonly rights: Readonly<Record<string, number>>;
}

export interface FoundWorks extends Page<WorkSummary> {
  readonly facets?: Facets;
}

const COLUMNS = 'w.work_id, w.title, w.category, w.visibility, w.account_id, w.deposited_at, w.withdrawn_at';
const NEWEST = 'ORDER BY w.deposited_at DESC, w.work_id DESC';

/** Searches public works, newest first or by relevance; a caller finds its own confidential ones as well when it asks for «me». */
@Injectable()
export class SearchWorks {
  /** @param mostCounted left out but by tests. */
  constructor(private readonly gate: SearchGate, @Optional() private readonly mostCounted: number = MOST_COUNTED) {}

  /** @throws DomainError `HTTP.INVALID_CURSOR`; `HTTP.UNAVAILABLE` when PostgreSQL does not find it soon. */
  async execute(query: SearchQuery, reader: string | null): Promise<FoundWorks> {
    const list = query.sort === 'relevance' ? byRelevance(query, reader) : byTime(query, reader);
    const counts = query.facets === 'true' ? toCounts(query, reader, this.mostCounted) : null;
    return this.gate.within(async (tx) => {
      const page = toPage(await tx.query<Row[]>(list.sql, list.parameters), query.limit, toSummary, toPosition);
      return counts === null ? page : { ...page, facets: toFacets(await tx.query<Count[]>(counts.sql, counts.parameters)) };
    });
  }
}

function byTime(query: SearchQuery, reader: string | null): Statement {
  return compose((bind) => {
    const conditions = toConditions(query, reader, bind);
    if (query.cursor !== undefined) {
      const [at, id] = decodeCursor(positions.newest, query.cursor);
      conditions.push(`(w.deposited_at, w.work_id) < (${bind(at)}::timestamptz, ${bind(id)}::bigint)`);
    }
    return `SELECT ${COLUMNS} FROM work w WHERE ${conditions.join(' AND ')} ${NEWEST} LIMIT ${bind(query.limit + 1)}`;
  });
}

function byRelevance(query: SearchQuery, reader: string | null): Statement {
  return compose((bind) => {
    const weighed = `SELECT ${COLUMNS}, w.words FROM work w WHERE ${toConditions(query, reader, bind).join(' AND ')} ${NEWEST} LIMIT ${MOST_WEIGHED}`;
    const ranked = `SELECT *, ${toRank('h.words', bind(toQueryWords(query.q ?? '')))} AS rank FROM (${weighed}) h`;
    const position = query.cursor === undefined ? null : decodeCursor(positions.relevance, query.cursor);
    const after = position === null ? '' : `WHERE (w.rank, w.deposited_at, w.work_id) < (${bind(position[0])}::float8, ${bind(position[1])}::timestamptz, ${bind(position[2])}::bigint)`;
    return `SELECT ${COLUMNS}, w.rank FROM (${ranked}) w ${after} ORDER BY w.rank DESC, w.deposited_at DESC, w.work_id DESC LIMIT ${bind(query.limit + 1)}`;
  });
}

interface Count {
  category: string;
  rights: number;
  works: number;
  /** Whether the one that is looked for to know that there are more is among these; it is not counted. */
  more: boolean;
}

function toCounts(query: SearchQuery, reader: string | null, most: number): Statement {
  return compose((bind) => {
    const found = `SELECT w.work_id, w.deposited_at, w.category, CASE WHEN ${PROTECTED} THEN w.rights ELSE 0 END AS rights FROM work w WHERE ${toConditions(query, reader, bind).join(' AND ')} ${NEWEST} LIMIT ${most + 1}`;
    return `SELECT category, coalesce(rights, 0) AS rights, (count(*) FILTER (WHERE place <= ${most}))::integer AS works, bool_or(place > ${most}) AS more
              FROM (SELECT *, row_number() OVER (${NEWEST}) AS place FROM (${found}) w) c GROUP BY 1, 2 ORDER BY 1, 2`;
  });
}

function toFacets(counts: readonly Count[]): Facets {
  const [categories, rights]: [Record<string, number>, Record<string, number>] = [{}, {}];
  let counted = 0;
  for (const { category, rights: mask, works } of counts) {
    counted += works;
    if (works === 0) continue;
    categories[category] = (categories[category] ?? 0) + works;
    for (const [right, code] of RIGHT_CODES) if ((mask & (1 << code)) !== 0) rights[right] = (rights[right] ?? 0) + works;
  }
  return { counted, complete: !counts.some(({ more }) => more), categories, rights };
}

function toPosition({ rank, deposited_at, work_id }: Row): unknown {
  return [...(rank === undefined ? [] : [rank]), deposited_at.toISOString(), work_id];
}

function toSummary(row: Row): WorkSummary {
  const number = formatWorkNumber(BigInt(row.work_id));
  return {
    number, title: row.title, category: row.category, visibility: row.visibility, account: row.account_id,
    depositedAt: row.deposited_at.toISOString(), withdrawnAt: row.withdrawn_at?.toISOString() ?? null, links: linksOf(number),
  };
}
