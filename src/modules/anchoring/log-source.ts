import type { Hash, TreeSize } from '../../lib/merkle/index.js';

/** What an anchorer needs of a log. */
export interface LogSource {
  /** The newest checkpoint that anyone was served; null before the first. */
  published(): Promise<{ readonly treeSize: TreeSize; readonly rootHash: Hash } | null>;
  /** RFC 9162 §2.1.4; empty from size 0. */
  consistencyProof(oldSize: TreeSize, newSize: TreeSize): Promise<readonly Hash[]>;
  /** Whether this log has (at least) that many leaves and that root over them. A log that does not MUST stop signing: it would fork what is anchored. */
  holds(treeSize: TreeSize, rootHash: Hash): Promise<boolean>;
}
