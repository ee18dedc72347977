import {
  type AvailabilityLimits, type Box, boxesOverlap, Budget, computeAvailability, type CodeSet, type Grant, LANGUAGE_CODES, OPEN_END, RIGHT_CODES, TERRITORY_CODES, toCodeSet, uniteBoxes, USE_CODES, volumeOf, WHOLE_SET,
} from '../../../../src/lib/rights/index.js';
import { makeGrants, seeded, TITLE } from './realistic.js';

const LIMITS: AvailabilityLimits = { steps: 1_650_000, boxes: 200 };
const EVERYTHING: Box = { rights: WHOLE_SET, territories: WHOLE_SET, uses: WHOLE_SET, languages: WHOLE_SET, term: { from: Date.UTC(2020, 0), until: OPEN_END } };

function raggedSet(random: () => number, codes: ReadonlyMap<string, number>, density: number): CodeSet {
  const chosen = [...codes.values()].filter(() => random() < density);
  return toCodeSet(chosen.length > 0 ? chosen : [...codes.values()].slice(0, 1));
}

/** As somebody grants them who wants the answer to be long. */
function raggedGrants(seed: number, count: number, density: number): Grant[] {
  const random = seeded(seed);
  return Array.from({ length: count }, () => ({
    exclusivity: 'non-exclusive',
    box: {
      rights: raggedSet(random, RIGHT_CODES, density), territories: raggedSet(random, TERRITORY_CODES, density), uses: raggedSet(random, USE_CODES, density), languages: raggedSet(random, LANGUAGE_CODES, density),
      term: { from: Date.UTC(2021 + Math.floor(random() * 10)), until: Date.UTC(2032 + Math.floor(random() * 10)) },
    },
  }));
}

/** Ten thousand licences of a best-seller: by twenty offers, each from some month on, and a few that bar others. */
function soldByOffers(seed: number, count: number): Grant[] {
  const random = seeded(seed);
  const offers = makeGrants(random, 20);
  return [
    ...Array.from({ length: count }, (_, i): Grant => {
      const { box } = offers[i % offers.length] as Grant;
      const from = Date.UTC(2021, Math.floor(random() * 240));
      return { box: { ...box, term: { from, until: from + 365 * 86_400_000 } }, exclusivity: 'non-exclusive' };
    }),
    ...makeGrants(random, 10).map((grant): Grant => ({ ...grant, exclusivity: 'exclusive' })),
  ];
}

const volume = (boxes: readonly Box[]): bigint => boxes.reduce((sum, box) => sum + volumeOf(box), 0n);
const overlaps = (boxes: readonly Box[], others: readonly Box[]): boolean => boxes.some((box) => others.some((other) => boxesOverlap(box, other)));

describe.each([[12, 0.5], [200, 0.5], [200, 0.05], [2_000, 0.1], [10_000, 0.5]] as const)('%i grants of ragged sets (%f)', (count, density) => {
  const grants = raggedGrants(7, count, density);

  test('an answer ends, says that it leaves something out, and says nothing to be free that is not', () => {
    const { exclusive, nonExclusive, complete } = computeAvailability([EVERYTHING], grants, LIMITS);
    expect([complete, nonExclusive]).toEqual([{ exclusive: false, nonExclusive: true }, [EVERYTHING]]);
    expect(exclusive.length).toBeLessThanOrEqual(LIMITS.boxes);
    expect(overlaps(exclusive, grants.map(({ box }) => box))).toBe(false);
    expect(exclusive.some((box, i) => overlaps([box], exclusive.slice(i + 1)))).toBe(false);
  });
});

test('of more boxes than are listed the largest are, in their order', () => {
  const grants = raggedGrants(3, 8, 0.5);
  const all = computeAvailability([EVERYTHING], grants);
  const { exclusive } = computeAvailability([EVERYTHING], grants, { ...LIMITS, boxes: 600 });
  expect(all.complete).toEqual({ exclusive: true, nonExclusive: true });
  expect(all.exclusive.length).toBeGreaterThan(1_000);
  const largest = all.exclusive.map(volumeOf).toSorted((a, b) => (a < b ? 1 : a > b ? -1 : 0)).slice(0, 600);
  expect(exclusive.map(volumeOf)).toEqual(largest);
});

test('one slice that is cut to pieces does not hide another', () => {
  const [ragged, free] = [{ ...EVERYTHING, term: { from: Date.UTC(2020, 0), until: Date.UTC(2100, 0) } }, { ...EVERYTHING, term: { from: Date.UTC(2100, 0), until: OPEN_END } }];
  expect(computeAvailability([ragged, free], raggedGrants(5, 500, 0.5), LIMITS).exclusive).toContainEqual(free);
});

test('10,000 licences sold by offers are answered exactly within the limits', () => {
  for (const seed of [1, 2, 3]) {
    const grants = soldByOffers(seed, 10_000);
    const started = process.cpuUsage();
    const within = computeAvailability(TITLE, grants, { ...LIMITS, boxes: Infinity });
    const used = process.cpuUsage(started);
    const exact = computeAvailability(TITLE, grants);
    expect([within.complete, within]).toEqual([{ exclusive: true, nonExclusive: true }, exact]);
    expect([overlaps(within.exclusive, grants.map(({ box }) => box)), volume(within.exclusive) > 0n]).toEqual([false, true]);
    process.stdout.write(`availability of ${grants.length} licences sold by offers: ${((used.user + used.system) / 1_000).toFixed(0)} ms of CPU, ${within.exclusive.length} and ${within.nonExclusive.length} boxes\n`);
  }
});

test('of 10,000 grants that have nothing in common the non-exclusive ones do not make the list of what bars incomplete', () => {
  const grants = makeGrants(seeded(1), 10_000);
  const started = process.cpuUsage();
  const within = computeAvailability(TITLE, grants, { ...LIMITS, boxes: Infinity });
  const used = process.cpuUsage(started);
  const exact = computeAvailability(TITLE, grants);
  expect([within.complete, within.nonExclusive.length, volume(within.nonExclusive)]).toEqual([{ exclusive: false, nonExclusive: true }, exact.nonExclusive.length, volume(exact.nonExclusive)]);
  expect(volume(within.exclusive) < volume(exact.exclusive)).toBe(true);
  process.stdout.write(`availability of 10,000 grants that have nothing in common: ${((used.user + used.system) / 1_000).toFixed(0)} ms of CPU, ${within.exclusive.length} and ${within.nonExclusive.length} boxes\n`);
});

test('a union that would take too long covers the same', () => {
  const boxes = raggedGrants(9, 300, 0.3).map(({ box }) => box);
  expect(uniteBoxes(boxes, new Budget(1_000))).toEqual(boxes);
});
