/**
 * bench:rights — grants and checks a second over HTTP, on one work with RIGHTS_ON_ONE_WORK licences (20,000) and over RIGHTS_WORKS works with RIGHTS_LICENCES (a million over 100,000): whole
 * ones, with statement, receipt and log, and signed verdicts with their proofs; beside them the same grants by check-then-insert in a SERIALIZABLE transaction (bench/rights/usual.ts) on the same
 * database with the same pool, its aborts counted. Both in one run, in turns.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';
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
type Scene = 'one work' | 'many works';
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
  await client.connect();
  return client;
}

/** Of the service's database. */
function adminUrlOf({ adminUrl, ownerUrl }: BenchStack): string {
  return Object.assign(new URL(adminUrl), { pathname: new URL(ownerUrl).pathname }).href;
}

/** Fills the tables while the service's own sequencer gives the statements their places, and then the usual one's with the same rows. */
async function prepare(stack: BenchStack): Promise<{ filled: Filled; usual: Server }> {
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
  return { filled, usual };
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
async function assertRight(server: Server, side: Side, { hot, ofHot, ofWorks, licensees }: Filled): Promise<void> {
  for (const next of [questionsAbout(ofHot, 11), questionsAbout(ofWorks, 12)]) {
    for (let i = 0; i < 100; i++) {
      const question = next();
      const { status, body } = await send(server, toCheck(server, question));
      const unproven = side === 'Zhengben' && (body['reasons'] as { inclusion: unknown }[]).some(({ inclusion }) => inclusion === null);
      if (status !== 200 || body['verdict'] !== question.verdict || unproven) throw new Error(`${side}: ${question.query} is to be ${question.verdict}: ${status} ${JSON.stringify(body)}`);
    }
  }
  const grant = { ...grantsOf([hot], licensees, 13)(), work: hot };
  const exclusive = { ...grant, body: grant.body.replace('"non-exclusive"', '"exclusive"') };
  const { status, body } = await send(server, toGrant(server, exclusive));
  if (status !== 409) throw new Error(`${side}: what is taken was granted: ${status} ${JSON.stringify(body)}`);
}

interface Measured extends Load {
  readonly aborts: number;
}

const stack = await startBenchStack();
const begun = performance.now();
const children = new Set<ChildProcess>();
try {
  const { filled, usual } = await prepare(stack);
  const ours = await start('./register/ours.js', '/api/v1', stack.environment);
  const servers: Record<Side, Server> = { Zhengben: ours, usual };
  progress('asking for what is known');
  for (const side of ['Zhengben', 'usual'] as const) await assertRight(servers[side], side, filled);

  const subjects = { 'one work': { licences: filled.ofHot, works: [filled.hot] }, 'many works': { licences: filled.ofWorks, works: filled.works } };
  const nextOf = (side: Side, scene: Scene, act: Act): (() => Request) => {
    const server = servers[side];
    if (act === 'check') return ((next) => () => toCheck(server, next()))(questionsAbout(subjects[scene].licences, 21));
    return ((next) => () => toGrant(server, next()))(grantsOf(subjects[scene].works, filled.licensees, 22));
  };
  const measure = async (side: Side, next: () => Request, act: Act, seconds: number): Promise<Measured> => {
    const before = await ask<{ aborts: number }>(usual.child, 'aborts');
    const one = await load(servers[side].url, { connections: CONNECTIONS, seconds, good: act === 'check' ? 200 : 201 }, next);
    const after = await ask<{ aborts: number }>(usual.child, 'aborts');
    return { ...one, aborts: after.aborts - before.aborts };
  };

  const rows: Record<string, unknown>[] = [];
  const figures: Record<string, Record<string, number>> = {};
  const kept: boolean[] = [];
  let granted = 0;
  const pairsOf = new Map<string, { ours: Measured; peer: Measured }[]>();
  for (const act of ['check', 'grant'] as const) {
    for (const scene of ['one work', 'many works'] as const) {
      const next = { Zhengben: nextOf('Zhengben', scene, act), usual: nextOf('usual', scene, act) };
      for (const side of ['Zhengben', 'usual'] as const) {
        progress(`warming: ${act}, ${scene}, ${side}`);
        const warm = await measure(side, next[side], act, Math.min(2, SECONDS));
        if (side === 'Zhengben' && act === 'grant') granted += warm.statuses[201] ?? 0;
      }
      const pairs: { ours: Measured; peer: Measured }[] = [];
      for (let run = 0; run < RUNS; run++) {
        progress(`measuring: ${act}, ${scene}, ${run + 1} of ${RUNS}`);
        pairs.push({ ours: await measure('Zhengben', next.Zhengben, act, SECONDS), peer: await measure('usual', next.usual, act, SECONDS) });
      }
      pairsOf.set(`${act}, ${scene}`, pairs);
      if (act === 'grant') for (const pair of pairs) granted += pair.ours.statuses[201] ?? 0;
      for (const side of ['Zhengben', 'usual'] as const) {
        const loads = pairs.map((pair) => (side === 'Zhengben' ? pair.ours : pair.peer));
        rows.push({ act, on: scene, side, '1/s': round(median(loads.map((one) => one.perSecond))), 'p50 ms': round(median(loads.map((one) => one.p50))), 'p99 ms': round(median(loads.map((one) => one.p99))), answers: statusesOf(loads), aborts: side === 'usual' && act === 'grant' ? sum(loads.map((one) => one.aborts)) : '' });
      }
      const [mine, theirs] = [pairs.map((pair) => pair.ours), pairs.map((pair) => pair.peer)];
      const p99 = median(mine.map((one) => one.p99));
      const good = act === 'check' ? 200 : 201;
      figures[`${act}${scene === 'one work' ? 'OnOneWork' : 'OverWorks'}`] = {
        perSecond: round(median(mine.map((one) => one.perSecond))), p50: round(median(mine.map((one) => one.p50))), p99: round(p99), targetP99: TARGET_P99[act], usualPerSecond: round(median(theirs.map((one) => one.perSecond))),
        usualP99: round(median(theirs.map((one) => one.p99))), ratio: round(ratioOf(pairs)), ...(act === 'grant' ? { usualAborts: sum(theirs.map((one) => one.aborts)), usualGranted: sum(theirs.map((one) => one.statuses[good] ?? 0)) } : {}),
      };
      kept.push(p99 <= TARGET_P99[act], mine.every((one) => Object.keys(one.statuses).every((status) => Number(status) === good)));
    }
  }
  progress('counting');
  const { logged } = await ask<{ logged: number }>(ours.child, 'count');
  const db = await connect(stack.ownerUrl);
  const { rows: [stored] } = await db.query<{ licences: number }>('SELECT count(*)::integer AS licences FROM licence');
  await db.end();
  if ((stored?.licences ?? 0) < LICENCES + SIZES.onOneWork + granted) throw new Error(`${granted} grants were acknowledged, ${stored?.licences} licences are stored`);
  process.stderr.write('\r\u001b[K');

  const headline = pairsOf.get('grant, one work') ?? [];
  report(
    rows,
    { bench: 'rights', ours: median(headline.map((pair) => pair.ours.perSecond)), peer: median(headline.map((pair) => pair.peer.perSecond)), unit: '1/s', ratio: ratioOf(headline), target: TARGET, runs: RUNS },
    { connections: CONNECTIONS, licences: LICENCES, works: SIZES.works, licencesOnOneWork: SIZES.onOneWork, ...figures, logged, seconds: Math.round((performance.now() - begun) / 1000) },
    kept,
  );
} finally {
  await Promise.all([...children].map(stop));
  await stack.stop();
}

function ratioOf(pairs: readonly { ours: Measured; peer: Measured }[]): number {
  return median(pairs.map((pair) => pair.ours.perSecond / pair.peer.perSecond));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function statusesOf(loads: readonly Load[]): string {
  const total: Record<string, number> = {};
  for (const { statuses } of loads) for (const [status, count] of Object.entries(statuses)) total[status] = (total[status] ?? 0) + count;
  return Object.entries(total).map(([status, count]) => `${status === '0' ? 'none' : status}: ${count}`).join(', ');
}
