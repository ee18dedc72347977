import * as fc from 'fast-check';
import { isBalanceCurrency, isChainCurrency, MAX_BALANCE_AMOUNT, parseAmountMinor, parseCurrency, shareOf, splitAmount, toDecimal, toErc20Currency, tokenOf } from '../../../../src/lib/money/index.js';

const SEED = Number(process.env['MONEY_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const RUNS = process.env['DEEP'] ? 20_000 : 500;
beforeAll(() => console.log(`MONEY_SEED=${SEED}, ${RUNS} cases each`));

const TOKEN = `0x${'Ab'.repeat(20)}`;

test('a currency is one of four, the coin or a token, and says by itself how it is paid', () => {
  for (const text of ['CNY', 'USD', 'HKD', 'EUR']) expect([parseCurrency(text), isBalanceCurrency(text), isChainCurrency(text)]).toEqual([text, true, false]);
  for (const text of ['ETH', toErc20Currency(31_337, TOKEN)]) expect([parseCurrency(text), isBalanceCurrency(text), isChainCurrency(text)]).toEqual([text, false, true]);
  for (const text of ['', 'cny', 'JPY', 'toString', 'erc20:0:0x', `erc20:1:${TOKEN}`, `erc20:01:${TOKEN.toLowerCase()}`]) expect([text, parseCurrency(text)]).toEqual([text, null]);
  expect([tokenOf('ETH'), tokenOf(toErc20Currency(5n, TOKEN))]).toEqual([null, { chainId: 5n, address: TOKEN.toLowerCase() }]);
  expect(() => tokenOf('CNY')).toThrow(RangeError);
});

test('an amount is a whole number of minor units', () => {
  for (const text of ['0', '1', MAX_BALANCE_AMOUNT.toString()]) expect(parseAmountMinor(text, 'CNY')).toBe(BigInt(text));
  for (const text of ['', '-1', '+1', '01', '1.0', '1e3', ' 1', '１', (MAX_BALANCE_AMOUNT + 1n).toString()]) expect([text, parseAmountMinor(text, 'CNY')]).toEqual([text, null]);
  expect([parseAmountMinor((2n ** 256n - 1n).toString(), 'ETH'), parseAmountMinor((2n ** 256n).toString(), 'ETH')]).toEqual([2n ** 256n - 1n, null]);
  expect([toDecimal(1_250n, 'CNY'), toDecimal(5n, 'USD'), toDecimal(-5n, 'USD'), toDecimal(10n ** 18n, 'ETH'), toDecimal(1n, toErc20Currency(1, TOKEN))]).toEqual(['12.50', '0.05', '-0.05', '1.000000000000000000', null]);
});

const shares = fc.array(fc.integer({ min: 0, max: 10_000 }), { minLength: 0, maxLength: 20 }).map((cuts) => {
  const points = [0, ...cuts.toSorted((a, b) => a - b), 10_000];
  return points.slice(1).map((point, i) => point - (points[i] as number));
});

test('a split is exact, to within one minor unit of each share, and the larger remainder is served first', () => {
  fc.assert(fc.property(fc.bigInt(0n, 10n ** 30n), shares, (amount, bps) => {
    const parts = splitAmount(amount, bps);
    expect(parts.reduce((sum, part) => sum + part, 0n)).toBe(amount);
    const exact = bps.map((share) => amount * BigInt(share));
    parts.forEach((part, i) => {
      const [floor, remainder] = [(exact[i] as bigint) / 10_000n, (exact[i] as bigint) % 10_000n];
      expect(part === floor || part === floor + 1n).toBe(true);
      if (part === floor) return;
      // Nobody with a larger remainder went without.
      exact.forEach((other, j) => {
        if (other % 10_000n > remainder || (other % 10_000n === remainder && j < i)) expect(parts[j]).toBe(other / 10_000n + 1n);
      });
    });
  }), { seed: SEED, numRuns: RUNS });
});

test('splits that were worked out by hand', () => {
  expect(splitAmount(100n, [3_334, 3_333, 3_333])).toEqual([34n, 33n, 33n]);
  expect(splitAmount(1n, [5_000, 5_000])).toEqual([1n, 0n]);
  expect(splitAmount(10n, [3_333, 3_333, 3_334])).toEqual([3n, 3n, 4n]);
  expect(splitAmount(2n, [2_500, 2_500, 2_500, 2_500])).toEqual([1n, 1n, 0n, 0n]);
  expect(splitAmount(0n, [10_000])).toEqual([0n]);
  for (const bps of [[], [9_999], [10_001], [-1, 10_001], [0.5, 9_999.5]]) expect(() => splitAmount(1n, bps)).toThrow(RangeError);
  expect([shareOf(999n, 500), shareOf(1n, 9_999), shareOf(7n, 0)]).toEqual([49n, 0n, 0n]);
  expect(() => splitAmount(-1n, [10_000])).toThrow(RangeError);
});
