import { deploy, headOf, Rig, settle } from '../../integration/anchoring/support/rig.js';
import { rpc, type RpcProxy, startRpcProxy } from '../../integration/anchoring/support/rpc-proxy.js';
import { startTestChain, type TestChain } from '../../support/index.js';

// Two starts of a node: the same addresses and chain id, another block 0. One URL leads to either.
let first: TestChain;
let second: TestChain;
let proxy: RpcProxy;
let rig: Rig;

beforeAll(async () => {
  first = await startTestChain();
  second = await startTestChain();
});
afterAll(async () => {
  await first.stop();
  await second.stop();
});
beforeEach(async () => {
  for (const { url } of [first, second]) await rpc(url, 'hardhat_reset');
  proxy = await startRpcProxy(first.url);
  rig = await Rig.open(first.url, { urls: [proxy.url] });
});
afterEach(async () => {
  for (const { url } of [first, second]) await rpc(url, 'evm_setAutomine', true);
  await rig.close();
  await proxy.close();
});

const sentRaw = (): unknown[] => proxy.calls.filter(({ method }) => method === 'eth_sendRawTransaction').map(({ params }) => params[0]);

it('is another chain, though all else is the same', async () => {
  const [a, b] = await Promise.all([first, second].map(({ url }) => rpc<{ hash: string }>(url, 'eth_getBlockByNumber', '0x0', false)));
  expect(a?.hash).not.toBe(b?.hash);
  expect((await deploy(second.url)).address).toBe(rig.contract);
});

it('a lost chain: its anchors are chain-lost, the newest checkpoint is anchored anew, and nothing of the old one is sent', async () => {
  const anchorer = rig.anchorer();
  rig.log.grow(3);
  await settle(anchorer);
  rig.log.grow(2);
  await settle(anchorer);
  // One more is on its way when the chain goes.
  await rpc(first.url, 'evm_setAutomine', false);
  rig.log.grow(2);
  await anchorer.tick();
  expect(await rig.statuses()).toEqual(['3 final', '5 final', '7 broadcast']);
  const old = sentRaw();

  proxy.target = second.url;
  proxy.calls.length = 0;
  await deploy(second.url);
  await settle(anchorer);
  expect(await rig.statuses()).toEqual(['3 chain-lost', '5 chain-lost', '7 chain-lost', '7 final']);
  expect(sentRaw().filter((raw) => old.includes(raw))).toEqual([]);
  expect(await headOf(second.url, rig.contract)).toBe(7);
  expect(new Set((await rig.anchors()).map(({ instance }) => instance)).size).toBe(2);
});

it('a chain without the contract: its absence is reported; once deployed, the newest checkpoint is anchored', async () => {
  const anchorer = rig.anchorer();
  rig.log.grow(3);
  await settle(anchorer);
  proxy.target = second.url;
  expect(await anchorer.tick()).toMatchObject({ problem: { code: 'ANCHORING.CONTRACT_MISSING' } });
  expect(await rig.statuses()).toEqual(['3 chain-lost']);
  await deploy(second.url);
  await settle(anchorer);
  expect(await rig.statuses()).toEqual(['3 chain-lost', '3 final']);
});

it('a chain that comes back: its anchors stand again', async () => {
  const anchorer = rig.anchorer();
  rig.log.grow(3);
  await settle(anchorer);
  proxy.target = second.url;
  await deploy(second.url);
  rig.log.grow(1);
  await settle(anchorer);
  proxy.target = first.url;
  await settle(anchorer);
  expect(await rig.statuses()).toEqual(['3 final', '4 chain-lost', '4 final']);
  expect(await rig.historyOf(3)).toEqual(['prepared', 'broadcast', 'anchored', 'final', 'chain-lost', 'reopened', 'anchored', 'final']);
});

it('a chain reset in place, with the same block 0: the same bytes repair it when the contract is back', async () => {
  const anchorer = rig.anchorer();
  rig.log.grow(3);
  await settle(anchorer);
  rig.log.grow(2);
  await settle(anchorer);
  await rpc(first.url, 'hardhat_reset');
  expect(await anchorer.tick()).toMatchObject({ problem: { code: 'ANCHORING.CONTRACT_MISSING' } });
  await deploy(first.url);
  rig.log.grow(4);
  await settle(anchorer);
  expect((await rig.statuses()).at(-1)).toBe('9 final');
  expect(await headOf(first.url, rig.contract)).toBe(9);
});

it('another contract: the newest checkpoint is anchored there', async () => {
  rig.log.grow(3);
  const old = rig.anchorer();
  await settle(old);
  await old.stop();
  const { address } = await deploy(first.url);
  await settle(rig.anchorer({ contract: address }));
  expect(await rig.statuses()).toEqual(['3 chain-lost', '3 final']);
  expect(await headOf(first.url, address)).toBe(3);
});
