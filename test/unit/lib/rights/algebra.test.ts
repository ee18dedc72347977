import * as fc from 'fast-check';
import {
  type Box, boxesOverlap, computeAvailability, containsBox, EXCLUSIVITIES, excludes, findBlockers, type Grant, intersectBoxes, mergeBoxes, subtractBox, subtractBoxes, uniteBoxes, volumeOf,
} from '../../../../src/lib/rights/index.js';
import { anyBox, areApart, cellsOf } from './cells.js';

const DEEP = process.env['DEEP'] === '1';
const seed = Number(process.env['RIGHTS_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const options = { numRuns: DEEP ? 25_000 : 500, seed };
beforeAll(() => console.log(`RIGHTS_SEED=${seed}, ${options.numRuns} cases each`));

const sorted = (cells: Iterable<number>): number[] => [...cells].toSorted((a, b) => a - b);
const expectCells = (boxes: readonly Box[], cells: Iterable<number>): void => expect(sorted(cellsOf(boxes))).toEqual(sorted(cells));
const without = (cells: Set<number>, others: Set<number>): number[] => [...cells].filter((cell) => !others.has(cell));

test('intersection, overlap and containment are those of the cells', () => {
  fc.assert(fc.property(anyBox, anyBox, (a, b) => {
    const [inA, inB] = [cellsOf([a]), cellsOf([b])];
    const both = [...inA].filter((cell) => inB.has(cell));
    const box = intersectBoxes(a, b);
    expectCells(box === null ? [] : [box], both);
    expect([boxesOverlap(a, b), containsBox(a, b)]).toEqual([both.length > 0, both.length === inB.size]);
  }), options);
});

test('a difference covers what is left, once, in at most one box a set and two for the term', () => {
  fc.assert(fc.property(anyBox, anyBox, (a, b) => {
    const pieces = subtractBox(a, b);
    expectCells(pieces, without(cellsOf([a]), cellsOf([b])));
    expect([pieces.length <= 6, areApart(pieces)]).toEqual([true, true]);
    expect(pieces.reduce((sum, piece) => sum + volumeOf(piece), 0n)).toBe(BigInt(cellsOf(pieces).size));
  }), options);
});

test('a union covers the same cells in no more boxes', () => {
  fc.assert(fc.property(fc.array(anyBox, { maxLength: 8 }), (boxes) => {
    for (const union of [mergeBoxes(boxes), uniteBoxes(boxes)]) {
      expectCells(union, cellsOf(boxes));
      expect(union.length).toBeLessThanOrEqual(boxes.length);
    }
  }), options);
});

test('what was cut apart is put together again', () => {
  fc.assert(fc.property(anyBox, anyBox, (a, b) => {
    const inside = intersectBoxes(a, b);
    expect(uniteBoxes([...subtractBox(a, b), ...(inside === null ? [] : [inside])])).toHaveLength(1);
  }), options);
});

test('availability is the title without the grants that stand in the way', () => {
  const grant: fc.Arbitrary<Grant> = fc.record({ box: anyBox, exclusivity: fc.constantFrom(...EXCLUSIVITIES) });
  fc.assert(fc.property(anyBox, anyBox, fc.array(grant, { maxLength: 8 }), (first, second, grants) => {
    const title = [first, ...subtractBox(second, first)];
    const { exclusive, nonExclusive } = computeAvailability(title, grants);
    const granted = (wanted: Grant['exclusivity']): Set<number> => cellsOf(grants.filter(({ exclusivity }) => excludes(wanted, exclusivity)).map(({ box }) => box));
    expectCells(exclusive, without(cellsOf(title), granted('exclusive')));
    expectCells(nonExclusive, without(cellsOf(title), granted('non-exclusive')));
    // A wanted box is free exactly when nothing blocks it.
    for (const wanted of EXCLUSIVITIES) {
      const free = cellsOf(wanted === 'non-exclusive' ? nonExclusive : exclusive);
      const inTitle = [...cellsOf([second])].filter((cell) => cellsOf(title).has(cell));
      expect(findBlockers(second, wanted, grants).length === 0).toBe(inTitle.every((cell) => free.has(cell)));
    }
  }), options);
});

test('nothing is taken from a title by nothing', () => {
  fc.assert(fc.property(fc.array(anyBox, { maxLength: 4 }), (boxes) => expect(subtractBoxes(boxes, [])).toEqual(boxes)), { ...options, numRuns: 50 });
});
