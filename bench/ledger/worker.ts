/** A process of the load: as many callers as it is told, each with one transfer at a time; says how many were done. Started by bench/ledger.ts. */
import { Client } from 'pg';
import { type NewTransfer, toTransferItem } from '../../src/modules/accounting/index.js';
import { Coalescer } from '../../src/platform/coalesce/index.js';
import { uuidv7 } from '../../src/platform/random/index.js';
import { transferInOneMessage, transferInSteps, transferMany } from './naive.js';

export type Way = 'naive' | 'naive, one message' | 'naive, 500 a call' | 'ours' | 'ours, coalesced' | 'ours, 500 a call';

export interface Task {
  readonly url: string;
  readonly way: Way;
  readonly isHot: boolean;
  readonly callers: number;
  readonly seconds: number;
  readonly owners: readonly string[];
  readonly seed: number;
}

export interface Done {
  readonly transfers: number;
  readonly seconds: number;
  /** Milliseconds from the wish to the commit. */
  readonly p50: number;
  readonly p99: number;
}

const MANY = 500;
/** Batches of coalesced calls in flight, each on a connection of its own. */
const BATCHES = 2;

process.once('message', (task: Task) => {
  run(task).then((done) => process.send?.(done, () => process.exit(0)), (error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exit(1);
  });
});
// A message that came while the modules were still being loaded would have been lost.
process.send?.('ready');

async function run({ url, way, isHot, callers, seconds, owners, seed }: Task): Promise<Done> {
  const isCoalesced = way === 'ours, coalesced';
  const clients = await Promise.all(Array.from({ length: isCoalesced ? BATCHES : callers }, async () => {
    const client = new Client({ connectionString: url });
    await client.connect();
    return client;
  }));
  const random = seeded(seed);
  // Owner 0 is the one whom everybody pays.
  const pair = (): [number, number] => {
    const from = 1 + random(owners.length - 1);
    return [from, isHot ? 0 : 1 + ((from + random(owners.length - 2)) % (owners.length - 1))];
  };
  const toTransfer = ([from, to]: readonly [number, number]): NewTransfer => ({
    id: uuidv7(), kind: 'settlement', subject: 'bench',
    postings: [{ owner: owners[from] ?? '', purpose: 'available', currency: 'CNY', amountMinor: -1n }, { owner: owners[to] ?? '', purpose: 'available', currency: 'CNY', amountMinor: 1n }],
  });
  const post = (client: Client, transfers: readonly NewTransfer[]) => client.query({ name: 'post', text: 'SELECT post_transfers($1)', values: [JSON.stringify(transfers.map(toTransferItem))] });
  const idle = [...clients];
  const coalescer = new Coalescer<NewTransfer, null>(async (transfers) => {
    const client = idle.pop() as Client;
    await post(client, transfers);
    idle.push(client);
    return transfers.map(() => null);
  }, { maxItems: MANY, maxBatches: BATCHES, isItemFault: () => false });
  const act: Record<Way, (client: Client) => Promise<unknown>> = {
    naive: (client) => transferInSteps(client, ...pair()),
    'naive, one message': (client) => transferInOneMessage(client, ...pair()),
    'naive, 500 a call': (client) => transferMany(client, Array.from({ length: MANY }, pair)),
    ours: (client) => post(client, [toTransfer(pair())]),
    'ours, coalesced': () => coalescer.submit(toTransfer(pair())),
    'ours, 500 a call': (client) => post(client, Array.from({ length: MANY }, () => toTransfer(pair()))),
  };
  const each = way.endsWith('500 a call') ? MANY : 1;
  const [taken, begun]: [number[], number] = [[], performance.now()];
  await Promise.all(Array.from({ length: callers }, async (_, i) => {
    for (let at = performance.now(); at - begun < seconds * 1_000;) {
      await act[way](clients[i % clients.length] as Client);
      const now = performance.now();
      taken.push(now - at);
      at = now;
    }
  }));
  const elapsed = (performance.now() - begun) / 1_000;
  await Promise.all(clients.map((client) => client.end()));
  const sorted = Float64Array.from(taken).toSorted();
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
  return { transfers: taken.length * each, seconds: elapsed, p50: at(0.5), p99: at(0.99) };
}

function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
