/** Typed errors: {@link DomainError} for refusals that clients see, {@link VerificationError} for untrusted bytes that do not hold. */
export { ERROR_STATUS, type ErrorCode } from './codes.js';
export { DomainError, type DomainErrorOptions, type FieldFault } from './domain-error.js';
export { VerificationError, type VerificationCode } from './verification-error.js';
