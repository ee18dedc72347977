import { execFileSync } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, statfs, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createTestDatabase, startTestChain, type TestChain, type TestDatabase } from '../support/index.js';
import type { Answer, Client } from '../support/http-client.js';
import { minimalForm } from '../support/work-forms.js';
import { assertNothingLost, CheckpointWatch } from './support/checks.js';
import { eventually, FaultRig } from './support/fault-rig.js';
import { Round } from './support/load.js';
import type { ServiceProcess } from './support/service-process.js';

const DISK_BYTES = 8 * 1024 * 1024;
const ABORTED = 20;

let chain: TestChain;
let database: TestDatabase;
let rig: FaultRig;
let service: ServiceProcess;
let url: string;
let client: Client;
let watch: CheckpointWatch;
let isMounted = false;
const rounds: Round[] = [];

beforeAll(async () => {
  [chain, database] = await Promise.all([startTestChain(), createTestDatabase()]);
  rig = await FaultRig.open({ serviceUrl: database.serviceUrl, adminUrl: database.adminUrl, chainUrl: chain.url });
  await mkdir(rig.dataDir);
  isMounted = mountSmallDisk(rig.dataDir);
  service = await rig.spawn();
  url = await service.url();
  client = await rig.client(url);
  watch = new CheckpointWatch(rig.vkey);
  watch.follow(url);
}, 120_000);
afterAll(async () => {
  await watch?.end();
  await service?.stop();
  if (isMounted) execFileSync('umount', [rig.dataDir]);
  await rig?.close();
  await chain?.stop();
  await database?.drop();
});

/** A real disk that is really small: only root may, and not in every container. */
function mountSmallDisk(directory: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_BYTES},mode=0700`, 'tmpfs', directory], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function staging(): Promise<string[]> {
  return readdir(join(rig.dataDir, 'staging'));
}

function upload(byteLength: number, idempotencyKey: string = randomUUID()): Promise<Answer> {
  const form = new FormData();
  form.set('work', JSON.stringify(minimalForm));
  form.append('files', new Blob([randomBytes(byteLength)], { type: 'image/jpeg' }), 'night.jpg');
  return client.post('/works', form, { 'idempotency-key': idempotencyKey });
}

async function playRound(declared: number, uploads: number): Promise<void> {
  const round = new Round(declared, uploads);
  rounds.push(round);
  await round.play(client);
  expect(round.acknowledged).toBe(declared + uploads + 4);
}

async function publishedSize(): Promise<number> {
  const [head]: { published_size: string }[] = await rig.database.query('SELECT published_size FROM log_head');
  return Number(head?.published_size);
}

/** The text of the checkpoint that is served; its first three lines are origin, size and root. */
async function servedSize(): Promise<number> {
  return Number((await (await fetch(`${url}/log/checkpoint`)).text()).split('\n')[1]);
}

test(`${ABORTED} uploads that are aborted midway leave nothing in staging`, async () => {
  const { port } = new URL(url);
  const aborted = Array.from({ length: ABORTED }, async (_, i) => {
    const boundary = 'abort';
    const parts = [
      `--${boundary}\r\nContent-Disposition: form-data; name="work"\r\n\r\n${JSON.stringify(minimalForm)}\r\n`,
      `--${boundary}\r\nContent-Disposition: form-data; name="files"; filename="a.jpg"\r\nContent-Type: image/jpeg\r\n\r\n`,
    ];
    const socket = connect(Number(port), '127.0.0.1');
    const closed = new Promise((done) => socket.once('close', done));
    socket.on('error', () => undefined);
    await new Promise((done) => socket.once('connect', done));
    socket.write(`POST /api/v1/works HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${client.apiKey}\r\nContent-Type: multipart/form-data; boundary=${boundary}\r\nContent-Length: 1000000\r\n\r\n${parts.join('')}`);
    socket.write(randomBytes(1 + i * 8_000));
    await new Promise((done) => setTimeout(done, 30 * i));
    if (i % 2 === 0) socket.destroy();
    else socket.resetAndDestroy();
    await closed;
  });
  let most = 0;
  const looking = setInterval(() => void staging().then((names) => { most = Math.max(most, names.length); }), 10);
  await Promise.all(aborted);
  clearInterval(looking);
  expect(most).toBeGreaterThan(0);
  await eventually('nothing is left', async () => (await staging()).length === 0, 10_000);
  expect(service.isAlive).toBe(true);
  await playRound(5, 1);
});

test('a disk that is full: 503 and nothing left over; what needs no room goes on; with room again all goes on', async () => {
  if (!isMounted) {
    console.log('SKIPPED: no small disk could be mounted here (root and mount(8) are needed)');
    return;
  }
  const key = randomUUID();
  const refused = await upload(DISK_BYTES, key);
  expect([refused.status, refused.body['code']]).toEqual([503, 'STORAGE.FULL']);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await staging()).toEqual([]);
  await playRound(5, 1);

  // Not a byte is left: uploads and publication cannot go on, deposits of digests do.
  const filler = join(rig.dataDir, 'filler');
  await eventually('the round is published', async () => (await publishedSize()) === expectedStatements());
  const { bavail, bsize } = await statfs(rig.dataDir);
  await writeFile(filler, Buffer.alloc(bavail * bsize)).catch((error: NodeJS.ErrnoException) => expect(error.code).toBe('ENOSPC'));
  const again = await upload(50_000);
  expect([again.status, again.body['code']]).toEqual([503, 'STORAGE.FULL']);
  expect(await staging()).toEqual([]);
  const before = await servedSize();
  await playRound(6, 0);
  await new Promise((done) => setTimeout(done, 500));
  expect(await servedSize()).toBe(before);
  expect(service.isAlive).toBe(true);

  await rm(filler);
  await playRound(4, 1);
  await assertNothingLost(rig, rounds, watch, url);
}, 90_000);

test('a log directory that cannot be written: no newer checkpoint is served, deposits go on, and it mends itself', async () => {
  await eventually('what there is is published', async () => (await publishedSize()) === expectedStatements());
  const log = join(rig.dataDir, 'log');
  const before = await servedSize();
  // Root may write into any directory, but nobody into a file that has taken its place.
  await rename(log, `${log}.away`);
  await writeFile(log, '');
  await playRound(6, 1);
  await new Promise((done) => setTimeout(done, 500));
  expect([await servedSize(), await publishedSize()]).toEqual([before, before]);
  expect(service.isAlive).toBe(true);

  await rm(log);
  await rename(`${log}.away`, log);
  await assertNothingLost(rig, rounds, watch, url);
}, 90_000);

function expectedStatements(): number {
  return rounds.reduce((sum, round) => sum + round.statements, 0);
}
