import { isBalanceCurrency, type Line, type Rules, toDecimal } from '../../../lib/money/index.js';
import { toScope } from '../../../lib/rights/index.js';
import { formatWorkNumber, type WorkNumber } from '../../../lib/statement/index.js';
import { drawRandomBytes, uuidv7 } from '../../../platform/random/index.js';
import { type NewTransfer, type Posting, SERVICE } from '../../accounting/index.js';
import type { Grant } from '../../licensing/index.js';
import type { Act } from '../../log/index.js';
import { Sealer } from '../../works/index.js';
import type { Listing } from '../listings/find-listing.js';
import { exclusivityOf } from '../listings/read-listing.js';
import { toLineView } from './quote-listing.js';

export interface OrderNumber {
  readonly orderId: bigint;
  readonly number: WorkNumber;
}

export function drawOrderNumber(): OrderNumber {
  const orderId = drawRandomBytes(8).readBigUInt64BE() >> 4n;
  return { orderId, number: formatWorkNumber(orderId, 'OR') };
}

export interface Trade {
  readonly order: OrderNumber;
  readonly listing: Listing;
  readonly buyerId: string;
  readonly amountMinor: bigint;
  /** Whether the price is what was agreed in a negotiation; otherwise it is the listing's. */
  readonly isAgreed: boolean;
  readonly lines: readonly Line[];
  readonly rules: Rules;
}

/**
 * The statement of a settled order, the first of its chain; only `order.rescinded` may follow. Parties, price and who got what are sealed; an auditor to whom they are opened finds the ledger's postings in them.
 * @param licence what was granted; null: a slice was assigned.
 */
export function toStatement({ order, listing, buyerId, amountMinor, lines }: Omit<Trade, 'isAgreed' | 'rules'>, licence: WorkNumber | null, method: 'balance' | 'chain' = 'balance'): { act: Act; disclosures: readonly string[] } {
  const sealer = new Sealer();
  sealer.seal('/buyer', `acct:${buyerId}`);
  sealer.seal('/seller', `acct:${listing.sellerId}`);
  sealer.seal('/payment', { amountMinor: amountMinor.toString(), currency: listing.currency, lines: lines.map(toLineView) });
  return {
    act: {
      type: 'order.settled', subject: order.number, about: licence === null ? [listing.work] : [listing.work, licence], actor: `order:${order.number}`, body: { kind: listing.kind, listing: listing.number, method }, sealed: sealer.sealed,
    },
    disclosures: sealer.disclosures,
  };
}

/** The grant that a listing sells, as its seller would make it. */
export function toGrant({ kind, box, terms, currency }: Listing, buyerId: string, amountMinor: bigint): Grant {
  const { sublicensing, conditions, attribution, revenueShareBps, curePeriodDays, governingLaw } = terms;
  const decimal = toDecimal(amountMinor, currency);
  return {
    licensee: buyerId, exclusivity: exclusivityOf(kind), scope: toScope(box), sublicensing, conditions, subjectTo: [], attribution, revenueShareBps, curePeriodDays, governingLaw,
    // The written contract words money of states; what is paid in crypto-assets is said in words.
    ...(isBalanceCurrency(currency) ? { price: { amountMinor: amountMinor.toString(), currency, per: 'licence' as const } } : { payment: `${decimal ?? `${amountMinor} (minor units)`} ${currency}` }),
  };
}

/** Credits to all who are paid; an account that has several lines gets one. */
export function toCredits(lines: readonly Line[], currency: string, purpose: 'available' | 'on-chain' = 'available'): Posting[] {
  const credits = new Map<string, Posting>();
  for (const { role, account, amountMinor } of lines) {
    const posting: Posting = { owner: account ?? SERVICE, purpose: account === null ? (role === 'tax' ? 'taxes' : 'fees') : purpose, currency, amountMinor };
    const key = `${posting.owner}/${posting.purpose}`;
    const before = credits.get(key)?.amountMinor ?? 0n;
    credits.set(key, { ...posting, amountMinor: before + amountMinor });
  }
  return [...credits.values()];
}

/** From what the buyer has available to all who are paid. A buyer who is a co-owner pays the others. */
export function toSettlement({ order, listing, buyerId, amountMinor, lines }: Trade): NewTransfer {
  const credits = toCredits(lines, listing.currency);
  return { id: uuidv7(), kind: 'settlement', subject: order.number, postings: [{ owner: buyerId, purpose: 'available', currency: listing.currency, amountMinor: -amountMinor }, ...credits] };
}
