/** Makes a parameter of a value; its placeholder. */
export type Bind = (value: unknown) => string;

export interface Statement {
  readonly sql: string;
  readonly parameters: unknown[];
}

export function compose(write: (bind: Bind) => string): Statement {
  const parameters: unknown[] = [];
  return { sql: write((value) => `$${parameters.push(value)}`), parameters };
}

/** A word may stand in half of all works: so many, the newest, are weighed for their relevance, and counted for facets, in a few milliseconds. */
export const MOST_WEIGHED = 5_000;
export const MOST_COUNTED = 10_000;
/** What a word weighs in a name (B) and in a title (A), and how (ts_rank's 1) that falls with the logarithm of all that is indexed of a work: a short title comes before a long one, and any title before a name. */
const WEIGHTS = "'{0, 0, 0.1, 1}'";
const BY_LENGTH = 1;

/** How relevant a work is. @param words SQL of its words. @param asked SQL of the literal that `toQueryWords` makes. */
export function toRank(words: string, asked: string): string {
  return `ts_rank(${WEIGHTS}, ${words}, ${asked}::tsquery, ${BY_LENGTH})::float8`;
}
