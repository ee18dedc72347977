/**
 * Sets of codes of one dimension: rights, territories, uses or languages. The codes lie in a fixed space [0, 1024), of which only some have a name
 * yet; a set that is whole holds those to come as well. The same ranges are an `int4multirange` in PostgreSQL.
 */
export const CODE_SPACE = 1024;

declare const codeSetBrand: unique symbol;
/** Half-open ranges `[from₀, until₀, from₁, until₁, …)`: ascending, apart from each other, none empty. One set has one spelling. */
export type CodeSet = readonly number[] & { readonly [codeSetBrand]: true };

export const EMPTY_SET = [] as unknown as CodeSet;
export const WHOLE_SET = [0, CODE_SPACE] as unknown as CodeSet;

/** @throws RangeError for what is no whole number of the space. */
export function toCodeSet(codes: Iterable<number>): CodeSet {
  const ranges: number[] = [];
  for (const code of [...new Set(codes)].toSorted((a, b) => a - b)) {
    if (!Number.isInteger(code) || code < 0 || code >= CODE_SPACE) throw new RangeError(`the code ${code} lies outside [0, ${CODE_SPACE})`);
    if (ranges.at(-1) === code) ranges[ranges.length - 1] = code + 1;
    else ranges.push(code, code + 1);
  }
  return ranges as unknown as CodeSet;
}

/** Of ranges that are in order already. */
export function setOfRanges(ranges: readonly number[]): CodeSet {
  return ranges as unknown as CodeSet;
}

/** Walks over the borders of both sets; a range goes on while `keep` says so of what lies in the one and in the other. */
function combine(a: CodeSet, b: CodeSet, keep: (inA: boolean, inB: boolean) => boolean): CodeSet {
  const ranges: number[] = [];
  let [i, j, inside] = [0, 0, false];
  while (i < a.length || j < b.length) {
    const at = Math.min(a[i] ?? Infinity, b[j] ?? Infinity);
    if (a[i] === at) i++;
    if (b[j] === at) j++;
    // An odd number of borders passed means inside.
    const now = keep(i % 2 === 1, j % 2 === 1);
    if (now !== inside) ranges.push(at);
    inside = now;
  }
  return ranges as unknown as CodeSet;
}

export function intersectSets(a: CodeSet, b: CodeSet): CodeSet {
  return combine(a, b, (inA, inB) => inA && inB);
}

export function uniteSets(a: CodeSet, b: CodeSet): CodeSet {
  return combine(a, b, (inA, inB) => inA || inB);
}

/** What is in `a` and not in `b`. */
export function subtractSets(a: CodeSet, b: CodeSet): CodeSet {
  return combine(a, b, (inA, inB) => inA && !inB);
}

export function complementOf(set: CodeSet): CodeSet {
  return subtractSets(WHOLE_SET, set);
}

export function setsOverlap(a: CodeSet, b: CodeSet): boolean {
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    if ((a[i + 1] as number) <= (b[j] as number)) i += 2;
    else if ((b[j + 1] as number) <= (a[i] as number)) j += 2;
    else return true;
  }
  return false;
}

/** Whether every code of `inner` is one of `outer`. */
export function containsSet(outer: CodeSet, inner: CodeSet): boolean {
  let i = 0;
  for (let j = 0; j < inner.length; j += 2) {
    while (i < outer.length && (outer[i + 1] as number) <= (inner[j] as number)) i += 2;
    if (i >= outer.length || (outer[i] as number) > (inner[j] as number) || (outer[i + 1] as number) < (inner[j + 1] as number)) return false;
  }
  return true;
}

export function equalSets(a: CodeSet, b: CodeSet): boolean {
  return a.length === b.length && a.every((border, i) => border === b[i]);
}

export function hasCode(set: CodeSet, code: number): boolean {
  for (let i = 0; i < set.length; i += 2) if (code >= (set[i] as number) && code < (set[i + 1] as number)) return true;
  return false;
}

export function codesOf(set: CodeSet): number[] {
  const codes: number[] = [];
  for (let i = 0; i < set.length; i += 2) for (let code = set[i] as number; code < (set[i + 1] as number); code++) codes.push(code);
  return codes;
}

/** The literal of an `int4multirange`, e.g. `{[0,3),[156,157)}`. */
export function formatMultirange(set: CodeSet): string {
  const ranges: string[] = [];
  for (let i = 0; i < set.length; i += 2) ranges.push(`[${set[i]},${set[i + 1]})`);
  return `{${ranges.join(',')}}`;
}

/** Reads what PostgreSQL writes of an `int4multirange`. @throws RangeError for anything else. */
export function parseMultirange(text: string): CodeSet {
  if (!/^\{(?:\[\d+,\d+\)(?:,\[\d+,\d+\))*)?\}$/.test(text)) throw new RangeError('not a multirange of codes');
  const borders = (text.match(/\d+/g) ?? []).map(Number);
  if (borders.some((border, i) => border > CODE_SPACE || (i > 0 && border <= (borders[i - 1] as number)))) throw new RangeError('not a multirange of codes');
  return borders as unknown as CodeSet;
}
