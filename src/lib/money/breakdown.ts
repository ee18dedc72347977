import { shareOf, splitByWeights, WHOLE_BPS } from './split-amount.js';

/** What is taken of every price, in basis points, rounded down in favour of who is paid. */
export interface Rules {
  /** Of the price. */
  readonly feeBps: number;
  /** Withheld from what is left. */
  readonly taxBps: number;
}

/** Who holds of what is sold. */
export interface Payee {
  readonly account: string;
  /** Share and extent, in any unit that is the same for all of a title. */
  readonly weight: bigint;
}

/** A work that another was made from, and what those of the other's payees who agreed to it give its owners of their own part. */
export interface Original {
  readonly shares: readonly { readonly account: string; readonly shareBps: number }[];
  readonly title: Title;
}

/** A work, who is paid for it, and the works that it was made from whose owners have a share in what it earns. */
export interface Title {
  readonly work: string;
  readonly payees: readonly Payee[];
  readonly originals: readonly Original[];
}

/** One line of what becomes of a price. */
export interface Line {
  readonly role: 'fee' | 'tax' | 'owner' | 'original';
  /** Null: the service. */
  readonly account: string | null;
  /** The work that it is for; null for fee and tax. */
  readonly work: string | null;
  readonly amountMinor: bigint;
}

/**
 * Who gets what of a price: the fee, the tax, then the holders of the work by their shares; of the part of each holder first the owners of originals, by the share that this holder agreed to, and so on down (Art. 16). What one
 * of several holders agreed to takes nothing from the others. Not a minor unit is lost, and lines of nothing are left out.
 * @returns lines whose amounts sum to the price.
 * @throws RangeError for originals that together take more than the whole of somebody's part.
 */
export function computeBreakdown(priceMinor: bigint, { feeBps, taxBps }: Rules, title: Title): Line[] {
  const fee = shareOf(priceMinor, feeBps);
  const tax = shareOf(priceMinor - fee, taxBps);
  const lines: Line[] = [{ role: 'fee', account: null, work: null, amountMinor: fee }, { role: 'tax', account: null, work: null, amountMinor: tax }, ...distribute(priceMinor - fee - tax, title, 'owner')];
  return lines.filter(({ amountMinor }) => amountMinor > 0n);
}

function distribute(amountMinor: bigint, { work, payees, originals }: Title, role: 'owner' | 'original'): Line[] {
  const parts = splitByWeights(amountMinor, payees.map(({ weight }) => weight));
  const given = payees.map(({ account }, i) => {
    const agreed = originals.map(({ shares }) => shares.reduce((sum, share) => sum + (share.account === account ? share.shareBps : 0), 0));
    if (sumOf(agreed) > WHOLE_BPS) throw new RangeError(`the originals of ${work} take more than the whole of a part`);
    return agreed.map((shareBps) => shareOf(parts[i] as bigint, shareBps));
  });
  return [
    ...payees.map(({ account }, i): Line => ({ role, account, work, amountMinor: (given[i] as bigint[]).reduce((left, share) => left - share, parts[i] as bigint) })),
    // One line for each of an original's owners, from however many parts it comes.
    ...originals.flatMap(({ title }, o) => distribute(given.reduce((sum, shares) => sum + (shares[o] as bigint), 0n), title, 'original')),
  ];
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}
