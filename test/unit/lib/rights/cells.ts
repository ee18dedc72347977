import * as fc from 'fast-check';
import { type Box, SET_DIMENSIONS, toCodeSet } from '../../../../src/lib/rights/index.js';

/** A universe so small that all of its cells can be looked at: four codes in each set, four units of time. */
export const CODES = [0, 1, 2, 3];
const SIDE = CODES.length;
const CELLS = SIDE ** (SET_DIMENSIONS.length + 1);

/** Where in the numbering the cells lie whose codes are within the ranges, given where the cells of the dimensions before lie. */
function enumerate(before: readonly number[], ranges: readonly number[]): number[] {
  const places: number[] = [];
  for (let i = 0; i < ranges.length; i += 2) {
    for (const code of CODES) if ((ranges[i] as number) <= code && code < (ranges[i + 1] as number)) for (const place of before) places.push(place * SIDE + code);
  }
  return places;
}

/** How many of the boxes lie on each cell of the universe: the answer of plain enumeration, to hold the algebra against. */
export function coverOf(boxes: readonly Box[]): Uint8Array {
  const cover = new Uint8Array(CELLS);
  for (const box of boxes) {
    let cells = [0];
    for (const dimension of SET_DIMENSIONS) cells = enumerate(cells, box[dimension]);
    for (const cell of enumerate(cells, [box.term.from, box.term.until])) cover[cell] = (cover[cell] as number) + 1;
  }
  return cover;
}

/** How many cells are covered. */
export function sizeOf(cover: Uint8Array): number {
  let size = 0;
  for (const times of cover) if (times > 0) size++;
  return size;
}

/** Whether no cell is covered twice. */
export const isApart = (cover: Uint8Array): boolean => cover.every((times) => times <= 1);
/** The cells that one covers and the other does not, of either side. None: they are the same. */
export function differenceOf(cover: Uint8Array, expected: (cell: number) => boolean): number[] {
  const cells: number[] = [];
  for (let cell = 0; cell < CELLS; cell++) if ((cover[cell] as number) > 0 !== expected(cell)) cells.push(cell);
  return cells;
}

const codes = fc.subarray(CODES, { minLength: 1 }).map(toCodeSet);
const term = fc.tuple(fc.integer({ min: 0, max: SIDE - 1 }), fc.integer({ min: 1, max: SIDE })).map(([from, length]) => ({ from, until: Math.min(SIDE, from + length) }));

export const anyBox: fc.Arbitrary<Box> = fc.record({ rights: codes, territories: codes, uses: codes, languages: codes, term });

/** Plain lists of codes and units of time, to be cut without any algebra. */
type Plain = readonly (readonly number[])[];
const toBox = ([rights, territories, uses, languages, times]: Plain): Box => ({
  rights: toCodeSet(rights ?? []), territories: toCodeSet(territories ?? []), uses: toCodeSet(uses ?? []), languages: toCodeSet(languages ?? []), term: { from: times?.[0] as number, until: (times?.at(-1) as number) + 1 },
});

const whole: Plain = [...SET_DIMENSIONS, 'term'].map(() => CODES);
const cut = fc.record({ which: fc.nat(100), dimension: fc.nat(SET_DIMENSIONS.length), codes: fc.subarray(CODES, { minLength: 1, maxLength: SIDE - 1 }), keep: fc.boolean() });

/** A title as assignments leave it: one that was whole, cut again and again, of which some slices are not there any more. They do not overlap. */
export const anyTitle: fc.Arbitrary<Box[]> = fc.array(cut, { maxLength: 8 }).map((cuts) => {
  let slices: Plain[] = [whole];
  for (const { which, dimension, codes, keep } of cuts) {
    const at = which % slices.length;
    const slice = slices[at] as Plain;
    // Time is cut in two, sets as they come.
    const isInside = dimension === SET_DIMENSIONS.length ? (time: number) => time < codes.length : (code: number) => codes.includes(code);
    const part = (side: boolean): Plain => slice.map((list, i) => (i === dimension ? list.filter((code) => isInside(code) === side) : list));
    const [inside, outside] = [part(true), part(false)];
    if (inside[dimension]?.length === 0 || outside[dimension]?.length === 0) continue;
    slices = slices.toSpliced(at, 1, inside, ...(keep || slices.length === 1 ? [outside] : []));
  }
  return slices.map(toBox);
});
