import { DomainError } from '../../lib/errors/index.js';

export function listingNotFound(): DomainError {
  return new DomainError('TRADING.LISTING_NOT_FOUND', 'There is no such listing. Check the number: it looks like LS-7K3M-9Q4D-W2XC-V.');
}

/** @param state what it is instead of open, as the listing itself says. */
export function listingClosed(state: string): DomainError {
  return new DomainError('TRADING.LISTING_CLOSED', 'The listing cannot be bought now; nothing was paid.', { members: { state } });
}

/** @param faults why, as `listing_faults` names it. */
export function listingStale(faults: readonly string[]): DomainError {
  return new DomainError('TRADING.LISTING_STALE', 'What is listed cannot be sold as things stand; nothing was paid.', { members: { faults } });
}

export function notSeller(): DomainError {
  return new DomainError('TRADING.NOT_SELLER', 'Only the seller of the listing may do this.');
}

export function audienceNeeded(): DomainError {
  return new DomainError('TRADING.AUDIENCE_NEEDED', 'A confidential work is offered only to those whom you name: a listing would tell everyone of it.', { errors: [{ pointer: '/audience', detail: 'is required for a confidential work' }] });
}

export function ownListing(): DomainError {
  return new DomainError('TRADING.OWN_LISTING', 'You cannot buy from yourself.');
}

/** @param currency that the listing has. */
export function priceChanged(amountMinor: bigint, currency: string): DomainError {
  return new DomainError('TRADING.PRICE_CHANGED', 'The price is above what you agreed to pay, or in another currency; nothing was paid. Look at the listing again.', { members: { price: { amountMinor: amountMinor.toString(), currency } } });
}

export function currencyUnavailable(currency: string): DomainError {
  return new DomainError('TRADING.CURRENCY_UNAVAILABLE', 'This currency is not paid in here. Take CNY, USD, HKD or EUR.', { errors: [{ pointer: '/price/currency', detail: `«${currency}» is not paid here` }] });
}

export function closesBeforeOpening(opensAt: Date): DomainError {
  return new DomainError('TRADING.LISTING_INVALID', 'A listing closes after it opens.', { errors: [{ pointer: '/closesAt', detail: `is after ${opensAt.toISOString()}` }] });
}

export function termOver(): DomainError {
  return new DomainError('TRADING.LISTING_INVALID', 'What is offered is over: a sale is of what is to come.', { errors: [{ pointer: '/scope/term', detail: 'is over' }] });
}

export function orderNotFound(): DomainError {
  return new DomainError('TRADING.ORDER_NOT_FOUND', 'There is no such order. Check the number: it looks like OR-7K3M-9Q4D-W2XC-V.');
}

/** @param state of the order. */
export function orderNotInThisState(state: string): DomainError {
  return new DomainError('TRADING.NOT_IN_THIS_STATE', 'The order does not allow this in the state that it is in.', { members: { state } });
}

/** Settling is refused, and the money goes back. */
export function sharesChanged(): DomainError {
  return new DomainError('TRADING.SHARES_CHANGED', 'Who owns what is sold has changed since it was paid for.');
}

export function notBuyer(): DomainError {
  return new DomainError('TRADING.NOT_BUYER', 'Only the buyer may do this.');
}

export function notParty(): DomainError {
  return new DomainError('TRADING.NOT_PARTY', 'Only buyer and seller of the order may see this.');
}

/** @param standing of what was bought: of the licence, or `assigned-on` of a slice that the buyer holds no more. */
export function notEntitled(standing: string): DomainError {
  return new DomainError('TRADING.NOT_ENTITLED', 'What was bought by this order is not in force: the files go to nobody by it now.', { members: { standing } });
}

export function fileNotHeld(): DomainError {
  return new DomainError('TRADING.FILE_NOT_HELD', 'The work has no such file that the service holds; the order’s contents say which there are.', { errors: [{ pointer: '/sha256', detail: 'is of no held file of the work' }] });
}

/** The same for a link that was never made, one whose time is over, and one of an order whose files go to nobody now: a guess learns nothing. */
export function deliveryNotFound(): DomainError {
  return new DomainError('TRADING.DELIVERY_NOT_FOUND', 'The link does not work, or not any more. The buyer gets a new one at the order.');
}

/** Also of an account that shows nothing to everyone. */
export function sellerNotFound(): DomainError {
  return new DomainError('TRADING.SELLER_NOT_FOUND', 'There is no such seller.');
}
