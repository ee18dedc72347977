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
  return new DomainError('TRADING.CHAIN_UNAVAILABLE', 'The settlement contract is not seen at the moment, or is not ours to sign for; nothing was ordered. Try again later.', { retryAfterSeconds: 30 });
}

/** What the contract holds for the order is not known to be there at the moment. */
export function paymentUnsure(): DomainError {
  return new DomainError('TRADING.PAYMENT_UNSURE', 'The payment is not confirmed on the chain, or has ended there. Look at the order again in a few minutes.');
}

/** The contract has it in its newest blocks: cancelled now, it would only come back. */
export function paymentOnItsWay(): DomainError {
  return new DomainError('TRADING.PAYMENT_ON_ITS_WAY', 'The order is paid, and the payment is not confirmed yet. It is not cancelled; look at the order again in a few minutes.');
}

/** Settling is refused, and the money goes back. */
export function deadlineNear(): DomainError {
  return new DomainError('TRADING.DEADLINE_NEAR', 'The contract lets the buyer take the payment back soon: it is too late to settle the order.');
}

/** @param order the open one: to be paid, or cancelled, or waited for. */
export function orderUnpaid(order: string): DomainError {
  return new DomainError('TRADING.ORDER_UNPAID', 'You have an order of this listing that is not paid, or whose payment is not confirmed yet. Pay it, cancel it, or wait for the confirmation.', { members: { order } });
}

/** @param orders that are open. */
export function tooManyUnpaid(orders: readonly string[]): DomainError {
  return new DomainError('TRADING.TOO_MANY_UNPAID', 'You have five orders that are not paid, or whose payments are not confirmed yet; nobody else can buy what they take. Pay or cancel one of them, or wait for a confirmation.', { members: { orders } });
}

/** @param until when. */
export function notPaidBefore(until: Date): DomainError {
  return new DomainError('TRADING.NOT_PAID_BEFORE', 'You ordered this and did not pay in time, or cancelled it twice. You can order it again a day after that.', { members: { until: until.toISOString() } });
}
