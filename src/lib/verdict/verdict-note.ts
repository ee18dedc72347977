import { sha256 } from '@noble/hashes/sha2.js';
import { z } from 'zod';
import { base64ToBytes, bytesToBase64 } from '../bytes/index.js';
import { canonicalBytes } from '../canonical-json/index.js';
import { VerificationError } from '../errors/index.js';
import { type Hash, toHash } from '../merkle/index.js';
import { assertUnsignedVerdict, MAX_VERDICT_UNITS, type UnsignedVerdict } from './schema.js';

/** For the note itself, when it stands in the JSON. */
const NOTE_ROOM = 8_192;
/** Keeps a verdict from being read as a checkpoint or a receipt: no log is named so. */
const ORIGIN_SUFFIX = '/verdict';
const instant = z.iso.datetime({ precision: 3 });

/** What the log signs of a verdict. */
export interface VerdictNote {
  /** The log's origin, without the `/verdict` that its first line ends in. */
  readonly origin: string;
  /** SHA-256 of the RFC 8785 form of the verdict without `note`. */
  readonly digest: Hash;
  /** ISO 8601 UTC with milliseconds. */
  readonly issuedAt: string;
}

/**
 * The note text of a verdict, to be signed by the log's key: `<origin>/verdict`, base 64 of the digest, issued-at, a newline after each. Throws
 * BUNDLE.MALFORMED or BUNDLE.TOO_LARGE on what no reader would take, or a JSON.* code.
 * @param hash computes SHA-256; the service gives one in native code.
 */
export function composeVerdictNote(origin: string, verdict: UnsignedVerdict, hash: (bytes: Uint8Array) => Uint8Array = sha256): string {
  assertUnsignedVerdict(verdict);
  const bytes = canonicalBytes(verdict);
  if (bytes.length > MAX_VERDICT_UNITS - NOTE_ROOM) throw new VerificationError('BUNDLE.TOO_LARGE', `a verdict of ${bytes.length} bytes`);
  const text = formatVerdictNote({ origin, digest: toHash(hash(bytes)), issuedAt: verdict.issuedAt });
  parseVerdictNote(text);
  return text;
}

/** The text of a note, of what is known to be in form. */
export function formatVerdictNote({ origin, digest, issuedAt }: VerdictNote): string {
  return `${origin}${ORIGIN_SUFFIX}\n${bytesToBase64(digest)}\n${issuedAt}\n`;
}

/** The digest that a verdict's note must hold. Throws a JSON.* code when it has no canonical form. */
export function computeVerdictDigest(verdict: UnsignedVerdict): Uint8Array {
  return sha256(canonicalBytes(verdict));
}

/** Throws BUNDLE.MALFORMED. */
export function parseVerdictNote(text: string): VerdictNote {
  const [first = '', digest = '', issuedAt = '', end, ...more] = text.split('\n');
  if (end !== '' || more.length > 0) throw invalid('not three lines');
  if (!first.endsWith(ORIGIN_SUFFIX) || first.length === ORIGIN_SUFFIX.length) throw invalid('a first line that names no verdict');
  if (!isInstant(issuedAt)) throw invalid('a time that is none');
  return { origin: first.slice(0, -ORIGIN_SUFFIX.length), digest: decodeDigest(digest), issuedAt };
}

/** ISO 8601 UTC with milliseconds, on a day that exists. Such texts sort by time. */
export function isInstant(text: string): boolean {
  return instant.safeParse(text).success;
}

function decodeDigest(digest: string): Hash {
  try {
    return toHash(base64ToBytes(digest));
  } catch (cause) {
    throw new VerificationError('BUNDLE.MALFORMED', 'a digest that is none', { cause });
  }
}

function invalid(detail: string): VerificationError {
  return new VerificationError('BUNDLE.MALFORMED', `not the note of a verdict: ${detail}`);
}
