import { randomBytes, randomUUID } from 'node:crypto';
import { readdir, rename, rm, statfs, symlink, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createTestDatabase, startTestChain, type TestChain, type TestDatabase } from '../support/index.js';
import type { Answer } from '../support/http-client.js';
import { minimalForm } from '../support/work-forms.js';
import { assertNothingLost, CheckpointWatch } from './support/checks.js';
import { type Depositor, eventually, FaultRig } from './support/fault-rig.js';
import { Round } from './support/load.js';
import type { ServiceProcess } from './support/service-process.js';
import { mayMount, SmallDisk } from './support/small-disk.js';

const DISK_BYTES = 24 * 1024 * 1024;
const ABORTED = 20;
/** Less than the 5 % of the disk that uploads leave free, and several times what the log of a round takes (some 300 KiB: a round's partial tiles are a page each). */
const WITHIN_RESERVE = 1024 * 1024;
/** So long the service believes what it saw of the disk. */
const LOOK_MS = 1_000;

const hasSmallDisk = mayMount();
const describeOnSmallDisk = hasSmallDisk ? describe : describe.skip;

let chain: TestChain;
let database: TestDatabase;
let rig: FaultRig;
let service: ServiceProcess;
let url: string;
let client: Depositor;
let watch: CheckpointWatch;
let disk: SmallDisk | null = null;
const rounds: Round[] = [];

beforeAll(async () => {
  [chain, database] = await Promise.all([startTestChain(), createTestDatabase()]);
  rig = await FaultRig.open({ serviceUrl: database.serviceUrl, adminUrl: database.adminUrl, chainUrl: chain.url });
  if (hasSmallDisk) {
    disk = await SmallDisk.mount(DISK_BYTES);
    await symlink(disk.path, rig.dataDir);
  }
  service = await rig.spawn();
  url = await service.url();
  client = await rig.client(url);
  watch = new CheckpointWatch(rig.vkey);
  watch.follow(url);
}, 120_000);
afterAll(async () => {
  await watch?.end();
  await service?.stop();
  await rig?.close();
  await disk?.unmount();
  await chain?.stop();
  await database?.drop();
});

function staging(): Promise<string[]> {
  return readdir(join(rig.dataDir, 'staging'));
}

function upload(byteLength: number): Promise<Answer> {
  const form = new FormData();
  form.set('work', JSON.stringify(minimalForm));
  form.append('files', new Blob([randomBytes(byteLength)], { type: 'image/jpeg' }), 'night.jpg');
  return client.post('/works', form, { 'idempotency-key': randomUUID() });
}

async function playRound(declared: number, uploads: number): Promise<void> {
  const round = new Round(declared, uploads);
  rounds.push(round);
  await round.play(client);
  expect(round.acknowledged).toBe(round.acts);
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

describeOnSmallDisk('a disk of 24 MiB', () => {
  const fillers: string[] = [];

  async function fillUpTo(left: number): Promise<void> {
    const filler = join(rig.dataDir, `filler-${left}`);
    fillers.push(filler);
    const { bavail, bsize } = await statfs(rig.dataDir);
    await writeFile(filler, Buffer.alloc(bavail * bsize - left)).catch((error: NodeJS.ErrnoException) => expect(error.code).toBe('ENOSPC'));
    await new Promise((done) => setTimeout(done, LOOK_MS));
  }

  async function expectRefused(byteLength: number): Promise<void> {
    const refused = await upload(byteLength);
    expect([refused.status, refused.body['code']]).toEqual([503, 'STORAGE.FULL']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await staging()).toEqual([]);
  }

  test('a file that is larger, a reserve that only the log may use, not a byte left: 503 and nothing left over; what needs no room goes on; with room again all goes on', async () => {
    await expectRefused(DISK_BYTES);
    await new Promise((done) => setTimeout(done, LOOK_MS));
    await playRound(5, 1);
    await eventually('the round is published', async () => (await publishedSize()) === expectedStatements());

    await fillUpTo(WITHIN_RESERVE);
    await expectRefused(50_000);
    await playRound(5, 0);
    await eventually('the log goes on', async () => (await publishedSize()) === expectedStatements());

    // Uploads and publication cannot go on, deposits of digests do.
    await fillUpTo(0);
    await expectRefused(50_000);
    const before = await servedSize();
    await playRound(6, 0);
    await new Promise((done) => setTimeout(done, 500));
    expect(await servedSize()).toBe(before);
    expect(service.isAlive).toBe(true);

    await Promise.all(fillers.map((filler) => rm(filler)));
    await new Promise((done) => setTimeout(done, LOOK_MS));
    await playRound(4, 1);
    await assertNothingLost(rig, rounds, watch, url);
  }, 90_000);
});

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
