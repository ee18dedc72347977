import { type Box, formatMultirange, parseMultirange } from '../../lib/rights/index.js';

/** The five columns of a box as they are stored; `from` and `until` in milliseconds since 1970. */
export interface BoxRow {
  rights: string;
  territories: string;
  uses: string;
  languages: string;
  from: string;
  until: string;
}

/** Selects a {@link BoxRow} from a row with the columns of a box. */
export const BOX_COLUMNS = `rights::text, territories::text, uses::text, languages::text, extract(epoch FROM lower(term)) * 1000 AS from, extract(epoch FROM upper(term)) * 1000 AS until`;

export function toBoxParameters({ rights, territories, uses, languages, term }: Box): string[] {
  return [...[rights, territories, uses, languages].map(formatMultirange), `[${new Date(term.from).toISOString()},${new Date(term.until).toISOString()})`];
}

export function fromBoxRow(row: BoxRow): Box {
  return {
    rights: parseMultirange(row.rights), territories: parseMultirange(row.territories), uses: parseMultirange(row.uses), languages: parseMultirange(row.languages),
    term: { from: Math.round(Number(row.from)), until: Math.round(Number(row.until)) },
  };
}
