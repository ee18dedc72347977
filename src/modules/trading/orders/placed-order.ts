import type { PaymentView } from '../chain/payment-view.js';
import type { Trade } from './compose-trade.js';
import { toLineView } from './quote-listing.js';

/** What placing an order answers, then and again. */
export interface PlacedOrder {
  readonly number: string;
  readonly state: string;
  readonly listing: string;
  readonly work: string;
  readonly amountMinor: string;
  readonly currency: string;
  readonly lines: readonly ReturnType<typeof toLineView>[];
  /** What was granted, once it is. */
  readonly licence: string | null;
  /** The signed promise that the trade will be in the log. */
  readonly receipt: string | null;
  readonly protectedUntil: string | null;
  /** What the buyer's wallet funds, when it is paid on chain. */
  readonly payment?: PaymentView;
  readonly links: { readonly self: string; readonly proof: string; readonly licence: string | null };
}

/** Who asks, by which idempotency key. */
export interface Asked {
  readonly callerId: string;
  readonly key: string;
  readonly payloadHash: Uint8Array;
}

export function toAnswer({ order: { number }, listing, amountMinor, lines }: Trade, { state, licence, receipt, protectedUntil }: Pick<PlacedOrder, 'state' | 'licence' | 'receipt' | 'protectedUntil'>): PlacedOrder {
  const self = `/api/v1/orders/${number}`;
  return {
    number, state, listing: listing.number, work: listing.work, amountMinor: amountMinor.toString(), currency: listing.currency, lines: lines.map(toLineView), licence, receipt, protectedUntil,
    links: { self, proof: `${self}/proof`, licence: licence === null ? null : `/api/v1/licences/${licence}` },
  };
}
