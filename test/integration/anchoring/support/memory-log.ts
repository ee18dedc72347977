import {
  assembleProof, computeRoot, type Hash, hashLeaf, planConsistencyProof, toTreeSize, type TreeSize,
} from '../../../../src/lib/merkle/index.js';
import { equalBytes } from '../../../../src/lib/bytes/index.js';
import type { LogSource } from '../../../../src/modules/anchoring/log-source.js';

/** A real tree in memory. `name` makes its leaves differ from those of another log. */
export class MemoryLog implements LogSource {
  readonly #leaves: Hash[] = [];
  /** What the last look at the chain came to. */
  isContradicted = false;

  constructor(private readonly name = 'log') {}

  /** Appends `count` leaves and publishes the checkpoint. */
  grow(count: number): TreeSize {
    for (let i = 0; i < count; i++) this.#leaves.push(hashLeaf(Buffer.from(`${this.name} ${this.#leaves.length}`)));
    return this.size;
  }

  get size(): TreeSize {
    return toTreeSize(this.#leaves.length);
  }

  rootAt(treeSize: number): Hash {
    return computeRoot(this.#leaves.slice(0, treeSize));
  }

  async published(): Promise<{ treeSize: TreeSize; rootHash: Hash } | null> {
    return this.size === 0 ? null : { treeSize: this.size, rootHash: this.rootAt(this.size) };
  }

  async consistencyProof(oldSize: TreeSize, newSize: TreeSize): Promise<Hash[]> {
    return assembleProof(planConsistencyProof(oldSize, newSize), ({ level, index }) => computeRoot(this.#leaves.slice(index * 2 ** level, (index + 1) * 2 ** level)));
  }

  async findContradiction(treeSize: TreeSize, rootHash: Hash): Promise<string | null> {
    return treeSize <= this.size && equalBytes(this.rootAt(treeSize), rootHash) ? null : `${this.name} does not hold the tree of ${treeSize} leaves`;
  }

  async conclude(contradiction: string | null): Promise<void> {
    this.isContradicted = contradiction !== null;
  }
}
