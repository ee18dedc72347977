import { TileStore } from '../../src/modules/log/index.js';
import { createTestDatabase, startTestChain, type TestChain, type TestDatabase } from '../support/index.js';
import { assertNothingLost, CheckpointWatch } from './support/checks.js';
import { type Depositor, callChain, eventually, FaultRig } from './support/fault-rig.js';
import { seeded } from './support/seeded.js';
import type { ServiceProcess } from './support/service-process.js';
import { Traffic } from './support/traffic.js';

const deep = process.env['DEEP'] === '1';
const KILLS = deep ? 10 : 1;
/** Topic of `CheckpointAnchored(uint64,bytes32,uint64)`. */
const CHECKPOINT_ANCHORED = '0x031af2ea7f6de84bdca3583762e907ac3bb3b1092e7b71ca4fa616a2eae67303';

const random = seeded();
let chain: TestChain;
let database: TestDatabase;
let rig: FaultRig;
let watch: CheckpointWatch;
const instances: ServiceProcess[] = [];
const urls: string[] = [];
const traffic = new Traffic();

beforeAll(async () => {
  [chain, database] = await Promise.all([startTestChain(), createTestDatabase()]);
  rig = await FaultRig.open({ serviceUrl: database.serviceUrl, adminUrl: database.adminUrl, chainUrl: chain.url });
  watch = new CheckpointWatch(rig.vkey);
  for (const i of [0, 1]) await start(i);
}, 120_000);
afterAll(async () => {
  await watch?.end();
  await rig?.close();
  await chain?.stop();
  await database?.drop();
});

async function start(i: number): Promise<void> {
  const service = await rig.spawn();
  urls[i] = await service.url();
  instances[i] = service;
}

function instance(i: number): ServiceProcess {
  const found = instances[i];
  if (!found) throw new Error(`there is no instance ${i}`);
  return found;
}

function clientAt(i: number): Promise<Depositor> {
  return rig.client(urls[i] ?? '');
}

async function pause(ms: number): Promise<void> {
  await new Promise((done) => setTimeout(done, ms));
}

/** A depositor asks the instance of its own, and the other one while that is away. */
async function startDepositors(): Promise<void> {
  await clientAt(0);
  traffic.start(4, (depositor) => clientAt(instance(depositor % 2).isAlive ? depositor % 2 : (depositor + 1) % 2));
}

async function served(): Promise<void> {
  const before = traffic.acknowledged;
  await eventually('depositors are served', async () => traffic.acknowledged > before + 15);
}

async function leaseHolder(): Promise<string> {
  const [row]: { holder: string | null }[] = await rig.database.query('SELECT holder FROM anchor_lease WHERE expires_at > clock_timestamp()');
  return row?.holder ?? '';
}

async function assertOneLog(): Promise<void> {
  await traffic.settle(await clientAt(instance(0).isAlive ? 0 : 1));
  await watch.end();
  await assertNothingLost(rig, traffic.rounds, watch, urls[instance(0).isAlive ? 0 : 1] ?? '');
  // The files are those of the newest checkpoint too, whichever instance wrote last.
  const [head]: { note: string }[] = await rig.database.query('SELECT c.note FROM log_head h JOIN log_checkpoint c ON c.tree_size = h.published_size');
  expect((await new TileStore({ dataDir: rig.dataDir }).checkpoint())?.toString('utf8')).toBe(head?.note);
  // As many anchors on the chain as in the database, and each nonce used once.
  const events = await callChain<unknown[]>(chain.url, 'eth_getLogs', [{ address: rig.environment['ANCHOR_CONTRACT'], fromBlock: '0x0', topics: [CHECKPOINT_ANCHORED] }]);
  const [anchors]: { live: string; dead: string; nonces: string }[] = await rig.database.query(
    `SELECT count(*) FILTER (WHERE status IN ('anchored', 'final')) AS live, count(*) FILTER (WHERE status NOT IN ('anchored', 'final')) AS dead, count(DISTINCT nonce) AS nonces FROM anchor`);
  expect(anchors).toEqual({ live: String(events.length), dead: '0', nonces: String(events.length) });
}

test('two instances race; one is killed and the other takes over', async () => {
  await startDepositors();
  await served();
  for (let kill = 0; kill < KILLS; kill++) {
    const victim = kill === 0 ? await anchoring() : random.below(2);
    watch.follow(urls[1 - victim] ?? '');
    await pause(random.below(1_500));
    await instance(victim).kill();
    await served();
    await eventually('the other one anchors', async () => (await leaseHolder()).includes(`:${instance(1 - victim).child.pid}:`));
    await watch.end();
    await start(victim);
    await served();
  }
  await traffic.stop();
  await assertOneLog();
  console.log(`killed ${KILLS} of ${KILLS} instances under load, ${traffic.acknowledged} acts acknowledged; FAULT_SEED=${random.seed}`);
}, deep ? 600_000 : 120_000);

/** Which of the two anchors at the moment: the one whose death matters most. */
async function anchoring(): Promise<number> {
  let found = -1;
  await eventually('someone anchors', async () => {
    const holder = await leaseHolder();
    found = instances.findIndex(({ child }) => holder.includes(`:${child.pid}:`));
    return found >= 0;
  });
  return found;
}

test('a graceful stop of one under load loses nothing', async () => {
  await startDepositors();
  await served();
  const stopping = random.below(2);
  watch.follow(urls[1 - stopping] ?? '');
  expect(await instance(stopping).stop()).toEqual({ code: 0, signal: null });
  await served();
  await traffic.stop();
  // Whoever could still connect was answered.
  expect(traffic.cut).toEqual([]);
  await assertOneLog();
}, 120_000);
