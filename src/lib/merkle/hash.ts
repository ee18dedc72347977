import { sha256 } from '@noble/hashes/sha2.js';
import { type Hash, HASH_LENGTH } from './types.js';
import { VerificationError } from '../errors/index.js';

// RFC 6962, section 2.1: the prefixes keep a leaf from being passed off as an inner node.
const LEAF_PREFIX = 0x00;
const NODE_PREFIX = 0x01;

/** What Node.js has of its own, for its speed; elsewhere the same is computed in ECMAScript. */
const host = (globalThis as { process?: { getBuiltinModule?: (name: string) => { hash?: (algorithm: string, data: Uint8Array, encoding: 'buffer') => Uint8Array } } })
  .process?.getBuiltinModule?.('node:crypto').hash;

function digest(data: Uint8Array): Hash {
  return (host === undefined ? sha256(data) : host('sha256', data, 'buffer')) as Hash;
}

/** The root of the tree without leaves: SHA-256 of nothing. */
export const EMPTY_ROOT: Hash = digest(new Uint8Array(0));

/** SHA-256(0x00 ‖ data). */
export function hashLeaf(data: Uint8Array): Hash {
  const input = new Uint8Array(1 + data.length);
  input[0] = LEAF_PREFIX;
  input.set(data, 1);
  return digest(input);
}

const nodeInput = new Uint8Array(1 + 2 * HASH_LENGTH);
nodeInput[0] = NODE_PREFIX;

/** SHA-256(0x01 ‖ left ‖ right). Throws MERKLE.INVALID_HASH on a part of another length, which could shift the border between the two. */
export function hashNode(left: Uint8Array, right: Uint8Array): Hash {
  if (left.length !== HASH_LENGTH || right.length !== HASH_LENGTH) {
    throw new VerificationError('MERKLE.INVALID_HASH', `a node of ${left.length} and ${right.length} bytes`);
  }
  nodeInput.set(left, 1);
  nodeInput.set(right, 1 + HASH_LENGTH);
  return digest(nodeInput);
}
