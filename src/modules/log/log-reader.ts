import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { assembleProof, decomposeTree, foldSubtrees, type Hash, planConsistencyProof, planInclusionProof, toHash, toTreeSize, type TreeSize } from '../../lib/merkle/index.js';
import { parseStatement } from '../../lib/statement/index.js';
import { queryPrepared } from '../../platform/database/index.js';
import { readNodes } from './log-nodes.js';

export interface PublishedCheckpoint {
  readonly treeSize: TreeSize;
  readonly rootHash: Hash;
  /** The signed note. */
  readonly note: string;
  readonly signedAt: Date;
}

/** A statement of a subject's chain as it is stored, and its place in the log when it has one that is published. */
export interface ChainEntry {
  readonly seq: number;
  readonly type: string;
  readonly bytes: Buffer;
  readonly leafHash: Hash;
  readonly acceptedAt: Date;
  readonly receipt: string;
  readonly disclosures: readonly string[];
  readonly leafIndex: number | null;
  readonly loggedAt: Date | null;
}

/** For so long a checkpoint that covers what is asked for need not be the very newest. */
const SEEN_MS = 1_000;

interface CheckpointRow {
  tree_size: string;
  root_hash: Buffer;
  note: string;
  signed_at: Date;
}

// Scalar subqueries are look-ups by key; joins become scans of the whole log whenever the statistics are older than the rows.
const CHAIN = `
  SELECT s.seq, s.type, s.bytes, s.leaf_hash, s.accepted_at, s.receipt, s.disclosures, s.leaf_index,
         (SELECT c.signed_at FROM log_checkpoint c WHERE c.tree_size > s.leaf_index ORDER BY c.tree_size LIMIT 1) AS logged_at
    FROM (SELECT s.*, (SELECT d.disclosures FROM statement_disclosure d WHERE d.subject = s.subject AND d.seq = s.seq) AS disclosures,
                 (SELECT e.leaf_index FROM log_entry e WHERE e.ordinal = s.ordinal AND e.leaf_index < (SELECT published_size FROM log_head)) AS leaf_index
            FROM statement s WHERE s.subject = $1 OFFSET 0) s
   ORDER BY s.seq`;

/** A statement, its receipt, and its place in the log when it has one that is published. */
export interface PlacedStatement {
  /** The canonical JSON. */
  readonly text: string;
  readonly receipt: string;
  readonly leafIndex: number | null;
}

/** As JSON rather than arrays, whose lengths the planner would look at, to plan anew for every call. */
const STATEMENTS = `
  SELECT q.item::integer, convert_from(s.bytes, 'UTF8') AS text, s.receipt,
         (SELECT e.leaf_index FROM log_entry e WHERE e.ordinal = s.ordinal AND e.leaf_index < (SELECT published_size FROM log_head)) AS leaf_index
    FROM jsonb_to_recordset($1::jsonb) AS q(item integer, subject text, seq integer)
    CROSS JOIN LATERAL (SELECT * FROM statement s WHERE s.subject = q.subject AND s.seq = q.seq OFFSET 0) s`;

function toCheckpoint(row: CheckpointRow): PublishedCheckpoint {
  return { treeSize: toTreeSize(Number(row.tree_size)), rootHash: toHash(row.root_hash), note: row.note, signedAt: row.signed_at };
}

/** How other modules read the log. Speaks only of what is published. */
@Injectable()
export class LogReader {
  private seen: { readonly newest: PublishedCheckpoint | null; readonly at: number } = { newest: null, at: 0 };

  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** The newest published checkpoint; null before the first. */
  async published(): Promise<PublishedCheckpoint | null> {
    const [row] = await queryPrepared<CheckpointRow>(this.dataSource, 'log-published', 'SELECT tree_size, root_hash, note, signed_at FROM log_checkpoint WHERE tree_size = (SELECT published_size FROM log_head)', []);
    const newest = row ? toCheckpoint(row) : null;
    this.seen = { newest, at: Date.now() };
    return newest;
  }

  /** A published checkpoint over the leaf; at most {@link SEEN_MS} older than the newest. Null when none covers it yet. */
  async publishedCovering(leafIndex: number): Promise<PublishedCheckpoint | null> {
    const { newest, at } = this.seen;
    const covering = newest !== null && newest.treeSize > leafIndex && at + SEEN_MS > Date.now() ? newest : await this.published();
    return covering !== null && covering.treeSize > leafIndex ? covering : null;
  }

  /** The checkpoint of exactly this size, when one was signed. */
  async checkpointAt(treeSize: number): Promise<PublishedCheckpoint | null> {
    const [row]: CheckpointRow[] = await this.dataSource.query('SELECT * FROM log_checkpoint WHERE tree_size = $1', [treeSize]);
    return row ? toCheckpoint(row) : null;
  }

  /** The verifier keys that the log had before its rotations. */
  async formerKeys(): Promise<string[]> {
    const rows: { bytes: Buffer }[] = await this.dataSource.query(`SELECT bytes FROM statement WHERE subject = 'log' AND type = 'log.key-changed' ORDER BY seq`);
    return rows.map(({ bytes }) => String(parseStatement(bytes).body['from']));
  }

  async rootAt(treeSize: number): Promise<Hash> {
    const nodes = decomposeTree(treeSize);
    return foldSubtrees(nodes.map(await readNodes(this.dataSource, nodes)));
  }

  async consistencyProof(oldSize: number, newSize: number): Promise<Hash[]> {
    const plan = planConsistencyProof(oldSize, newSize);
    return assembleProof(plan, await readNodes(this.dataSource, plan.flat()));
  }

  /** The proofs of several leaves in one tree, in the order of `leafIndexes`, with one query for all of their nodes. */
  async inclusionProofs(leafIndexes: readonly number[], treeSize: number): Promise<Hash[][]> {
    const plans = leafIndexes.map((leafIndex) => planInclusionProof(leafIndex, treeSize));
    const lookup = await readNodes(this.dataSource, plans.flat(2));
    return plans.map((plan) => assembleProof(plan, lookup));
  }

  /** Statements by their places in their chains, in the order asked for; null for one that is not there. */
  async statements(refs: readonly { subject: string; seq: number }[]): Promise<(PlacedStatement | null)[]> {
    const rows = await queryPrepared<{ item: number; text: string; receipt: string; leaf_index: string | null }>(this.dataSource, 'log-statements', STATEMENTS, [JSON.stringify(refs.map(({ subject, seq }, i) => ({ item: i + 1, subject, seq })))]);
    const found = new Map(rows.map((row) => [row.item, { text: row.text, receipt: row.receipt, leafIndex: row.leaf_index === null ? null : Number(row.leaf_index) }]));
    return refs.map((_, i) => found.get(i + 1) ?? null);
  }

  /** The chain of a subject, from its first statement on. */
  async chain(subject: string): Promise<ChainEntry[]> {
    const rows: {
      seq: number; type: string; bytes: Buffer; leaf_hash: Buffer; accepted_at: Date; receipt: string; disclosures: string[] | null; leaf_index: string | null; logged_at: Date | null;
    }[] = await queryPrepared(this.dataSource, 'log-chain', CHAIN, [subject]);
    return rows.map((row) => ({
      seq: row.seq,
      type: row.type,
      bytes: row.bytes,
      leafHash: toHash(row.leaf_hash),
      acceptedAt: row.accepted_at,
      receipt: row.receipt,
      disclosures: row.disclosures ?? [],
      leafIndex: row.leaf_index === null ? null : Number(row.leaf_index),
      loggedAt: row.logged_at,
    }));
  }
}
