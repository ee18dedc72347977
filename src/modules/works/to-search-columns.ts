import { codesOf, computeTitle, type TitleFacts } from '../../lib/rights/index.js';
import { toIndexWords } from '../../lib/search-text/index.js';

/** What a work is found by, besides what it is listed with: columns of its row. */
export interface SearchColumns {
  /** The literal of a `tsvector`. */
  readonly words: string;
  /** The rights of its title, whoever holds them now: bit n is the right of code n. */
  readonly rights: number;
  /** When protection ends, as the deposit says. Null without a title. */
  readonly protectedUntil: Date | null;
}

/** @param title null: erased. @param credited names under which authors are credited; those are in the open with a public work, and no others. */
export function toSearchColumns(title: string | null, credited: readonly string[], facts: TitleFacts): SearchColumns {
  const held = computeTitle(facts);
  return {
    words: toIndexWords([...(title === null ? [] : [{ text: title, weight: 'A' as const }]), ...credited.map((text) => ({ text, weight: 'B' as const }))]),
    rights: held === null ? 0 : toMask(codesOf(held.box.rights)),
    protectedUntil: held === null ? null : new Date(held.protection.until),
  };
}

/** There are thirteen economic rights (Copyright Law Art. 10): they fit an integer, and are counted in it faster than in a range. */
export function toMask(codes: readonly number[]): number {
  return codes.reduce((mask, code) => mask | (1 << code), 0);
}
