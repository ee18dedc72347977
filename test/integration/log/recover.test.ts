import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { LogFollower } from '../../../src/cli/mirror/follow-log.js';
import { MirrorStore } from '../../../src/cli/mirror/mirror-store.js';
import { makeBackup } from '../../../src/cli/backup/make-backup.js';
import { readManifest, verifyBackup } from '../../../src/cli/backup/manifest.js';
import { restoreDatabase } from '../../../src/cli/backup/restore-database.js';
import { CheckHead, fsckLog, LogGate, type Projection, recoverLog, type Recovery } from '../../../src/modules/log/index.js';
import { recoverWorks } from '../../../src/modules/works/index.js';
import { openLogSource } from '../../../src/platform/tlog/index.js';
import { createTestDatabase } from '../../support/index.js';
import { useCli } from './support/cli.js';
import { LogRig, makeKey } from './support/log-rig.js';

Logger.overrideLogger(false);
jest.setTimeout(180_000);

const cli = useCli();
let directory: string;
const rigs: LogRig[] = [];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'zhengben-recover-'));
});

afterEach(async () => {
  for (const rig of rigs.splice(0)) await rig.stop();
});

afterAll(() => rm(directory, { recursive: true, force: true }));

async function startRig(options: Parameters<typeof LogRig.start>[0] = {}): Promise<LogRig> {
  const rig = await LogRig.start(options);
  rigs.push(rig);
  return rig;
}

async function backUp(rig: LogRig): Promise<string> {
  const target = join(directory, randomUUID());
  await makeBackup({ ownerUrl: rig.database.ownerUrl, dataDir: rig.dataDir, target, say: () => undefined });
  return target;
}

/** The database of the backup, with a data directory of its own. */
async function restore(backup: string, rig: LogRig): Promise<LogRig> {
  const manifest = await readManifest(backup);
  await verifyBackup(backup, manifest, () => undefined);
  const database = await createTestDatabase({ migrated: false });
  await restoreDatabase(database.ownerUrl, backup, manifest);
  const dataDir = await mkdtemp(join(tmpdir(), 'zhengben-log-'));
  const restored = await LogRig.on(database, dataDir, rig.key);
  rigs.push(restored);
  return restored;
}

async function mirror(rig: LogRig, target = join(directory, randomUUID())): Promise<string> {
  const follower = await LogFollower.open(await openLogSource(rig.logDir), new MirrorStore(target), [rig.key.vkey], { say: () => undefined });
  await follower.step();
  return target;
}

async function recover(rig: LogRig, from: string, projections: readonly Projection[] = [recoverWorks(async () => null)]): Promise<Recovery> {
  return recoverLog({ dataSource: rig.dataSource, keys: rig.keys, files: rig.tiles, source: await openLogSource(from), projections });
}

async function expectClean(rig: LogRig): Promise<void> {
  expect(await fsckLog({ dataSource: rig.dataSource, files: rig.tiles, vkeys: rig.keys.vkeys })).toMatchObject({ findings: [], ok: true });
}

/** Whether a service that boots on this data would sign. */
async function isClosed(rig: LogRig): Promise<boolean> {
  const gate = new LogGate(rig.dataSource);
  await new CheckHead(rig.dataSource, rig.tiles, rig.keys, gate).executeAgainstPublished();
  return gate.closedBecause !== null;
}

async function rowsOf(rig: LogRig, sql: string): Promise<unknown[]> {
  return rig.dataSource.query(sql);
}

test('a restored database is exactly the one that was backed up', async () => {
  const rig = await startRig();
  const number = await rig.deposit();
  await rig.say(number, { a: '1' });
  await rig.publish();
  await rig.deposit({ form: { visibility: 'confidential' } });
  const restored = await restore(await backUp(rig), rig);
  for (const table of ['statement', 'statement_pending', 'subject_head', 'statement_disclosure', 'log_entry', 'log_node', 'log_checkpoint', 'log_head', 'work', 'content', 'first_claim', 'anchor_transition']) {
    const sql = `SELECT t::text FROM ${table} t ORDER BY 1`;
    expect(await rowsOf(restored, sql)).toEqual(await rowsOf(rig, sql));
  }
  await restored.say(number, { a: '2' }); // identity columns go on after the last
  await restored.publish();
  await expectClean(restored);
});

test('what a restored backup has lost comes back from a mirror, interrupted twice, and the log goes on', async () => {
  const rig = await startRig();
  const works = [await rig.deposit(), await rig.deposit()];
  await rig.sayMany(290);
  await rig.publish();
  await rig.say(works[0] as string, { waiting: 'at the time of the backup' });
  const restored = await restore(await backUp(rig), rig);
  await rig.publish();
  await rig.say(works[1] as string, { after: 'it' });
  const later = await rig.deposit();
  await rig.sayMany(400);
  const seen = await mirror(rig);
  await rig.say(later, { more: '1' });
  await rig.say(later, { more: '2' });
  await rig.publish();
  await rig.sayMany(100);
  await rig.publish();
  await mirror(rig, seen);

  const fresh = await restored.deposit();
  await restored.publication.execute();
  // Dies in the second bundle, and then after all entries.
  let bundles = 0;
  await expect(recover(restored, seen, [recoverWorks(async () => null), async () => async () => { if (++bundles === 2) throw new Error('cut'); }])).rejects.toThrow('cut');
  expect(await isClosed(restored)).toBe(true);
  expect((await fsckLog({ dataSource: restored.dataSource, files: restored.tiles, vkeys: restored.keys.vkeys })).ok).toBe(false);
  const done = await recover(restored, seen);
  expect(done.toSize).toBe((await rig.reader.published())?.treeSize);
  expect(await recover(restored, seen)).toMatchObject({ inserted: 0, placed: 0, pending: 1 });
  expect(await isClosed(restored)).toBe(false);
  await expectClean(restored);

  for (const sql of ['SELECT leaf_index, leaf_hash FROM log_entry ORDER BY 1', 'SELECT * FROM log_node ORDER BY 1, 2', 'SELECT subject, seq, type, prev, bytes FROM statement WHERE subject <> $1 ORDER BY 1, 2']) {
    expect(await restored.dataSource.query(sql, sql.includes('$1') ? [fresh] : [])).toEqual(await rig.dataSource.query(sql, sql.includes('$1') ? [''] : []));
  }
  // Checkpoints that the mirror saw in between are back, byte for byte.
  const notes = await rowsOf(restored, 'SELECT tree_size, note FROM log_checkpoint ORDER BY 1') as { tree_size: string; note: string }[];
  const all = new Map((await rowsOf(rig, 'SELECT tree_size, note FROM log_checkpoint') as { tree_size: string; note: string }[]).map(({ tree_size, note }) => [tree_size, note]));
  expect(notes.length).toBeGreaterThanOrEqual(2);
  for (const { tree_size, note } of notes) expect(note).toBe(all.get(tree_size));
  expect(await rowsOf(restored, 'SELECT work_id, category, visibility, deposited_at FROM work WHERE title IS NULL')).toHaveLength(1);

  await restored.say(later, { more: '3' });
  await restored.publish();
  await expectClean(restored);
  // The auditor sees one history.
  await rm(join(seen, 'none'), { force: true });
  const follower = await LogFollower.open(await openLogSource(restored.logDir), new MirrorStore(seen), [], { say: () => undefined });
  expect(await follower.step()).toBe(true);
});

test('killed at any of its writes, run again it ends as if it had not been', async () => {
  const rig = await startRig();
  await rig.deposit();
  await rig.publish();
  const backup = await backUp(rig);
  const work = await rig.deposit();
  await rig.say(work, { a: '1' });
  await rig.sayMany(600);
  await rig.publish();
  const restored = await restore(backup, rig);
  const key = join(restored.dataDir, 'log.key');
  await writeFile(key, rig.key.signerKey);
  const run = (point: string) => cli(['log', 'recover', '--from', rig.logDir], { ...restored.environment, LOG_KEY_FILE: key, NODE_ENV: 'test', FAULT_POINT: point });
  const all = ['recover.publish:before', 'recover.publish:after', 'recover.statements:after', 'recover.claims:after', 'sequence.entries:after', 'recover.head:after', 'recover.head:after#2', 'recover.checkpoint:after'];
  // In their order; without DEEP=1 every other one.
  const half = Date.now() % 2;
  const points = process.env['DEEP'] === '1' ? all : all.filter((_, i) => i % 2 === half);
  let killed = 0;
  for (const point of points) {
    const { code } = await run(point);
    if (code === null) killed++;
    expect({ point, code, open: point !== 'recover.publish:before' && !(await isClosed(restored)) }).toEqual({ point, code: null, open: false });
  }
  expect(killed).toBe(points.length);
  expect(await run('none')).toMatchObject({ code: 0 });
  await expectClean(restored);
  expect(await rowsOf(restored, 'SELECT leaf_index, leaf_hash FROM log_entry ORDER BY 1')).toEqual(await rowsOf(rig, 'SELECT leaf_index, leaf_hash FROM log_entry ORDER BY 1'));
});

test('the published directory itself is a source; wrong or missing tiles in it do not matter, wrong entries do', async () => {
  const rig = await startRig();
  await rig.sayMany(10);
  await rig.publish();
  const backup = await backUp(rig);
  await rig.sayMany(300);
  await rig.publish();
  const restored = await restore(backup, rig);
  const entries = await readFile(join(rig.logDir, 'tile/entries/000'));
  const damaged = Buffer.from(entries);
  damaged[9_000] = (damaged[9_000] as number) ^ 1;
  await writeFile(join(rig.logDir, 'tile/entries/000'), damaged);
  await expect(recover(restored, rig.logDir)).rejects.toMatchObject({ name: 'RecoveryError' });
  expect(await restored.tiles.checkpoint()).toBeNull();
  await writeFile(join(rig.logDir, 'tile/entries/000'), entries);
  await restored.stop({ keepData: true });
  rigs.splice(rigs.indexOf(restored), 1);
  // The restored database beside the log that was published.
  const beside = await LogRig.on(restored.database, rig.dataDir, rig.key);
  rigs.unshift(beside);
  expect(await isClosed(beside)).toBe(true);
  expect(await recover(beside, beside.logDir)).toMatchObject({ fromSize: 10, toSize: 310, inserted: 300 });
  await expectClean(beside);
});

test('a statement that was accepted since, where the log holds another, is reported before anything is written', async () => {
  const rig = await startRig();
  const work = await rig.deposit();
  await rig.publish();
  const backup = await backUp(rig);
  await rig.say(work, { first: 'in public' });
  await rig.publish();
  const restored = await restore(backup, rig);
  await restored.say(work, { second: 'in the restored database' });
  const before = await rowsOf(restored, 'SELECT * FROM log_head');
  await expect(recover(restored, rig.logDir)).rejects.toMatchObject({ name: 'RecoveryError', problems: [expect.stringContaining(work)] });
  expect(await rowsOf(restored, 'SELECT * FROM log_head')).toEqual(before);
  expect(await restored.tiles.checkpoint()).toBeNull();
});

test('a database that has signed another history is not recovered', async () => {
  const rig = await startRig();
  await rig.sayMany(3);
  await rig.publish();
  const restored = await restore(await backUp(rig), rig);
  await rig.sayMany(5);
  await rig.publish();
  await restored.sayMany(1);
  await restored.sequence();
  await expect(recover(restored, rig.logDir)).rejects.toThrow(/succession/);
});

test('a source behind what was published, of another log, or not signed by the log is refused', async () => {
  const key = makeKey();
  const rig = await startRig({ key });
  await rig.sayMany(3);
  await rig.publish();
  const old = await mirror(rig);
  await rig.sayMany(3);
  await rig.publish();
  const backup = await backUp(rig);
  const restored = await restore(backup, rig);
  await expect(recover(restored, old)).rejects.toThrow(/nothing to recover/);
  const other = await startRig();
  await other.sayMany(9);
  await other.publish();
  await expect(recover(restored, other.logDir)).rejects.toMatchObject({ code: 'NOTE.NO_KNOWN_SIGNATURE' });
});
