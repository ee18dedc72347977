import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isWrite } from '../../src/platform/fault-points/index.js';
import { createTestDatabase, startTestChain, type TestChain, type TestDatabase } from '../support/index.js';
import { eventually, FaultRig } from './support/fault-rig.js';
import { KillHarness } from './support/kill-harness.js';
import { ON_CHAIN } from './support/on-chain.js';
import { seeded } from './support/seeded.js';
import { parseTrace, pointsInSources, recordedWrites, recordWrites } from './support/write-trace.js';

const deep = process.env['DEEP'] === '1';
/** Without DEEP=1 points are drawn until this is used up. */
const BUDGET_MS = 15_000;
const LEAST = 3;
/** After so many kills another installation takes over: all that ever happened in one is looked through after each. */
const RENEWED = 25;
/** Kills at those alone, all of them: `FAULT_POINTS='^order\.' npx jest test/faults/kill-matrix`. */
const only = process.env['FAULT_POINTS'];
/** Of as many parts this one, `1/2` and `2/2`, to be run side by side: the whole takes half an hour of one after the other. */
const [part, parts] = (process.env['FAULT_PART'] ?? '1/1').split('/').map(Number) as [number, number];

/** Points that a run without any other trouble does not pass, and the test that passes them. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  'anchor.adopt': 'test/faults/kill-troubled-chain.test.ts',
  'anchor.end': 'test/faults/kill-troubled-chain.test.ts',
  'anchor.reopen': 'test/faults/kill-troubled-chain.test.ts',
  'anchor.store-replacement': 'test/faults/kill-troubled-chain.test.ts',
  'actor-key.add': 'for signed-in people only: test/integration/actor-keys/account-keys.test.ts',
  'actor-key.revoke': 'for signed-in people only: test/integration/actor-keys/account-keys.test.ts',
  'actor-key.use-nonce': 'for signed-in people only: test/integration/actor-keys/account-keys.test.ts',
  'accounting.propose-correction': 'for signed-in operators only: test/integration/accounting/statements.test.ts',
  'accounting.decide-correction': 'for signed-in operators only: test/integration/accounting/statements.test.ts',
  'operators.appoint': 'an operator’s command: test/integration/cli/operator-accounts.test.ts',
  'operators.dismiss': 'an operator’s command: test/integration/cli/operator-accounts.test.ts',
  'consent.ask': 'one transaction, after a refusal: test/integration/trading/listings.test.ts',
  'licence.insert': 'recovery from the log: test/integration/licensing/recover-rights.test.ts',
  'licence.disclose': 'what recovery lost is presented again: test/integration/licensing/recover-rights.test.ts',
  'licence.open': 'what recovery lost is presented again: test/integration/licensing/recover-rights.test.ts',
  'licence.note': 'recovery from the log: test/integration/licensing/recover-rights.test.ts',
  'log.gate': 'what contradicts the log: test/integration/log/gate.test.ts',
  'delivery.link': 'one row, made by buyers: test/integration/trading/delivery.test.ts',
  'delivery.start': 'one row, before the first byte goes: test/integration/trading/delivery.test.ts',
  'file.remove': 'a full tile takes the place of its partial ones: test/integration/log/partial-tiles.test.ts',
  'file.discard': 'a file that could not be written: test/faults/data-directory.test.ts',
};
/** Passed once in the life of a process. */
const ONCE = /^anchor\.(?:enter-instance|release)\b/;
/** Passed by the hourly work. */
const SWEPT = /^(?:blob\.sweep|file\.sweep|idempotency\.expire|accounting\.roll-up|notice\.dispatch)/;
/** An operator's command, on a service that stands still; it may be run again: test/integration/log. */
const RECOVERY = /^recover\./;
/** How an order that a balance pays moves, by each write that moves one. Every other row of `order_transition` is cut in test/faults/chain-payment-kills.test.ts. */
const MOVES: Readonly<Record<string, string>> = { 'order.insert': 'new→funded', 'order.settle': 'new→settled', 'order.settle-slice': 'funded→settled', 'order.refund': 'funded→refunded', 'order.dispute': 'funded→disputed' };

let chain: TestChain;
let database: TestDatabase;
let rig: FaultRig;
let harness: KillHarness;
let points: readonly string[];
const random = seeded();

beforeAll(async () => {
  chain = await startTestChain();
  await open();
}, 120_000);
afterAll(async () => {
  await close();
  await chain?.stop();
});

async function open(): Promise<void> {
  database = await createTestDatabase();
  rig = await FaultRig.open({ serviceUrl: database.serviceUrl, adminUrl: database.adminUrl, chainUrl: chain.url });
  harness = await KillHarness.open(rig);
}

async function close(): Promise<void> {
  await harness?.watch.end();
  await rig?.close();
  await database?.drop();
}

test('every write of deposit, sequence and anchor passes a named point', async () => {
  await recordWrites(rig.database);
  await harness.start({ FAULT_TRACE: join(rig.directory, 'trace') });
  await harness.play();
  await harness.assertRecovered();
  await sweep();
  await harness.stop();
  const trace = parseTrace(await rig.read('trace'));
  points = trace.points;
  expect(trace.unnamed).toEqual([]);

  // PostgreSQL is asked what changed its tables: the tracer that finds writes without a name must see each of these as a write.
  const written = await recordedWrites(rig.database);
  expect(written.length).toBeGreaterThan(15);
  expect(written.filter((query) => !isWrite(query))).toEqual([]);
  // Every function of ours that may write is known to it, whether it was called or not.
  expect((await writingFunctions()).filter((name) => !isWrite(`SELECT ${name}(`))).toEqual([]);

  const reached = new Set(trace.points);
  const missed = (await pointsInSources()).filter((point) => !reached.has(point) && !RECOVERY.test(point) && !ON_CHAIN.test(point) && ELSEWHERE[point.replace(/:(before|after)$/, '')] === undefined);
  expect(missed).toEqual([]);
}, 120_000);

test('a kill at any of them loses nothing and doubles nothing', async () => {
  expect(points.length).toBeGreaterThan(40);
  expect(Object.keys(MOVES).filter((name) => !points.includes(`${name}:before`))).toEqual([]);
  const all = points.flatMap((point) => (ONCE.test(point) ? [point] : [point, `${point}#2`]));
  const chosen = only === undefined ? (deep ? all : drawn()) : (deep ? all : points).filter((point) => new RegExp(only).test(point));
  const aims = chosen.filter((aim) => partOf(aim) === part);
  const since = Date.now();
  let killed = 0;
  let aimed = 0;
  await harness.start();
  for (const aim of aims) {
    if (!deep && only === undefined && aimed >= LEAST && Date.now() - since > BUDGET_MS) break;
    if (aimed > 0 && aimed % RENEWED === 0) {
      await harness.stop();
      await close();
      await open();
      await harness.start();
    }
    aimed++;
    await harness.killAt(aim, () => provoke(aim), random.seed);
    killed++;
    // The move that it died in the middle of was made again.
    const move = MOVES[aim.replace(/:.*$/, '')];
    if (move !== undefined && !aim.includes('#')) expect([aim, ...(await movedSince(harness.diedAt))]).toContain(move);
  }
  console.log(`killed ${killed} of ${aimed}${deep ? '' : ` (drawn from ${points.length} points)`}${parts > 1 ? `, part ${part} of ${parts} of ${all.length} aims` : ''}; FAULT_SEED=${random.seed}`);
  expect(killed).toBe(aimed);
  await harness.stop();
}, deep || only !== undefined ? 3_600_000 : 180_000);

/** Those that are not declared to only read; triggers come with the statement that fires them. */
async function writingFunctions(): Promise<string[]> {
  const rows: { proname: string }[] = await rig.database.query(`
    SELECT proname FROM pg_proc p WHERE pronamespace = 'public'::regnamespace AND provolatile = 'v' AND prorettype <> 'trigger'::regtype
       AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')`);
  expect(rows.map((row) => row.proname)).toContain('deposit_works');
  return rows.map((row) => row.proname);
}

/** By its name, so that each part has the same ones whatever the order of a run. */
function partOf(aim: string): number {
  return (createHash('sha256').update(aim).digest()[0] as number) % parts + 1;
}

/** How orders moved after this. */
async function movedSince(at: string): Promise<string[]> {
  const rows: { move: string }[] = await rig.database.query(`SELECT DISTINCT from_state || '→' || to_state AS move FROM order_event WHERE at > $1::timestamptz`, [at]);
  return rows.map(({ move }) => move);
}

/** The first ones are of different areas. */
function drawn(): string[] {
  const shuffled = random.shuffled(points);
  const areas = new Set<string>();
  const first = shuffled.filter((point) => {
    const area = point.split('.')[0] ?? '';
    return areas.size < areas.add(area).size;
  });
  return [...first, ...shuffled.filter((point) => !first.includes(point))];
}

/** Does what passes the point. */
async function provoke(aim: string): Promise<void> {
  const name = aim.replace(/(:(before|after))?(#\d+)?$/, '');
  if (name === 'anchor.enter-instance') return leaveChain();
  const times = Number(/#(\d+)$/.exec(aim)?.[1] ?? 1);
  for (let i = 0; i < times && harness.service.isAlive; i++) {
    if (SWEPT.test(name)) await sweep();
    else await harness.play();
    await harness.quiet();
  }
}

/** The service comes back to a chain that it does not know. */
async function leaveChain(): Promise<void> {
  await harness.service.stop();
  await rig.deployContract();
  await harness.tryToStart();
}

/** Runs the hourly work now, with something to do for it: an upload and a tile that were cut off and a blob that nobody wants, all days ago, an old key, somebody who was paid many times, and who is to be told of something. */
async function sweep(): Promise<void> {
  const leftovers = [join(rig.dataDir, 'staging', randomUUID()), join(rig.dataDir, 'log', '.tmp', randomUUID())];
  const [now, before] = [new Date(), new Date(Date.now() - 2 * 24 * 3_600_000)];
  for (const leftover of leftovers) {
    // A new installation has published nothing yet.
    await mkdir(dirname(leftover), { recursive: true });
    await writeFile(leftover, 'half a file');
    await utimes(leftover, now, before);
  }
  await rig.fund(1n, 250);
  await rig.database.query(`
    INSERT INTO blob (sha256, byte_length, touched_at) VALUES (sha256(gen_random_uuid()::text::bytea), 1, now() - interval '2 days');
    INSERT INTO notice (account_id, kind, subject) VALUES (gen_random_uuid(), 'order-settled', 'test');
    INSERT INTO idempotency (account_id, key, payload_hash, status, created_at) VALUES (gen_random_uuid(), 'old', sha256(''), 201, now() - interval '8 days');
    SELECT graphile_worker.add_job('blobs.sweep'), graphile_worker.add_job('log.remove-leftovers'), graphile_worker.add_job('http.delete-old-idempotency-keys'), graphile_worker.add_job('accounting.roll-up-credits'), graphile_worker.add_job('notices.dispatch')`);
  await eventually('the hourly work is done', async () => {
    const rows: unknown[] = await rig.database.query(`SELECT 1 FROM blob WHERE touched_at < now() - interval '1 day' UNION ALL SELECT 1 FROM idempotency WHERE created_at < now() - interval '7 days'
                                                      UNION ALL SELECT 1 FROM money_credit GROUP BY money_account_id HAVING count(*) > 200 UNION ALL SELECT 1 FROM notice WHERE dispatched_at IS NULL`);
    return (rows.length === 0 && !leftovers.some((leftover) => existsSync(leftover))) || !harness.service.isAlive;
  }, 40_000);
}
