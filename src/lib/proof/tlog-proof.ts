import { base64ToBytes, bytesToBase64 } from '../bytes/index.js';
import { VerificationError } from '../errors/index.js';
import { type Hash, type LeafIndex, toHash, toLeafIndex } from '../merkle/index.js';

const HEADER = 'c2sp.org/tlog-proof@v1';
/** A tree of 2^53 leaves has no longer path. */
const MAX_HASHES = 64;

/** That one entry stands in one log (C2SP tlog-proof): its place, the path to the root, and the signed note that states the root. */
export interface TlogProof {
  readonly index: LeafIndex;
  /** From the leaf's sibling up to the root's child. */
  readonly proof: readonly Hash[];
  /** The signed checkpoint, verbatim. */
  readonly checkpoint: string;
}

export function formatTlogProof({ index, proof, checkpoint }: { index: number; proof: readonly Hash[]; checkpoint: string }): string {
  return [HEADER, `index ${toLeafIndex(index)}`, ...proof.map(bytesToBase64), '', checkpoint].join('\n');
}

/**
 * Nothing is verified, the checkpoint not even parsed. An `extra` line, which the specification allows and nothing authenticates, is
 * refused. Throws PROOF.MALFORMED.
 */
export function parseTlogProof(text: string): TlogProof {
  const blank = text.indexOf('\n\n');
  const [header, indexLine = '', ...hashes] = text.slice(0, Math.max(blank, 0)).split('\n');
  if (header !== HEADER) throw malformed('another format');
  const digits = /^index (0|[1-9]\d{0,15})$/.exec(indexLine)?.[1];
  if (digits === undefined) throw malformed('no index');
  if (hashes.length > MAX_HASHES) throw malformed(`${hashes.length} hashes`);
  try {
    return { index: toLeafIndex(Number(digits)), proof: hashes.map((line) => toHash(base64ToBytes(line))), checkpoint: text.slice(blank + 2) };
  } catch (cause) {
    throw new VerificationError('PROOF.MALFORMED', 'an index or a hash that is none', { cause });
  }
}

function malformed(detail: string): VerificationError {
  return new VerificationError('PROOF.MALFORMED', `not a ${HEADER}: ${detail}`);
}
