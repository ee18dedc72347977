import * as fc from 'fast-check';
import { computeBreakdown, type Line, shareOf, splitByWeights, type Title } from '../../../../src/lib/money/index.js';

const SEED = Number(process.env['MONEY_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const RUNS = process.env['DEEP'] ? 20_000 : 400;
beforeAll(() => console.log(`MONEY_SEED=${SEED}, ${RUNS} cases each`));

const sum = (lines: readonly Line[]): bigint => lines.reduce((total, { amountMinor }) => total + amountMinor, 0n);
const one = (work: string, account = work, originals: Title['originals'] = []): Title => ({ work, payees: [{ account, weight: 1n }], originals });

const name = (length: number) => fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length });
const { title } = fc.letrec<{ title: Title }>((tie) => ({
  title: fc.record({
    work: name(4),
    payees: fc.array(fc.record({ account: name(2), weight: fc.bigInt(1n, 10n ** 24n) }), { minLength: 1, maxLength: 5 }),
    originals: fc.oneof({ maxDepth: 3, withCrossShrink: true }, fc.constant([]), fc.array(fc.record({ shareBps: fc.integer({ min: 1, max: 3_333 }), title: tie('title') }), { maxLength: 3 })) as fc.Arbitrary<Title['originals']>,
  }),
}));

test('nothing is lost or made, whoever is paid', () => {
  fc.assert(fc.property(fc.bigInt(1n, 10n ** 30n), fc.integer({ min: 0, max: 5_000 }), fc.integer({ min: 0, max: 5_000 }), title, (price, feeBps, taxBps, of) => {
    const lines = computeBreakdown(price, { feeBps, taxBps }, of);
    expect(sum(lines)).toBe(price);
    expect(lines.every(({ amountMinor }) => amountMinor > 0n)).toBe(true);
    const fee = sum(lines.filter(({ role }) => role === 'fee'));
    expect(fee).toBe(shareOf(price, feeBps));
    expect(sum(lines.filter(({ role }) => role === 'tax'))).toBe(shareOf(price - fee, taxBps));
    // The owners of the work itself have what its originals leave, to within one minor unit for each original.
    const net = price - fee - shareOf(price - fee, taxBps);
    const shared = of.originals.reduce((total, { shareBps }) => total + shareOf(net, shareBps), 0n);
    expect(sum(lines.filter(({ role }) => role === 'owner'))).toBe(net - shared);
  }), { seed: SEED, numRuns: RUNS });
});

test('weights decide, not their size', () => {
  fc.assert(fc.property(fc.bigInt(0n, 10n ** 20n), fc.array(fc.bigInt(0n, 10n ** 12n), { minLength: 1, maxLength: 8 }), fc.bigInt(1n, 1_000n), (amount, weights, factor) => {
    fc.pre(weights.some((weight) => weight > 0n));
    expect(splitByWeights(amount, weights.map((weight) => weight * factor))).toEqual(splitByWeights(amount, weights));
  }), { seed: SEED, numRuns: RUNS });
  expect(() => splitByWeights(1n, [])).toThrow(RangeError);
  expect(() => splitByWeights(1n, [0n, 0n])).toThrow(RangeError);
  expect(() => splitByWeights(1n, [2n, -1n])).toThrow(RangeError);
});

test('a chain of derivatives, worked out by hand', () => {
  // A game from a film from a novel: of 1,000.00 the house takes 5 %, the film's owners 20 % of what the game earns, the novel's author 10 % of what the film earns by it.
  const novel = one('novel');
  const film: Title = { work: 'film', payees: [{ account: 'studio', weight: 3n }, { account: 'bank', weight: 1n }], originals: [{ shareBps: 1_000, title: novel }] };
  const lines = computeBreakdown(100_000n, { feeBps: 500, taxBps: 0 }, one('game', 'maker', [{ shareBps: 2_000, title: film }]));
  expect(lines.map(({ role, account, work, amountMinor }) => [role, account, work, amountMinor])).toEqual([
    ['fee', null, null, 5_000n], ['owner', 'maker', 'game', 76_000n], ['original', 'studio', 'film', 12_825n], ['original', 'bank', 'film', 4_275n], ['original', 'novel', 'novel', 1_900n],
  ]);
  expect(computeBreakdown(1n, { feeBps: 500, taxBps: 500 }, one('dust'))).toEqual([{ role: 'owner', account: 'dust', work: 'dust', amountMinor: 1n }]);
  expect(() => computeBreakdown(1n, { feeBps: 0, taxBps: 0 }, one('w', 'w', [{ shareBps: 6_000, title: novel }, { shareBps: 6_000, title: film }]))).toThrow(RangeError);
});
