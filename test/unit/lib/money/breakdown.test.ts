import * as fc from 'fast-check';
import { computeBreakdown, type Line, shareOf, splitByWeights, type Title } from '../../../../src/lib/money/index.js';

const SEED = Number(process.env['MONEY_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const RUNS = process.env['DEEP'] ? 20_000 : 400;
beforeAll(() => console.log(`MONEY_SEED=${SEED}, ${RUNS} cases each`));

const sum = (lines: readonly Line[]): bigint => lines.reduce((total, { amountMinor }) => total + amountMinor, 0n);
/** A work of one holder, who agreed to what its originals have. */
const one = (work: string, account = work, originals: readonly { shareBps: number; title: Title }[] = []): Title =>
  ({ work, payees: [{ account, weight: 1n }], originals: originals.map(({ shareBps, title: of }) => ({ shares: [{ account, shareBps }], title: of })) });

const name = (length: number) => fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length });
/** Holders from `a`; some of them agreed to a share of some originals. */
const { title } = fc.letrec<{ title: Title }>((tie) => ({
  title: fc.record({
    work: name(4),
    payees: fc.array(fc.bigInt(1n, 10n ** 24n), { minLength: 1, maxLength: 5 }).map((weights) => weights.map((weight, i) => ({ account: String.fromCodePoint(97 + i), weight }))),
    originals: fc.oneof({ maxDepth: 3, withCrossShrink: true }, fc.constant([]), fc.array(fc.record({
      shares: fc.uniqueArray(fc.record({ account: fc.constantFrom('a', 'b', 'c', 'd', 'e'), shareBps: fc.integer({ min: 1, max: 3_333 }) }), { selector: ({ account }) => account, maxLength: 5 }), title: tie('title'),
    }), { maxLength: 3 })) as fc.Arbitrary<Title['originals']>,
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
    // Each owner has their part less what they themselves agreed to, whatever the others did.
    const net = price - fee - shareOf(price - fee, taxBps);
    const parts = splitByWeights(net, of.payees.map(({ weight }) => weight));
    for (const [i, { account }] of of.payees.entries()) {
      const agreed = of.originals.flatMap(({ shares }) => shares.filter((share) => share.account === account));
      const given = agreed.reduce((total, { shareBps }) => total + shareOf(parts[i] as bigint, shareBps), 0n);
      expect(sum(lines.filter((line) => line.role === 'owner' && line.account === account))).toBe((parts[i] as bigint) - given);
    }
  }), { seed: SEED, numRuns: RUNS });
});

test('nobody can take from a holder who did not agree: what the others agree to changes nothing for them', () => {
  fc.assert(fc.property(fc.bigInt(1n, 10n ** 30n), title, fc.constantFrom('a', 'b', 'c', 'd', 'e'), (price, of, silent) => {
    const without = { ...of, originals: of.originals.map((original) => ({ ...original, shares: original.shares.filter(({ account }) => account !== silent) })) };
    const ownOf = (which: Title) => sum(computeBreakdown(price, { feeBps: 500, taxBps: 0 }, which).filter(({ role, account }) => role === 'owner' && account === silent));
    expect(ownOf(without)).toBe(ownOf({ ...of, originals: [] }));
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
  const film: Title = { work: 'film', payees: [{ account: 'studio', weight: 3n }, { account: 'bank', weight: 1n }], originals: [{ shares: [{ account: 'studio', shareBps: 1_000 }, { account: 'bank', shareBps: 1_000 }], title: novel }] };
  const lines = computeBreakdown(100_000n, { feeBps: 500, taxBps: 0 }, one('game', 'maker', [{ shareBps: 2_000, title: film }]));
  expect(lines.map(({ role, account, work, amountMinor }) => [role, account, work, amountMinor])).toEqual([
    ['fee', null, null, 5_000n], ['owner', 'maker', 'game', 76_000n], ['original', 'studio', 'film', 12_825n], ['original', 'bank', 'film', 4_275n], ['original', 'novel', 'novel', 1_900n],
  ]);
  // When only the studio has agreed, the bank keeps its whole quarter of the 19,000.
  const alone: Title = { ...film, originals: [{ shares: [{ account: 'studio', shareBps: 10_000 }], title: novel }] };
  expect(computeBreakdown(19_000n, { feeBps: 0, taxBps: 0 }, alone).map(({ account, amountMinor }) => [account, amountMinor])).toEqual([['bank', 4_750n], ['novel', 14_250n]]);
  expect(computeBreakdown(1n, { feeBps: 500, taxBps: 500 }, one('dust'))).toEqual([{ role: 'owner', account: 'dust', work: 'dust', amountMinor: 1n }]);
  expect(() => computeBreakdown(1n, { feeBps: 0, taxBps: 0 }, one('w', 'w', [{ shareBps: 6_000, title: novel }, { shareBps: 6_000, title: film }]))).toThrow(RangeError);
});
