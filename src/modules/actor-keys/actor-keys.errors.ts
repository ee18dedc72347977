import { DomainError } from '../../lib/errors/index.js';

/** @param pointer where the signature stands in what was sent. */
export function invalidProof(pointer: string): DomainError {
  return new DomainError('ACTOR_KEYS.INVALID_PROOF', 'The signature is not by this key over this act. docs/spec/proof-bundle.md says which bytes are signed.', { errors: [{ pointer, detail: 'is not by this key over this act' }] });
}

export function signatureExpired(pointer: string): DomainError {
  return new DomainError('ACTOR_KEYS.EXPIRED', 'The signature has expired. Sign again, with a new nonce and a later expiresAt.', { errors: [{ pointer, detail: 'is over' }] });
}

export function nonceUsed(pointer: string): DomainError {
  return new DomainError('ACTOR_KEYS.NONCE_USED', 'This key has used this nonce before. Sign again with a new one.', { errors: [{ pointer, detail: 'was used before' }] });
}

export function keyUnknown(): DomainError {
  return new DomainError('ACTOR_KEYS.UNKNOWN', 'You have no such key, or have revoked it. GET /account-keys lists yours.');
}

export function alreadyAdded(): DomainError {
  return new DomainError('ACTOR_KEYS.ALREADY_ADDED', 'This key is yours already.');
}

/** @param most that an account may have. */
export function tooManyKeys(most: number): DomainError {
  return new DomainError('ACTOR_KEYS.TOO_MANY', `An account has at most ${most} keys; revoke one first.`);
}
