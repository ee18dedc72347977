/**
 * bench:register — registrations a second over HTTP (digests only: authenticated, form validated, sealed, statement, receipt, logged) against the
 * same registration written the usual way (bench/register/usual.ts) on the same database with the same pool. Both in one run, in turns.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import autocannon from 'autocannon';
import { uniqueRegistration } from './register/forms.js';
import { startBenchStack } from './support/bench-stack.js';
import { median, report, round } from './support/report.js';

const RUNS = Number(process.env['BENCH_RUNS'] ?? 5);
const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 8);
const TARGET = 3.5;
const TARGET_ONE = 2;

interface Server {
  readonly child: ChildProcess;
  readonly url: string;
  readonly headers: Record<string, string>;
}

function start(file: string, env: Record<string, string>): Promise<{ child: ChildProcess; said: Record<string, string> }> {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), { env: { ...process.env, ...env } });
  return new Promise((resolve, reject) => {
    child.once('message', (said) => resolve({ child, said: said as Record<string, string> }));
    child.once('exit', (code) => reject(new Error(`${file} ended with ${code}`)));
  });
}

interface Load {
  readonly perSecond: number;
  readonly p99: number;
  readonly accepted: number;
}

async function load({ url, headers }: Server, connections: number): Promise<Load> {
  const result = await autocannon({
    url, connections, duration: SECONDS, method: 'POST',
    requests: [{ setupRequest: (request) => {
      const { body, key } = uniqueRegistration();
      return { ...request, body, headers: { ...headers, 'content-type': 'application/json', 'idempotency-key': key } };
    } }],
  });
  if (result.non2xx + result.errors > 0) throw new Error(`${url}: ${result.non2xx} refused, ${result.errors} failed`);
  return { perSecond: result['2xx'] / result.duration, p99: result.latency.p99, accepted: result['2xx'] };
}

interface Pair {
  readonly ours: Load;
  readonly peer: Load;
}

async function compare(ours: Server, peer: Server, connections: number, runs: number): Promise<Pair[]> {
  const pairs: Pair[] = [];
  for (let run = 0; run < runs; run++) pairs.push({ ours: await load(ours, connections), peer: await load(peer, connections) });
  return pairs;
}

const ratioOf = (pairs: readonly Pair[]): number => median(pairs.map(({ ours, peer }) => ours.perSecond / peer.perSecond));

function summarise(name: string, loads: readonly Load[]): Record<string, unknown> {
  return { side: name, 'registrations/s': round(median(loads.map((one) => one.perSecond))), 'p99 ms': round(median(loads.map((one) => one.p99))) };
}

const stack = await startBenchStack();
const children: ChildProcess[] = [];
try {
  const oursStarted = await start('./register/ours.js', stack.environment);
  const usualStarted = await start('./register/usual.js', { USUAL_DATABASE_URL: stack.ownerUrl });
  children.push(oursStarted.child, usualStarted.child);
  const { url: usualUrl = '', apiKey: usualKey = '', accountId = '' } = usualStarted.said;
  const ours: Server = { child: oursStarted.child, url: oursStarted.said['url'] ?? '', headers: { authorization: `Bearer ${oursStarted.said['apiKey'] ?? ''}` } };
  const usual: Server = { child: usualStarted.child, url: `${usualUrl}/works`, headers: { authorization: `Bearer ${usualKey}`, 'x-account': accountId } };
  const bare: Server = { ...usual, url: `${usualUrl}/rows` };

  for (const server of [ours, usual, bare]) await load(server, 64);
  const many = await compare(ours, usual, 64, RUNS);
  const one = await compare(ours, usual, 1, Math.min(RUNS, 3));
  const floor = await compare(ours, bare, 64, Math.min(RUNS, 3));
  const counted = await new Promise<{ logged: number; works: number }>((resolve) => {
    ours.child.once('message', (message) => resolve(message as { logged: number; works: number }));
    ours.child.send('count');
  });
  const accepted = [...many, ...one, ...floor].reduce((sum, pair) => sum + pair.ours.accepted, 0);
  if (counted.logged < accepted || counted.logged < counted.works) throw new Error(`${accepted} were acknowledged, ${counted.works} stored, ${counted.logged} logged`);

  const p99Below = median(many.map((pair) => pair.ours.p99)) < median(many.map((pair) => pair.peer.p99));
  report(
    [
      { connections: 64, ...summarise('Zhengben', many.map((pair) => pair.ours)) },
      { connections: 64, ...summarise('usual', many.map((pair) => pair.peer)) },
      { connections: 1, ...summarise('Zhengben', one.map((pair) => pair.ours)) },
      { connections: 1, ...summarise('usual', one.map((pair) => pair.peer)) },
      { connections: 64, ...summarise('bare one-row CRUD', floor.map((pair) => pair.peer)) },
    ],
    { bench: 'register', ours: median(many.map((pair) => pair.ours.perSecond)), peer: median(many.map((pair) => pair.peer.perSecond)), unit: '1/s', ratio: ratioOf(many), target: TARGET, runs: RUNS },
    { ratioAtOneConnection: round(ratioOf(one)), targetAtOneConnection: TARGET_ONE, ratioToBareCrud: round(ratioOf(floor)), p99Below, logged: counted.logged },
    [ratioOf(one) >= TARGET_ONE, p99Below],
  );
} finally {
  for (const child of children) child.send('stop');
  await Promise.all(children.map((child) => new Promise((done) => child.once('exit', done))));
  await stack.stop();
}
