import type { DataSource } from 'typeorm';
import type { Hash, NodeId } from '../../lib/merkle/index.js';
import { readNodes } from './log-nodes.js';

/** Below, nodes are nearly as many as statements, and seldom asked for twice. */
const LOWEST = 6;
/** Those over four million statements. */
const MOST = 131_072;

/** Remembers the hashes of complete nodes from a height on: they never change, and every proof is made of them. */
export class UpperNodes {
  private readonly known = new Map<number, Hash>();

  constructor(private readonly dataSource: DataSource) {}

  /** As {@link readNodes}. */
  async read(nodes: readonly NodeId[]): Promise<(node: NodeId) => Hash> {
    const found = new Map<number, Hash>();
    const missing: NodeId[] = [];
    for (const node of nodes) {
      const hash = this.known.get(keyOf(node));
      if (hash === undefined) missing.push(node);
      else found.set(keyOf(node), hash);
    }
    const lookup = await readNodes(this.dataSource, missing);
    for (const node of missing) if (node.level >= LOWEST) this.remember(node, lookup(node));
    return (node) => found.get(keyOf(node)) ?? lookup(node);
  }

  private remember(node: NodeId, hash: Hash): void {
    if (this.known.size >= MOST) this.known.clear();
    this.known.set(keyOf(node), hash);
  }
}

/** Levels are below 2^5, indexes below 2^48. */
const keyOf = ({ level, index }: NodeId): number => level * 2 ** 48 + index;
