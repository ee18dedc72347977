import * as fc from 'fast-check';
import { type Box, SET_DIMENSIONS, toCodeSet } from '../../../../src/lib/rights/index.js';

/** A universe so small that all of its cells can be looked at: four codes in each set, four units of time. */
export const CODES = [0, 1, 2, 3];
const SIDE = CODES.length;

/** Every cell of the universe by its number: the answers of plain enumeration, to hold the algebra against. */
export function cellsOf(boxes: readonly Box[]): Set<number> {
  const cells = new Set<number>();
  for (const box of boxes) {
    const within = SET_DIMENSIONS.map((dimension) => CODES.filter((code) => box[dimension].some((_, i, ranges) => i % 2 === 0 && code >= Number(ranges[i]) && code < Number(ranges[i + 1]))));
    const times = CODES.filter((time) => time >= box.term.from && time < box.term.until);
    for (const right of within[0] ?? []) for (const territory of within[1] ?? []) for (const use of within[2] ?? []) for (const language of within[3] ?? []) for (const time of times) {
      cells.add((((right * SIDE + territory) * SIDE + use) * SIDE + language) * SIDE + time);
    }
  }
  return cells;
}

const codes = fc.subarray(CODES, { minLength: 1 }).map(toCodeSet);
const term = fc.tuple(fc.integer({ min: 0, max: SIDE - 1 }), fc.integer({ min: 1, max: SIDE })).map(([from, length]) => ({ from, until: Math.min(SIDE, from + length) }));

export const anyBox: fc.Arbitrary<Box> = fc.record({ rights: codes, territories: codes, uses: codes, languages: codes, term });

/** Whether no cell is covered twice. */
export function areApart(boxes: readonly Box[]): boolean {
  return boxes.reduce((sum, box) => sum + cellsOf([box]).size, 0) === cellsOf(boxes).size;
}
