import type { Money } from '../listings/listing-schema.js';
import type { Negotiation, Offer, OfferState, Side } from './negotiation.js';
import { sideOf } from './negotiation.js';

export interface OfferView extends Money {
  readonly id: number;
  readonly by: Side;
  readonly state: OfferState;
  readonly madeAt: string;
  readonly expiresAt: string;
  readonly endedAt: string | null;
}

export interface NegotiationView {
  readonly number: string;
  readonly listing: string;
  readonly work: string;
  readonly kind: Negotiation['kind'];
  /** What the caller is in it. */
  readonly role: Side;
  readonly buyer: string;
  readonly seller: string;
  readonly state: Negotiation['state'];
  /** Why it failed or was closed. */
  readonly reason: string | null;
  readonly order: string | null;
  /** The offer that may be accepted now. */
  readonly standing: OfferView | null;
  readonly openedAt: string;
  readonly lapsesAt: string;
  readonly endedAt: string | null;
  readonly links: { readonly self: string; readonly listing: string; readonly offers: string; readonly thread: string; readonly order: string | null };
}

export function toOfferView({ place: id, by, amountMinor, state, madeAt, expiresAt, endedAt }: Offer, { currency }: Pick<Negotiation, 'currency'>): OfferView {
  return { id, by, amountMinor: amountMinor.toString(), currency, state, madeAt: madeAt.toISOString(), expiresAt: expiresAt.toISOString(), endedAt: endedAt?.toISOString() ?? null };
}

export function toNegotiationView(negotiation: Negotiation, accountId: string): NegotiationView {
  const { number, listing, work, kind, buyerId, sellerId, state, reason, order, standing, openedAt, lapsesAt, endedAt } = negotiation;
  const self = `/api/v1/negotiations/${number}`;
  return {
    number, listing, work, kind, role: sideOf(negotiation, accountId), buyer: buyerId, seller: sellerId, state, reason, order, standing: state === 'open' && standing?.state === 'standing' ? toOfferView(standing, negotiation) : null,
    openedAt: openedAt.toISOString(), lapsesAt: lapsesAt.toISOString(), endedAt: endedAt?.toISOString() ?? null,
    links: { self, listing: `/api/v1/listings/${listing}`, offers: `${self}/offers`, thread: `${self}/thread`, order: order === null ? null : `/api/v1/orders/${order}` },
  };
}
