/**
 * bench:rights — grants and checks a second over HTTP, on one work with RIGHTS_ON_ONE_WORK licences (20,000) and over RIGHTS_WORKS works with RIGHTS_LICENCES (a million over 100,000): whole
 * ones, one in ten exclusive, with statement, receipt and log, and signed verdicts with their proofs; beside them the same grants by check-then-insert in a SERIALIZABLE transaction (bench/rights/usual.ts) on the same
 * database with the same pool, its aborts counted. Both in one run, in turns.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';
import { type RightsVerdict, verifyVerdict } from '../src/lib/verdict/index.js';
import { LogKeys } from '../src/modules/log/index.js';
import { grantsOf, type NewGrant, type Question, questionsAbout } from './rights/ask.js';
import { fill, type Filled, withoutIndexes } from './rights/fill.js';
import { load, type Load, type Request } from './rights/load.js';
import { type BenchStack, startBenchStack } from './support/bench-stack.js';
import { median, report, round } from './support/report.js';

const LICENCES = Number(process.env['RIGHTS_LICENCES'] ?? 1_000_000);
const SIZES = { licences: LICENCES, works: Number(process.env['RIGHTS_WORKS'] ?? Math.ceil(LICENCES / 10)), onOneWork: Number(process.env['RIGHTS_ON_ONE_WORK'] ?? 20_000) };
const RUNS = Number(process.env['BENCH_RUNS'] ?? 5);
const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 4);
const CONNECTIONS = 16;
/** Grants a second, ours to theirs, on the work that many are licensed. */
const TARGET = 1;
/** Milliseconds. */
const TARGET_P99 = { check: 8, grant: 20 };

type Act = keyof typeof TARGET_P99;
type Scene = 'one work' | 'one work, none exclusive' | 'many works';
type Side = 'Zhengben' | 'usual';

interface Server {
  readonly child: ChildProcess;
  readonly url: string;
  /** What stands before `/works` and `/rights`. */
  readonly base: string;
  readonly apiKey: string;
}

function progress(text: string): void {
  process.stderr.write(`\r\u001b[K${((performance.now() - begun) / 1000).toFixed(0)} s: ${text}`);
}

async function start(file: string, base: string, env: Record<string, string>): Promise<Server> {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), { env: { ...process.env, ...env } });
  children.add(child);
  const { url, apiKey } = await new Promise<{ url: string; apiKey: string }>((resolve, reject) => {
    child.once('message', (said) => resolve(said as never));
    child.once('exit', (code) => reject(new Error(`${file} ended with ${code}`)));
  });
  return { child, url: new URL(url).origin, base, apiKey };
}

async function stop(child: ChildProcess): Promise<void> {
  children.delete(child);
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((done) => child.once('exit', done));
  child.send('stop');
  await ended;
}

function ask<T>(child: ChildProcess, question: string): Promise<T> {
  return new Promise((resolve) => {
    child.once('message', (message) => resolve(message as T));
    child.send(question);
  });
}

async function connect(connectionString: string): Promise<Client> {
  const client = new Client({ connectionString });
  // The query in hand fails with it and says so.
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** Of the service's database. */
function adminUrlOf({ adminUrl, ownerUrl }: BenchStack): string {
  return Object.assign(new URL(adminUrl), { pathname: new URL(ownerUrl).pathname }).href;
}

/** Fills the tables while the service's own sequencer gives the statements their places, and then the usual one's with the same rows. */
async function prepare(stack: BenchStack): Promise<{ filled: Filled; usual: Server; logKey: string }> {
  const [service, admin] = await Promise.all([connect(stack.config.database.url), connect(adminUrlOf(stack))]);
  const sequencing = await start('./register/ours.js', '/api/v1', stack.environment);
  const { rows: [account] } = await service.query<{ account_id: string }>('SELECT account_id FROM account');
  const owner = account?.account_id ?? '';
  const keys = new LogKeys(stack.config);
  const filled = await fill(service, admin, keys, owner, SIZES, progress);
  await keys.onModuleDestroy();
  const usual = await start('./rights/usual.js', '', { USUAL_DATABASE_URL: stack.ownerUrl, USUAL_ACCOUNT: owner });
  progress('filling the usual tables');
  await admin.query(`INSERT INTO usual_title ("workId", "accountId") SELECT work_id, account_id FROM holding JOIN holding_holder USING (holding_id)`);
  await withoutIndexes(admin, 'licence_usual', async () => {
    await admin.query(
      `INSERT INTO licence_usual ("licenceId", "workId", exclusivity, rights, territories, uses, languages, term, "grantorId", "licenseeId", conditions, "grantedAt", "acceptedAt")
       SELECT licence_id, work_id, exclusivity, rights, territories, uses, languages, term, grantor_id, licensee_id, conditions, granted_at, accepted_at FROM licence`);
  });
  for (;;) {
    const { rows: [log] } = await service.query<{ pending: number; logged: number; isPublished: boolean }>(
      'SELECT (SELECT count(*) FROM statement_pending)::integer AS pending, tree_size::integer AS logged, published_size = tree_size AS "isPublished" FROM log_head');
    if (log?.pending === 0 && log.isPublished) break;
    progress(`logged ${log?.logged}, ${log?.pending} wait`);
    await new Promise((done) => setTimeout(done, 200));
  }
  await stop(sequencing.child);
  progress('vacuuming');
  await admin.query('VACUUM (ANALYZE)');
  await admin.query('CHECKPOINT');
  await Promise.all([service.end(), admin.end()]);
  return { filled, usual, logKey: keys.vkey };
}

function toCheck({ base, apiKey }: Server, { query }: Question): Request {
  return { method: 'GET', path: `${base}/rights/check?${query}`, headers: { authorization: `Bearer ${apiKey}` } };
}

function toGrant({ base, apiKey }: Server, { work, body, key }: NewGrant): Request {
  return { method: 'POST', path: `${base}/works/${work}/licences`, headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json', 'idempotency-key': key }, body };
}

async function send({ url }: Server, { method, path, headers, body }: Request): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(url + path, { method, headers: { ...headers }, ...(body === undefined ? {} : { body }) });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

/** What is measured is done, and right: verdicts, proofs of ours, and a grant of what is taken is refused. */
async function assertRight(server: Server, side: Side, { hot, ofHot, ofWorks, licensees }: Filled, logKey: string): Promise<void> {
  for (const next of [questionsAbout(ofHot, 11), questionsAbout(ofWorks, 12)]) {
    for (let i = 0; i < 100; i++) {
      const question = next();
      const { status, body } = await send(server, toCheck(server, question));
      const isRight = status === 200 && body['verdict'] === question.verdict && (side === 'usual' || (await isProven(body as unknown as RightsVerdict, logKey)));
      if (!isRight) throw new Error(`${side}: ${question.query} is to be ${question.verdict}: ${status} ${JSON.stringify(body)}`);
    }
  }
  const grant = { ...grantsOf([hot], licensees, 13)(), work: hot };
  const exclusive = { ...grant, body: grant.body.replace('"non-exclusive"', '"exclusive"') };
  const { status, body } = await send(server, toGrant(server, exclusive));
  if (status !== 409) throw new Error(`${side}: what is taken was granted: ${status} ${JSON.stringify(body)}`);
}

/** Verified offline, all that it rests on being in the log. */
async function isProven(verdict: RightsVerdict, logKey: string): Promise<boolean> {
  return verdict.reasons.every(({ inclusion }) => inclusion !== null) && (await verifyVerdict(verdict, { logKeys: [logKey] })).verdict === 'verified';
}

interface Measured extends Load {
  /** Transactions of the usual side that PostgreSQL gave up meanwhile. */
  readonly aborts: number;
}

interface Pair {
  readonly ours: Measured;
  readonly peer: Measured;
}

const GOOD: Record<Act, number> = { check: 200, grant: 201 };
const ratioOf = (pairs: readonly Pair[]): number => median(pairs.map(({ ours, peer }) => ours.perSecond / peer.perSecond));
const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
const medianOf = (loads: readonly Measured[], figure: 'perSecond' | 'p50' | 'p99'): number => round(median(loads.map((one) => one[figure])));

class Bench {
  /** Acknowledged by ours. */
  granted = 0;

  constructor(private readonly servers: Record<Side, Server>, private readonly filled: Filled) {}

  /** Both sides in turns, after one that is not counted. */
  async compare(act: Act, scene: Scene): Promise<Pair[]> {
    const next = { Zhengben: this.requests('Zhengben', act, scene), usual: this.requests('usual', act, scene) };
    progress(`warming: ${act}, ${scene}`);
    for (const side of ['Zhengben', 'usual'] as const) await this.measure(side, act, next[side], Math.min(2, SECONDS));
    const pairs: Pair[] = [];
    for (let run = 0; run < RUNS; run++) {
      progress(`measuring: ${act}, ${scene}, ${run + 1} of ${RUNS}`);
      pairs.push({ ours: await this.measure('Zhengben', act, next.Zhengben, SECONDS), peer: await this.measure('usual', act, next.usual, SECONDS) });
    }
    return pairs;
  }

  private requests(side: Side, act: Act, scene: Scene): () => Request {
    const server = this.servers[side];
    const { hot, ofHot, works, ofWorks, licensees } = this.filled;
    if (act === 'check') {
      const next = questionsAbout(scene === 'many works' ? ofWorks : ofHot, 21);
      return () => toCheck(server, next());
    }
    const next = grantsOf(scene === 'many works' ? works : [hot], licensees, 22, scene === 'one work, none exclusive' ? 0 : undefined);
    return () => toGrant(server, next());
  }

  private async measure(side: Side, act: Act, next: () => Request, seconds: number): Promise<Measured> {
    const { usual } = this.servers;
    const before = await ask<{ aborts: number }>(usual.child, 'aborts');
    const one = await load(this.servers[side].url, { connections: CONNECTIONS, seconds, good: GOOD[act] }, next);
    const after = await ask<{ aborts: number }>(usual.child, 'aborts');
    if (side === 'Zhengben' && act === 'grant') this.granted += one.statuses[GOOD.grant] ?? 0;
    return { ...one, aborts: after.aborts - before.aborts };
  }
}

function toRows(act: Act, scene: Scene, pairs: readonly Pair[]): Record<string, unknown>[] {
  return ([['Zhengben', pairs.map(({ ours }) => ours)], ['usual', pairs.map(({ peer }) => peer)]] as const).map(([side, loads]) => ({
    act, on: scene, side, '1/s': medianOf(loads, 'perSecond'), 'p50 ms': medianOf(loads, 'p50'), 'p99 ms': medianOf(loads, 'p99'), 'p99 at most': side === 'Zhengben' ? TARGET_P99[act] : '',
    answers: statusesOf(loads), aborts: act === 'grant' && side === 'usual' ? total(loads.map(({ aborts }) => aborts)) : '',
  }));
}

function statusesOf(loads: readonly Load[]): string {
  const counts = new Map<string, number>();
  for (const { statuses } of loads) for (const [status, count] of Object.entries(statuses)) counts.set(status, (counts.get(status) ?? 0) + count);
  return [...counts].map(([status, count]) => `${status === '0' ? 'none' : status}: ${count}`).join(', ');
}

function toFigure(act: Act, pairs: readonly Pair[]): Record<string, number> {
  const [ours, peer] = [pairs.map((pair) => pair.ours), pairs.map((pair) => pair.peer)];
  return {
    perSecond: medianOf(ours, 'perSecond'), p50: medianOf(ours, 'p50'), p99: medianOf(ours, 'p99'), targetP99: TARGET_P99[act], usualPerSecond: medianOf(peer, 'perSecond'), usualP99: medianOf(peer, 'p99'), ratio: round(ratioOf(pairs)),
    ...(act === 'grant' ? { usualAborts: total(peer.map(({ aborts }) => aborts)), usualGranted: total(peer.map(({ statuses }) => statuses[GOOD.grant] ?? 0)) } : {}),
  };
}

/** Within the limit, and every request answered as it should be. */
function isKept(act: Act, pairs: readonly Pair[]): boolean {
  const ours = pairs.map((pair) => pair.ours);
  return median(ours.map(({ p99 }) => p99)) <= TARGET_P99[act] && ours.every(({ statuses }) => Object.keys(statuses).every((status) => Number(status) === GOOD[act]));
}

/** Everything that was acknowledged is stored and logged. @returns the size of the log. */
async function count(stack: BenchStack, ours: Server, granted: number): Promise<number> {
  const { logged } = await ask<{ logged: number }>(ours.child, 'count');
  const db = await connect(stack.ownerUrl);
  const { rows: [stored] } = await db.query<{ licences: number }>('SELECT count(*)::integer AS licences FROM licence');
  await db.end();
  if ((stored?.licences ?? 0) < SIZES.licences + SIZES.onOneWork + granted) throw new Error(`${granted} grants were acknowledged, ${stored?.licences} licences are stored`);
  return logged;
}

const begun = performance.now();
const children = new Set<ChildProcess>();
// As a server with a million licences is run: with its indexes in memory, and no checkpoint in a measurement of seconds.
const stack = await startBenchStack({}, ['shared_buffers=2GB', 'max_wal_size=8GB']);
try {
  const { filled, usual, logKey } = await prepare(stack);
  const ours = await start('./register/ours.js', '/api/v1', stack.environment);
  const servers: Record<Side, Server> = { Zhengben: ours, usual };
  progress('asking for what is known');
  for (const side of ['Zhengben', 'usual'] as const) await assertRight(servers[side], side, filled, logKey);

  const bench = new Bench(servers, filled);
  const measured = [
    { name: 'checkOnOneWork', act: 'check', scene: 'one work', pairs: await bench.compare('check', 'one work') },
    { name: 'checkOverWorks', act: 'check', scene: 'many works', pairs: await bench.compare('check', 'many works') },
    { name: 'grantOnOneWork', act: 'grant', scene: 'one work', pairs: await bench.compare('grant', 'one work') },
    { name: 'sharedGrantOnOneWork', act: 'grant', scene: 'one work, none exclusive', pairs: await bench.compare('grant', 'one work, none exclusive') },
    { name: 'grantOverWorks', act: 'grant', scene: 'many works', pairs: await bench.compare('grant', 'many works') },
  ] as const;
  progress('counting');
  const logged = await count(stack, ours, bench.granted);
  process.stderr.write('\r\u001b[K');

  const headline = measured[2].pairs;
  report(
    measured.flatMap(({ act, scene, pairs }) => toRows(act, scene, pairs)),
    { bench: 'rights', ours: medianOf(headline.map((pair) => pair.ours), 'perSecond'), peer: medianOf(headline.map((pair) => pair.peer), 'perSecond'), unit: '1/s', ratio: ratioOf(headline), target: TARGET, runs: RUNS },
    {
      connections: CONNECTIONS, licences: SIZES.licences, works: SIZES.works, licencesOnOneWork: SIZES.onOneWork,
      ...Object.fromEntries(measured.map(({ name, act, pairs }) => [name, toFigure(act, pairs)])), logged, seconds: Math.round((performance.now() - begun) / 1000),
    },
    measured.map(({ act, pairs }) => isKept(act, pairs)),
  );
} finally {
  await Promise.all([...children].map(stop));
  await stack.stop();
}
