import { formatWorkNumber, type WorkNumber } from '../../../lib/statement/index.js';
import type { ListingKind } from '../listings/listing-schema.js';

/** `agreed`: there is an order; `failed`: agreed on, but it could not be sold any more; `closed`: the listing was. */
export const NEGOTIATION_STATES = ['open', 'agreed', 'failed', 'withdrawn', 'lapsed', 'closed'] as const;
export type NegotiationState = (typeof NEGOTIATION_STATES)[number];
/** `void`: the negotiation ended around it. */
export type OfferState = 'standing' | 'accepted' | 'replaced' | 'rejected' | 'lapsed' | 'void';
export type Side = 'buyer' | 'seller';

export interface Offer {
  /** Its id within the negotiation, from 1. */
  readonly place: number;
  readonly by: Side;
  readonly amountMinor: bigint;
  /** By time: a standing one whose expiry has come is `lapsed`, whether or not it is recorded yet. */
  readonly state: OfferState;
  readonly holdId: string | null;
  readonly madeAt: Date;
  readonly expiresAt: Date;
  readonly endedAt: Date | null;
}

export interface Negotiation {
  readonly negotiationId: bigint;
  readonly number: WorkNumber;
  readonly listingId: bigint;
  readonly listing: WorkNumber;
  readonly work: WorkNumber;
  readonly kind: ListingKind;
  readonly currency: string;
  readonly buyerId: string;
  readonly sellerId: string;
  /** As things stand by the clock and the listing. */
  readonly state: NegotiationState;
  /** What is recorded: open until somebody or the job ends it. */
  readonly recorded: NegotiationState;
  readonly order: WorkNumber | null;
  readonly openedAt: Date;
  readonly lapsesAt: Date;
  readonly endedAt: Date | null;
  readonly reason: string | null;
  /** What is recorded as standing; its own state says whether it still does. */
  readonly standing: Offer | null;
}

export interface OfferRow {
  place: number;
  made_by: Side;
  amount: string;
  offer_state: OfferState;
  hold_id: string | null;
  made_at: Date;
  expires_at: Date;
  offer_ended_at: Date | null;
}

export interface NegotiationRow extends Omit<OfferRow, 'place'> {
  negotiation_id: string;
  listing_id: string;
  work_id: string;
  kind: ListingKind;
  currency: string;
  buyer_id: string;
  seller_id: string;
  recorded: NegotiationState;
  state: NegotiationState;
  order_id: string | null;
  opened_at: Date;
  lapses_at: Date;
  ended_at: Date | null;
  reason: string | null;
  place: number | null;
}

export const OFFER_COLUMNS = `o.place, o.made_by, o.amount, CASE WHEN o.state = 'standing' AND o.expires_at <= clock_timestamp() THEN 'lapsed' ELSE o.state END AS offer_state, o.hold_id, o.made_at, o.expires_at, o.ended_at AS offer_ended_at`;

/** What ends a negotiation without anybody's doing. */
const STATE = `CASE WHEN n.state <> 'open' THEN n.state WHEN l.closed_at IS NOT NULL OR l.closes_at <= clock_timestamp() THEN 'closed' WHEN n.lapses_at <= clock_timestamp() THEN 'lapsed' ELSE 'open' END`;

export const NEGOTIATIONS = `
  SELECT n.negotiation_id, n.listing_id, l.work_id, l.kind, l.currency, n.buyer_id, n.seller_id, n.state AS recorded, ${STATE} AS state, n.order_id, n.opened_at, n.lapses_at, n.ended_at, n.reason, ${OFFER_COLUMNS}
    FROM negotiation n JOIN listing l USING (listing_id) LEFT JOIN negotiation_offer o ON o.negotiation_id = n.negotiation_id AND o.state = 'standing'`;
export const IN_STATE = `${STATE} = `;

export function fromOfferRow({ place, made_by: by, amount, offer_state: state, hold_id: holdId, made_at: madeAt, expires_at: expiresAt, offer_ended_at: endedAt }: OfferRow): Offer {
  return { place, by, amountMinor: BigInt(amount), state, holdId, madeAt, expiresAt, endedAt };
}

export function fromNegotiationRow(row: NegotiationRow): Negotiation {
  return {
    negotiationId: BigInt(row.negotiation_id), number: formatWorkNumber(BigInt(row.negotiation_id), 'NG'), listingId: BigInt(row.listing_id), listing: formatWorkNumber(BigInt(row.listing_id), 'LS'), work: formatWorkNumber(BigInt(row.work_id)), kind: row.kind,
    currency: row.currency, buyerId: row.buyer_id, sellerId: row.seller_id, state: row.state, recorded: row.recorded, order: row.order_id === null ? null : formatWorkNumber(BigInt(row.order_id), 'OR'),
    openedAt: row.opened_at, lapsesAt: row.lapses_at, endedAt: row.ended_at, reason: row.reason, standing: row.place === null ? null : fromOfferRow({ ...row, place: row.place }),
  };
}

export function sideOf({ buyerId }: Pick<Negotiation, 'buyerId'>, accountId: string): Side {
  return accountId === buyerId ? 'buyer' : 'seller';
}

export function otherParty({ buyerId, sellerId }: Pick<Negotiation, 'buyerId' | 'sellerId'>, accountId: string): string {
  return accountId === buyerId ? sellerId : buyerId;
}
