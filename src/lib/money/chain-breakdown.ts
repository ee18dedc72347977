import { computeBreakdown, type Line, type Rules, type Title } from './breakdown.js';
import { splitAmount, splitByWeights, WHOLE_BPS } from './split-amount.js';

/** Large enough that rounding it, once a level of originals, moves nobody's share by a basis point. */
const NOMINAL = 10n ** 60n;

/** A line that is also a share of a price in whole basis points, as `RightsSettlement` splits it. */
export interface ShareLine extends Line {
  readonly shareBps: number;
}

/**
 * Who gets what of a price that the contract splits: it knows basis points and nothing else, so the shares come first, and the amounts follow from them by the contract's own rule.
 * The exact shares are rounded to whole basis points that sum to 10,000 (largest remainder); who has any share has at least one, taken from the largest.
 * @returns lines in the order of the contract's payees, also those of nothing; their amounts sum to the price.
 * @throws RangeError as {@link computeBreakdown}, and for more than 10,000 lines.
 */
export function computeShares(priceMinor: bigint, rules: Rules, title: Title): ShareLine[] {
  const exact = computeBreakdown(NOMINAL, rules, title);
  const bps = splitByWeights(BigInt(WHOLE_BPS), exact.map(({ amountMinor }) => amountMinor)).map(Number);
  for (let i = bps.indexOf(0); i >= 0; i = bps.indexOf(0)) {
    const largest = bps.indexOf(Math.max(...bps));
    if ((bps[largest] as number) <= 1) throw new RangeError('there are more payees than basis points');
    bps[largest] = (bps[largest] as number) - 1;
    bps[i] = 1;
  }
  const amounts = splitAmount(priceMinor, bps);
  return exact.map((line, i) => ({ ...line, shareBps: bps[i] as number, amountMinor: amounts[i] as bigint }));
}

/** The same as an order shows it: without what comes to nothing. */
export function computeChainBreakdown(priceMinor: bigint, rules: Rules, title: Title): Line[] {
  return computeShares(priceMinor, rules, title).filter(({ amountMinor }) => amountMinor > 0n).map(({ role, account, work, amountMinor }) => ({ role, account, work, amountMinor }));
}
