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

/** A work, who is paid for it, and the works that it was made from whose owners have a share in what it earns. */
export interface Title {
  readonly work: string;
  readonly payees: readonly Payee[];
  readonly originals: readonly { readonly shareBps: number; readonly title: Title }[];
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
 * Who gets what of a price: the fee, the tax, then of each work first the owners of its originals by their share of what it earns, and so on down (Art. 16), and the rest to its holders by their
 * shares, without a minor unit lost. Lines of nothing are left out.
 * @returns lines whose amounts sum to the price.
 * @throws RangeError for originals that together take more than the whole.
 */
export function computeBreakdown(priceMinor: bigint, { feeBps, taxBps }: Rules, title: Title): Line[] {
  const fee = shareOf(priceMinor, feeBps);
  const tax = shareOf(priceMinor - fee, taxBps);
  const lines: Line[] = [{ role: 'fee', account: null, work: null, amountMinor: fee }, { role: 'tax', account: null, work: null, amountMinor: tax }, ...distribute(priceMinor - fee - tax, title, 'owner')];
  return lines.filter(({ amountMinor }) => amountMinor > 0n);
}

function distribute(amountMinor: bigint, { work, payees, originals }: Title, role: 'owner' | 'original'): Line[] {
  if (originals.reduce((sum, { shareBps }) => sum + shareBps, 0) > WHOLE_BPS) throw new RangeError(`the originals of ${work} take more than the whole`);
  const shares = originals.map(({ shareBps }) => shareOf(amountMinor, shareBps));
  const rest = amountMinor - shares.reduce((sum, share) => sum + share, 0n);
  const own = splitByWeights(rest, payees.map(({ weight }) => weight));
  return [
    ...payees.map(({ account }, i): Line => ({ role, account, work, amountMinor: own[i] as bigint })),
    ...originals.flatMap((original, i) => distribute(shares[i] as bigint, original.title, 'original')),
  ];
}
