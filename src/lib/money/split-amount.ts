/** Basis points: the whole. */
export const WHOLE_BPS = 10_000;

/**
 * Splits an amount by shares, exactly: each gets its share rounded down, and what is left goes, one minor unit each, to those with the largest remainders; of equal
 * ones to the earlier (largest remainder method). `RightsSettlement.sol` splits by the same rule.
 * @param sharesBps whole numbers from 0, that sum to 10,000.
 * @returns as many parts, whose sum is the amount.
 * @throws RangeError for a negative amount, or shares that are not the whole.
 */
export function splitAmount(amountMinor: bigint, sharesBps: readonly number[]): bigint[] {
  if (amountMinor < 0n) throw new RangeError('an amount is split, not a debt');
  if (sharesBps.some((share) => !Number.isInteger(share) || share < 0) || sharesBps.reduce((sum, share) => sum + share, 0) !== WHOLE_BPS) {
    throw new RangeError('shares are whole basis points, from 0, and sum to 10,000');
  }
  return splitByWeights(amountMinor, sharesBps.map(BigInt));
}

/** The same by weights of any size, such as volumes of rights. @param weights from 0, not all of them 0. @throws RangeError otherwise. */
export function splitByWeights(amountMinor: bigint, weights: readonly bigint[]): bigint[] {
  const whole = weights.reduce((sum, weight) => sum + weight, 0n);
  if (amountMinor < 0n || whole <= 0n || weights.some((weight) => weight < 0n)) throw new RangeError('an amount from 0 is split by weights from 0, not all of them 0');
  const parts = weights.map((weight, i) => ({ i, amount: (amountMinor * weight) / whole, remainder: (amountMinor * weight) % whole }));
  let left = amountMinor - parts.reduce((sum, { amount }) => sum + amount, 0n);
  for (const part of parts.toSorted((a, b) => (a.remainder === b.remainder ? a.i - b.i : a.remainder > b.remainder ? -1 : 1))) {
    if (left === 0n) break;
    part.amount += 1n;
    left -= 1n;
  }
  return parts.map(({ amount }) => amount);
}

/** A share of an amount, rounded down: of a fee, the payer is not charged for what is no whole minor unit. */
export function shareOf(amountMinor: bigint, bps: number): bigint {
  if (amountMinor < 0n || !Number.isInteger(bps) || bps < 0 || bps > WHOLE_BPS) throw new RangeError('a share is of an amount, in basis points');
  return (amountMinor * BigInt(bps)) / BigInt(WHOLE_BPS);
}
