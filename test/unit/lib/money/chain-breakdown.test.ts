import * as fc from 'fast-check';
import { computeBreakdown, computeChainBreakdown, computeShares, splitAmount, type Title } from '../../../../src/lib/money/index.js';

const SEED = Number(process.env['MONEY_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const RUNS = process.env['DEEP'] ? 20_000 : 400;
beforeAll(() => console.log(`MONEY_SEED=${SEED}, ${RUNS} cases each`));

const one = (work: string, account = work, originals: readonly { shareBps: number; title: Title }[] = []): Title =>
  ({ work, payees: [{ account, weight: 1n }], originals: originals.map(({ shareBps, title: of }) => ({ shares: [{ account, shareBps }], title: of })) });
const title = fc.array(fc.bigInt(1n, 10n ** 24n), { minLength: 1, maxLength: 20 }).map((weights): Title => ({ work: 'w', payees: weights.map((weight, i) => ({ account: `a${i}`, weight })), originals: [] }));

test('shares are the contract’s: whole basis points of everybody, that sum to 10,000, and split the price to the unit', () => {
  fc.assert(fc.property(fc.bigInt(1n, 2n ** 96n - 1n), fc.integer({ min: 0, max: 5_000 }), fc.integer({ min: 0, max: 5_000 }), title, (price, feeBps, taxBps, of) => {
    const shares = computeShares(price, { feeBps, taxBps }, of);
    const bps = shares.map(({ shareBps }) => shareBps);
    expect([bps.reduce((sum, share) => sum + share, 0), Math.min(...bps) >= 1]).toEqual([10_000, true]);
    expect(shares.map(({ amountMinor }) => amountMinor)).toEqual(splitAmount(price, bps));
    expect(new Set(shares.flatMap(({ account }) => account ?? []))).toEqual(new Set(of.payees.map(({ account }) => account)));
  }), { seed: SEED, numRuns: RUNS });
});

test('nobody’s share moves by more than a basis point but for those who would have none', () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 5_000 }), title, (feeBps, of) => {
    const price = 10n ** 24n;
    const exact = computeBreakdown(price, { feeBps, taxBps: 0 }, of);
    const shares = computeShares(price, { feeBps, taxBps: 0 }, of);
    const lifted = BigInt(shares.filter(({ shareBps }) => shareBps === 1).length);
    for (const line of exact) {
      const share = shares.find(({ role, account }) => role === line.role && account === line.account)?.amountMinor ?? 0n;
      const off = share > line.amountMinor ? share - line.amountMinor : line.amountMinor - share;
      expect(off <= (price / 10_000n) * (1n + lifted)).toBe(true);
    }
  }), { seed: SEED, numRuns: RUNS });
});

test('worked out by hand', () => {
  expect(computeShares(1_000_003n, { feeBps: 500, taxBps: 0 }, one('w', 'seller')).map(({ shareBps, amountMinor }) => [shareBps, amountMinor])).toEqual([[500, 50_000n], [9_500, 950_003n]]);
  // A ten-thousandth of a derivative's income after a fee of a half is less than half a basis point, and is one.
  const small = one('derivative', 'maker', [{ shareBps: 1, title: one('novel', 'author') }]);
  expect(computeShares(10_000n, { feeBps: 5_000, taxBps: 5_000 }, small).map(({ shareBps }) => shareBps)).toEqual([5_000 - 1, 2_500, 2_500, 1]);
  // What comes to nothing is not shown.
  expect(computeChainBreakdown(1n, { feeBps: 500, taxBps: 0 }, one('w', 'seller'))).toEqual([{ role: 'owner', account: 'seller', work: 'w', amountMinor: 1n }]);
  expect(() => computeShares(1n, { feeBps: 0, taxBps: 0 }, { work: 'w', payees: Array.from({ length: 10_001 }, (_, i) => ({ account: `a${i}`, weight: 1n })), originals: [] })).toThrow(RangeError);
});
