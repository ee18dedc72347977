import { lookAtBoot } from '../../../src/modules/anchoring/check-anchored-head.js';
import { ChainClient } from '../../../src/platform/chain/index.js';
import { startTestChain, type TestChain } from '../../support/index.js';
import { MemoryLog } from './support/memory-log.js';
import { Rig, settle } from './support/rig.js';
import { type RpcProxy, startRpcProxy } from './support/rpc-proxy.js';

const HEAD = '0x8f7dcfa3';

let chain: TestChain;
let liar: RpcProxy;
let rig: Rig;

beforeAll(async () => {
  chain = await startTestChain();
  liar = await startRpcProxy(chain.url);
  // A head that nobody has anchored: more leaves than the log has.
  liar.fault = async ({ method, params }) => {
    const [request] = params as [{ data?: string }];
    return method === 'eth_call' && request.data === HEAD ? { result: `0x${[99n, 7n, 1_700_000_000n].map((word) => word.toString(16).padStart(64, '0')).join('')}` } : undefined;
  };
});
afterAll(async () => {
  await liar.close();
  await chain.stop();
});
beforeEach(async () => {
  rig = await Rig.open(chain.url);
  rig.log.grow(4);
});
afterEach(() => rig.close());

test('one node’s word does not stop the log: the other denies it, and anchoring goes on with that one', async () => {
  const anchorer = rig.anchorer({ urls: [liar.url, chain.url] });
  await settle(anchorer);
  expect(liar.calls.some(({ params: [request] }) => (request as { data?: string } | undefined)?.data === HEAD)).toBe(true);
  expect(rig.log.isContradicted).toBe(false);
  expect(await rig.statuses()).toEqual([expect.stringMatching(/^4 /)]);
});

test('nor at boot', async () => {
  for (const urls of [[liar.url, chain.url], [chain.url, liar.url]]) {
    const client = new ChainClient(urls, 31_337, { timeoutMs: 1_000, attempts: 1 });
    await lookAtBoot(client, rig.contract, rig.log);
    client.close();
    expect(rig.log.isContradicted).toBe(false);
  }
});

test('what every node that answers says is believed, and taken back once it is said no more', async () => {
  const down = 'http://127.0.0.1:9';
  expect(await rig.anchorer({ urls: [liar.url, liar.url.replace('127.0.0.1', 'localhost'), down] }).tick()).toMatchObject({ problem: { code: 'ANCHORING.FORK' } });
  expect(rig.log.isContradicted).toBe(true);
  const client = new ChainClient([chain.url], 31_337, { timeoutMs: 1_000, attempts: 1 });
  await lookAtBoot(client, rig.contract, rig.log);
  client.close();
  expect(rig.log.isContradicted).toBe(false);
});

test('a log that was cut back is stopped, and goes on when it holds again what was anchored', async () => {
  await settle(rig.anchorer());
  const cut = new MemoryLog();
  cut.grow(2);
  const anchorer = rig.anchorer({ log: cut, urls: [chain.url, chain.url.replace('127.0.0.1', 'localhost')] });
  await rig.dataSource.query(`UPDATE anchor_lease SET expires_at = '-infinity'`);
  expect(await anchorer.tick()).toMatchObject({ problem: { code: 'ANCHORING.FORK' } });
  expect(cut.isContradicted).toBe(true);
  cut.grow(2);
  expect(await anchorer.tick()).toMatchObject({ problem: null });
  expect(cut.isContradicted).toBe(false);
});
