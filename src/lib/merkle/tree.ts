import { EMPTY_ROOT, hashNode } from './hash.js';
import { type Hash, type NodeId, toTreeSize, type TreeSize } from './types.js';
import { VerificationError } from '../errors/index.js';

/** The greatest power of two that is ≤ n, for n ≥ 1. Plain arithmetic: bit operators end at 32 bits, a tree does not. */
export function largestPowerOfTwo(n: number): number {
  let power = 1;
  while (power <= n / 2) power *= 2;
  return power;
}

/**
 * The complete subtrees that make up the leaves [start, end), left to right, the greatest first.
 * `start` is a multiple of a power of two ≥ end − start, as every subtree of RFC 6962 is.
 */
export function decomposeRange(start: number, end: number): NodeId[] {
  const nodes: NodeId[] = [];
  let at = start;
  while (at < end) {
    const width = largestPowerOfTwo(end - at);
    nodes.push({ level: Math.log2(width), index: at / width });
    at += width;
  }
  return nodes;
}

/** The complete subtrees of a tree, left to right: one for each bit set in its size. */
export function decomposeTree(size: number): NodeId[] {
  return decomposeRange(0, toTreeSize(size));
}

/** The root over the hashes of {@link decomposeTree} (or of a subtree's range), folded from the right. */
export function foldSubtrees(hashes: readonly Hash[]): Hash {
  let root: Hash | undefined;
  for (let i = hashes.length - 1; i >= 0; i--) {
    const hash = hashes[i] as Hash;
    root = root === undefined ? hash : hashNode(hash, root);
  }
  return root ?? EMPTY_ROOT;
}

/** The Merkle tree hash of RFC 6962, section 2.1, over leaf hashes. */
export function computeRoot(leafHashes: readonly Hash[]): Hash {
  return appendLeaves(0, [], leafHashes, () => undefined).root;
}

export interface Appended {
  readonly size: TreeSize;
  /** Hashes of decomposeTree(size): all that is needed to append further. */
  readonly frontier: Hash[];
  readonly root: Hash;
}

/**
 * Appends leaves to a tree of which only the frontier is known, in O(1) amortised hashes a leaf.
 * `onNode` receives every complete node of level ≥ 1 that comes into being, once, children before parents.
 * Throws MERKLE.INVALID_SIZE when the frontier does not belong to a tree of `size`.
 */
export function appendLeaves(
  size: number,
  frontier: readonly Hash[],
  leafHashes: readonly Hash[],
  onNode: (level: number, index: number, hash: Hash) => void,
): Appended {
  if (decomposeTree(size).length !== frontier.length) {
    throw new VerificationError('MERKLE.INVALID_SIZE', `a frontier of ${frontier.length} hashes at tree size ${size}`);
  }
  const stack = [...frontier];
  let next: number = size;
  for (const leafHash of leafHashes) {
    let hash = leafHash;
    let index = next;
    // A set bit is a complete left sibling waiting on the stack.
    for (let level = 1; index % 2 === 1; level++) {
      index = (index - 1) / 2;
      hash = hashNode(stack.pop() as Hash, hash);
      onNode(level, index, hash);
    }
    stack.push(hash);
    next++;
  }
  return { size: toTreeSize(next), frontier: stack, root: foldSubtrees(stack) };
}
