import { DomainError } from '../../lib/errors/index.js';

export function insufficientFunds(cause?: unknown): DomainError {
  return new DomainError('ACCOUNTING.INSUFFICIENT_FUNDS', 'The balance does not cover this. GET /balances says what is available; money that is held is not.', { cause });
}

export function holdEnded(): DomainError {
  return new DomainError('ACCOUNTING.HOLD_ENDED', 'The money that was set aside for this has been paid or given back already.');
}

/** Also for what is another account's: who may not see it learns nothing. */
export function movementNotFound(): DomainError {
  return new DomainError('ACCOUNTING.NOT_FOUND', 'There is no such top-up, payout or correction, or it is not yours to see.');
}

export function notInThisState(what: string, state: string): DomainError {
  return new DomainError('ACCOUNTING.NOT_IN_THIS_STATE', `This ${what} is ${state}: this cannot be done with it any more.`, { members: { state } });
}

export function bankReferenceUsed(): DomainError {
  return new DomainError('ACCOUNTING.BANK_REFERENCE_USED', 'Another top-up or payout stands under this bank reference already. One entry at the bank is one movement here.', { errors: [{ pointer: '/bankReference', detail: 'is used' }] });
}

export function bankReferenceDiffers(): DomainError {
  return new DomainError('ACCOUNTING.BANK_REFERENCE_DIFFERS', 'The first operator confirmed this with another bank reference. Look at the bank’s entry again; reject this if the first was wrong.', { errors: [{ pointer: '/bankReference', detail: 'differs from the first operator’s' }] });
}

export function ownRequest(): DomainError {
  return new DomainError('ACCOUNTING.OWN_REQUEST', 'You cannot decide on what is your own; another operator has to.');
}

export function sameOperator(): DomainError {
  return new DomainError('ACCOUNTING.SAME_OPERATOR', 'You have agreed to this already; it takes a second operator.');
}

export function correctionInvalid(detail: string, pointer?: string): DomainError {
  return new DomainError('ACCOUNTING.CORRECTION_INVALID', detail, pointer === undefined ? {} : { errors: [{ pointer, detail }] });
}
