import { DataSource } from 'typeorm';
import { type Hash, HASH_LENGTH, type NodeId, toHash } from '../../lib/merkle/index.js';
import { queryPrepared, type Tx } from '../../platform/database/index.js';

// Scalar subqueries are look-ups by key; a join becomes a scan of the whole log whenever the statistics are older than the rows.
const NODES = `
  SELECT w.level, w.index, (SELECT n.hash FROM log_node n WHERE n.level = w.level AND n.index = w.index) AS hash FROM unnest($1::smallint[], $2::bigint[]) AS w(level, index)
  UNION ALL SELECT 0, w.index, (SELECT e.leaf_hash FROM log_entry e WHERE e.leaf_index = w.index) FROM unnest($3::bigint[]) AS w(index)`;

/**
 * Hashes of complete nodes, in one query. Level 0 is read from log_entry, the others from log_node.
 * @returns a lookup that throws LOG.FORKED-like errors for a node that the tree must have and has not.
 */
export async function readNodes(db: DataSource | Tx, nodes: readonly NodeId[]): Promise<(node: NodeId) => Hash> {
  const wanted = new Map<string, NodeId>();
  for (const node of nodes) wanted.set(`${node.level}/${node.index}`, node);
  const leaves: number[] = [];
  const levels: number[] = [];
  const indexes: number[] = [];
  for (const node of wanted.values()) {
    if (node.level === 0) leaves.push(node.index);
    else {
      levels.push(node.level);
      indexes.push(node.index);
    }
  }
  const found = new Map<string, Hash>();
  if (wanted.size > 0) {
    const parameters = [levels, indexes, leaves];
    const rows: { level: number; index: string; hash: Buffer | null }[] = db instanceof DataSource ? await queryPrepared(db, 'log-nodes', NODES, parameters) : await db.query(NODES, parameters);
    for (const { level, index, hash } of rows) if (hash !== null) found.set(`${level}/${index}`, toHash(hash));
  }
  return ({ level, index }) => {
    const hash = found.get(`${level}/${index}`);
    if (!hash) throw new Error(`the log has no node at level ${level}, index ${index}: run «zhengben log fsck»`);
    return hash;
  };
}

/** Consecutive hashes of one level: a tile's, or the leaf hashes of a range. Gaps throw. */
export async function readRow(db: DataSource | Tx, level: number, start: number, count: number): Promise<Uint8Array> {
  const rows: { packed: Buffer | null }[] = level === 0
    ? await db.query(`SELECT string_agg(leaf_hash, ''::bytea ORDER BY leaf_index) AS packed FROM log_entry WHERE leaf_index >= $1 AND leaf_index < $2`, [start, start + count])
    : await db.query(`SELECT string_agg(hash, ''::bytea ORDER BY index) AS packed FROM log_node WHERE level = $3 AND index >= $1 AND index < $2`, [start, start + count, level]);
  const packed = rows[0]?.packed;
  if (!packed || packed.length !== count * HASH_LENGTH) throw new Error(`the log misses hashes of level ${level} from ${start} to ${start + count}: run «zhengben log fsck»`);
  return packed;
}

/** One buffer of 32-byte hashes → the hashes. */
export function unpackHashes(packed: Uint8Array): Hash[] {
  const hashes: Hash[] = [];
  for (let at = 0; at < packed.length; at += HASH_LENGTH) hashes.push(toHash(packed.subarray(at, at + HASH_LENGTH)));
  return hashes;
}
