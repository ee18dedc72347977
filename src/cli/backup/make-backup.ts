import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Client } from 'pg';
import { encodeEntries, entriesPath, TILE_WIDTH, tilePath } from '../../lib/merkle/index.js';
import { blobPath } from '../../platform/blobs/blob-path.js';
import { FileStore } from '../../platform/blobs/file-store.js';
import { BackupWriter } from './backup-writer.js';
import { copyOut } from './pg-copy.js';
import { listMigrations, listTables } from './tables.js';

export interface BackupRequest {
  readonly ownerUrl: string;
  readonly dataDir: string;
  readonly target: string;
  readonly say: (line: string) => void;
}

export interface BackupResult {
  readonly treeSize: number;
  readonly rows: number;
  readonly blobs: number;
  /** Blobs that works refer to and that are missing or damaged on disk. */
  readonly damaged: readonly string[];
}

/**
 * One snapshot of the database, the files that it refers to, and the log as far as it was published in that snapshot. The service may go on meanwhile: what
 * works refer to is never removed, and tiles never change.
 */
export async function makeBackup({ ownerUrl, dataDir, target, say }: BackupRequest): Promise<BackupResult> {
  const client = new Client({ connectionString: ownerUrl, application_name: 'zhengben-backup' });
  await client.connect();
  const writer = await BackupWriter.open(target);
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const { rows: [head] } = await client.query<{ tree_size: string; root_hash: Buffer; published_size: string }>('SELECT tree_size, root_hash, published_size FROM log_head');
    if (!head) throw new Error('the log has no head');
    const migrations = await listMigrations(client);
    const tables: { name: string; columns: string[]; rows: number }[] = [];
    for (const { name, sql, columns } of await listTables(client)) {
      const copy = copyOut(client, `COPY ${sql} (${columns.join(', ')}) TO STDOUT`);
      await writer.add(`database/${name}.copy`, copy.stream);
      tables.push({ name, columns: [...columns], rows: copy.rows() });
    }
    const rows = tables.reduce((sum, table) => sum + table.rows, 0);
    say(`${tables.length} tables, ${rows} rows`);
    const { blobs, damaged } = await addBlobs(client, dataDir, writer);
    say(`${blobs} files of works`);
    await addLog(client, dataDir, Number(head.published_size), writer);
    const treeSize = Number(head.tree_size);
    await writer.finish({
      format: 'zhengben-backup/1', createdAt: new Date().toISOString(), treeSize, rootHash: head.root_hash.toString('hex'), publishedSize: Number(head.published_size), migrations, tables,
    });
    return { treeSize, rows, blobs, damaged };
  } catch (error) {
    await writer.abandon();
    throw error;
  } finally {
    await client.end();
  }
}

const PAGE = 1_000;

async function addBlobs(client: Client, dataDir: string, writer: BackupWriter): Promise<{ blobs: number; damaged: string[] }> {
  const damaged: string[] = [];
  let blobs = 0;
  for (let after: Uint8Array = new Uint8Array(0); ;) {
    const { rows } = await client.query<{ sha256: Buffer }>(
      `SELECT sha256 FROM blob b WHERE sha256 > $1 AND EXISTS (SELECT 1 FROM blob_use u WHERE u.sha256 = b.sha256) ORDER BY sha256 LIMIT ${PAGE}`, [Buffer.from(after)]);
    for (const row of rows) {
      const sha256 = row.sha256.toString('hex');
      const path = blobPath(dataDir, sha256);
      const exists = await stat(path).then(() => true, () => false);
      const found = exists ? await writer.add(`blobs/${sha256.slice(0, 2)}/${sha256}`, createReadStream(path, { highWaterMark: 1024 * 1024 })) : null;
      if (found === sha256) blobs++;
      else damaged.push(path);
    }
    const last = rows.at(-1);
    if (!last) return { blobs, damaged };
    after = last.sha256;
  }
}

/** The published log at exactly the size of the snapshot: its files where they are, else from the snapshot itself. */
async function addLog(client: Client, dataDir: string, size: number, writer: BackupWriter): Promise<void> {
  if (size === 0) return;
  const files = new FileStore(`${dataDir}/log`);
  const add = async (path: string, fromDatabase: () => Promise<Uint8Array>): Promise<void> => writer.addBytes(`log/${path}`, (await files.get(path)) ?? (await fromDatabase()));
  for (let [level, count] = [0, size]; count > 0; level++, count = Math.floor(count / TILE_WIDTH)) {
    for (let index = 0; index * TILE_WIDTH < count; index++) {
      const width = Math.min(TILE_WIDTH, count - index * TILE_WIDTH);
      const [from, to] = [index * TILE_WIDTH, index * TILE_WIDTH + width];
      await add(tilePath(level, index, width), () => readHashes(client, level * 8, from, to));
      if (level === 0) await add(entriesPath(index, width), () => readEntries(client, from, to));
    }
  }
  const { rows: [checkpoint] } = await client.query<{ note: string }>('SELECT note FROM log_checkpoint WHERE tree_size = $1', [size]);
  if (checkpoint) await writer.addBytes('log/checkpoint', Buffer.from(checkpoint.note));
}

async function readHashes(client: Client, level: number, from: number, to: number): Promise<Uint8Array> {
  const { rows } = level === 0
    ? await client.query<{ hash: Buffer }>('SELECT leaf_hash AS hash FROM log_entry WHERE leaf_index >= $1 AND leaf_index < $2 ORDER BY leaf_index', [from, to])
    : await client.query<{ hash: Buffer }>('SELECT hash FROM log_node WHERE level = $3 AND index >= $1 AND index < $2 ORDER BY index', [from, to, level]);
  return Buffer.concat(rows.map(({ hash }) => hash));
}

async function readEntries(client: Client, from: number, to: number): Promise<Uint8Array> {
  const { rows } = await client.query<{ bytes: Buffer }>('SELECT s.bytes FROM log_entry e JOIN statement s USING (ordinal) WHERE e.leaf_index >= $1 AND e.leaf_index < $2 ORDER BY e.leaf_index', [from, to]);
  return encodeEntries(rows.map(({ bytes }) => bytes));
}
