import { RIGHT_CODES, TERRITORY_CODES, USE_CODES } from '../../lib/rights/index.js';
import { toQueryWords } from '../../lib/search-text/index.js';
import type { SearchQuery } from './search-query.js';
import type { Bind } from './search-sql.js';
import { toMask } from './to-search-columns.js';

/** Which works a search is about, as SQL conditions on `work w`: public ones, or with «me» the reader's own. @param reader null: a stranger, of whom «me» is not asked. */
export function toConditions(query: SearchQuery, reader: string | null, bind: Bind): string[] {
  const { q, account, category, from, to, sha256 } = query;
  const conditions = [account === 'me' ? `w.account_id = ${bind(reader)}` : `w.visibility = 'public'`];
  if (account !== undefined && account !== 'me') conditions.push(`w.account_id = ${bind(account)}`);
  if (q !== undefined) conditions.push(`w.words @@ ${bind(toQueryWords(q))}::tsquery`);
  if (category !== undefined) conditions.push(`w.category = ${bind(category)}`);
  if (from !== undefined) conditions.push(`w.deposited_at >= ${bind(from)}`);
  if (to !== undefined) conditions.push(`w.deposited_at < ${bind(to)}`);
  if (sha256 !== undefined) conditions.push(`EXISTS (SELECT 1 FROM content c WHERE c.work_id = w.work_id AND c.sha256 = decode(${bind(sha256.toLowerCase())}, 'hex'))`);
  return [...conditions, ...toFreedom(query, bind)];
}

/** Whether the title still stands; the end that an author's death gave it stands in the first slice. */
export const PROTECTED = 'w.withdrawn_at IS NULL AND w.protected_until > now()';

/**
 * That all of what is asked for (a point, or everything along what was left out) is free from now on, as a grant is judged: an exclusive one by whoever is licensed, another one by those whose licences bar others.
 * What is said to be free is free; a work of which only a part of it is free is not found. Each look-up is by the work's key (OFFSET 0): as joins they would read whole tables for a page of twenty.
 */
function toFreedom({ right, territory, use, exclusive }: SearchQuery, bind: Bind): string[] {
  if (right === undefined && territory === undefined && use === undefined && exclusive === 'false') return [];
  const [rights, territories, uses] = [codeOf(RIGHT_CODES, right), codeOf(TERRITORY_CODES, territory), codeOf(USE_CODES, use)];
  const overlaps = Object.entries({ rights, territories, uses }).flatMap(([column, code]) => (code === null ? [] : [`AND l.${column} && int4multirange(int4range(${bind(code)}::integer, ${bind(code + 1)}::integer))`]));
  return [
    rights === null ? 'w.rights <> 0' : `w.rights & ${bind(toMask([rights]))}::integer <> 0`,
    PROTECTED,
    'NOT EXISTS (SELECT 1 FROM holding h WHERE h.work_id = w.work_id AND h.cut_from IS NULL AND upper(h.term) <= now() OFFSET 0)',
    `NOT EXISTS (SELECT 1 FROM licence l WHERE l.granted_from = w.work_id AND l.voided_at IS NULL AND l.term && tstzrange(now(), NULL) ${exclusive === 'true' ? '' : `AND l.exclusivity <> 'non-exclusive'`} ${overlaps.join(' ')} OFFSET 0)`,
  ];
}

function codeOf(table: ReadonlyMap<string, number>, name: string | undefined): number | null {
  return name === undefined ? null : (table.get(name) ?? null);
}
