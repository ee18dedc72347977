import { equalBytes } from '../../lib/bytes/index.js';
import { DomainError } from '../../lib/errors/index.js';
import { type Appended, appendLeaves, decomposeTree, foldSubtrees } from '../../lib/merkle/index.js';
import type { Tx } from '../../platform/database/index.js';
import { writePoint } from '../../platform/fault-points/index.js';
import { readNodes, unpackHashes } from './log-nodes.js';

export interface LogHead {
  readonly treeSize: number;
  readonly rootHash: Uint8Array;
}

/**
 * Gives statements the places after the head, with all nodes that come into being. The sequencer and a recovery place by this same code; moving the
 * head and the checkpoint are theirs. The caller holds the sequencer's lock.
 * @param ordinals of the statements, in the order of their places. @param leaves their leaf hashes, one buffer of 32 bytes each.
 * @throws DomainError `LOG.FORKED` when the stored nodes do not give the head's root.
 */
export async function placeLeaves(tx: Tx, head: LogHead, ordinals: readonly string[], leaves: Buffer): Promise<Appended> {
  const size = head.treeSize;
  const ids = decomposeTree(size);
  const lookup = await readNodes(tx, ids);
  const frontier = ids.map(lookup);
  if (!equalBytes(foldSubtrees(frontier), head.rootHash)) throw new DomainError('LOG.FORKED', `The nodes of the tree of size ${size} do not give its root: run «zhengben log fsck».`);

  const levels: number[] = [];
  const indexes: number[] = [];
  const hashes: Uint8Array[] = [];
  const appended = appendLeaves(size, frontier, unpackHashes(leaves), (level, index, hash) => {
    levels.push(level);
    indexes.push(index);
    hashes.push(hash);
  });
  await writePoint('sequence.entries', () =>
    tx.query(`INSERT INTO log_entry (leaf_index, ordinal, leaf_hash)
              SELECT $1::bigint + o.place - 1, o.ordinal, substring($3::bytea FROM (o.place::integer - 1) * 32 + 1 FOR 32)
                FROM unnest($2::bigint[]) WITH ORDINALITY AS o(ordinal, place)`, [size, ordinals, leaves]));
  if (hashes.length > 0) {
    await writePoint('sequence.nodes', () =>
      tx.query(`INSERT INTO log_node (level, index, hash)
                SELECT n.level, n.index, substring($3::bytea FROM (n.place::integer - 1) * 32 + 1 FOR 32)
                  FROM unnest($1::smallint[], $2::bigint[]) WITH ORDINALITY AS n(level, index, place)`, [levels, indexes, Buffer.concat(hashes)]));
  }
  await writePoint('sequence.dequeue', () => tx.query('DELETE FROM statement_pending WHERE ordinal = ANY ($1::bigint[])', [ordinals]));
  return appended;
}
