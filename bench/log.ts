/**
 * bench:log — a log of BENCH_LEAVES statements (a million by default): how fast they are sequenced and published, how flat memory stays, how fast
 * proofs are served over HTTP from it, and what an append to the tree costs against hypercore's single append.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import autocannon from 'autocannon';
import Hypercore from 'hypercore';
import RAM from 'random-access-memory';
import { DataSource } from 'typeorm';
import { AppModule } from '../src/app.module.js';
import { appendLeaves, type Hash, hashLeaf } from '../src/lib/merkle/index.js';
import { formatWorkNumber } from '../src/lib/statement/index.js';
import { composeStatement, LogKeys } from '../src/modules/log/index.js';
import { PublishTree } from '../src/modules/log/publish-tree.js';
import { SequenceBatch } from '../src/modules/log/sequence-batch.js';
import { TileStore } from '../src/modules/log/tile-store.js';
import { dataSourceOptions } from '../src/platform/database/index.js';
import { createHttpApplication, createLogger, listeningUrl, stopGracefully } from '../src/platform/http/index.js';
import { startBenchStack } from './support/bench-stack.js';
import { median, report, round } from './support/report.js';

const LEAVES = Number(process.env['BENCH_LEAVES'] ?? 1_000_000);
const BATCH = 4_096;
const FILL = 5_000;
const TARGET_SEQUENCED = 20_000;
const TARGET_PROOFS = 2_000;
const TARGET_APPEND = 20;
/** More than this is not flat. */
const MOST_GROWTH_MIB = 64;
const HYPERCORE_APPENDS = 5_000;

const numbers: string[] = [];

/** Statements of real shape and size, stored as the service stores them. */
async function fill(dataSource: DataSource, keys: LogKeys): Promise<void> {
  for (let done = 0; done < LEAVES; done += FILL) {
    const now = new Date();
    const composed = Array.from({ length: Math.min(FILL, LEAVES - done) }, () => {
      const subject = formatWorkNumber(randomBytes(8).readBigUInt64BE() >> 4n);
      if (numbers.length < 50_000) numbers.push(subject);
      const body = {
        category: 'photography', composition: 'single', authors: [{ signedAs: 'pseudonym' }], owners: [{ kind: 'person', shareBps: 10_000 }], creation: { nature: 'original', completedOn: '2026-05-01', place: 'Shenzhen' },
        publication: { state: 'unpublished' }, acquisition: 'original', ownership: 'individual', rights: 'all', visibility: 'public', aiGenerated: 'none',
        contents: [{ mediaType: 'image/jpeg', byteLength: 48_213, sha256: randomBytes(32).toString('hex'), deposit: 'declared' }],
      };
      return composeStatement({ type: 'work.deposited', subject, actor: `acct:${randomUUID()}`, body, sealed: Array.from({ length: 5 }, () => randomBytes(32).toString('base64url')) }, { seq: 0, prev: null }, now);
    });
    const receipt = keys.signReceipt(composed[0]?.leafHash as Hash, now);
    await dataSource.query(
      `INSERT INTO statement (subject, seq, type, prev, bytes, accepted_at, receipt)
       SELECT s, 0, 'work.deposited', NULL, convert_to(b, 'UTF8'), $3, $4 FROM unnest($1::text[], $2::text[]) AS t(s, b)`,
      [composed.map((one) => one.subject), composed.map((one) => Buffer.from(one.bytes).toString('utf8')), now, receipt],
    );
    if ((done / FILL) % 20 === 0) process.stderr.write(`\rfilling ${done} of ${LEAVES}`);
  }
  process.stderr.write('\r\u001b[K');
}

interface Sequenced { perSecond: number; slowest: number; memoryGrowthMiB: number }

async function sequence(batch: SequenceBatch, publish: PublishTree): Promise<Sequenced> {
  const rates: number[] = [];
  global.gc?.();
  const resident: number[] = [];
  let done = 0;
  const start = performance.now();
  for (let window = performance.now(), inWindow = 0; done < LEAVES;) {
    const result = await batch.execute(BATCH);
    await publish.execute();
    done += result?.placed ?? 0;
    inWindow += result?.placed ?? 0;
    resident.push(process.memoryUsage().rss);
    if (inWindow >= LEAVES / 20) {
      rates.push(inWindow / ((performance.now() - window) / 1000));
      [window, inWindow] = [performance.now(), 0];
    }
  }
  return { perSecond: done / ((performance.now() - start) / 1000), slowest: Math.min(...rates), memoryGrowthMiB: growthOf(resident) / 2 ** 20 };
}

/** From the second fifth of the run to the last: what was not collected is in the middle of neither. */
function growthOf(resident: readonly number[]): number {
  const fifth = Math.floor(resident.length / 5);
  return median(resident.slice(-fifth)) - median(resident.slice(fifth, 2 * fifth));
}

async function serveProofs(url: string): Promise<{ perSecond: number; p99: number; bad: number }> {
  let at = 0;
  const result = await autocannon({
    url, connections: 32, duration: 10, workers: 1,
    requests: Array.from({ length: 2_000 }, () => ({ method: 'GET' as const, path: `/api/v1/works/${numbers[(at += 7919) % numbers.length]}/proof?at=newest` })),
  });
  return { perSecond: result.requests.average, p99: result.latency.p99, bad: result.non2xx + result.errors };
}

async function appendToHypercore(storage: unknown, entry: Uint8Array): Promise<number> {
  const core = new Hypercore(storage);
  await core.ready();
  const start = performance.now();
  for (let i = 0; i < HYPERCORE_APPENDS; i++) await core.append(entry);
  const perSecond = HYPERCORE_APPENDS / ((performance.now() - start) / 1000);
  await core.close();
  return perSecond;
}

/**
 * Appends per second. Ours hashes the leaf and extends the tree in memory; what storing and signing cost is in the figure of sequencing. hypercore's
 * single append as it comes, into a directory; its append into memory is printed beside it.
 */
async function compareAppends(): Promise<{ ours: number; peer: number; inMemory: number; ratio: number }> {
  const pairs: { ours: number; peer: number; inMemory: number }[] = [];
  const entry = randomBytes(900);
  for (let run = 0; run < 5; run++) {
    let frontier: readonly Hash[] = [];
    const count = 200_000;
    const start = performance.now();
    for (let size = 0; size < count; size += 1_000) {
      const leaves = Array.from({ length: 1_000 }, () => hashLeaf(entry));
      frontier = appendLeaves(size, [...frontier], leaves, () => undefined).frontier;
    }
    const ours = count / ((performance.now() - start) / 1000);
    const directory = await mkdtemp(join(tmpdir(), 'zhengben-bench-hypercore-'));
    const peer = await appendToHypercore(directory, entry);
    await rm(directory, { recursive: true });
    pairs.push({ ours, peer, inMemory: await appendToHypercore(RAM, entry) });
  }
  return { ours: median(pairs.map((pair) => pair.ours)), peer: median(pairs.map((pair) => pair.peer)), inMemory: median(pairs.map((pair) => pair.inMemory)), ratio: median(pairs.map((pair) => pair.ours / pair.peer)) };
}

const stack = await startBenchStack();
const dataSource = await new DataSource(dataSourceOptions(stack.config.database.url, 10, () => undefined)).initialize();
try {
  const keys = new LogKeys(stack.config);
  await fill(dataSource, keys);
  const sequenced = await sequence(new SequenceBatch(dataSource, keys), new PublishTree(dataSource, new TileStore(stack.config)));
  const app = await createHttpApplication(AppModule.of(stack.config), stack.config, { logger: createLogger(stack.config) });
  await app.listen(0, '127.0.0.1');
  const proofs = await serveProofs(listeningUrl(app));
  await stopGracefully(app, { idleMs: 10 });
  const appends = await compareAppends();
  report(
    [
      { figure: 'sequenced and published', value: round(sequenced.perSecond), unit: '1/s', target: TARGET_SEQUENCED },
      { figure: 'slowest twentieth', value: round(sequenced.slowest), unit: '1/s' },
      { figure: 'memory growth from the second fifth to the last', value: round(sequenced.memoryGrowthMiB), unit: 'MiB', target: MOST_GROWTH_MIB },
      { figure: 'proofs over HTTP', value: round(proofs.perSecond), unit: '1/s', target: TARGET_PROOFS },
      { figure: 'proofs over HTTP, p99', value: proofs.p99, unit: 'ms' },
      { figure: 'failed proofs', value: proofs.bad, unit: '' },
      { figure: 'append, ours', value: round(appends.ours), unit: '1/s' },
      { figure: 'append, hypercore', value: round(appends.peer), unit: '1/s' },
      { figure: 'append, hypercore in memory', value: round(appends.inMemory), unit: '1/s' },
    ],
    { bench: 'log', ours: appends.ours, peer: appends.peer, unit: '1/s', ratio: appends.ratio, target: TARGET_APPEND, runs: 5 },
    { leaves: LEAVES, sequencedPerSecond: round(sequenced.perSecond), proofsPerSecond: round(proofs.perSecond), memoryGrowthMiB: round(sequenced.memoryGrowthMiB) },
    [sequenced.memoryGrowthMiB <= MOST_GROWTH_MIB, sequenced.perSecond >= TARGET_SEQUENCED, proofs.perSecond >= TARGET_PROOFS, proofs.bad === 0],
  );
} finally {
  await dataSource.destroy();
  await stack.stop();
}
