import type { Bilingual } from '../contract/document.js';

export interface ReceiptParty {
  /** `acct:…`. */
  readonly account: string;
  /** What the account calls itself; free text. */
  readonly name: string | null;
}

/** Who got what of the price, as the order has it. */
export interface ReceiptLine {
  readonly role: 'fee' | 'tax' | 'owner' | 'original';
  /** An account's id; null for the service. */
  readonly account: string | null;
  /** Whose owners are paid; null for the service. */
  readonly work: string | null;
  readonly amountMinor: string;
}

/** What a receipt is composed of: all of it as it was when the order was settled, so that the same order always has the same receipt. */
export interface ReceiptFacts {
  /** `OR-…`, `LS-…`. */
  readonly order: string;
  readonly listing: string;
  readonly kind: 'licence' | 'exclusive-licence' | 'assignment';
  /** `LC-…` that was granted; null for a slice. */
  readonly licence: string | null;
  /** Rights, territories, uses, languages and term, in one sentence. */
  readonly sentence: Bilingual;
  readonly work: { readonly number: string; readonly title: string | null; readonly category: string };
  readonly buyer: ReceiptParty;
  readonly seller: ReceiptParty;
  readonly currency: string;
  /** Whole minor units. */
  readonly amountMinor: string;
  readonly method: 'balance' | 'chain';
  readonly lines: readonly ReceiptLine[];
  /** Each state that the order came to, ISO 8601 UTC. */
  readonly timeline: readonly { readonly state: string; readonly at: string }[];
  /** Of the trade, in the log. */
  readonly statement: { readonly id: string; readonly leafHash: string; readonly receipt: string };
  readonly settledAt: string;
}
