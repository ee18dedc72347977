/**
 * bench:ledger — transfers a second that are durable, through `post_transfers`, against the naive design (two balances updated in place in a transaction) on the same server in the same run, in turns.
 * 32 callers, each with one transfer at a time: all of them to one account, or between any two of LEDGER_ACCOUNTS (10,000). «Coalesced» is how the service calls: transfers that arrive together share a
 * call. The naive one is sent statement by statement, as services do, and in one message, which no client can slow down: the better of the two is what ours is compared with.
 */
import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { auditLedger } from '../src/modules/accounting/index.js';
import { dataSourceOptions } from '../src/platform/database/index.js';
import { NAIVE_TABLES } from './ledger/naive.js';
import type { Done, Task, Way } from './ledger/worker.js';
import { type BenchStack, startBenchStack } from './support/bench-stack.js';
import { median, report, round } from './support/report.js';

const RUNS = Number(process.env['BENCH_RUNS'] ?? 5);
const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 5);
const ACCOUNTS = Number(process.env['LEDGER_ACCOUNTS'] ?? 10_000);
const CALLERS = 32;
/** Calls of 500 at a time: more would only wait for each other. */
const CALLERS_OF_MANY = 4;
const TARGET = { hot: 8, spread: 2 };
/** Of one process, the load would be what is measured; ours coalesces within a process, as a service does. */
const PROCESSES: Record<Way, number> = { naive: 2, 'naive, one message': 2, 'naive, 500 a call': 1, ours: 2, 'ours, coalesced': 1, 'ours, 500 a call': 1 };
const WAYS: readonly Way[] = ['naive', 'naive, one message', 'ours', 'ours, coalesced', 'naive, 500 a call', 'ours, 500 a call'];

/** Everybody has enough, in both designs. */
async function prepare(stack: BenchStack, owners: readonly string[]): Promise<void> {
  const owner = await connect(stack.ownerUrl);
  await owner.query(NAIVE_TABLES);
  await owner.query('GRANT SELECT, INSERT, UPDATE ON naive_account, naive_transfer, naive_posting TO zhengben_service');
  await owner.query(`INSERT INTO naive_account SELECT ordinality - 1, owner, 'CNY', 1000000000 FROM unnest($1::uuid[]) WITH ORDINALITY AS o(owner)`, [owners]);
  for (let i = 0; i < owners.length; i += 1_000) {
    const transfers = owners.slice(i, i + 1_000).map((to) => ({
      id: randomUUID(), kind: 'settlement', subject: 'bench', postings: [{ owner: '00000000-0000-0000-0000-000000000000', purpose: 'clearing', currency: 'CNY', amount: '-1000000000' }, { owner: to, purpose: 'available', currency: 'CNY', amount: '1000000000' }],
    }));
    await owner.query('SELECT post_transfers($1)', [JSON.stringify(transfers)]);
  }
  await owner.query('SELECT roll_up_credits(0)');
  for (let rolled = 1; rolled > 0;) rolled = Number((await owner.query<{ n: number }>('SELECT roll_up_credits(0) AS n')).rows[0]?.n ?? 0);
  await owner.query('VACUUM (ANALYZE)');
  await owner.end();
}

async function connect(connectionString: string): Promise<Client> {
  const client = new Client({ connectionString });
  await client.connect();
  return client;
}

async function measure(url: string, way: Way, isHot: boolean, owners: readonly string[], seed: number): Promise<{ rate: number; p50: number; p99: number }> {
  const processes = PROCESSES[way];
  const callers = (way.endsWith('500 a call') ? CALLERS_OF_MANY : CALLERS) / processes;
  const done = await Promise.all(Array.from({ length: processes }, (_, i) => work({ url, way, isHot, callers, seconds: SECONDS, owners, seed: seed + i })));
  return { rate: done.reduce((sum, { transfers, seconds }) => sum + transfers / seconds, 0), p50: median(done.map(({ p50 }) => p50)), p99: Math.max(...done.map(({ p99 }) => p99)) };
}

function work(task: Task): Promise<Done> {
  const child = fork(fileURLToPath(new URL('./ledger/worker.js', import.meta.url)));
  return new Promise((resolve, reject) => {
    child.on('message', (said) => (said === 'ready' ? child.send(task) : resolve(said as Done)));
    child.once('exit', (code) => reject(new Error(`the worker of «${task.way}» ended with ${code}`)));
  });
}

/** What was counted is there, once, and both ledgers balance. */
async function assertRight(stack: BenchStack): Promise<void> {
  const client = await connect(stack.config.database.url);
  const { rows: [naive] } = await client.query<{ off: string }>('SELECT count(*) AS off FROM (SELECT account_id FROM naive_account a WHERE balance - 1000000000 <> (SELECT coalesce(sum(amount), 0) FROM naive_posting p WHERE p.account_id = a.account_id)) x');
  await client.end();
  if (Number(naive?.off) > 0) throw new Error(`${naive?.off} naive balances are not what was posted`);
  const dataSource = await new DataSource(dataSourceOptions(stack.config.database.url, 1, () => undefined)).initialize();
  const { difference } = await auditLedger(dataSource);
  await dataSource.destroy();
  if (difference) throw new Error(JSON.stringify(difference));
}

const stack = await startBenchStack({}, ['shared_buffers=512MB', 'max_wal_size=4GB']);
try {
  const owners = Array.from({ length: ACCOUNTS }, () => randomUUID());
  await prepare(stack, owners);
  const scenes = { hot: new Map<Way, { rate: number; p50: number; p99: number }[]>(), spread: new Map<Way, { rate: number; p50: number; p99: number }[]>() };
  for (let run = 0; run < RUNS; run++) {
    for (const scene of ['hot', 'spread'] as const) {
      for (const way of run % 2 === 0 ? WAYS : WAYS.toReversed()) {
        process.stderr.write(`\r\u001b[Krun ${run + 1} of ${RUNS}: ${scene}, ${way}`);
        const measured = await measure(stack.config.database.url, way, scene === 'hot', owners, 1_000 * run + 7);
        scenes[scene].set(way, [...(scenes[scene].get(way) ?? []), measured]);
      }
    }
  }
  process.stderr.write('\r\u001b[K');
  await assertRight(stack);
  const rateOf = (scene: 'hot' | 'spread', way: Way) => median((scenes[scene].get(way) ?? []).map(({ rate }) => rate));
  /** Of each run: ours as the service calls it to the better of the naive ones. */
  const ratioOf = (scene: 'hot' | 'spread', ours: Way, peers: readonly Way[]): number =>
    median(Array.from({ length: RUNS }, (_, run) => (scenes[scene].get(ours)?.[run]?.rate ?? NaN) / Math.max(...peers.map((peer) => scenes[scene].get(peer)?.[run]?.rate ?? NaN))));
  const peers: readonly Way[] = ['naive', 'naive, one message'];
  const ratios = { hot: ratioOf('hot', 'ours, coalesced', peers), spread: ratioOf('spread', 'ours, coalesced', peers), hotAlone: ratioOf('hot', 'ours', peers), spreadAlone: ratioOf('spread', 'ours', peers), hotMany: ratioOf('hot', 'ours, 500 a call', ['naive, 500 a call']), spreadMany: ratioOf('spread', 'ours, 500 a call', ['naive, 500 a call']) };
  const rows = (['hot', 'spread'] as const).flatMap((scene) => WAYS.map((way) => {
    const all = scenes[scene].get(way) ?? [];
    return { accounts: scene === 'hot' ? 'all to one' : `any of ${ACCOUNTS}`, way, 'transfers/s': round(rateOf(scene, way)), 'p50 ms': round(median(all.map(({ p50 }) => p50))), 'p99 ms': round(median(all.map(({ p99 }) => p99))) };
  }));
  report(rows, { bench: 'ledger', ours: rateOf('hot', 'ours, coalesced'), peer: Math.max(...peers.map((peer) => rateOf('hot', peer))), unit: '1/s', ratio: ratios.hot, target: TARGET.hot, runs: RUNS },
    { spread: { ours: round(rateOf('spread', 'ours, coalesced')), peer: round(Math.max(...peers.map((peer) => rateOf('spread', peer)))), ratio: round(ratios.spread), target: TARGET.spread },
      others: { hotOneByOne: round(ratios.hotAlone), spreadOneByOne: round(ratios.spreadAlone), hotBatchesOf500: round(ratios.hotMany), spreadBatchesOf500: round(ratios.spreadMany) } }, [ratios.spread >= TARGET.spread]);
} finally {
  await stack.stop();
}
