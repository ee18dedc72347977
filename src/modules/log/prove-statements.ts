import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { assembleProof, type Hash, type NodeId, planInclusionProof } from '../../lib/merkle/index.js';
import { queryPrepared } from '../../platform/database/index.js';
import { ABSENT, readNodes, unpackHashes } from './log-nodes.js';
import { LogReader, type PlacedStatement, type PublishedCheckpoint } from './log-reader.js';

export interface ProvenStatement extends PlacedStatement {
  /** Its inclusion proof in the tree of the checkpoint; null until that covers it. */
  readonly path: readonly Hash[] | null;
}

interface Row {
  readonly item: number;
  readonly text: string;
  readonly receipt: string;
  readonly leaf_index: string | null;
  readonly siblings: Buffer;
}

/** Below this level a statement brings the siblings on its path along; those above are few, shared, and remembered. */
const UPPER = 6;
/** Those over four million statements. */
const MOST_KNOWN = 131_072;

/**
 * Statements, their places, and their siblings at each low level, whose indexes follow from the leaf's alone (RFC 6962, section 2.1). As JSON rather than arrays, whose lengths the
 * planner would look at, to plan anew for every call.
 */
const STATEMENTS = `
  SELECT p.item, p.text, p.receipt, p.leaf_index,
         (SELECT string_agg(coalesce(CASE WHEN k = 0 THEN (SELECT e.leaf_hash FROM log_entry e WHERE e.leaf_index = p.leaf_index # 1)
                                          ELSE (SELECT n.hash FROM log_node n WHERE n.level = k AND n.index = (p.leaf_index >> k) # 1) END, $2), ''::bytea ORDER BY k)
            FROM generate_series(0, ${UPPER - 1}) AS k) AS siblings
    FROM (SELECT q.item, convert_from(s.bytes, 'UTF8') AS text, s.receipt,
                 (SELECT e.leaf_index FROM log_entry e WHERE e.ordinal = s.ordinal AND e.leaf_index < (SELECT published_size FROM log_head)) AS leaf_index
            FROM jsonb_to_recordset($1::jsonb) AS q(item integer, subject text, seq integer)
            CROSS JOIN LATERAL (SELECT * FROM statement s WHERE s.subject = q.subject AND s.seq = q.seq OFFSET 0) s OFFSET 0) p`;

/** Reads statements by their places in their chains, with their inclusion proofs in one published checkpoint: in one round trip, mostly. */
@Injectable()
export class ProveStatements {
  /** Complete nodes from {@link UPPER} on: they never change, and every proof is made of them. */
  private readonly known = new Map<number, Hash>();

  constructor(@InjectDataSource() private readonly dataSource: DataSource, private readonly reader: LogReader) {}

  /** @returns the statements in the order asked for, null for one that is not there; and the checkpoint, null before the first and when the newest does not cover them all. */
  async execute(refs: readonly { subject: string; seq: number }[]): Promise<{ statements: (ProvenStatement | null)[]; checkpoint: PublishedCheckpoint | null }> {
    const places = new Map<string, number>();
    const wanted: { item: number; subject: string; seq: number }[] = [];
    for (const { subject, seq } of refs) {
      const name = `${subject}/${seq}`;
      if (!places.has(name)) places.set(name, wanted.push({ item: wanted.length, subject, seq }) - 1);
    }
    const rows = wanted.length === 0 ? [] : await queryPrepared<Row>(this.dataSource, 'log-proven-statements', STATEMENTS, [JSON.stringify(wanted), ABSENT]);
    const leaves = rows.flatMap(({ leaf_index: leaf }) => (leaf === null ? [] : [Number(leaf)]));
    const checkpoint = leaves.length === 0 ? await this.reader.published() : await this.reader.publishedCovering(Math.max(...leaves));
    const paths = checkpoint === null ? new Map<number, Hash[]>() : await this.prove(rows, checkpoint.treeSize);
    const proven = new Map(rows.map(({ item, text, receipt, leaf_index: leaf }) => {
      const leafIndex = leaf === null ? null : Number(leaf);
      return [item, { text, receipt, leafIndex, path: leafIndex === null ? null : (paths.get(leafIndex) ?? null) }];
    }));
    return { statements: refs.map(({ subject, seq }) => proven.get(places.get(`${subject}/${seq}`) ?? -1) ?? null), checkpoint };
  }

  private async prove(rows: readonly Row[], treeSize: number): Promise<Map<number, Hash[]>> {
    const found = new Map<number, Hash>();
    const plans = new Map<number, NodeId[][]>();
    for (const { leaf_index: leaf, siblings } of rows) {
      if (leaf === null) continue;
      plans.set(Number(leaf), planInclusionProof(Number(leaf), treeSize));
      unpackHashes(siblings).forEach((hash, level) => {
        if (!ABSENT.equals(hash)) found.set(keyOf({ level, index: siblingOf(Number(leaf), level) }), hash);
      });
    }
    const missing = [...plans.values()].flat(2).filter((node) => !found.has(keyOf(node)) && !this.recall(node, found));
    const lookup = await readNodes(this.dataSource, missing);
    for (const node of missing) if (node.level >= UPPER) this.remember(node, lookup(node));
    return new Map([...plans].map(([leaf, plan]) => [leaf, assembleProof(plan, (node) => found.get(keyOf(node)) ?? lookup(node))]));
  }

  private recall(node: NodeId, found: Map<number, Hash>): boolean {
    const hash = this.known.get(keyOf(node));
    if (hash !== undefined) found.set(keyOf(node), hash);
    return hash !== undefined;
  }

  private remember(node: NodeId, hash: Hash): void {
    if (this.known.size >= MOST_KNOWN) this.known.clear();
    this.known.set(keyOf(node), hash);
  }
}

/** Levels are below 2^5, indexes below 2^48: both fit into one safe integer. */
const keyOf = ({ level, index }: NodeId): number => level * 2 ** 48 + index;

function siblingOf(leaf: number, level: number): number {
  const index = Math.floor(leaf / 2 ** level);
  return index % 2 === 0 ? index + 1 : index - 1;
}
