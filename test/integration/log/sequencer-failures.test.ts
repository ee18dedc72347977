import { Logger } from '@nestjs/common';
import { Client } from 'pg';
import { Registry } from 'prom-client';
import { CheckHead, LogEvents, LogGate } from '../../../src/modules/log/index.js';
import { LogTelemetry } from '../../../src/modules/log/log-telemetry.js';
import { Sequencer } from '../../../src/modules/log/sequencer.js';
import type { Config } from '../../../src/platform/config/index.js';
import { HealthRegistry } from '../../../src/platform/http/index.js';
import { LogRig } from './support/log-rig.js';

const INTERVAL_MS = 20;

let rig: LogRig;
let admin: Client;
let sequencer: Sequencer;
let batches: number[];
const health = new HealthRegistry();
const metrics = new Registry();

beforeAll(async () => {
  Logger.overrideLogger(false);
  rig = await LogRig.start();
  admin = new Client({ connectionString: rig.database.adminUrl });
  await admin.connect();
  batches = [];
  const execute = rig.batch.execute.bind(rig.batch);
  rig.batch.execute = (limit) => {
    batches.push(performance.now());
    return execute(limit);
  };
  const gate = new LogGate(rig.dataSource);
  const config = { log: { sequenceIntervalMs: INTERVAL_MS } } as Config;
  sequencer = new Sequencer(config, rig.batch, rig.publication, new CheckHead(rig.dataSource, rig.tiles, rig.keys, gate), gate, new LogEvents(), health, metrics);
  new LogTelemetry(rig.dataSource, metrics).onModuleInit();
  await sequencer.onModuleInit();
});
afterAll(async () => {
  await sequencer.onModuleDestroy();
  await admin.end();
  await rig.stop();
});

async function valueOf(name: string): Promise<number> {
  return (await metrics.getSingleMetric(name)?.get())?.values[0]?.value ?? Number.NaN;
}

async function until(what: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 20_000; !(await what());) {
    if (Date.now() > end) throw new Error('it did not come to that');
    await new Promise((done) => setTimeout(done, 10));
  }
}

const isReady = async (): Promise<boolean> => (await health.readiness()).checks['log']?.ok === true;

test('a sequencer that fails for good is seen by its queue and by readiness, tries less and less often, and comes back by itself', async () => {
  await rig.sayMany(3);
  await admin.query('REVOKE INSERT ON log_entry FROM zhengben_service');
  expect(await valueOf('zhengben_pending_statements')).toBe(3);
  sequencer.onApplicationBootstrap();
  await until(async () => batches.length >= 2);
  expect(await isReady()).toBe(true);
  await until(async () => batches.length >= 7);
  await until(async () => !(await isReady()));
  expect(await valueOf('zhengben_pending_statements')).toBe(3);
  expect(await valueOf('zhengben_oldest_pending_seconds')).toBeGreaterThan(0.5);
  const pauses = batches.slice(1).map((at, i) => at - batches[i]!);
  for (const [i, pause] of pauses.entries()) expect(pause).toBeGreaterThanOrEqual(INTERVAL_MS * 2 ** (i + 1) - 2);

  await admin.query('GRANT INSERT ON log_entry TO zhengben_service');
  await until(isReady);
  await until(async () => (await valueOf('zhengben_pending_statements')) === 0);
  expect(await valueOf('zhengben_oldest_pending_seconds')).toBe(0);
});
