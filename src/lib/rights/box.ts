import { type CodeSet, containsSet, intersectSets, setsOverlap, subtractSets } from './code-set.js';
import { containsTerm, intersectTerms, isEmptyTerm, type Term, termsOverlap } from './term.js';

/** A scope of rights: rights × territories × uses × languages × term. What a holding or a licence covers is a box. */
export interface Box {
  readonly rights: CodeSet;
  readonly territories: CodeSet;
  readonly uses: CodeSet;
  readonly languages: CodeSet;
  readonly term: Term;
}

/** The dimensions that are sets of codes; the fifth is the term. */
export const SET_DIMENSIONS = ['rights', 'territories', 'uses', 'languages'] as const;
export type SetDimension = (typeof SET_DIMENSIONS)[number];

/** A box that is empty in one dimension covers nothing. */
export function isEmptyBox(box: Box): boolean {
  return isEmptyTerm(box.term) || SET_DIMENSIONS.some((dimension) => box[dimension].length === 0);
}

export function boxesOverlap(a: Box, b: Box): boolean {
  return termsOverlap(a.term, b.term) && SET_DIMENSIONS.every((dimension) => setsOverlap(a[dimension], b[dimension]));
}

/** What both cover; null when that is nothing. */
export function intersectBoxes(a: Box, b: Box): Box | null {
  const box: Box = {
    rights: intersectSets(a.rights, b.rights),
    territories: intersectSets(a.territories, b.territories),
    uses: intersectSets(a.uses, b.uses),
    languages: intersectSets(a.languages, b.languages),
    term: intersectTerms(a.term, b.term),
  };
  return isEmptyBox(box) ? null : box;
}

/** Whether one box covers all of the other. */
export function containsBox(outer: Box, inner: Box): boolean {
  return containsTerm(outer.term, inner.term) && SET_DIMENSIONS.every((dimension) => containsSet(outer[dimension], inner[dimension]));
}

/**
 * What `a` covers and `b` does not, as boxes that do not overlap: at most one for each set of codes, and two for the term. Time is cut first: «free
 * until then, and again from then on» is how people say it.
 */
export function subtractBox(a: Box, b: Box): Box[] {
  if (!boxesOverlap(a, b)) return [a];
  const pieces: Box[] = [];
  if (a.term.from < b.term.from) pieces.push({ ...a, term: { from: a.term.from, until: b.term.from } });
  if (b.term.until < a.term.until) pieces.push({ ...a, term: { from: b.term.until, until: a.term.until } });
  let rest: Box = { ...a, term: intersectTerms(a.term, b.term) };
  for (const dimension of SET_DIMENSIONS) {
    const outside = subtractSets(rest[dimension], b[dimension]);
    if (outside.length === 0) continue;
    pieces.push({ ...rest, [dimension]: outside });
    rest = { ...rest, [dimension]: intersectSets(rest[dimension], b[dimension]) };
  }
  return pieces;
}

/** What the boxes cover and none of `others` does. The boxes of the answer do not overlap when those given do not. */
export function subtractBoxes(boxes: readonly Box[], others: readonly Box[]): Box[] {
  let left = [...boxes];
  for (const other of others) {
    if (!left.some((box) => boxesOverlap(box, other))) continue;
    left = left.flatMap((box) => subtractBox(box, other));
  }
  return left;
}

/** The sum over its cells, codes times milliseconds; for comparing a cover with what it covers. */
export function volumeOf(box: Box): bigint {
  const size = (set: CodeSet): bigint => {
    let count = 0;
    for (let i = 0; i < set.length; i += 2) count += (set[i + 1] as number) - (set[i] as number);
    return BigInt(count);
  };
  return isEmptyBox(box) ? 0n : SET_DIMENSIONS.reduce((product, dimension) => product * size(box[dimension]), BigInt(box.term.until - box.term.from));
}
