/** A span of time, half-open, in milliseconds since 1970 (UTC). */
export interface Term {
  readonly from: number;
  readonly until: number;
}

/** The end of a protection that nobody knows yet, because the author lives (Copyright Law Art. 23): 9999-12-31. */
export const OPEN_END = Date.UTC(9999, 11, 31);

export function isEmptyTerm(term: Term): boolean {
  return term.until <= term.from;
}

export function intersectTerms(a: Term, b: Term): Term {
  return { from: Math.max(a.from, b.from), until: Math.min(a.until, b.until) };
}

export function termsOverlap(a: Term, b: Term): boolean {
  return a.from < b.until && b.from < a.until;
}

export function containsTerm(outer: Term, inner: Term): boolean {
  return outer.from <= inner.from && inner.until <= outer.until;
}
