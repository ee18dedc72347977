import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { Client as DatabaseClient } from 'pg';
import { DataSource } from 'typeorm';
import { blobPath } from '../../../src/platform/blobs/blob-path.js';
import { BlobStore, type StagedBlob } from '../../../src/platform/blobs/index.js';
import { dataSourceOptions } from '../../../src/platform/database/index.js';
import { JobRegistry } from '../../../src/platform/jobs/index.js';
import { type Client, joinAs } from '../../support/http-client.js';
import { startApplication, type TestApplication } from '../../support/start-application.js';
import { filePart, formPart, query, upload } from './support.js';

// The sweeper against uploads: what no work refers to goes after a day, row and file; nothing else ever does.

const ROUNDS = process.env['DEEP'] === '1' ? 1_000 : 30;
const DAY_MS = 24 * 3_600_000;
let service: TestApplication;
let creator: Client;
let blobs: BlobStore;

beforeAll(async () => {
  service = await startApplication();
  creator = await joinAs(service, 'creator');
  blobs = service.app.get(BlobStore);
}, 60_000);
afterAll(() => service.stop());

const rows = (): Promise<{ sha256: string }[]> => query(service, `SELECT encode(sha256, 'hex') AS sha256 FROM blob ORDER BY 1`);

async function files(): Promise<string[]> {
  const entries = await readdir(join(service.config.dataDir, 'blobs'), { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => entry.name).toSorted();
}

/** A blob that belongs to no work, last wanted `hours` ago. */
async function orphan(bytes: Uint8Array, hours: number): Promise<StagedBlob> {
  const staged = await blobs.stage(Readable.from([Buffer.from(bytes)]));
  await blobs.adopt([staged]);
  await age(staged.sha256, hours);
  return staged;
}

async function age(sha256: string, hours: number): Promise<void> {
  await query(service, `UPDATE blob SET touched_at = now() - make_interval(hours => $2) WHERE sha256 = decode($1, 'hex')`, [sha256, hours]);
}

test('a job sweeps every hour', () => {
  expect(service.app.get(JobRegistry).cron()).toContainEqual({ name: 'blobs.sweep', pattern: expect.stringMatching(/^\d+ \* \* \* \*$/) });
});

test('an orphan of more than a day goes, row and file; a younger one and one that a work refers to stay', async () => {
  const bytes = randomBytes(500);
  const deposited = await upload(service, creator, [formPart(), filePart(bytes)]);
  const work = (await creator.get(`/works/${String(deposited.body['number'])}`)).body as { contents: { sha256: string }[] };
  const [old, young] = [await orphan(randomBytes(100), 25), await orphan(randomBytes(100), 23)];
  const held = work.contents[0]?.sha256 ?? '';
  await age(held, 1_000);
  await service.app.get(JobRegistry).entries().get('blobs.sweep')?.({}, { attempt: 1, signal: undefined });
  expect((await rows()).map(({ sha256 }) => sha256)).toEqual([held, young.sha256].toSorted());
  expect(await files()).toEqual([held, young.sha256].toSorted());
  expect(old.sha256).not.toBe(young.sha256);
});

test('a staging file that nobody finished goes after a day', async () => {
  const [dead, alive] = ['dead', 'alive'].map((name) => join(service.config.dataDir, 'staging', name)) as [string, string];
  await Promise.all([writeFile(dead, 'x'), writeFile(alive, 'x')]);
  const yesterday = new Date(Date.now() - DAY_MS - 60_000);
  await utimes(dead, yesterday, yesterday);
  await blobs.sweep();
  expect([existsSync(dead), existsSync(alive)]).toEqual([false, true]);
  await blobs.discard({ path: alive });
});

test('an upload of the very bytes that are being swept ends with a work, its row and its file', async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const bytes = randomBytes(200);
    const others = await Promise.all(Array.from({ length: 3 }, () => orphan(randomBytes(50), 48)));
    await orphan(bytes, 48);
    const pause = (): Promise<void> => new Promise((done) => setTimeout(done, Math.random() * 12));
    // Two sweepers, as two processes would run them.
    const [answer] = await Promise.all([upload(service, creator, [formPart(), filePart(bytes)]), pause().then(() => blobs.sweep()), pause().then(() => blobs.sweep())]);
    expect([round, answer.status]).toEqual([round, 201]);
    const response = await fetch(`${service.url}/api/v1/works/${String(answer.body['number'])}/contents/0`, { headers: { authorization: `Bearer ${creator.apiKey}` } });
    expect([round, response.status, Buffer.from(await response.arrayBuffer()).equals(bytes)]).toEqual([round, 200, true]);
    expect((await rows()).filter(({ sha256 }) => others.some((other) => other.sha256 === sha256))).toEqual([]);
  }
  // No row without its file, no file without its row.
  expect(await files()).toEqual((await rows()).map(({ sha256 }) => sha256));
}, 600_000);

test('so does an adoption in the very moment of the sweep', async () => {
  const lost = [];
  for (let round = 0; round < 6 * ROUNDS; round++) {
    const bytes = randomBytes(20);
    const [{ sha256 }, staged] = [await orphan(bytes, 48), await blobs.stage(Readable.from([bytes]))];
    const pause = (milliseconds: number): Promise<void> => new Promise((done) => setTimeout(done, Math.random() * milliseconds));
    await Promise.all([pause(3).then(() => blobs.adopt([staged])), pause(3).then(() => blobs.sweep()), pause(3).then(() => blobs.sweep())]);
    const held = await query(service, `SELECT 1 FROM blob WHERE sha256 = decode($1, 'hex')`, [sha256]);
    const file = existsSync(blobPath(service.config.dataDir, sha256));
    if (held.length !== 1 || !file) lost.push({ round, row: held.length, file });
  }
  expect(lost).toEqual([]);
}, 600_000);

test('bytes that are wanted again are young again, whatever becomes of their work', async () => {
  const bytes = randomBytes(80);
  const { sha256 } = await orphan(bytes, 48);
  await blobs.adopt([await blobs.stage(Readable.from([bytes]))]);
  await blobs.sweep();
  expect([(await rows()).map((row) => row.sha256), await files()].map((held) => held.includes(sha256))).toEqual([true, true]);
});

test('a sweep walks once over what works refer to, however many orphans stand among them', async () => {
  const [blobsInAll, orphans] = [2_250, 250];
  expect((await upload(service, creator, [formPart(), filePart(randomBytes(90))])).status).toBe(201);
  const admin = new DatabaseClient({ connectionString: service.database.adminUrl });
  await admin.connect();
  // One connection: PostgreSQL's counts of what it has read are those of this sweep.
  const dataSource = await new DataSource(dataSourceOptions(service.database.serviceUrl, 1, () => undefined)).initialize();
  try {
    await admin.query('SET session_replication_role = replica');
    // Several of one moment, as a restore leaves them: the order among these is that of their digests.
    await admin.query(`INSERT INTO blob (sha256, byte_length, touched_at) SELECT sha256(('swept' || i)::bytea), 5, now() - make_interval(hours => 100) + make_interval(secs => i / 7) FROM generate_series(1, $1) i`, [blobsInAll]);
    await admin.query(`
      INSERT INTO content (work_id, position, sha256, byte_length, media_type, blob_sha256)
      SELECT (SELECT max(work_id) FROM content), 1000 + i, sha256(('swept' || i)::bytea), 5, 'text/plain', sha256(('swept' || i)::bytea) FROM generate_series(1, $1) i WHERE i % 9 <> 0`, [blobsInAll]);
    const read = async (): Promise<number> => {
      await dataSource.query('SELECT pg_stat_force_next_flush()');
      const [row]: { rows: string }[] = await dataSource.query(`SELECT sum(coalesce(seq_tup_read, 0) + coalesce(idx_scan, 0)) AS rows FROM pg_stat_user_tables WHERE relname IN ('blob', 'content')`);
      return Number(row?.rows);
    };
    const before = await read();
    expect(await new BlobStore(service.config, dataSource).sweep()).toBe(orphans);
    expect((await read()) - before).toBeLessThan(20 * blobsInAll);
    expect(await new BlobStore(service.config, dataSource).sweep()).toBe(0);
  } finally {
    await dataSource.destroy();
    await admin.end();
  }
});
