import { base64ToBytes, bytesToBase64 } from '../bytes/index.js';
import { VerificationError } from '../errors/index.js';
import { type Hash, toHash } from '../merkle/index.js';

const ORIGIN_SUFFIX = '/receipt';

/** The log's promise, given before a statement has a place, that its leaf will be in the tree by `mergeBy`. Times: ISO 8601 UTC with milliseconds. */
export interface Receipt {
  /** The log's origin, without the `/receipt` that its first line ends in. */
  readonly origin: string;
  readonly leafHash: Hash;
  readonly acceptedAt: string;
  readonly mergeBy: string;
}

/** The note text of a receipt: `<origin>/receipt`, base 64 leaf hash, accepted-at, merge-by, a newline after each. */
export function formatReceipt(receipt: Receipt): string {
  if (receipt.origin === '' || receipt.origin.includes('\n')) throw invalid('a first line that names no receipt');
  assertTimes(receipt.acceptedAt, receipt.mergeBy);
  return `${receipt.origin}${ORIGIN_SUFFIX}\n${bytesToBase64(receipt.leafHash)}\n${receipt.acceptedAt}\n${receipt.mergeBy}\n`;
}

/** Throws NOTE.INVALID_RECEIPT, also when the deadline lies before the acceptance. */
export function parseReceipt(text: string): Receipt {
  const [first = '', leaf = '', acceptedAt = '', mergeBy = '', end, ...more] = text.split('\n');
  if (end !== '' || more.length > 0) throw invalid('not four lines');
  if (!first.endsWith(ORIGIN_SUFFIX) || first.length === ORIGIN_SUFFIX.length) throw invalid('a first line that names no receipt');
  assertTimes(acceptedAt, mergeBy);
  return { origin: first.slice(0, -ORIGIN_SUFFIX.length), leafHash: decodeLeaf(leaf), acceptedAt, mergeBy };
}

function decodeLeaf(leaf: string): Hash {
  try {
    return toHash(base64ToBytes(leaf));
  } catch (cause) {
    throw new VerificationError('NOTE.INVALID_RECEIPT', 'a leaf hash that is none', { cause });
  }
}

function assertTimes(acceptedAt: string, mergeBy: string): void {
  if (!isInstant(acceptedAt) || !isInstant(mergeBy) || mergeBy < acceptedAt) throw invalid('times out of form or order');
}

function isInstant(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(text)) return false;
  const time = new Date(text);
  return !Number.isNaN(time.getTime()) && time.toISOString() === text;
}

function invalid(detail: string): VerificationError {
  return new VerificationError('NOTE.INVALID_RECEIPT', `not a receipt: ${detail}`);
}
