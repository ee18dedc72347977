import { createHash } from 'node:crypto';
import {
  appendLeaves, assembleProof, decomposeTree, foldSubtrees, type Hash, type NodeId, planConsistencyProof, planInclusionProof, toHash,
} from '../../src/lib/merkle/index.js';

/** Leaf hashes that a seed determines. */
export function randomLeaves(seed: string, count: number): Hash[] {
  return Array.from({ length: count }, (_, i) => toHash(createHash('sha256').update(`${seed}/${i}`).digest()));
}

/** A log in memory. Each prefix of it is a tree, so one of 100,000 leaves holds every smaller size. Proofs are those of src/lib. */
export class LogTree {
  private readonly levels: Hash[][];

  constructor(leaves: readonly Hash[]) {
    this.levels = [[...leaves]];
    appendLeaves(0, [], leaves, (level, index, hash) => {
      (this.levels[level] ??= [])[index] = hash;
    });
  }

  leafHash(index: number): Hash {
    return this.node({ level: 0, index });
  }

  root(size: number): Hash {
    return foldSubtrees(decomposeTree(size).map((id) => this.node(id)));
  }

  inclusion(leafIndex: number, treeSize: number): Hash[] {
    return assembleProof(planInclusionProof(leafIndex, treeSize), (id) => this.node(id));
  }

  consistency(oldSize: number, newSize: number): Hash[] {
    return assembleProof(planConsistencyProof(oldSize, newSize), (id) => this.node(id));
  }

  private node({ level, index }: NodeId): Hash {
    const hash = this.levels[level]?.[index];
    if (hash === undefined) throw new Error(`no node ${level}/${index}`);
    return hash;
  }
}
