import { base64ToBytes, bytesToBase64 } from '../bytes/index.js';
import { VerificationError } from '../errors/index.js';
import { type Hash, toHash, toTreeSize, type TreeSize } from '../merkle/index.js';

/** The head of a log: its name, how many leaves it has, and their root (C2SP tlog-checkpoint). */
export interface Checkpoint {
  readonly origin: string;
  readonly treeSize: TreeSize;
  readonly rootHash: Hash;
}

/** The note text of a checkpoint: origin, size, base 64 of the root, a newline after each. */
export function formatCheckpoint(checkpoint: Checkpoint): string {
  const text = `${checkpoint.origin}\n${checkpoint.treeSize}\n${bytesToBase64(checkpoint.rootHash)}\n`;
  parseCheckpoint(text);
  return text;
}

/**
 * Throws NOTE.INVALID_CHECKPOINT. Stricter than the specification in two ways: a size beyond 2^53 − 1 is refused, and so are
 * extension lines, which no auditor could check.
 */
export function parseCheckpoint(text: string): Checkpoint {
  const [origin = '', size = '', root = '', end, ...more] = text.split('\n');
  if (origin === '' || end !== '' || more.length > 0) throw invalid('not three lines');
  if (!/^(?:0|[1-9]\d{0,15})$/.test(size)) throw invalid('a size that is no decimal number');
  try {
    return { origin, treeSize: toTreeSize(Number(size)), rootHash: toHash(base64ToBytes(root)) };
  } catch (cause) {
    throw new VerificationError('NOTE.INVALID_CHECKPOINT', 'a size or root out of range', { cause });
  }
}

function invalid(detail: string): VerificationError {
  return new VerificationError('NOTE.INVALID_CHECKPOINT', `not a checkpoint: ${detail}`);
}
