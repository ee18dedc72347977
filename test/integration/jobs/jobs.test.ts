import { Inject, Injectable, Module, type OnModuleInit } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { pino } from 'pino';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { ConfigModule } from '../../../src/platform/config/index.js';
import { DatabaseModule, transact } from '../../../src/platform/database/index.js';
import { createHttpApplication, HealthRegistry, runIdempotently } from '../../../src/platform/http/index.js';
import { defineJob, enqueueJob, JobRegistry, JobsModule } from '../../../src/platform/jobs/index.js';
import { createTestDatabase, type TestDatabase } from '../../support/databases.js';
import { testConfig } from '../http/test-app.js';

const note = defineJob('test.note', z.object({ n: z.int() }));
const seen: { n: number; attempt: number }[] = [];
let failures = 0;
let slowFinished = false;
const held = { begun: false, open: (): void => undefined };

@Injectable()
class Notes implements OnModuleInit {
  constructor(@Inject(JobRegistry) private readonly registry: JobRegistry) {}
  onModuleInit(): void {
    this.registry.handle(note, async ({ n }, { attempt }) => {
      if (n === 500) {
        await new Promise((done) => setTimeout(done, 400));
        slowFinished = true;
      }
      if (n === 600 && !held.begun) {
        held.begun = true;
        await new Promise<void>((open) => { held.open = open; });
      }
      seen.push({ n, attempt });
      if (n === 13 && failures++ === 0) throw new Error('try again');
    });
  }
}

let database: TestDatabase;
let app: NestFastifyApplication;
let dataSource: DataSource;

beforeAll(async () => {
  database = await createTestDatabase();
  const config = testConfig({ database: { url: database.serviceUrl, poolSize: 4 } });
  @Module({ imports: [ConfigModule.of(config), DatabaseModule.forRoot(), JobsModule], providers: [Notes] })
  class Root {}
  app = await createHttpApplication(Root, config, { logger: pino({ level: 'silent' }) });
  await app.init();
  dataSource = app.get(DataSource);
}, 60_000);
afterAll(async () => {
  await app?.close();
  await database?.drop();
});

test('a committed job runs, a rolled back one leaves nothing', async () => {
  await transact(dataSource, (tx) => enqueueJob(tx, note, { n: 1 }));
  const refused = transact(dataSource, async (tx) => {
    await enqueueJob(tx, note, { n: 2 });
    expect(await waiting(tx, 2)).toBe(1);
    throw new Error('rolled back');
  });
  await expect(refused).rejects.toThrow('rolled back');
  await until(() => seen.some(({ n }) => n === 1));
  expect(await waiting(dataSource.manager, 2)).toBe(0);
  await new Promise((done) => setTimeout(done, 300));
  expect(seen.some(({ n }) => n === 2)).toBe(false);
});

test('a job that fails is tried again', async () => {
  await transact(dataSource, (tx) => enqueueJob(tx, note, { n: 13 }));
  await until(() => seen.some(({ n }) => n === 13));
  await until(async () => (await jobOf(13))?.attempts === 1 && (await jobOf(13))?.locked === false);
  await dataSource.query(`UPDATE graphile_worker._private_jobs SET run_at = now() WHERE (payload->>'n')::int = 13`);
  await until(() => seen.some(({ n, attempt }) => n === 13 && attempt === 2));
  await until(async () => (await jobOf(13)) === undefined);
  expect(seen.filter(({ n }) => n === 13).map(({ attempt }) => attempt)).toEqual([1, 2]);
});

test('a payload of another form is not enqueued', async () => {
  await expect(transact(dataSource, (tx) => enqueueJob(tx, note, { n: 1.5 }))).rejects.toThrow(z.ZodError);
});

test('a waiting job with the same key is replaced', async () => {
  const runAt = new Date(Date.now() + 3_600_000);
  for (const n of [70, 71]) await transact(dataSource, (tx) => enqueueJob(tx, note, { n }, { key: 'same', runAt }));
  expect([await waiting(dataSource.manager, 70), await waiting(dataSource.manager, 71)]).toEqual([0, 1]);
});

test('a connection lost while a job is written off: the process lives, the job is done again, others go on', async () => {
  const unhandled: unknown[] = [];
  const note600 = (reason: unknown): void => void unhandled.push(reason);
  process.on('unhandledRejection', note600);
  const other = await new DataSource({ type: 'postgres', url: database.serviceUrl }).initialize();
  try {
    await transact(dataSource, (tx) => enqueueJob(tx, note, { n: 600 }));
    await until(() => held.begun);
    await other.transaction(async (tx) => {
      await tx.query(`SELECT id FROM graphile_worker._private_jobs WHERE (payload->>'n')::int = 600 FOR UPDATE`);
      held.open();
      const waits = `FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'zhengben-jobs' AND wait_event_type = 'Lock'`;
      await until(async () => ((await dataSource.query(`SELECT 1 ${waits}`)) as unknown[]).length === 1);
      await dataSource.query(`SELECT pg_terminate_backend(pid) ${waits}`);
      await new Promise((done) => setTimeout(done, 200));
    });
    await transact(dataSource, (tx) => enqueueJob(tx, note, { n: 601 }));
    await until(() => seen.some(({ n }) => n === 601), 15_000);
    await until(async () => (await jobOf(600)) === undefined, 15_000);
    expect(seen.filter(({ n }) => n === 600).length).toBe(2);
    expect(unhandled).toEqual([]);
  } finally {
    process.off('unhandledRejection', note600);
    await other.destroy();
  }
}, 40_000);

test('the runner answers for its readiness', async () => {
  expect(await app.get(HealthRegistry).readiness()).toMatchObject({ checks: { jobs: { ok: true } } });
});

describe('idempotency', () => {
  const accountId = '0193a000-0000-7000-8000-000000000001';
  const hash = (byte: number) => new Uint8Array(32).fill(byte);
  const act = (body: unknown) => jest.fn(async () => ({ status: 201, body }));

  test('once for a key; the same answer again; another payload is refused', async () => {
    const first = act({ id: 1 });
    const second = act({ id: 2 });
    expect(await runIdempotently(dataSource, { accountId, key: 'k1', payloadHash: hash(1) }, first)).toEqual({ status: 201, body: { id: 1 }, replayed: false });
    expect(await runIdempotently(dataSource, { accountId, key: 'k1', payloadHash: hash(1) }, second)).toEqual({ status: 201, body: { id: 1 }, replayed: true });
    expect(second).not.toHaveBeenCalled();
    await expect(runIdempotently(dataSource, { accountId, key: 'k1', payloadHash: hash(2) }, second)).rejects.toMatchObject({ code: 'HTTP.IDEMPOTENCY_KEY_REUSED' });
    expect(await runIdempotently(dataSource, { accountId: accountId.replace(/1$/, '2'), key: 'k1', payloadHash: hash(2) }, second)).toMatchObject({ body: { id: 2 } });
  });

  test('an act that fails leaves its key free', async () => {
    const failing = async () => {
      throw new Error('no');
    };
    await expect(runIdempotently(dataSource, { accountId, key: 'k2', payloadHash: hash(1) }, failing)).rejects.toThrow('no');
    expect(await runIdempotently(dataSource, { accountId, key: 'k2', payloadHash: hash(3) }, act(null))).toMatchObject({ replayed: false });
  });

  test('in flight in this process, and in another one', async () => {
    let finish = (): void => undefined;
    const gate = new Promise<void>((done) => {
      finish = done;
    });
    const running = runIdempotently(dataSource, { accountId, key: 'k3', payloadHash: hash(1) }, async () => {
      await gate;
      return { status: 200, body: 'done' };
    });
    await expect(runIdempotently(dataSource, { accountId, key: 'k3', payloadHash: hash(1) }, act(0))).rejects.toMatchObject({ code: 'HTTP.IDEMPOTENCY_IN_FLIGHT' });
    finish();
    await running;

    const other = await new DataSource({ type: 'postgres', url: database.serviceUrl }).initialize();
    try {
      await other.transaction(async (tx) => {
        await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended($1, 7326))`, [`${accountId} k4`]);
        await expect(runIdempotently(dataSource, { accountId, key: 'k4', payloadHash: hash(1) }, act(0))).rejects.toMatchObject({ code: 'HTTP.IDEMPOTENCY_IN_FLIGHT' });
      });
    } finally {
      await other.destroy();
    }
  });

  test('a hundred at once act once', async () => {
    const counted = act('once');
    const outcomes = await Promise.allSettled(Array.from({ length: 100 }, () => runIdempotently(dataSource, { accountId, key: 'k5', payloadHash: hash(1) }, counted)));
    expect(counted).toHaveBeenCalledTimes(1);
    expect(outcomes.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThanOrEqual(1);
  });

  test('after seven days a key is forgotten, not before', async () => {
    await dataSource.query(`UPDATE idempotency SET created_at = now() - interval '8 days' WHERE key = 'k1'`);
    await dataSource.query(`UPDATE idempotency SET created_at = now() - interval '6 days' WHERE key = 'k5'`);
    await dataSource.query(`SELECT graphile_worker.add_job('http.delete-old-idempotency-keys')`);
    const keys = async () => ((await dataSource.query(`SELECT key FROM idempotency ORDER BY key`)) as { key: string }[]).map(({ key }) => key);
    await until(async () => !(await keys()).includes('k1'));
    expect(await keys()).toContain('k5');
  });
});

test('a stop waits for the running job', async () => {
  await transact(dataSource, (tx) => enqueueJob(tx, note, { n: 500 }));
  await until(async () => (await jobOf(500))?.locked === true);
  await app.close();
  expect(slowFinished).toBe(true);
});

async function waiting(tx: { query(sql: string, parameters: unknown[]): Promise<{ count: number }[]> }, n: number): Promise<number> {
  const [row] = await tx.query(`SELECT count(*)::int AS count FROM graphile_worker._private_jobs WHERE (payload->>'n')::int = $1`, [n]);
  return row?.count ?? -1;
}

async function jobOf(n: number): Promise<{ attempts: number; locked: boolean } | undefined> {
  const rows: { attempts: number; locked: boolean }[] = await dataSource.query(
    `SELECT attempts, locked_at IS NOT NULL AS locked FROM graphile_worker._private_jobs WHERE (payload->>'n')::int = $1`,
    [n],
  );
  return rows[0];
}

async function until(condition: () => boolean | Promise<boolean>, patienceMs = 10_000): Promise<void> {
  const deadline = Date.now() + patienceMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('it did not happen');
    await new Promise((done) => setTimeout(done, 20));
  }
}
