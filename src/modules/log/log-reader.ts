import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { assembleProof, decomposeTree, foldSubtrees, type Hash, planConsistencyProof, planInclusionProof, toHash, toTreeSize, type TreeSize } from '../../lib/merkle/index.js';
import { parseStatement } from '../../lib/statement/index.js';
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

interface CheckpointRow {
  tree_size: string;
  root_hash: Buffer;
  note: string;
  signed_at: Date;
}

function toCheckpoint(row: CheckpointRow): PublishedCheckpoint {
  return { treeSize: toTreeSize(Number(row.tree_size)), rootHash: toHash(row.root_hash), note: row.note, signedAt: row.signed_at };
}

/** How other modules read the log. Speaks only of what is published. */
@Injectable()
export class LogReader {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** The newest published checkpoint; null before the first. */
  async published(): Promise<PublishedCheckpoint | null> {
    const [row]: CheckpointRow[] = await this.dataSource.query('SELECT c.* FROM log_head h JOIN log_checkpoint c ON c.tree_size = h.published_size');
    return row ? toCheckpoint(row) : null;
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

  /** The chain of a subject, from its first statement on. */
  async chain(subject: string): Promise<ChainEntry[]> {
    const rows: {
      seq: number; type: string; bytes: Buffer; leaf_hash: Buffer; accepted_at: Date; receipt: string; disclosures: string[] | null; leaf_index: string | null; logged_at: Date | null;
    }[] = await this.dataSource.query(
      `SELECT s.seq, s.type, s.bytes, s.leaf_hash, s.accepted_at, s.receipt, d.disclosures, e.leaf_index,
              (SELECT c.signed_at FROM log_checkpoint c WHERE c.tree_size > e.leaf_index ORDER BY c.tree_size LIMIT 1) AS logged_at
         FROM statement s
         LEFT JOIN statement_disclosure d USING (subject, seq)
         LEFT JOIN log_entry e ON e.ordinal = s.ordinal AND e.leaf_index < (SELECT published_size FROM log_head)
        WHERE s.subject = $1 ORDER BY s.seq`,
      [subject],
    );
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
