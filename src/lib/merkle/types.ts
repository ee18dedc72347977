import { VerificationError } from '../errors/index.js';

declare const brand: unique symbol;

/** A SHA-256 digest: exactly 32 bytes. */
export type Hash = Uint8Array & { readonly [brand]: 'Hash' };
/** Number of leaves of a tree: 0 … 2^53 − 1. */
export type TreeSize = number & { readonly [brand]: 'TreeSize' };
/** Zero-based place of a leaf: 0 … 2^53 − 2. */
export type LeafIndex = number & { readonly [brand]: 'LeafIndex' };

/** The complete subtree over the leaves [index · 2^level, (index + 1) · 2^level). Level 0 is a leaf hash. */
export interface NodeId {
  readonly level: number;
  readonly index: number;
}

export const HASH_LENGTH = 32;

/** Throws MERKLE.INVALID_HASH unless there are 32 bytes. Does not copy. */
export function toHash(bytes: Uint8Array): Hash {
  if (bytes.length !== HASH_LENGTH) throw new VerificationError('MERKLE.INVALID_HASH', `a hash of ${bytes.length} bytes`);
  return bytes as Hash;
}

/** Throws MERKLE.INVALID_SIZE unless it is a whole number 0 … 2^53 − 1. */
export function toTreeSize(size: number): TreeSize {
  if (!Number.isSafeInteger(size) || size < 0) throw new VerificationError('MERKLE.INVALID_SIZE', `tree size ${size}`);
  return size as TreeSize;
}

/** Throws MERKLE.INVALID_INDEX unless it is a whole number 0 … 2^53 − 2. */
export function toLeafIndex(index: number): LeafIndex {
  if (!Number.isSafeInteger(index) || index < 0 || index === Number.MAX_SAFE_INTEGER) {
    throw new VerificationError('MERKLE.INVALID_INDEX', `leaf index ${index}`);
  }
  return index as LeafIndex;
}
