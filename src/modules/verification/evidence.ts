import { z } from 'zod';
import { DomainError } from '../../lib/errors/index.js';
import type { FileDigest } from '../../lib/proof/index.js';

/** What a caller brings to be verified. */
export interface Evidence {
  /** Files that were sent and hashed, or a digest alone. */
  readonly contents: readonly Partial<FileDigest>[];
  /** A proof bundle as it was sent, not looked at yet; undefined when there is none. */
  readonly bundle: unknown;
}

const digest = z.string().regex(/^[0-9a-fA-F]{64}$/, 'must be 64 hex digits').transform((hex) => hex.toLowerCase());

/** `{"sha256": "…"}` or `{"sm3": "…"}`. */
export const digestQuery = z.union([z.strictObject({ sha256: digest }), z.strictObject({ sm3: digest })]);

/** @throws DomainError `VERIFICATION.NOTHING_TO_VERIFY` for a body that is neither a digest nor a bundle. */
export function parseEvidence(body: unknown, isBundle: boolean): Evidence {
  if (isBundle || (typeof body === 'object' && body !== null && Object.hasOwn(body, 'format'))) return { contents: [], bundle: body ?? null };
  const parsed = digestQuery.safeParse(body);
  if (parsed.success) return { contents: [parsed.data], bundle: undefined };
  throw nothingToVerify();
}

export function nothingToVerify(): DomainError {
  return new DomainError('VERIFICATION.NOTHING_TO_VERIFY', 'Send a file (multipart, part «files»), a digest ({"sha256": "…"} or {"sm3": "…"}, 64 hex digits), or a proof bundle.');
}
