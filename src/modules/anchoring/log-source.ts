import type { Hash, TreeSize } from '../../lib/merkle/index.js';

/** What an anchorer needs of a log. */
export interface LogSource {
  /** The newest checkpoint that anyone was served; null before the first. */
  published(): Promise<{ readonly treeSize: TreeSize; readonly rootHash: Hash } | null>;
  /** RFC 9162 §2.1.4; empty from size 0. */
  consistencyProof(oldSize: TreeSize, newSize: TreeSize): Promise<readonly Hash[]>;
  /** How this log contradicts that head: it has fewer leaves, or another root over them. Null when it holds it. */
  findContradiction(treeSize: TreeSize, rootHash: Hash): Promise<string | null>;
  /** What a look at the chain came to. With a contradiction the log MUST stop signing, for it would fork what is anchored, until a later look finds none. */
  conclude(contradiction: string | null): Promise<void>;
}
