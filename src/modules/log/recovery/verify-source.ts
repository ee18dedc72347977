import type { DataSource } from 'typeorm';
import { bytesToHex } from '../../../lib/bytes/index.js';
import { type LogSource, readEntriesOf, TileTree, hashEntry, walkEntries } from '../../../platform/tlog/index.js';
import type { LogHead } from '../place-leaves.js';
import { type RecoveredStatement, RecoveryError, toRecovered } from './recovered-statement.js';

const SHOWN = 100;

/**
 * Everything under a signed checkpoint, before anything is written: the entries give its root, what the database holds is their beginning, and none of
 * what is missing stands in the way of a statement that the restored database has accepted since.
 * @throws RecoveryError.
 */
export async function verifySource(source: LogSource, checkpoint: LogHead, database: LogHead, dataSource: DataSource, onProgress: (done: number, total: number) => void): Promise<void> {
  const tree = new TileTree();
  const collisions: string[] = [];
  let collided = 0;
  if (database.treeSize === 0) assertRoot(tree, database);
  for await (const { start, entries } of walkEntries(0, checkpoint.treeSize, (index, width) => readEntriesOf(source, index, width))) {
    const missing: RecoveredStatement[] = [];
    for (const [at, bytes] of entries.entries()) {
      if (start + at >= database.treeSize) missing.push(toRecovered(bytes, start + at));
      tree.append(hashEntry(bytes));
      if (tree.size === database.treeSize) assertRoot(tree, database);
    }
    for (const collision of await findCollisions(dataSource, missing)) {
      collided++;
      if (collisions.length < SHOWN) collisions.push(collision);
    }
    onProgress(start + entries.length, checkpoint.treeSize);
  }
  const root = tree.root();
  if (!root.equals(checkpoint.rootHash)) throw new RecoveryError(`the entries of ${source.name} give the root ${root.toString('hex')}, its checkpoint says ${bytesToHex(checkpoint.rootHash)}: it is damaged; use another mirror`);
  if (collided > 0) {
    throw new RecoveryError(`${collided} statements that the restored database has accepted stand where the log holds others. Nothing was written; see docs/operations.md, «Collisions».`, collisions);
  }
}

function assertRoot(tree: TileTree, database: LogHead): void {
  if (tree.root().equals(database.rootHash)) return;
  throw new RecoveryError(`at tree size ${database.treeSize} the database has root ${bytesToHex(database.rootHash)}, the log has ${tree.root().toString('hex')}: the database has signed another history. That cannot be recovered: begin a succession (docs/operations.md).`);
}

/** Where the database has another statement at the same place of a chain, or the same one at another place of the log. */
export async function findCollisions(db: Pick<DataSource, 'query'>, statements: readonly RecoveredStatement[]): Promise<string[]> {
  if (statements.length === 0) return [];
  const rows: { subject: string; seq: number; leaf_hash: Buffer; leaf_index: string | null; place: string }[] = await db.query(
    `SELECT s.subject, s.seq, s.leaf_hash, e.leaf_index, w.place FROM unnest($1::text[], $2::integer[]) WITH ORDINALITY AS w(subject, seq, place)
       JOIN statement s ON s.subject = w.subject AND s.seq = w.seq LEFT JOIN log_entry e USING (ordinal)`,
    [statements.map(({ statement }) => statement.subject), statements.map(({ statement }) => statement.seq)],
  );
  return rows.flatMap(({ subject, seq, leaf_hash, leaf_index, place }) => {
    const recovered = statements[Number(place) - 1] as RecoveredStatement;
    if (!recovered.leafHash.equals(leaf_hash)) return [`${subject} seq ${seq}: entry ${recovered.leafIndex} of the log has leaf ${recovered.leafHash.toString('hex')}, the database has ${leaf_hash.toString('hex')}`];
    return leaf_index === null ? [] : [`${subject} seq ${seq}: stands at entry ${recovered.leafIndex} of the log, and at ${leaf_index} in the database`];
  });
}
