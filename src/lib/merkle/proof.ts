import { equalBytes } from '../bytes/index.js';
import { VerificationError } from '../errors/index.js';
import { hashNode } from './hash.js';
import { decomposeRange, foldSubtrees, largestPowerOfTwo } from './tree.js';
import { type Hash, type NodeId, toHash, toLeafIndex, toTreeSize } from './types.js';

/**
 * Which nodes an inclusion proof is made of (RFC 6962, section 2.1.1): one list a proof element, from the leaf's sibling up; the
 * lists are the complete subtrees of that element's subtree, left to right. Throws MERKLE.INVALID_INDEX outside the tree.
 */
export function planInclusionProof(leafIndex: number, treeSize: number): NodeId[][] {
  const leaf = assertInside(leafIndex, treeSize);
  const plan: NodeId[][] = [];
  let [start, end] = [0, treeSize];
  while (end - start > 1) {
    const middle = start + splitPoint(end - start);
    if (leaf < middle) {
      plan.push(decomposeRange(middle, end));
      end = middle;
    } else {
      plan.push(decomposeRange(start, middle));
      start = middle;
    }
  }
  return plan.toReversed();
}

/**
 * Which nodes a consistency proof is made of (RFC 6962, section 2.1.2). Empty when the sizes are equal or the old tree is
 * empty, for there is nothing to prove. Throws MERKLE.INVALID_SIZE when the old tree is larger.
 */
export function planConsistencyProof(oldSize: number, newSize: number): NodeId[][] {
  if (toTreeSize(oldSize) > toTreeSize(newSize)) throw sizeError(`from ${oldSize} to ${newSize}`);
  if (oldSize === 0) return [];
  const plan: NodeId[][] = [];
  let [start, end] = [0, newSize];
  while (end !== oldSize) {
    const middle = start + splitPoint(end - start);
    if (oldSize <= middle) {
      plan.push(decomposeRange(middle, end));
      end = middle;
    } else {
      plan.push(decomposeRange(start, middle));
      start = middle;
    }
  }
  // The verifier knows the old root already: it is told the last old subtree only when that is not the whole old tree.
  if (start > 0) plan.push(decomposeRange(start, end));
  return plan.toReversed();
}

/** The proof that a plan describes; `lookup` answers with the hash of a complete node. */
export function assembleProof(plan: readonly (readonly NodeId[])[], lookup: (node: NodeId) => Hash): Hash[] {
  return plan.map((nodes) => foldSubtrees(nodes.map((node) => lookup(node))));
}

/** All of it may come from an attacker, except the root hash that a checkpoint vouches for. */
export interface InclusionClaim {
  readonly leafHash: Uint8Array;
  readonly leafIndex: number;
  readonly treeSize: number;
  readonly rootHash: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

/**
 * Proves that a leaf stands at its place in a tree (RFC 9162, section 2.1.3.2).
 * Throws MERKLE.INVALID_HASH, INVALID_SIZE, INVALID_INDEX, INVALID_PROOF_LENGTH (too short or longer than needed) or ROOT_MISMATCH.
 */
export function verifyInclusion(claim: InclusionClaim): void {
  let index: number = assertInside(claim.leafIndex, claim.treeSize);
  let last: number = claim.treeSize - 1;
  let hash = toHash(claim.leafHash);
  const rootHash = toHash(claim.rootHash);
  for (const sibling of claim.proof) {
    if (last === 0) throw lengthError();
    if (index % 2 === 1 || index === last) {
      hash = hashNode(sibling, hash);
      // On the right edge there are levels without a sibling: skip them.
      while (index % 2 === 0 && index !== 0) [index, last] = [half(index), half(last)];
    } else {
      hash = hashNode(hash, sibling);
    }
    [index, last] = [half(index), half(last)];
  }
  if (last !== 0) throw lengthError();
  if (!equalBytes(hash, rootHash)) throw rootError('the leaf is not under this root');
}

export interface ConsistencyClaim {
  readonly oldSize: number;
  readonly oldRoot: Uint8Array;
  readonly newSize: number;
  readonly newRoot: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

/**
 * Proves that the new tree only adds to the old one (RFC 9162, section 2.1.4.2). Equal sizes: equal roots and an empty proof.
 * An old size of 0 is refused: nothing follows from an empty tree, and whoever means it can say so.
 * Throws MERKLE.INVALID_HASH, INVALID_SIZE, INVALID_PROOF_LENGTH or ROOT_MISMATCH.
 */
export function verifyConsistency(claim: ConsistencyClaim): void {
  const oldSize = toTreeSize(claim.oldSize);
  const newSize = toTreeSize(claim.newSize);
  const oldRoot = toHash(claim.oldRoot);
  const newRoot = toHash(claim.newRoot);
  if (oldSize === 0 || oldSize > newSize) throw sizeError(`from ${oldSize} to ${newSize}`);
  if (oldSize === newSize) {
    if (claim.proof.length > 0) throw lengthError();
    if (!equalBytes(oldRoot, newRoot)) throw rootError('two roots of one size');
    return;
  }
  const isPowerOfTwo = largestPowerOfTwo(oldSize) === oldSize;
  const [first, ...rest] = isPowerOfTwo ? [oldRoot, ...claim.proof] : claim.proof;
  if (first === undefined) throw lengthError();
  let index = oldSize - 1;
  let last = newSize - 1;
  while (index % 2 === 1) [index, last] = [half(index), half(last)];
  let oldHash = toHash(first);
  let newHash = oldHash;
  for (const sibling of rest) {
    if (last === 0) throw lengthError();
    if (index % 2 === 1 || index === last) {
      oldHash = hashNode(sibling, oldHash);
      newHash = hashNode(sibling, newHash);
      while (index % 2 === 0 && index !== 0) [index, last] = [half(index), half(last)];
    } else {
      newHash = hashNode(newHash, sibling);
    }
    [index, last] = [half(index), half(last)];
  }
  if (last !== 0) throw lengthError();
  if (!equalBytes(oldHash, oldRoot)) throw rootError('the old root does not follow from the proof');
  if (!equalBytes(newHash, newRoot)) throw rootError('the new root does not follow from the proof');
}

/** Leaves of the left subtree of a tree of n ≥ 2 leaves: the greatest power of two below n. */
function splitPoint(n: number): number {
  return largestPowerOfTwo(n - 1);
}

function half(n: number): number {
  return Math.floor(n / 2);
}

function assertInside(leafIndex: number, treeSize: number): number {
  const index = toLeafIndex(leafIndex);
  if (index >= toTreeSize(treeSize)) throw new VerificationError('MERKLE.INVALID_INDEX', `leaf ${leafIndex} of ${treeSize}`);
  return index;
}

function sizeError(detail: string): VerificationError {
  return new VerificationError('MERKLE.INVALID_SIZE', `no consistency proof ${detail}`);
}

function lengthError(): VerificationError {
  return new VerificationError('MERKLE.INVALID_PROOF_LENGTH', 'the proof has the wrong number of hashes');
}

function rootError(detail: string): VerificationError {
  return new VerificationError('MERKLE.ROOT_MISMATCH', detail);
}
