import { DomainError } from '../../../lib/errors/index.js';
import type { NegotiationState } from './negotiation.js';

export function negotiationNotFound(): DomainError {
  return new DomainError('TRADING.NEGOTIATION_NOT_FOUND', 'There is no such negotiation. Check the number: it looks like NG-7K3M-9Q4D-W2XC-V.');
}

export function notNegotiable(): DomainError {
  return new DomainError('TRADING.NOT_NEGOTIABLE', 'The price of this listing is fixed; buy it with POST /orders.');
}

/** @param number of the one that is open; null when it was opened in the same moment. */
export function negotiationOpen(number: string | null): DomainError {
  return new DomainError('TRADING.NEGOTIATION_OPEN', 'You negotiate about this listing already; go on there.', { members: { negotiation: number } });
}

export function negotiationEnded(state: NegotiationState): DomainError {
  return new DomainError('TRADING.NEGOTIATION_ENDED', 'The negotiation has ended.', { members: { state } });
}

/** @param standing the offer that stands instead; null: none does. */
export function offerNotStanding(standing: number | null): DomainError {
  return new DomainError('TRADING.OFFER_NOT_STANDING', 'This offer does not stand any more: it lapsed, or another took its place. Look at the negotiation again.', { members: { standing } });
}

export function ownOffer(): DomainError {
  return new DomainError('TRADING.OWN_OFFER', 'This offer is your own; the other side answers it.');
}

export function offerBinding(expiresAt: Date): DomainError {
  return new DomainError('TRADING.OFFER_BINDING', 'Your offer binds you until its expiry. You may better it: a buyer offers more, a seller asks for less, for as long or longer.', { members: { expiresAt: expiresAt.toISOString() } });
}

export function offerExpiry(): DomainError {
  return new DomainError('TRADING.OFFER_INVALID', 'An offer binds for a minute to 30 days.', { errors: [{ pointer: '/expiresAt', detail: 'is a minute to 30 days from now' }] });
}

/** @param closesAt of the listing. */
export function offerBeyondListing(closesAt: Date): DomainError {
  return new DomainError('TRADING.OFFER_INVALID', 'A seller is not bound to sell when their listing is closed: the offer ends before it does, or the listing is to close later.', { errors: [{ pointer: '/expiresAt', detail: `is at most ${closesAt.toISOString()}` }] });
}

/** @param currency that the listing has. */
export function offerCurrency(currency: string): DomainError {
  return new DomainError('TRADING.OFFER_INVALID', 'An offer is in the currency of the listing; nothing is converted.', { errors: [{ pointer: '/offer/currency', detail: `is ${currency}` }] });
}

export function negotiationFull(): DomainError {
  return new DomainError('TRADING.NEGOTIATION_FULL', 'A negotiation has at most 100 offers, 1,000 messages and 50 documents.');
}

export function documentNotFound(): DomainError {
  return new DomainError('TRADING.DOCUMENT_NOT_FOUND', 'There is no such document in this negotiation.');
}

export function documentType(): DomainError {
  return new DomainError('TRADING.DOCUMENT_TYPE', 'Send a PDF, a picture (AVIF, JPEG, PNG, WebP), or plain text in UTF-8. What a file is, its first bytes say, not its name.');
}

export function documentTooLarge(mostBytes: number): DomainError {
  return new DomainError('TRADING.DOCUMENT_TOO_LARGE', `A document may have ${mostBytes} bytes.`);
}

export function documentInvalid(detail: string, cause?: unknown): DomainError {
  return new DomainError('TRADING.DOCUMENT_INVALID', 'Send one document as the one part of a multipart body, named «file», with its file name.', { errors: [{ pointer: '/file', detail }], cause });
}

export function documentInterrupted(cause: unknown): DomainError {
  return new DomainError('TRADING.UPLOAD_INTERRUPTED', 'The upload ended before it was whole. Nothing was kept; send it again.', { cause });
}
