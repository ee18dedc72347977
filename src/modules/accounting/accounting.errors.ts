import { DomainError } from '../../lib/errors/index.js';

export function insufficientFunds(cause?: unknown): DomainError {
  return new DomainError('ACCOUNTING.INSUFFICIENT_FUNDS', 'The balance does not cover this. GET /balances says what is available; money that is held is not.', { cause });
}

export function holdEnded(): DomainError {
  return new DomainError('ACCOUNTING.HOLD_ENDED', 'The money that was set aside for this has been paid or given back already.');
}
