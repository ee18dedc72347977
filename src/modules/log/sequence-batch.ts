import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { DomainError } from '../../lib/errors/index.js';
import { toHash, toTreeSize, type TreeSize } from '../../lib/merkle/index.js';
import { transact, type Tx } from '../../platform/database/index.js';
import { writePoint } from '../../platform/fault-points/index.js';
import { LogKeys } from './log-keys.js';
import { placeLeaves } from './place-leaves.js';

/** What a batch did: how many statements got their place, and the tree's size after it. Null when another process is at it, or the gate is closed. */
export interface Sequenced {
  readonly placed: number;
  readonly treeSize: TreeSize;
  /** When the oldest statement of the batch was accepted; null when there was none. */
  readonly oldestAcceptedAt: Date | null;
}

/**
 * Gives statements that have no place yet the next ones, and signs the checkpoint over them, all in one transaction: the transaction's
 * advisory lock keeps two sequencers apart, and the compare-and-swap of the head would refuse the second even without it.
 */
@Injectable()
export class SequenceBatch {
  constructor(@InjectDataSource() private readonly dataSource: DataSource, private readonly keys: LogKeys) {}

  /** @param limit how many statements at the most. @throws DomainError `LOG.FORKED` when the stored tree contradicts its head. */
  execute(limit: number): Promise<Sequenced | null> {
    return transact(this.dataSource, (tx) => this.sequence(tx, limit));
  }

  private async sequence(tx: Tx, limit: number): Promise<Sequenced | null> {
    const [state]: { alone: boolean; tree_size: string; root_hash: Buffer }[] = await tx.query(
      `SELECT pg_try_advisory_xact_lock(hashtext('zhengben.sequencer')) AS alone, tree_size, root_hash FROM log_head`,
    );
    if (!state?.alone) return null;
    // The head was read in the snapshot of the statement that took the lock; another batch may have ended just before.
    const [head]: { tree_size: string; root_hash: Buffer; is_closed: boolean }[] = await tx.query(
      'SELECT tree_size, root_hash, published_contradiction IS NOT NULL OR anchored_contradiction IS NOT NULL AS is_closed FROM log_head',
    );
    if (!head) throw new DomainError('LOG.FORKED', 'The log has no head.');
    // Another process may have seen what this one has not.
    if (head.is_closed) return null;
    const size = toTreeSize(Number(head.tree_size));

    // Ordinals rise within a subject, because its writers hold its head's lock: n + 1 never comes before n.
    // The bounds keep the join to the batch's own stretch of the log; a merge join would else begin at the log's first statement.
    const [pending]: { ordinals: string[] | null; leaves: Buffer | null; oldest: Date | null }[] = await tx.query(
      `WITH batch AS MATERIALIZED (SELECT ordinal FROM statement_pending ORDER BY ordinal LIMIT $1)
       SELECT array_agg(ordinal ORDER BY ordinal) AS ordinals, string_agg(leaf_hash, ''::bytea ORDER BY ordinal) AS leaves, min(accepted_at) AS oldest
         FROM batch JOIN statement USING (ordinal)
        WHERE ordinal BETWEEN (SELECT min(ordinal) FROM batch) AND (SELECT max(ordinal) FROM batch)`,
      [limit],
    );
    if (!pending?.ordinals || !pending.leaves) return { placed: 0, treeSize: size, oldestAcceptedAt: null };

    const appended = await placeLeaves(tx, { treeSize: size, rootHash: head.root_hash }, pending.ordinals, pending.leaves);
    const placed = pending.ordinals.length;
    const note = this.keys.signCheckpoint(appended.size, toHash(appended.root));
    await writePoint('sequence.checkpoint', () =>
      tx.query('INSERT INTO log_checkpoint (tree_size, root_hash, note, signed_at) VALUES ($1, $2, $3, now())', [appended.size, Buffer.from(appended.root), note]));
    const moved: [unknown[], number] = await writePoint('sequence.head', () =>
      tx.query('UPDATE log_head SET tree_size = $1, root_hash = $2 WHERE tree_size = $3', [appended.size, Buffer.from(appended.root), size]));
    if (moved[1] !== 1) throw new DomainError('LOG.FORKED', 'Another sequencer moved the head of the log.');
    return { placed, treeSize: appended.size, oldestAcceptedAt: pending.oldest };
  }
}
