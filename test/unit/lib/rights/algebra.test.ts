import * as fc from 'fast-check';
import {
  type Box, boxesOverlap, computeAvailability, containsBox, EXCLUSIVITIES, type Exclusivity, findBlockers, type Grant, intersectBoxes, mergeBoxes, SET_DIMENSIONS, setsOverlap, subtractBox,
  subtractBoxes, termsOverlap, uniteBoxes, volumeOf,
} from '../../../../src/lib/rights/index.js';
import { anyBox, anyTitle, coverOf, differenceOf, isApart, sizeOf } from './cells.js';
import { cornerOf, liesIn, makeGrants, type Place, seeded, TITLE } from './realistic.js';
import { countRuns } from './runs.js';

const runs = countRuns('algebra', 100_000);
/** For properties that look at many boxes, so that a deep run takes minutes and not a quarter of an hour. */
const FEWER = { sample: 300, deep: 13_000 };

/** The boxes cover these cells and no others. */
const expectCells = (boxes: readonly Box[], expected: (cell: number) => boolean): void => expect(differenceOf(coverOf(boxes), expected)).toEqual([]);

test('intersection, overlap and containment are those of the cells', () => {
  runs.check(fc.property(anyBox, anyBox, (a, b) => {
    const [inA, inB] = [coverOf([a]), coverOf([b])];
    const both = inA.map((times, cell) => times * (inB[cell] as number));
    const box = intersectBoxes(a, b);
    expectCells(box === null ? [] : [box], (cell) => both[cell] === 1);
    expect([box === null, boxesOverlap(a, b), containsBox(a, b)]).toEqual([sizeOf(both) === 0, sizeOf(both) > 0, sizeOf(both) === sizeOf(inB)]);
  }));
});

/** In which dimensions two boxes have nothing in common. */
const apartIn = (a: Box, b: Box): string[] => [...SET_DIMENSIONS.filter((dimension) => !setsOverlap(a[dimension], b[dimension])), ...(termsOverlap(a.term, b.term) ? [] : ['term'])];

test('a difference covers what is left, once, in at most one box for each set and two for the term', () => {
  runs.check(fc.property(anyBox, anyBox, (a, b) => {
    const pieces = subtractBox(a, b);
    const [inA, inB, left] = [coverOf([a]), coverOf([b]), coverOf(pieces)];
    expectCells(pieces, (cell) => inA[cell] === 1 && inB[cell] === 0);
    expect([isApart(left), pieces.reduce((sum, piece) => sum + volumeOf(piece), 0n)]).toEqual([true, BigInt(sizeOf(left))]);
    if (!boxesOverlap(a, b)) return;
    // Each piece was cut off in one dimension.
    const cuts = pieces.map((piece) => apartIn(piece, b));
    const count = (dimension: string): number => cuts.filter(([first]) => first === dimension).length;
    expect(cuts.every(({ length }) => length === 1)).toBe(true);
    expect([SET_DIMENSIONS.every((dimension) => count(dimension) <= 1), count('term') <= 2]).toEqual([true, true]);
  }));
});

test('taking many boxes from many leaves the cells of none of them', () => {
  runs.check(fc.property(anyTitle, fc.array(anyBox, { maxLength: 6 }), (boxes, others) => {
    const [before, taken, left] = [coverOf(boxes), coverOf(others), subtractBoxes(boxes, others)];
    expectCells(left, (cell) => (before[cell] as number) > 0 && taken[cell] === 0);
    expect([isApart(before), isApart(coverOf(left))]).toEqual([true, true]);
    if (others.length === 0) expect(left).toEqual(boxes);
  }), FEWER);
});

/** Whether two boxes could be said as one: they differ in one set only, or only in terms that meet. */
function areJoinable(a: Box, b: Box): boolean {
  const differing = SET_DIMENSIONS.filter((dimension) => a[dimension].join() !== b[dimension].join());
  const isSameTerm = a.term.from === b.term.from && a.term.until === b.term.until;
  return isSameTerm ? differing.length <= 1 : differing.length === 0 && a.term.from <= b.term.until && b.term.from <= a.term.until;
}

test('a union covers the same cells in no more boxes, none of which could be joined or left out for another', () => {
  runs.check(fc.property(fc.array(anyBox, { maxLength: 8 }), (boxes) => {
    const cells = coverOf(boxes);
    const [merged, united] = [mergeBoxes(boxes), uniteBoxes(boxes)];
    for (const union of [merged, united]) {
      expectCells(union, (cell) => (cells[cell] as number) > 0);
      expect(union.some((a, i) => union.some((b, j) => i < j && areJoinable(a, b)))).toBe(false);
    }
    expect([united.length <= merged.length, merged.length <= boxes.length]).toEqual([true, true]);
    expect(united.some((a, i) => united.some((b, j) => i !== j && sizeOf(coverOf([a, b])) === sizeOf(coverOf([a]))))).toBe(false);
    expect(uniteBoxes(united)).toHaveLength(united.length);
  }), FEWER);
});

test('what was cut apart is put together again', () => {
  runs.check(fc.property(anyBox, anyBox, (a, b) => {
    const inside = intersectBoxes(a, b);
    expect(uniteBoxes([...subtractBox(a, b), ...(inside === null ? [] : [inside])])).toEqual([a]);
  }));
});

const anyGrant: fc.Arbitrary<Grant> = fc.record({ box: anyBox, exclusivity: fc.constantFrom(...EXCLUSIVITIES) });
/** Only grants that are both non-exclusive stand side by side. */
const standInTheWay = (wanted: Exclusivity, grants: readonly Grant[]): Grant[] => grants.filter(({ exclusivity }) => [wanted, exclusivity].some((one) => one !== 'non-exclusive'));

test('availability of a title of several slices is its cells without those of the grants that stand in the way', () => {
  const slices = new Map<number, number>();
  runs.check(fc.property(anyTitle, fc.array(anyGrant, { maxLength: 12 }), (title, grants) => {
    slices.set(title.length, (slices.get(title.length) ?? 0) + 1);
    const held = coverOf(title);
    const { exclusive, nonExclusive } = computeAvailability(title, grants);
    for (const [free, wanted] of [[exclusive, 'exclusive'], [exclusive, 'sole'], [nonExclusive, 'non-exclusive']] as const) {
      const taken = coverOf(standInTheWay(wanted, grants).map(({ box }) => box));
      expectCells(free, (cell) => held[cell] === 1 && taken[cell] === 0);
      expect(isApart(coverOf(free))).toBe(true);
    }
  }), FEWER);
  expect(Math.max(...slices.keys())).toBeGreaterThan(4);
});

test('a wanted box is blocked by those whose cells it shares, and free exactly when nothing blocks it', () => {
  runs.check(fc.property(anyBox, fc.array(anyGrant, { maxLength: 8 }), fc.constantFrom(...EXCLUSIVITIES), (wanted, grants, exclusivity) => {
    const asked = coverOf([wanted]);
    const shared = (box: Box): Uint8Array => coverOf([box]).map((times, cell) => times * (asked[cell] as number));
    const expected = standInTheWay(exclusivity, grants).map((grant) => ({ grant, cells: shared(grant.box) })).filter(({ cells }) => sizeOf(cells) > 0);
    const blockers = findBlockers(wanted, exclusivity, grants);
    expect(blockers.map(({ grant }) => grant)).toEqual(expected.map(({ grant }) => grant));
    for (const [i, { overlap }] of blockers.entries()) expectCells([overlap], (cell) => expected[i]?.cells[cell] === 1);
    const { exclusive, nonExclusive } = computeAvailability([wanted], grants);
    const free = exclusivity === 'non-exclusive' ? nonExclusive : exclusive;
    expect(sizeOf(coverOf(free)) === sizeOf(asked)).toBe(blockers.length === 0);
  }), FEWER);
});

test('of 10,000 grants as a platform has them, availability is exact at the corners of grants and at random places', () => {
  runs.check(fc.property(fc.integer(), (seed) => {
    const random = seeded(seed);
    const grants = makeGrants(random, 10_000);
    const { exclusive, nonExclusive } = computeAvailability(TITLE, grants);
    const somewhere = (): Place => {
      const [one, other] = [0, 0].map(() => cornerOf(random, grants[Math.floor(random() * grants.length)]?.box as Box)) as [Place, Place];
      return one.map((code, i) => (random() < 0.5 ? code : other[i])) as unknown as Place;
    };
    const places = [
      ...Array.from({ length: 600 }, (_, i) => cornerOf(random, grants[(i * 13) % grants.length]?.box as Box)),
      ...Array.from({ length: 300 }, somewhere),
      // Codes that have no name yet are a part of what is whole, and of what is free.
      ...TITLE.flatMap((slice) => Array.from({ length: 50 }, () => cornerOf(random, slice))),
      ...Array.from({ length: 300 }, (_, i) => cornerOf(random, (i % 2 ? exclusive : nonExclusive).at(Math.floor(random() * 20_000)) ?? (exclusive[0] as Box))),
    ];
    const times = (boxes: readonly Box[], place: Place): number => boxes.filter((box) => liesIn(place, box)).length;
    const answers = { taken: 0, 'non-exclusive only': 0, free: 0, beyond: 0 };
    for (const place of places) {
      const held = times(TITLE, place);
      const met = grants.filter(({ box }) => liesIn(place, box));
      const isFree = met.length === 0;
      const isOpen = met.every(({ exclusivity }) => exclusivity === 'non-exclusive');
      expect([place, times(exclusive, place), times(nonExclusive, place)]).toEqual([place, held * Number(isFree), held * Number(isOpen)]);
      answers[held === 0 ? 'beyond' : isFree ? 'free' : isOpen ? 'non-exclusive only' : 'taken']++;
    }
    expect(Object.values(answers).every((count) => count >= 20)).toBe(true);
  }), { sample: 1, deep: 2 });
});
