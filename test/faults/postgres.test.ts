import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/dev-stack/embedded-postgres.js';
import { runMigrations } from '../../src/migrations/index.js';
import { startTestChain, type TestChain } from '../support/index.js';
import { declaredContent, minimalForm } from '../support/work-forms.js';
import { assertNothingLost, CheckpointWatch } from './support/checks.js';
import { eventually, FaultRig } from './support/fault-rig.js';
import { seeded } from './support/seeded.js';
import type { ServiceProcess } from './support/service-process.js';
import { Traffic } from './support/traffic.js';

const deep = process.env['DEEP'] === '1';
const TIMES = deep ? 8 : 1;
/** The longest that a request may take while the database is away; it waits that long for a connection. */
const ANSWER_MS = 15_000;

const random = seeded();
let directory: string;
let postgres: EmbeddedPostgres;
let chain: TestChain;
let rig: FaultRig;
let service: ServiceProcess;
let url: string;
let watch: CheckpointWatch;
const traffic = new Traffic();

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'zhengben-postgres-'));
  [chain, postgres] = await Promise.all([startTestChain(), startEmbeddedPostgres({ dataDir: directory })]);
  await runMigrations(postgres.ownerUrl);
  const adminUrl = new URL(postgres.adminUrl);
  adminUrl.pathname = new URL(postgres.serviceUrl).pathname;
  rig = await FaultRig.open({ serviceUrl: postgres.serviceUrl, adminUrl: adminUrl.href, chainUrl: chain.url });
  service = await rig.spawn();
  url = await service.url();
  watch = new CheckpointWatch(rig.vkey);
}, 120_000);
afterAll(async () => {
  await watch?.end();
  await rig?.close();
  await chain?.stop();
  await postgres?.stop();
  await rm(directory, { recursive: true, force: true });
});

async function pause(ms: number): Promise<void> {
  await new Promise((done) => setTimeout(done, ms));
}

/** Everything is there, once, from the process that was there all the time. */
async function assertRecovered(): Promise<void> {
  if (!service.isAlive) throw new Error(`the service died: ${JSON.stringify(await service.exited)} ${service.printed}`);
  await eventually('the service is ready', async () => (await fetch(`${url}/health/ready`)).status === 200);
  await traffic.settle(await rig.client(url));
  await watch.end();
  await assertNothingLost(rig, traffic.rounds, watch, url);
}

test('an immediate stop of PostgreSQL under load', async () => {
  const client = await rig.client(url);
  traffic.start(3, async () => client);
  for (let time = 0; time < TIMES; time++) {
    watch.follow(url);
    const before = traffic.acknowledged;
    await eventually('depositors are served', async () => traffic.acknowledged > before + 10);
    await pause(random.below(500));
    process.kill(postgres.pid, 'SIGQUIT');
    await postgres.stop();

    // Meanwhile: a clear answer, soon, and no 500.
    for (let i = 0; i < 3; i++) {
      for (const [method, path] of [['GET', '/api/v1/works'], ['GET', '/log/checkpoint'], ['POST', '/api/v1/works']] as const) {
        const response = await fetch(`${url}${path}`, {
          method, signal: AbortSignal.timeout(ANSWER_MS), headers: { authorization: `Bearer ${client.apiKey}`, ...(method === 'POST' ? { 'content-type': 'application/json' } : {}) },
          ...(method === 'POST' ? { body: JSON.stringify(declaredForm()) } : {}),
        });
        expect([method, path, response.status, ((await response.json()) as { code: string }).code]).toEqual([method, path, 503, 'HTTP.UNAVAILABLE']);
        expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
      }
    }
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
    expect((await fetch(`${url}/health/ready`)).status).toBe(503);

    postgres = await startEmbeddedPostgres({ dataDir: directory, port: postgres.port });
    const then = traffic.acknowledged;
    await eventually('depositors are served again', async () => traffic.acknowledged > then + 10);
  }
  await traffic.stop();
  await assertRecovered();
  console.log(`PostgreSQL stopped ${TIMES} times under load, ${traffic.acknowledged} acts acknowledged; FAULT_SEED=${random.seed}`);
}, deep ? 600_000 : 120_000);

test('connections cut at random under load', async () => {
  const client = await rig.client(url);
  watch.follow(url);
  traffic.start(3, async () => client);
  let cut = 0;
  for (const until = Date.now() + (deep ? 60_000 : 3_000); Date.now() < until;) {
    const rows: unknown[] = await rig.database.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'zhengben_service' AND random() < 0.4`);
    cut += rows.length;
    await pause(random.below(250));
  }
  await traffic.stop();
  await assertRecovered();
  expect(cut).toBeGreaterThan(5);
  console.log(`${cut} connections cut; FAULT_SEED=${random.seed}`);
}, deep ? 300_000 : 120_000);

function declaredForm(): unknown {
  return { ...minimalForm, contents: [declaredContent()] };
}
