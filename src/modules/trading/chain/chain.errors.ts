import { DomainError } from '../../../lib/errors/index.js';

/** @param accounts who would pay or be paid, and has no wallet, or one that another account was paid by. */
export function walletMissing(accounts: readonly string[]): DomainError {
  return new DomainError('TRADING.WALLET_MISSING', 'Everybody who pays or is paid on chain needs a wallet of their own: a key of scheme eip191 (POST /account-keys). Some have none; nothing was ordered.', { members: { accounts } });
}

/** @param reason `amount`: more than 2^96 − 1; `payees`: more than 32. */
export function notPayableOnChain(reason: 'amount' | 'payees'): DomainError {
  return new DomainError('TRADING.NOT_PAYABLE_ON_CHAIN', 'The settlement contract cannot take this payment: the price is too high, or too many are paid by it.', { members: { reason } });
}

export function chainUnavailable(): DomainError {
  return new DomainError('TRADING.CHAIN_UNAVAILABLE', 'The settlement contract was not seen yet, or is not ours to sign for; nothing was ordered. Try again later.', { retryAfterSeconds: 30 });
}

/** What the contract holds for the order is not known to be there at the moment. */
export function paymentUnsure(): DomainError {
  return new DomainError('TRADING.PAYMENT_UNSURE', 'The payment is not confirmed on the chain, or has ended there. Look at the order again in a few minutes.');
}

/** Settling is refused, and the money goes back. */
export function deadlineNear(): DomainError {
  return new DomainError('TRADING.DEADLINE_NEAR', 'The contract lets the buyer take the payment back soon: it is too late to settle the order.');
}
