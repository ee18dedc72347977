/**
 * bench:trade — licences bought and paid from a balance over HTTP, orders a second with 64 buyers at once, of one listing of one seller, and of any of TRADE_SELLERS (200): rights, postings, statements, receipts and notices in
 * one transaction; beside it the same trade with row locks and check-then-insert (bench/trade/usual.ts) on the same database with the same pool. Both in one run, in turns.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';
import { parseWorkNumber } from '../src/lib/statement/index.js';
import { API_KEY_SCOPES } from '../src/modules/identity/index.js';
import { load, type Load, type Request } from './rights/load.js';
import { type BenchStack, startBenchStack } from './support/bench-stack.js';
import { median, report, round } from './support/report.js';
import { auditOurs, auditUsual } from './trade/audit.js';
import { fillUsual, fundTraders, listAll, makeTraders, PRICE_MINOR, type Sale, type Trader } from './trade/fill.js';

const RUNS = Number(process.env['BENCH_RUNS'] ?? 5);
const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 5);
const SELLERS = Number(process.env['TRADE_SELLERS'] ?? 200);
const BUYERS = Number(process.env['TRADE_BUYERS'] ?? 1_000);
const CONNECTIONS = 64;
/** Orders a second of the one seller, ours to theirs; and ours of the one seller to ours of many. */
const TARGET = 3;
const TARGET_TO_SPREAD = 0.8;

const SIDES = ['Zhengben', 'usual'] as const;
const SCENES = ['one seller', 'many sellers'] as const;
type Side = (typeof SIDES)[number];
type Scene = (typeof SCENES)[number];

interface Server {
  readonly child: ChildProcess;
  readonly url: string;
}

async function start(file: string, env: Record<string, string>): Promise<Server> {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), { env: { ...process.env, ...env } });
  children.add(child);
  return new Promise((resolve, reject) => {
    child.once('message', (said) => resolve({ child, url: new URL((said as { url: string }).url).origin }));
    child.once('exit', (code) => reject(new Error(`${file} ended with ${code}`)));
  });
}

async function stop(child: ChildProcess): Promise<void> {
  children.delete(child);
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((done) => child.once('exit', done));
  child.send('stop');
  await ended;
}

function progress(text: string): void {
  process.stderr.write(`\r\u001b[K${((performance.now() - begun) / 1000).toFixed(0)} s: ${text}`);
}

interface Filled {
  readonly buyers: readonly Trader[];
  readonly sales: Record<Scene, readonly Sale[]>;
}

/** To the service's database, as superuser. */
async function connect({ adminUrl, ownerUrl }: BenchStack): Promise<Client> {
  const db = new Client({ connectionString: Object.assign(new URL(adminUrl), { pathname: new URL(ownerUrl).pathname }).href });
  await db.connect();
  return db;
}

/** The same market for both. */
async function prepare(stack: BenchStack, ours: Server): Promise<Filled> {
  const db = await connect(stack);
  const [buyers, sellers] = [await makeTraders(db, BUYERS, API_KEY_SCOPES), await makeTraders(db, SELLERS + 1, API_KEY_SCOPES)];
  await fundTraders(db, [...buyers, ...sellers]);
  progress(`listing ${sellers.length} works`);
  const sales = await listAll(ours.url, sellers);
  await fillUsual(db, [...buyers, ...sellers], new Map(sales.map(({ listing }) => [listing, String(parseWorkNumber(listing, 'LS')?.id)])));
  await db.end();
  return { buyers, sales: { 'one seller': sales.slice(0, 1), 'many sellers': sales.slice(1) } };
}

/** Any buyer, any of the listings. */
function orders(side: Side, buyers: readonly Trader[], sales: readonly Sale[]): () => Request {
  const any = <T>(items: readonly T[]): T => items[Math.floor(Math.random() * items.length)] as T;
  return () => ({
    method: 'POST', path: side === 'Zhengben' ? '/api/v1/orders' : '/orders',
    headers: { authorization: `Bearer ${any(buyers).apiKey}`, 'content-type': 'application/json', 'idempotency-key': randomUUID() },
    body: `{"listing":"${any(sales).listing}","max":{"amountMinor":"${PRICE_MINOR}","currency":"CNY"}}`,
  });
}

type Run = Record<Scene, Record<Side, Load>>;

class Bench {
  readonly acknowledged: Record<Side, number> = { Zhengben: 0, usual: 0 };

  constructor(private readonly servers: Record<Side, Server>, private readonly filled: Filled) {}

  /** All of both sides, in turns: who comes first in one run comes last in the next. */
  async run(at: number, seconds: number): Promise<Run> {
    const turns = SCENES.flatMap((scene) => SIDES.map((side) => ({ scene, side })));
    const done = new Map<string, Load>();
    for (const { scene, side } of at % 2 === 0 ? turns : turns.toReversed()) {
      progress(`${at < 0 ? 'warming' : `run ${at + 1} of ${RUNS}`}: ${side}, ${scene}`);
      const one = await load(this.servers[side].url, { connections: CONNECTIONS, seconds, good: 201 }, orders(side, this.filled.buyers, this.filled.sales[scene]));
      const others = Object.entries(one.statuses).filter(([status]) => status !== '201');
      if (others.length > 0) throw new Error(`${side}, ${scene}: answered ${JSON.stringify(others)}`);
      this.acknowledged[side] += one.statuses[201] ?? 0;
      done.set(`${scene}/${side}`, one);
    }
    return Object.fromEntries(SCENES.map((scene) => [scene, Object.fromEntries(SIDES.map((side) => [side, done.get(`${scene}/${side}`)]))])) as unknown as Run;
  }
}

/** As autovacuum does within a minute. Not while the tables are empty: what is planned for no rows reads all of those that come. */
async function vacuum(stack: BenchStack): Promise<void> {
  const db = await connect(stack);
  await db.query('VACUUM (ANALYZE)');
  await db.end();
}

/** Everything that was acknowledged is stored, paid and logged. @returns the size of the log. */
async function audit(stack: BenchStack, ours: Server, acknowledged: Record<Side, number>): Promise<number> {
  const logged = await new Promise<number>((resolve) => {
    ours.child.once('message', (message) => resolve((message as { logged: number }).logged));
    ours.child.send('count');
  });
  const db = await connect(stack);
  await auditOurs(stack.config.database.url, db, acknowledged.Zhengben);
  await auditUsual(db, acknowledged.usual);
  await db.end();
  if (logged < 2 * acknowledged.Zhengben) throw new Error(`${acknowledged.Zhengben} orders were acknowledged, ${logged} statements are logged`);
  return logged;
}

const begun = performance.now();
const children = new Set<ChildProcess>();
const stack = await startBenchStack({}, ['shared_buffers=512MB', 'max_wal_size=4GB']);
try {
  const ours = await start('./register/ours.js', stack.environment);
  const usual = await start('./trade/usual.js', { USUAL_DATABASE_URL: stack.ownerUrl });
  const bench = new Bench({ Zhengben: ours, usual }, await prepare(stack, ours));
  await bench.run(-1, Math.min(2, SECONDS));
  await vacuum(stack);
  const runs: Run[] = [];
  for (let at = 0; at < RUNS; at++) runs.push(await bench.run(at, SECONDS));
  progress('auditing');
  const logged = await audit(stack, ours, bench.acknowledged);
  process.stderr.write('\r\u001b[K');

  const of = (scene: Scene, side: Side, figure: 'perSecond' | 'p50' | 'p99'): number => median(runs.map((run) => run[scene][side][figure]));
  const ratioOf = (scene: Scene): number => median(runs.map((run) => run[scene].Zhengben.perSecond / run[scene].usual.perSecond));
  const toSpread = median(runs.map((run) => run['one seller'].Zhengben.perSecond / run['many sellers'].Zhengben.perSecond));
  const p99Below = of('one seller', 'Zhengben', 'p99') < of('one seller', 'usual', 'p99');
  report(
    SCENES.flatMap((scene) => SIDES.map((side) => ({ buyers: CONNECTIONS, of: scene, side, 'orders/s': round(of(scene, side, 'perSecond')), 'p50 ms': round(of(scene, side, 'p50')), 'p99 ms': round(of(scene, side, 'p99')) }))),
    { bench: 'trade', ours: of('one seller', 'Zhengben', 'perSecond'), peer: of('one seller', 'usual', 'perSecond'), unit: '1/s', ratio: ratioOf('one seller'), target: TARGET, runs: RUNS },
    {
      p99: round(of('one seller', 'Zhengben', 'p99')), usualP99: round(of('one seller', 'usual', 'p99')), p99Below,
      spread: { ours: round(of('many sellers', 'Zhengben', 'perSecond')), peer: round(of('many sellers', 'usual', 'perSecond')), ratio: round(ratioOf('many sellers')) }, hotToSpread: round(toSpread), targetHotToSpread: TARGET_TO_SPREAD,
      acknowledged: bench.acknowledged, logged, seconds: Math.round((performance.now() - begun) / 1000),
    },
    [p99Below, toSpread >= TARGET_TO_SPREAD],
  );
} finally {
  await Promise.all([...children].map(stop));
  await stack.stop();
}
