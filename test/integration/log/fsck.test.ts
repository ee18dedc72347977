import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { Client } from 'pg';
import { fsckLog, type FsckReport } from '../../../src/modules/log/index.js';
import { LogRig } from './support/log-rig.js';

let rig: LogRig;
let admin: Client;

/** More than one full tile, several checkpoints, chains of several statements, disclosures, and statements that wait. */
beforeAll(async () => {
  rig = await LogRig.start();
  const work = await rig.deposit();
  await rig.say(work, { a: '1' });
  await rig.publish();
  await rig.sayMany(150);
  await rig.sequence();
  await rig.sayMany(150);
  await rig.publish();
  for (let i = 0; i < 5; i++) await rig.deposit();
  await rig.say(work, { a: '2' });
  await rig.publish();
  await rig.deposit();
  await rig.say(work, { a: '3' });
  admin = new Client({ connectionString: rig.database.adminUrl });
  await admin.connect();
  await admin.query(`SET session_replication_role = replica`); // no trigger, no foreign key
  // Superusers can do worse than the schema allows: what is generated can be made an ordinary column, and checks dropped.
  await admin.query(`ALTER TABLE statement ALTER COLUMN leaf_hash DROP EXPRESSION; ALTER TABLE statement ALTER COLUMN ordinal DROP IDENTITY;
    DO $$ DECLARE c record; BEGIN
      FOR c IN SELECT conrelid::regclass AS t, conname FROM pg_constraint WHERE contype = 'c' AND conrelid <> 0 AND connamespace = 'public'::regnamespace LOOP
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', c.t, c.conname);
      END LOOP; END $$`);
});

afterAll(async () => {
  await admin.end();
  await rig.stop();
});

function fsck(): Promise<FsckReport> {
  return fsckLog({ dataSource: rig.dataSource, files: rig.tiles, vkeys: rig.keys.vkeys });
}

test('an undamaged log is found to be so', async () => {
  const report = await fsck();
  expect(report).toMatchObject({ ok: true, findings: [], notes: [], treeSize: 308, publishedSize: 308, pending: 2, checkpoints: 4 });
  expect(report.rootHash).toBe(Buffer.from(await rig.reader.rootAt(308)).toString('hex'));
  expect(report.files).toBe(5); // a full and a partial tile, their entries, and the partial tile above them
});

interface Column { table: string; column: string; type: string }

/** Changes one bit of the value, or for text one letter, in a way that the column can hold. */
function flipped({ column, type }: Column): string {
  if (type === 'bytea') return `set_bit(${column}, 9, 1 - get_bit(${column}, 9))`;
  if (type === 'text') return `overlay(${column} placing CASE substr(${column}, length(${column}) / 2, 1) WHEN 'Q' THEN 'R' ELSE 'Q' END from length(${column}) / 2 for 1)`;
  if (type === 'ARRAY') return `ARRAY[overlay(${column}[1] placing CASE substr(${column}[1], 9, 1) WHEN 'Q' THEN 'R' ELSE 'Q' END from 9 for 1)] || ${column}[2:]`;
  if (type === 'timestamp with time zone') return `${column} + interval '1 microsecond'`;
  return `${column} # (1 << ${type === 'smallint' ? 12 : 20})::${type}`;
}

/** Said by nobody but the database (see fsckLog); a constant; and why nothing is signed, which is null here. */
const UNPROVABLE = new Set(['log_checkpoint.signed_at', 'log_head.id', 'log_head.published_contradiction', 'log_head.anchored_contradiction']);

async function columnsOfTheLog(): Promise<Column[]> {
  const { rows } = await admin.query<Column>(`
    SELECT table_name AS table, column_name AS column, data_type AS type FROM information_schema.columns
     WHERE table_schema = 'public' AND table_name IN ('statement', 'statement_disclosure', 'statement_pending', 'subject_head', 'log_entry', 'log_node', 'log_checkpoint', 'log_head')
     ORDER BY 1, 2`);
  return rows.filter(({ table, column }) => !UNPROVABLE.has(`${table}.${column}`));
}

jest.setTimeout(180_000); // some sixty whole checks, on a machine that may be busy

test('one flipped bit in any column of the log is found', async () => {
  const columns = await columnsOfTheLog();
  expect(columns.length).toBeGreaterThanOrEqual(25);
  const missed: string[] = [];
  for (const flip of columns) {
    const { table, column } = flip;
    const { rows } = await admin.query<{ ctid: string }>(`SELECT ctid::text FROM ${table} WHERE ${column} IS NOT NULL ORDER BY random() LIMIT 1`);
    const { rows: [before] } = await admin.query(`SELECT ${column} AS value FROM ${table} WHERE ctid = $1`, [rows[0]?.ctid]);
    const { rows: [after] } = await admin.query<{ ctid: string }>(`UPDATE ${table} SET ${column} = ${flipped(flip)} WHERE ctid = $1 RETURNING ctid::text`, [rows[0]?.ctid]);
    const report = await fsck();
    if (report.ok) missed.push(`${table}.${column} at ${JSON.stringify(rows[0])}`);
    await admin.query(`UPDATE ${table} SET ${column} = $2 WHERE ctid = $1`, [after?.ctid, before.value]);
  }
  expect(missed).toEqual([]);
  expect(await fsck()).toMatchObject({ ok: true });
});

async function publishedFiles(): Promise<string[]> {
  const entries = await readdir(rig.logDir, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => relative(rig.logDir, join(entry.parentPath, entry.name)));
}

test('one flipped bit in any published file is found, and so is a missing file', async () => {
  const files = await publishedFiles();
  // Those of an earlier size, which need not be there.
  const strays = files.filter((name) => name.endsWith('.p/46'));
  expect([files.length, strays.length]).toEqual([8, 2]);
  for (const name of files) {
    const path = join(rig.logDir, name);
    const bytes = await readFile(path);
    const flipped = Buffer.from(bytes);
    const at = Math.floor(Math.random() * flipped.length);
    flipped[at] = (flipped[at] as number) ^ (1 << Math.floor(Math.random() * 8));
    await writeFile(path, flipped);
    const report = await fsck();
    expect({ name, at, ok: report.ok, kinds: report.findings.map(({ kind }) => kind) }).toEqual({ name, at, ok: false, kinds: expect.arrayContaining(['file']) });
    await writeFile(path, bytes);
  }
  for (const name of files) {
    const bytes = await rig.tiles.get(name);
    await rig.tiles.remove(name);
    expect(await fsck()).toMatchObject({ ok: strays.includes(name) });
    await rig.tiles.put(name, bytes as Buffer);
  }
  expect(await fsck()).toMatchObject({ ok: true });
});

test.each([
  ['a leaf taken out', `DELETE FROM log_entry WHERE leaf_index = 7`, ['place', 'queue']],
  ['a node taken out', `DELETE FROM log_node WHERE level = 3 AND index = 2`, ['node']],
  ['a node too many', `INSERT INTO log_node SELECT 9, 0, hash FROM log_node LIMIT 1`, ['node']],
  ['a leaf beyond the head', `INSERT INTO log_entry SELECT 308, max(ordinal) + 9, min(leaf_hash) FROM log_entry`, ['place']],
  ['a statement lost', `DELETE FROM statement WHERE ordinal = (SELECT ordinal FROM log_entry WHERE leaf_index = 100)`, ['place']],
  ['a statement that nobody will place', `DELETE FROM statement_pending WHERE ordinal = (SELECT min(ordinal) FROM statement_pending)`, ['queue']],
  ['a checkpoint that was never signed', `INSERT INTO log_checkpoint SELECT 300, root_hash, note, signed_at FROM log_checkpoint WHERE tree_size = 308`, ['checkpoint']],
  ['a head set back', `UPDATE log_head SET tree_size = 302, published_size = 302, root_hash = (SELECT root_hash FROM log_checkpoint WHERE tree_size = 302)`, ['place', 'file']],
  ['two leaves exchanged', `UPDATE log_entry SET leaf_index = 305 - leaf_index + 3 + 1000 WHERE leaf_index IN (5, 303); UPDATE log_entry SET leaf_index = leaf_index - 1000 WHERE leaf_index > 1000`, ['checkpoint']],
])('%s', async (_, damage, kinds) => {
  await admin.query('CREATE SCHEMA IF NOT EXISTS kept');
  const tables = ['statement', 'statement_pending', 'log_entry', 'log_node', 'log_checkpoint', 'log_head'];
  for (const table of tables) await admin.query(`CREATE TABLE kept.${table} AS TABLE public.${table}`);
  await admin.query(damage);
  const report = await fsck();
  expect(report.ok).toBe(false);
  expect(report.findings.map(({ kind }) => kind)).toEqual(expect.arrayContaining(kinds));
  for (const table of tables) await admin.query(`TRUNCATE public.${table}; INSERT INTO public.${table} SELECT * FROM kept.${table}; DROP TABLE kept.${table}`);
  expect(await fsck()).toMatchObject({ ok: true });
});

test('a receipt of another key, and a promise not kept', async () => {
  const report = await fsckLog({ dataSource: rig.dataSource, files: rig.tiles, vkeys: rig.keys.vkeys, now: new Date(Date.now() + 2 * 86_400_000) });
  expect(report.findings.map(({ kind }) => kind)).toEqual(['overdue', 'overdue']);
  const stranger = await LogRig.start();
  try {
    const theirs = await fsckLog({ dataSource: rig.dataSource, files: null, vkeys: stranger.keys.vkeys, limit: 10 });
    expect(theirs.findings).toHaveLength(10);
    expect(theirs.findingsTotal).toBe(308 + 2 + 4); // every receipt and every checkpoint
  } finally {
    await stranger.stop();
  }
});

test('goes on beside a service that sequences and publishes', async () => {
  const busy = await LogRig.start();
  const check = (): Promise<FsckReport> => fsckLog({ dataSource: busy.dataSource, files: busy.tiles, vkeys: busy.keys.vkeys });
  const writing = (async () => {
    for (let i = 0; i < 8; i++) {
      await busy.sayMany(40);
      await busy.publish();
    }
  })();
  try {
    for (let i = 0; i < 4; i++) expect(await check()).toMatchObject({ findings: [] });
    await writing;
    expect(await check()).toMatchObject({ ok: true, treeSize: 320 });
  } finally {
    await busy.stop();
  }
});
