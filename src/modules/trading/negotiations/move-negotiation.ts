import type { Tx } from '../../../platform/database/index.js';
import { writePoint } from '../../../platform/fault-points/index.js';
import { endHold, placeHold } from '../../accounting/index.js';
import { negotiationFull, offerExpiry } from './negotiations.errors.js';
import type { Negotiation, NegotiationState, Offer, OfferState, Side } from './negotiation.js';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** What was typed a moment ago as «in a minute» is not refused for the moment. */
const LEAST_MS = MINUTE_MS - 5_000;
const MOST_MS = 30 * DAY_MS;
const MOST_OFFERS = 100;
/** Without an offer for so long after the last one, a negotiation has lapsed. */
const QUIET_MS = 30 * DAY_MS;

/** @throws DomainError `TRADING.OFFER_EXPIRY`. */
export function toExpiry(expiresAt: string): Date {
  const expiry = new Date(expiresAt);
  const inMs = expiry.getTime() - Date.now();
  if (inMs < LEAST_MS || inMs > MOST_MS + MINUTE_MS) throw offerExpiry();
  return expiry;
}

export function lapseAfter(expiry: Date): Date {
  return new Date(expiry.getTime() + QUIET_MS);
}

/** An offer that binds its maker; a buyer's money is held for it. @throws DomainError `ACCOUNTING.INSUFFICIENT_FUNDS`, `TRADING.NEGOTIATION_FULL`. */
export async function insertOffer(
  tx: Tx, { negotiationId, number, buyerId, currency }: Pick<Negotiation, 'negotiationId' | 'number' | 'buyerId' | 'currency'>, { by, amountMinor, expiry }: { readonly by: Side; readonly amountMinor: bigint; readonly expiry: Date },
): Promise<number> {
  const [{ place } = { place: 1 }] = await tx.query<{ place: number }[]>('SELECT coalesce(max(place), 0) + 1 AS place FROM negotiation_offer WHERE negotiation_id = $1', [negotiationId.toString()]);
  if (place > MOST_OFFERS) throw negotiationFull();
  const holdId = by === 'buyer' ? await placeHold(tx, { owner: buyerId, currency, amountMinor, subject: number }) : null;
  await writePoint('negotiation.offer', () => tx.query(
    `INSERT INTO negotiation_offer (negotiation_id, place, made_by, amount, state, hold_id, expires_at) VALUES ($1, $2, $3, $4, 'standing', $5, $6)`, [negotiationId.toString(), place, by, amountMinor.toString(), holdId, expiry]));
  return place;
}

/** Nothing but an acceptance keeps the money of an offer that has ended. */
export async function endOffer(tx: Tx, { negotiationId }: Pick<Negotiation, 'negotiationId'>, { place, holdId }: Offer, state: Exclude<OfferState, 'standing'>): Promise<void> {
  await writePoint('negotiation.end-offer', () => tx.query('UPDATE negotiation_offer SET state = $3, ended_at = now() WHERE negotiation_id = $1 AND place = $2', [negotiationId.toString(), place, state]));
  if (holdId !== null && state !== 'accepted') await endHold(tx, holdId, 'voided', [], 'hold-voided');
}

/** Ends it, and what stands in it. */
export async function endNegotiation(
  tx: Tx, negotiation: Negotiation, state: Exclude<NegotiationState, 'open'>, { reason = null, orderId = null, standing = 'void' }: { readonly reason?: string | null; readonly orderId?: bigint | null; readonly standing?: Exclude<OfferState, 'standing'> } = {},
): Promise<void> {
  await writePoint('negotiation.end', () => tx.query(
    'UPDATE negotiation SET state = $2, reason = $3, order_id = $4, ended_at = now() WHERE negotiation_id = $1', [negotiation.negotiationId.toString(), state, reason, orderId?.toString() ?? null]));
  const offer = negotiation.standing;
  if (offer !== null && state !== 'agreed') await endOffer(tx, negotiation, offer, offer.state === 'lapsed' ? 'lapsed' : standing);
}
