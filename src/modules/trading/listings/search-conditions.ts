import { RIGHT_CODES, TERRITORY_CODES, USE_CODES } from '../../../lib/rights/index.js';
import { toQueryWords } from '../../../lib/search-text/index.js';
import { parseWorkNumber } from '../../../lib/statement/index.js';
import type { Bind } from '../../works/index.js';
import type { ListingsQuery } from './search-query.js';

/** By its own times and counts, as `stateOf` says. */
export const OPEN = 'l.closed_at IS NULL AND l.opens_at <= now() AND (l.closes_at IS NULL OR l.closes_at > now())';

/**
 * Which listings a search is about, as SQL conditions on `listing l`, and on its `work w` where {@link asksWork}: each side has indexes of its own, so that the time that the first one takes tells a stranger nothing of the second.
 * What is for anyone is of public works; what is for some only, the reader among them, also of confidential ones; with «me» it is all of the reader's own, open or not.
 * @param reader null: a stranger, of whom «me» is not asked.
 */
export function toSides(query: ListingsQuery, reader: string | null, bind: Bind): string[] {
  const asked = toConditions(query, bind);
  const all = (...conditions: string[]): string => [...conditions, ...asked].join(' AND ');
  if (query.seller === 'me') return [all(`l.seller_id = ${bind(reader)}`)];
  const forAnyone = all('l.audience IS NULL', OPEN, ...(asksWork(query) ? [`w.visibility = 'public'`] : []));
  if (reader === null) return [forAnyone];
  const me = `${bind(reader)}::uuid`;
  return [forAnyone, all('l.audience IS NOT NULL', `(l.seller_id = ${me} OR l.audience @> ARRAY[${me}])`, OPEN)];
}

/** Otherwise the work is not read to find a listing: what is for anyone is of a public one, as `PublishListing` sees to. */
export function asksWork({ q, category }: ListingsQuery): boolean {
  return q !== undefined || category !== undefined;
}

function toConditions(query: ListingsQuery, bind: Bind): string[] {
  const { q, category, seller, work, kind, pricing, currency, minAmountMinor: min, maxAmountMinor: max } = query;
  return [
    ...(seller === undefined || seller === 'me' ? [] : [`l.seller_id = ${bind(seller)}`]),
    ...(work === undefined ? [] : [`l.work_id = ${bind(parseWorkNumber(work)?.id.toString())}`]),
    ...(kind === undefined ? [] : [`l.kind = ${bind(kind)}`]),
    ...(pricing === undefined ? [] : [`l.pricing = ${bind(pricing)}`]),
    ...(currency === undefined ? [] : [`l.currency = ${bind(currency)}`]),
    ...(min === undefined ? [] : [`l.amount >= ${bind(min)}::numeric`]),
    ...(max === undefined ? [] : [`l.amount <= ${bind(max)}::numeric`]),
    ...(q === undefined ? [] : [`w.words @@ ${bind(toQueryWords(q))}::tsquery`]),
    ...(category === undefined ? [] : [`w.category = ${bind(category)}`]),
    ...toCovered(query, bind),
    ...(query.exclusive === 'true' ? [UNLICENSED] : []),
  ];
}

function toCovered({ right, territory, use }: ListingsQuery, bind: Bind): string[] {
  const asked = [['rights', RIGHT_CODES, right], ['territories', TERRITORY_CODES, territory], ['uses', USE_CODES, use]] as const;
  return asked.flatMap(([column, codes, name]) => {
    const code = name === undefined ? undefined : codes.get(name);
    return code === undefined ? [] : [`l.${column} @> int4multirange(int4range(${bind(code)}::integer, ${bind(code + 1)}::integer))`];
  });
}

/** As `listing_faults` asks of an exclusive licence, whatever the listing sells. A look-up by the work's key (OFFSET 0): as a join it would read all licences for a page of twenty. */
const UNLICENSED = `NOT EXISTS (SELECT 1 FROM licence g WHERE g.granted_from = l.work_id AND g.voided_at IS NULL
  AND g.term && l.term AND g.territories && l.territories AND g.rights && l.rights AND g.uses && l.uses AND g.languages && l.languages OFFSET 0)`;
