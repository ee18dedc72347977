import { setTimeout as sleep } from 'node:timers/promises';
import { Transaction } from 'ethers';
import { type Fault, rpc, type RpcProxy, startRpcProxy } from '../../integration/anchoring/support/rpc-proxy.js';
import { ANCHORER, headOf, Rig, settle } from '../../integration/anchoring/support/rig.js';
import type { TickResult } from '../../../src/modules/anchoring/anchorer.js';
import { startTestChain, type TestChain } from '../../support/index.js';

let chain: TestChain;
let proxy: RpcProxy;
let rig: Rig;

beforeAll(async () => {
  chain = await startTestChain();
});
afterAll(() => chain.stop());
beforeEach(async () => {
  proxy = await startRpcProxy(chain.url);
  rig = await Rig.open(chain.url, { urls: [proxy.url] });
});
afterEach(async () => {
  await rpc(chain.url, 'evm_setAutomine', true);
  await rig.close();
  await proxy.close();
});

/** Every checkpoint anchored once, by one transaction of one nonce, and the contract at the log's head. */
async function expectCaughtUp(): Promise<void> {
  const anchors = await rig.anchors();
  const live = anchors.filter(({ status }) => status === 'final' || status === 'anchored');
  expect(live.at(-1)?.size).toBe(rig.log.size);
  expect(await headOf(chain.url, rig.contract)).toBe(rig.log.size);
  expect(anchors.filter(({ status }) => ['prepared', 'broadcast', 'reopened'].includes(status))).toEqual([]);
  expect(new Set(anchors.map(({ nonce }) => nonce)).size).toBe(anchors.length);
  expect(new Set(live.map(({ size }) => size)).size).toBe(live.length);
  const events = await rpc<unknown[]>(chain.url, 'eth_getLogs', { address: rig.contract, fromBlock: '0x0', topics: ['0x031af2ea7f6de84bdca3583762e907ac3bb3b1092e7b71ca4fa616a2eae67303'] });
  expect(events).toHaveLength(live.length);
}

/** The fault for the first `times` calls of those methods. */
function firstCalls(times: number, methods: RegExp, fault: Fault): Fault {
  let left = times;
  return async (call, forward) => (methods.test(call.method) && left-- > 0 ? fault(call, forward) : undefined);
}

const SEND = /^eth_sendRawTransaction$/;
const sends = (): string[] => proxy.calls.filter(({ method }) => SEND.test(method)).map(({ params }) => String(params[0]));

describe('a node that answers badly', () => {
  const faults: Record<string, Fault> = {
    'drops the reply after it took the transaction': firstCalls(1, SEND, async (_, forward) => {
      await forward();
      return 'hang-up';
    }),
    'hangs up before it takes the transaction': firstCalls(2, SEND, async () => 'hang-up'),
    'answers the broadcast after the time is up': firstCalls(1, SEND, async (_, forward) => {
      const result = await forward();
      await sleep(1_300);
      return { result };
    }),
    'answers 429 to everything, twice': firstCalls(2, /./, async () => ({ status: 429, headers: { 'retry-after': '0' } })),
    'answers 429 to the broadcast': firstCalls(3, SEND, async () => ({ status: 429 })),
    'answers −32603 to everything for a while': firstCalls(9, /./, async () => ({ error: { code: -32_603, message: 'Internal error' } })),
    'answers −32603 to a broadcast that it took': firstCalls(1, SEND, async (_, forward) => {
      await forward();
      return { error: { code: -32_603, message: 'Internal error' } };
    }),
    'answers 502 to everything for a while': firstCalls(7, /./, async () => ({ status: 502 })),
    'answers null for receipts, and then late': firstCalls(4, /Receipt/, async () => ({ result: null })),
    'answers null for receipts and nothing for events, and then late': firstCalls(8, /Receipt|getLogs/, async ({ method }) => ({ result: method === 'eth_getLogs' ? [] : null })),
    'answers nonsense': firstCalls(4, /./, async () => ({ result: { number: 'many' } })),
  };

  const sample = ['drops the reply after it took the transaction', 'answers −32603 to a broadcast that it took', 'answers null for receipts and nothing for events, and then late'];
  const chosen = Object.entries(faults).filter(([name]) => process.env['DEEP'] === '1' || sample.includes(name));

  it.each(chosen)('%s: the anchor catches up, once', async (_, fault) => {
    rig.log.grow(3);
    // With patience: what is late must not be taken for lost.
    const anchorer = rig.anchorer({ staleSeconds: 60 });
    await settle(anchorer);
    rig.log.grow(5);
    proxy.fault = fault;
    await settlePatiently(anchorer);
    await expectCaughtUp();
    expect((await rig.anchors()).map(({ status }) => status)).toEqual(['final', 'final']);
    expect(new Set(sends()).size).toBe(2);
  });

  it('fails at random, before or after it acted: the anchors catch up, once each', async () => {
    const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31));
    console.log(`seed ${seed}`);
    const random = mulberry32(seed);
    proxy.fault = async (_, forward) => {
      if (random() < 0.8) return undefined;
      if (random() < 0.5) await forward();
      return 'hang-up';
    };
    const anchorer = rig.anchorer({ staleSeconds: 60 });
    for (let round = 0; round < 3; round++) {
      rig.log.grow(2);
      await settlePatiently(anchorer, 60);
    }
    proxy.fault = null;
    await settle(anchorer);
    await expectCaughtUp();
    expect(rig.log.size).toBe(6);
  });

  it('says «latest» of a block long past: nothing is undone, nothing is anchored on top of it', async () => {
    rig.log.grow(3);
    const anchorer = rig.anchorer({ staleSeconds: 60 });
    const before = await rpc(chain.url, 'eth_getBlockByNumber', 'latest', false);
    await settle(anchorer);
    rig.log.grow(4);
    proxy.fault = async ({ method, params }) => (method === 'eth_getBlockByNumber' && params[0] === 'latest' ? { result: before } : undefined);
    const sent = sends().length;
    expect(await anchorer.tick()).toMatchObject({ problem: { code: 'ANCHORING.STALE_CHAIN' } });
    expect(await rig.statuses()).toEqual(['3 final']);
    expect(sends()).toHaveLength(sent);
    proxy.fault = null;
    await settle(anchorer);
    await expectCaughtUp();
  });

  it('does not have a block below its own latest: nothing is undone', async () => {
    rig.log.grow(3);
    const anchorer = rig.anchorer();
    await settle(anchorer);
    const [{ block } = { block: null }] = await rig.anchors();
    proxy.fault = async ({ method, params }) => (method === 'eth_getBlockByNumber' && params[0] === `0x${block?.toString(16)}` ? { result: null } : undefined);
    expect(await anchorer.tick()).toMatchObject({ problem: { code: 'ANCHORING.STALE_CHAIN' } });
    expect(await rig.historyOf(3)).toEqual(['prepared', 'broadcast', 'anchored', 'final']);
  });

  it('forges a receipt: only the contract’s own word counts', async () => {
    await rpc(chain.url, 'evm_setAutomine', false);
    rig.log.grow(3);
    const anchorer = rig.anchorer();
    const latest = await rpc<{ number: string; hash: string }>(chain.url, 'eth_getBlockByNumber', 'latest', false);
    proxy.fault = async ({ method, params }) =>
      method === 'eth_getTransactionReceipt' ? { result: { transactionHash: params[0], blockNumber: latest.number, blockHash: latest.hash, status: '0x1', logs: [] } } : undefined;
    for (let i = 0; i < 3; i++) await anchorer.tick();
    expect(await rig.statuses()).toEqual(['3 broadcast']);
    proxy.fault = null;
    await settle(anchorer, () => rpc(chain.url, 'evm_mine'));
    await expectCaughtUp();
  });
});

describe('a node of another chain', () => {
  it('with another chain id: refuses to act, says so, and goes on when it is right again', async () => {
    rig.log.grow(3);
    const anchorer = rig.anchorer();
    await settle(anchorer);
    rig.log.grow(2);
    const sent = sends().length;
    proxy.fault = async ({ method }) => (method === 'eth_chainId' ? { result: '0x5' } : undefined);
    expect(await anchorer.tick()).toMatchObject({ problem: { code: 'CHAIN.WRONG_CHAIN' } });
    expect(await rig.problem()).toBe('CHAIN.WRONG_CHAIN');
    expect(await rig.statuses()).toEqual(['3 final']);
    expect(sends()).toHaveLength(sent);
    proxy.fault = null;
    await settle(anchorer);
    await expectCaughtUp();
    expect(await rig.problem()).toBeNull();
  });

  it('changes between the look and the broadcast: the bytes are not sent', async () => {
    rig.log.grow(3);
    const anchorer = rig.anchorer();
    let asked = 0;
    proxy.fault = async ({ method }) => (method === 'eth_chainId' && ++asked > 1 ? { result: '0x5' } : undefined);
    expect(await anchorer.tick()).toMatchObject({ problem: { code: 'CHAIN.DISAGREEMENT' } });
    expect(sends()).toEqual([]);
    expect(await rig.statuses()).toEqual(['3 prepared']);
    proxy.fault = null;
    await settle(anchorer);
    await expectCaughtUp();
  });
});

describe('several URLs', () => {
  it('one of them dead: the other serves', async () => {
    rig.log.grow(3);
    await settle(rig.anchorer({ urls: ['http://127.0.0.1:9', proxy.url] }));
    expect(await rig.statuses()).toEqual(['3 final']);
  });

  it('one of them fails in the middle: the other takes over within the tick', async () => {
    rig.log.grow(3);
    proxy.fault = firstCalls(1_000, /estimateGas/, async () => ({ status: 503 }));
    await settle(rig.anchorer({ urls: [proxy.url, chain.url] }));
    expect(await rig.statuses()).toEqual(['3 final']);
  });

  it('one of them leads to another block 0: no anchor is lost by its word', async () => {
    const other = await startTestChain();
    try {
      rig.log.grow(3);
      const anchorer = rig.anchorer({ urls: [proxy.url, other.url] });
      await expect(anchorer.tick()).resolves.toMatchObject({ problem: { code: 'CHAIN.DISAGREEMENT' } });
      await anchorer.stop();
      const alone = rig.anchorer();
      await settle(alone);
      await alone.stop();
      const both = rig.anchorer({ urls: [other.url, proxy.url] });
      rig.log.grow(2);
      await settle(both);
      await expectCaughtUp();
      proxy.fault = async () => 'hang-up';
      rig.log.grow(2);
      expect(await both.tick()).toMatchObject({ problem: { code: 'CHAIN.UNAVAILABLE' } });
      expect(await rig.statuses()).toEqual(['3 final', '5 final']);
    } finally {
      await other.stop();
    }
  });

  it('none answers: the lag is reported, and made up for later', async () => {
    rig.log.grow(3);
    const anchorer = rig.anchorer();
    await settle(anchorer);
    proxy.fault = async () => 'hang-up';
    rig.log.grow(4);
    expect(await anchorer.tick()).toMatchObject({ problem: { code: 'CHAIN.UNAVAILABLE' } });
    const [row] = await rig.dataSource.query<{ behind: boolean; published: number }[]>('SELECT behind_since IS NOT NULL AS behind, published_size::int AS published FROM anchor_lease');
    expect(row).toEqual({ behind: true, published: 7 });
    proxy.fault = null;
    await settle(anchorer);
    await expectCaughtUp();
  });
});

describe('the bytes that are sent', () => {
  it('are stored before, and the same however often they are sent', async () => {
    rig.log.grow(3);
    let storedBefore = false;
    proxy.fault = async ({ method, params }) => {
      if (!SEND.test(method)) return undefined;
      const rows = await rig.dataSource.query<{ raw: string }[]>(`SELECT '0x' || encode(raw, 'hex') AS raw FROM anchor_transaction`);
      storedBefore = rows.length === 1 && rows[0]?.raw === params[0];
      return 'hang-up';
    };
    const anchorer = rig.anchorer();
    for (let i = 0; i < 3; i++) await anchorer.tick();
    expect(storedBefore).toBe(true);
    expect(sends().length).toBeGreaterThanOrEqual(3);
    expect(new Set(sends()).size).toBe(1);
    expect(Transaction.from(sends()[0]!).from).toBe(ANCHORER);
    proxy.fault = null;
    await settle(anchorer);
    await expectCaughtUp();
  });
});

/** Random numbers in [0, 1) that a seed repeats. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** As {@link settle}, for faults that a tick may end with. */
async function settlePatiently(anchorer: ReturnType<Rig['anchorer']>, mostTicks = 30): Promise<void> {
  let last: TickResult | undefined;
  for (let i = 0; i < mostTicks; i++) {
    const result = (last = await anchorer.tick());
    if (result.role === 'leader' && !result.lookAgainSoon && result.problem === null) return;
  }
  throw new Error(`the anchorer does not come to rest: ${JSON.stringify(last)}`);
}
