/** Why untrusted bytes were refused. Closed: tests and callers compare codes, never messages. */
export type VerificationCode =
  | 'BYTES.INVALID_UTF8'
  | 'BYTES.INVALID_HEX'
  | 'BYTES.INVALID_BASE64'
  | 'JSON.MALFORMED'
  | 'JSON.TOO_DEEP'
  | 'JSON.DUPLICATE_KEY'
  | 'JSON.LONE_SURROGATE'
  | 'JSON.NUMBER_OUT_OF_RANGE'
  | 'JSON.NOT_CANONICALIZABLE'
  | 'MERKLE.INVALID_HASH'
  | 'MERKLE.INVALID_SIZE'
  | 'MERKLE.INVALID_INDEX'
  | 'MERKLE.INVALID_PROOF_LENGTH'
  | 'MERKLE.ROOT_MISMATCH'
  | 'MERKLE.INVALID_TILE'
  | 'MERKLE.INVALID_ENTRIES'
  | 'NOTE.INVALID_KEY'
  | 'NOTE.MALFORMED'
  | 'NOTE.INVALID_SIGNATURE'
  | 'NOTE.NO_KNOWN_SIGNATURE'
  | 'NOTE.INVALID_CHECKPOINT'
  | 'NOTE.INVALID_RECEIPT'
  | 'PROOF.MALFORMED'
  | 'BUNDLE.TOO_LARGE'
  | 'BUNDLE.MALFORMED'
  | 'BUNDLE.INVALID_TRUST'
  | 'BUNDLE.INVALID_FILES';

/**
 * The one error of the pure library: what was given does not parse or does not prove what it claims.
 * The message is for developers; it may quote the offending input, shortened.
 */
export class VerificationError extends Error {
  constructor(
    readonly code: VerificationCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options?.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'VerificationError';
  }
}
