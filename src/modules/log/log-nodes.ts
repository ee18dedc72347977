import { DataSource } from 'typeorm';
import { type Hash, HASH_LENGTH, type NodeId, toHash } from '../../lib/merkle/index.js';
import { queryPrepared, type Tx } from '../../platform/database/index.js';

/** Stands for a hash that is not there; no data is known that has this SHA-256. */
export const ABSENT = Buffer.alloc(HASH_LENGTH);

// Scalar subqueries are look-ups by key; a join becomes a scan of the whole log whenever the statistics are older than the rows. All hashes come as
// one value, in the order in which they were asked for: a row for each would take the client longer than the look-ups take PostgreSQL.
const NODES = `
  SELECT (SELECT string_agg(coalesce((SELECT n.hash FROM log_node n WHERE n.level = w.level AND n.index = w.index), $4), ''::bytea ORDER BY w.place)
            FROM unnest($1::smallint[], $2::bigint[]) WITH ORDINALITY AS w(level, index, place)) AS nodes,
         (SELECT string_agg(coalesce((SELECT e.leaf_hash FROM log_entry e WHERE e.leaf_index = w.index), $4), ''::bytea ORDER BY w.place)
            FROM unnest($3::bigint[]) WITH ORDINALITY AS w(index, place)) AS leaves`;

/**
 * Hashes of complete nodes, in one query. Level 0 is read from log_entry, the others from log_node.
 * @returns a lookup that throws LOG.FORKED-like errors for a node that the tree must have and has not.
 */
export async function readNodes(db: DataSource | Tx, nodes: readonly NodeId[]): Promise<(node: NodeId) => Hash> {
  const wanted = [...new Map(nodes.map((node) => [`${node.level}/${node.index}`, node])).values()];
  const [inner, leaves] = [wanted.filter(({ level }) => level > 0), wanted.filter(({ level }) => level === 0)];
  const found = new Map<string, Hash>();
  if (wanted.length > 0) {
    const parameters = [inner.map(({ level }) => level), inner.map(({ index }) => index), leaves.map(({ index }) => index), ABSENT];
    const [row]: { nodes: Buffer | null; leaves: Buffer | null }[] = db instanceof DataSource ? await queryPrepared(db, 'log-nodes', NODES, parameters) : await db.query(NODES, parameters);
    const hashes = [...unpackHashes(row?.nodes ?? new Uint8Array()), ...unpackHashes(row?.leaves ?? new Uint8Array())];
    [...inner, ...leaves].forEach(({ level, index }, i) => {
      const hash = hashes[i];
      if (hash !== undefined && !ABSENT.equals(hash)) found.set(`${level}/${index}`, hash);
    });
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
