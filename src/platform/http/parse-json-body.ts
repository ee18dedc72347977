import { parseJsonBytes } from '../../lib/canonical-json/index.js';
import { DomainError, VerificationError } from '../../lib/errors/index.js';

/**
 * Strict JSON: a doubled key, a lone surrogate or an inexact integer would mean one thing here and another thing elsewhere.
 * @throws DomainError HTTP.INVALID_JSON
 */
export function parseJsonBody(body: Uint8Array): unknown {
  try {
    return parseJsonBytes(body);
  } catch (cause) {
    const reason = cause instanceof VerificationError ? cause.message : 'it does not parse';
    throw new DomainError('HTTP.INVALID_JSON', `The body is not JSON as it is accepted here: ${reason}`, { cause });
  }
}
