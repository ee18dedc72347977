/**
 * bench:search — `GET /works` over SEARCH_WORKS works (100,000) made of a museum's catalogue in REAL_DATA_DIR, and `GET /listings` over a listing of each: latencies over HTTP of searches of all kinds, mixed; and of
 * searches of titles against `title ILIKE` with a trigram index, on the same rows of the same database, in turns.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { Agent, get } from 'node:http';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';
import { mixed, mixedListings, type Search, titles } from './search/ask.js';
import { CHINESE_WORDS, readCatalogue } from './search/catalogue.js';
import { type FilledWork, fillWorks } from './search/fill.js';
import { fillListings, isForAnyone } from './search/fill-listings.js';
import { startBenchStack } from './support/bench-stack.js';
import { median, report, round } from './support/report.js';

const WORKS = Number(process.env['SEARCH_WORKS'] ?? 100_000);
const RUNS = Number(process.env['BENCH_RUNS'] ?? 5);
const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 4);
const CONNECTIONS = 4;
/** Milliseconds, of the mixed searches, of works as of listings. */
const TARGET_P95 = 50;
/** The usual p95 to ours, of titles. */
const TARGET = 2;

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
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((done) => child.once('exit', done));
  child.send('stop');
  await ended;
}

function progress(text: string): void {
  process.stderr.write(`\r\u001b[K${((performance.now() - begun) / 1000).toFixed(0)} s: ${text}`);
}

interface Timed {
  readonly kind: string;
  readonly milliseconds: number;
  readonly found: number;
}

function send(agent: Agent, url: string): Promise<{ status: number; found: number }> {
  return new Promise((resolve, reject) => {
    get(url, { agent }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', reject);
      response.on('end', () => {
        const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { items?: unknown[] };
        resolve({ status: response.statusCode ?? 0, found: body.items?.length ?? 0 });
      });
    }).on('error', reject);
  });
}

/** Keeps the connections busy for some seconds, each with one search at a time. */
async function load(toUrl: (search: Search) => string, next: () => Search, seconds = SECONDS): Promise<Timed[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const [all, end]: [Timed[], number] = [[], performance.now() + seconds * 1000];
  await Promise.all(Array.from({ length: CONNECTIONS }, async () => {
    while (performance.now() < end) {
      const search = next();
      const sent = performance.now();
      const { status, found } = await send(agent, toUrl(search));
      if (status !== 200) throw new Error(`${toUrl(search)}: ${status}`);
      all.push({ kind: search.kind, milliseconds: performance.now() - sent, found });
    }
  }));
  agent.destroy();
  return all;
}

function percentile(all: readonly Timed[], share: number): number {
  const sorted = all.map(({ milliseconds }) => milliseconds).toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

function toRow(what: string, side: string, all: readonly Timed[]): Record<string, unknown> {
  const nothing = all.filter(({ found }) => found === 0).length;
  return { searches: what, side, count: all.length, 'p50 ms': round(percentile(all, 0.5)), 'p95 ms': round(percentile(all, 0.95)), 'p99 ms': round(percentile(all, 0.99)), 'found nothing': nothing };
}

/** What is measured is right: the newest works with a Chinese word are those that a look through all titles finds. */
async function assertRight(toUrl: (search: Search) => string, works: readonly FilledWork[]): Promise<void> {
  const newest = works.toReversed();
  for (const word of CHINESE_WORDS) {
    const { items } = (await (await fetch(toUrl({ kind: 'checked', query: { q: word } }))).json()) as { items: { title: string }[] };
    const expected = newest.filter(({ title }) => title.includes(word)).slice(0, 20).map(({ title }) => title);
    if (items.length === 0 || items.map(({ title }) => title).join() !== expected.join()) throw new Error(`${word}: ${items.map(({ title }) => title).join()} is not ${expected.join()}`);
  }
}

const begun = performance.now();
const children = new Set<ChildProcess>();
const catalogue = await readCatalogue(process.env['REAL_DATA_DIR']);
const stack = await startBenchStack({}, ['shared_buffers=512MB', 'max_wal_size=4GB']);
try {
  const admin = new Client({ connectionString: Object.assign(new URL(stack.adminUrl), { pathname: new URL(stack.ownerUrl).pathname }).href });
  admin.on('error', () => undefined);
  await admin.connect();
  const works = await fillWorks(admin, catalogue, WORKS, progress);
  const sellers = await fillListings(admin, works, progress);
  progress('indexing titles for the usual search');
  await admin.query('CREATE INDEX usual_by_title ON work USING gin (title gin_trgm_ops)');
  await admin.query('VACUUM (ANALYZE)');
  const { rows: [size] } = await admin.query<{ words: string; trigrams: string }>(`SELECT pg_size_pretty(pg_relation_size('work_by_words')) AS words, pg_size_pretty(pg_relation_size('usual_by_title')) AS trigrams`);
  await admin.end();

  const ours = await start('./register/ours.js', stack.environment);
  const usual = await start('./search/usual.js', { USUAL_DATABASE_URL: stack.config.database.url, USUAL_POOL_SIZE: String(stack.config.database.poolSize) });
  const toOurs = ({ query }: Search): string => `${ours.url}/api/v1/works?${new URLSearchParams(query).toString()}`;
  const toListed = ({ query }: Search): string => `${ours.url}/api/v1/listings?${new URLSearchParams(query).toString()}`;
  const toUsual = ({ query }: Search): string => `${usual.url}/works?title=${encodeURIComponent(query['q'] ?? '')}`;

  progress('asking for what is known');
  for (const toUrl of [toOurs, toUsual]) await assertRight(toUrl, works);
  await assertRight(toListed, works.filter((_, place) => isForAnyone(place)));
  progress('warming');
  await load(toOurs, mixed(works, 1), 2);
  await load(toListed, mixedListings(works, sellers, 1), 2);
  await load(toUsual, titles(works, 1), 2);
  const [all, listed, ofTitles, peer]: [Timed[][], Timed[][], Timed[][], Timed[][]] = [[], [], [], []];
  for (let run = 0; run < RUNS; run++) {
    progress(`measuring ${run + 1} of ${RUNS}`);
    all.push(await load(toOurs, mixed(works, 100 + run)));
    listed.push(await load(toListed, mixedListings(works, sellers, 300 + run)));
    ofTitles.push(await load(toOurs, titles(works, 200 + run)));
    peer.push(await load(toUsual, titles(works, 200 + run)));
  }
  process.stderr.write('\r\u001b[K');

  const [p95, listedP95] = [all, listed].map((side) => median(side.map((one) => percentile(one, 0.95)))) as [number, number];
  const [ourP95, peerP95] = [ofTitles, peer].map((side) => median(side.map((one) => percentile(one, 0.95)))) as [number, number];
  const byKind = (side: readonly Timed[], what: string): Record<string, unknown>[] =>
    [...new Set(side.map(({ kind }) => kind))].toSorted().map((kind) => toRow(`${what}: ${kind}`, 'Zhengben', side.filter((one) => one.kind === kind)));
  report(
    [
      ...byKind(all.flat(), 'works'), ...byKind(listed.flat(), 'listings'), toRow('works, all kinds', 'Zhengben', all.flat()), toRow('listings, all kinds', 'Zhengben', listed.flat()), toRow('words of titles', 'Zhengben', ofTitles.flat()), toRow('words of titles', 'ILIKE', peer.flat()),
    ],
    { bench: 'search', ours: ourP95, peer: peerP95, unit: 'ms p95', ratio: median(ofTitles.map((one, i) => percentile(peer[i] ?? [], 0.95) / percentile(one, 0.95))), target: TARGET, runs: RUNS },
    { works: works.length, connections: CONNECTIONS, mixedP95: round(p95), listingsP95: round(listedP95), targetP95: TARGET_P95, mixedPerSecond: round(median(all.map(({ length }) => length / SECONDS))), indexSize: size?.words, trigramIndexSize: size?.trigrams, seconds: Math.round((performance.now() - begun) / 1000) },
    [p95 <= TARGET_P95, listedP95 <= TARGET_P95],
  );
} finally {
  await Promise.all([...children].map(stop));
  await stack.stop();
}
