import type { DataSource } from 'typeorm';
import { equalBytes } from '../../../lib/bytes/index.js';
import { parseCheckpoint } from '../../../lib/note/index.js';
import { transact, type Tx } from '../../../platform/database/index.js';
import { writePoint } from '../../../platform/fault-points/index.js';
import { downloadTree, type LogSource, NoteVerifier, readEntriesOf, removePartials, rootAt, walkEntries } from '../../../platform/tlog/index.js';
import type { LogKeys } from '../log-keys.js';
import type { LogHead } from '../place-leaves.js';
import type { TileStore } from '../tile-store.js';
import { insertMissing, placeBatch } from './import-batch.js';
import { type Projection, type RecoveredStatement, RecoveryError, toRecovered } from './recovered-statement.js';
import { findCollisions, verifySource } from './verify-source.js';

export interface RecoverRequest {
  readonly dataSource: DataSource;
  readonly keys: LogKeys;
  /** The directory of the published log. */
  readonly files: TileStore;
  /** A mirror, a server, or that directory itself. */
  readonly source: LogSource;
  /** Verifier keys that count besides the present ones. */
  readonly vkeys?: readonly string[];
  readonly projections: readonly Projection[];
  readonly now?: Date;
  readonly onProgress?: (phase: 'verify' | 'copy' | 'import', done: number, total: number) => void;
}

export interface Recovery {
  readonly fromSize: number;
  readonly toSize: number;
  /** Statements that the database had lost. */
  readonly inserted: number;
  /** Statements that it had, but without their place. */
  readonly placed: number;
  /** Statements that wait for a place now, after the recovered ones. */
  readonly pending: number;
}

const MAX_SEEN = 256 * 1024 * 1024;

interface Signed extends LogHead {
  readonly note: string;
}

/**
 * Brings back what a restored database has lost of its log (DESIGN invariant 2). Verifies the signed checkpoint and everything under it first; then brings
 * the published directory to that size, so that no service can sign before the end; then imports, a bundle a transaction, under the sequencer's lock.
 * Run again after a crash it goes on. Statements that exist are never touched.
 * @throws RecoveryError; VerificationError when the checkpoint is not signed by the log.
 */
export async function recoverLog({ dataSource, keys, files, source, vkeys = [], projections, now = new Date(), onProgress = () => undefined }: RecoverRequest): Promise<Recovery> {
  const verifier = new NoteVerifier([...keys.vkeys, ...vkeys]);
  const target = await readSigned(source, verifier, keys.origin);
  if (!target) throw new RecoveryError(`${source.name} holds no checkpoint`);
  const own: LogSource = { name: files.root, get: (path) => files.get(path) };
  const isOwn = source.name === files.root;
  const published = isOwn ? target : await readSigned(own, verifier, keys.origin);
  if (published && published.treeSize > target.treeSize) {
    throw new RecoveryError(`${files.root} was already published to tree size ${published.treeSize}, ${source.name} ends at ${target.treeSize}: use --from ${files.root}`);
  }
  const head = await readHead(dataSource);
  if (head.treeSize > target.treeSize) throw new RecoveryError(`the database is at tree size ${head.treeSize}, beyond ${target.treeSize} of ${source.name}: there is nothing to recover from it`);
  await verifySource(source, target, head, dataSource, (done, total) => onProgress('verify', done, total));
  if (published && !equalBytes(await rootAt(source, published.treeSize, target.treeSize), published.rootHash)) {
    throw new RecoveryError(`what was published in ${files.root} (size ${published.treeSize}) is not the beginning of ${source.name}: two signed histories. That cannot be recovered: begin a succession (docs/operations.md).`);
  }
  if (!isOwn) {
    await downloadTree({ source, store: files, from: 0, to: target, keepOnFailure: true, onProgress: (done) => onProgress('copy', done, target.treeSize) });
    await writePoint('recover.publish', () => files.put('checkpoint', target.note));
    if (published) await removePartials(files, published.treeSize, target.treeSize);
  }
  const counts = await importEntries({ dataSource, keys, own, target, projections, now, onProgress: (done) => onProgress('import', done, target.treeSize) });
  await addCheckpoints(dataSource, source, own, verifier, target);
  // A service compares with both again when it starts, before it signs.
  await writePoint('recover.gate', () => dataSource.query('UPDATE log_head SET published_contradiction = NULL, anchored_contradiction = NULL'));
  const [waiting]: { count: string }[] = await dataSource.query('SELECT count(*) FROM statement_pending');
  return { fromSize: head.treeSize, toSize: target.treeSize, ...counts, pending: Number(waiting?.count ?? 0) };
}

interface ImportRequest {
  readonly dataSource: DataSource;
  readonly keys: LogKeys;
  readonly own: LogSource;
  readonly target: Signed;
  readonly projections: readonly Projection[];
  readonly now: Date;
  readonly onProgress: (done: number) => void;
}

async function importEntries({ dataSource, keys, own, target, projections, now, onProgress }: ImportRequest): Promise<{ inserted: number; placed: number }> {
  let [inserted, placed] = [0, 0];
  const { treeSize } = await readHead(dataSource);
  for await (const { start, entries } of walkEntries(treeSize, target.treeSize, (index, width) => readEntriesOf(own, index, width))) {
    const statements = entries.map((bytes, at) => toRecovered(bytes, start + at));
    const missing = await findMissing(dataSource, statements);
    const writes = await Promise.all(projections.map((projection) => projection(missing)));
    await transact(dataSource, async (tx) => {
      const head = await lockHead(tx);
      if (head.treeSize !== start) throw new RecoveryError('another process moved the head of the log meanwhile: stop every service that uses this database, and run the command again');
      const collisions = await findCollisions(tx, statements);
      if (collisions.length > 0) throw new RecoveryError('the service has accepted statements meanwhile that stand where the log holds others: stop it', collisions);
      await insertMissing(tx, missing, keys, now);
      for (const write of writes) await write(tx, start + entries.length === target.treeSize);
      const next = await placeBatch(tx, head, statements);
      const isLast = next.treeSize === target.treeSize;
      if (isLast && !equalBytes(next.rootHash, target.rootHash)) throw new RecoveryError(`the imported entries do not give the root of the checkpoint: ${own.name} has changed meanwhile`);
      if (isLast) await addLastCheckpoint(tx, target);
      await writePoint('recover.head', () =>
        tx.query(`UPDATE log_head SET tree_size = $1, root_hash = $2, published_size = CASE WHEN $3 THEN $1 ELSE published_size END`, [next.treeSize, Buffer.from(next.rootHash), isLast]));
    });
    inserted += missing.length;
    placed += statements.length - missing.length;
    onProgress(start + entries.length);
  }
  return { inserted, placed };
}

async function findMissing(dataSource: DataSource, statements: readonly RecoveredStatement[]): Promise<RecoveredStatement[]> {
  const rows: { place: string }[] = await dataSource.query(
    `SELECT w.place FROM unnest($1::text[], $2::integer[]) WITH ORDINALITY AS w(subject, seq, place)
      WHERE NOT EXISTS (SELECT 1 FROM statement s WHERE s.subject = w.subject AND s.seq = w.seq) ORDER BY w.place`,
    [statements.map(({ statement }) => statement.subject), statements.map(({ statement }) => statement.seq)],
  );
  return rows.map(({ place }) => statements[Number(place) - 1] as RecoveredStatement);
}

/** Waits for a batch of a sequencer that may be under way; holds others off until the transaction ends. */
async function lockHead(tx: Tx): Promise<LogHead> {
  await tx.query(`SELECT pg_advisory_xact_lock(hashtext('zhengben.sequencer'))`);
  return readHead(tx);
}

async function readHead(db: Pick<DataSource, 'query'>): Promise<LogHead> {
  const [head]: { tree_size: string; root_hash: Buffer }[] = await db.query('SELECT tree_size, root_hash FROM log_head');
  if (!head) throw new RecoveryError('the log has no head: run «zhengben migrate» first');
  return { treeSize: Number(head.tree_size), rootHash: head.root_hash };
}

async function readSigned(source: LogSource, verifier: NoteVerifier, origin: string): Promise<Signed | null> {
  const note = (await source.get('checkpoint', 1_000_000))?.toString('utf8');
  if (note === undefined) return null;
  const checkpoint = parseCheckpoint(verifier.open(note).text);
  if (checkpoint.origin !== origin) throw new RecoveryError(`${source.name} is the log «${checkpoint.origin}», this is «${origin}»`);
  return { treeSize: checkpoint.treeSize, rootHash: checkpoint.rootHash, note };
}

/**
 * When it was signed is not known; the last statement under it was accepted a moment before. Never later than a receipt of the restored database
 * promised, though: that promise was kept.
 */
async function addLastCheckpoint(tx: Tx, { treeSize, rootHash, note }: Signed): Promise<void> {
  await writePoint('recover.checkpoint', () =>
    tx.query(
      `INSERT INTO log_checkpoint (tree_size, root_hash, note, signed_at)
       SELECT $1, $2, $3, least(max(s.accepted_at), min(split_part(s.receipt, E'\n', 4)::timestamptz))
         FROM log_entry e JOIN statement s USING (ordinal) WHERE e.leaf_index >= (SELECT coalesce(max(tree_size), 0) FROM log_checkpoint)
       ON CONFLICT DO NOTHING`,
      [treeSize, Buffer.from(rootHash), note],
    ));
}

/** A mirror keeps every checkpoint that it has seen: what was anchored meanwhile is among them. */
async function addCheckpoints(dataSource: DataSource, source: LogSource, own: LogSource, verifier: NoteVerifier, target: Signed): Promise<void> {
  const seen = await source.get('.mirror/checkpoints.jsonl', MAX_SEEN).catch(() => null);
  for (const line of seen?.toString('utf8').split('\n') ?? []) {
    if (line === '') continue;
    const { note, seenAt } = JSON.parse(line) as { note: string; seenAt: string };
    const { treeSize, rootHash } = parseCheckpoint(verifier.open(note).text);
    if (treeSize === 0 || treeSize >= target.treeSize || !equalBytes(await rootAt(own, treeSize, target.treeSize), rootHash)) continue;
    await writePoint('recover.checkpoint', () =>
      dataSource.query(
        `INSERT INTO log_checkpoint (tree_size, root_hash, note, signed_at)
         SELECT $1, $2, $3, least($4::timestamptz, signed_at) FROM log_checkpoint WHERE tree_size > $1 ORDER BY tree_size LIMIT 1
         ON CONFLICT DO NOTHING`,
        [treeSize, Buffer.from(rootHash), note, seenAt],
      ));
  }
}
