import { setTimeout as sleep } from 'node:timers/promises';
import { AnchorLease, HeldLease } from '../../../src/modules/anchoring/anchor-lease.js';
import { LeaseLostError } from '../../../src/modules/anchoring/anchoring.errors.js';
import { enterInstance } from '../../../src/modules/anchoring/anchor-store.js';
import { headOf, Rig, settle } from '../../integration/anchoring/support/rig.js';
import { rpc, type RpcProxy, startRpcProxy } from '../../integration/anchoring/support/rpc-proxy.js';
import { startTestChain, type TestChain } from '../../support/index.js';

const EVENT = '0x031af2ea7f6de84bdca3583762e907ac3bb3b1092e7b71ca4fa616a2eae67303';
let chain: TestChain;
let proxy: RpcProxy;
let rig: Rig;

beforeAll(async () => {
  chain = await startTestChain();
});
afterAll(() => chain.stop());
beforeEach(async () => {
  proxy = await startRpcProxy(chain.url);
  rig = await Rig.open(chain.url);
});
afterEach(async () => {
  await rig.close();
  await proxy.close();
});

async function expectEachAnchoredOnce(): Promise<void> {
  const anchors = await rig.anchors();
  expect(anchors.map(({ status }) => status).filter((status) => status !== 'final')).toEqual([]);
  expect(new Set(anchors.map(({ nonce }) => nonce)).size).toBe(anchors.length);
  expect(await rpc<unknown[]>(chain.url, 'eth_getLogs', { address: rig.contract, fromBlock: '0x0', topics: [EVENT] })).toHaveLength(anchors.length);
  expect(await headOf(chain.url, rig.contract)).toBe(rig.log.size);
}

it('two anchorers at once: one anchors, the other stands by', async () => {
  const anchorers = [rig.anchorer(), rig.anchorer(), rig.anchorer()];
  const leaders = new Set<number>();
  for (let round = 0; round < 5; round++) {
    rig.log.grow(2);
    for (let i = 0; i < 3; i++) {
      const results = await Promise.all(anchorers.map((anchorer) => anchorer.tick()));
      for (const [at, { role }] of results.entries()) if (role === 'leader') leaders.add(at);
    }
  }
  expect(leaders.size).toBe(1);
  await expectEachAnchoredOnce();
});

it('a lease of an instant, which every tick may take over: still each once', async () => {
  const anchorers = Array.from({ length: 3 }, () => rig.anchorer({ leaseSeconds: 0.02 }));
  for (let round = 0; round < 4; round++) {
    rig.log.grow(2);
    await Promise.all(anchorers.map(async (anchorer, i) => {
      for (let j = 0; j < 6; j++) {
        await sleep(7 * i);
        await anchorer.tick();
      }
    }));
  }
  await settle(rig.anchorer(), () => sleep(30), 40);
  await expectEachAnchoredOnce();
  expect(rig.log.size).toBe(8);
});

it('a holder that was paused while it asked the chain: it stores and broadcasts nothing any more', async () => {
  rig.log.grow(3);
  const paused = rig.anchorer({ urls: [proxy.url], leaseSeconds: 0.3 });
  proxy.fault = async ({ method }) => {
    if (method === 'eth_estimateGas') await sleep(600);
    return undefined;
  };
  const [result] = await Promise.all([paused.tick(), sleep(350).then(() => settle(rig.anchorer()))]);
  expect(result).toEqual({ role: 'standby', heldForMs: 0 });
  expect(proxy.calls.map(({ method }) => method)).not.toContain('eth_sendRawTransaction');
  await expectEachAnchoredOnce();
});

it('a holder that stops lets another take over at once', async () => {
  rig.log.grow(3);
  const first = rig.anchorer({ leaseSeconds: 60 });
  await settle(first);
  const second = rig.anchorer({ leaseSeconds: 60 });
  expect(await second.tick()).toMatchObject({ role: 'standby' });
  await first.stop();
  rig.log.grow(3);
  await settle(second);
  await expectEachAnchoredOnce();
});

it('a running anchorer keeps its lease through an interval that is longer', async () => {
  const first = rig.anchorer({ leaseSeconds: 0.6, intervalSeconds: 30 });
  first.start();
  await sleep(1_500);
  expect(await rig.anchorer().tick()).toMatchObject({ role: 'standby' });
  await first.stop();
});

it('the database refuses what an ended epoch writes', async () => {
  const first = await new AnchorLease(rig.dataSource, 'first', 0.05).acquire();
  if (!(first instanceof HeldLease)) throw new Error('not acquired');
  const instance = { chainId: 1, genesisHash: `0x${'11'.repeat(32)}`, contract: `0x${'22'.repeat(20)}` };
  await sleep(60);
  await expect(first.write('test', async (tx) => enterInstance(tx, first.epoch, instance))).rejects.toThrow(LeaseLostError);
  const second = await new AnchorLease(rig.dataSource, 'second', 5).acquire();
  if (!(second instanceof HeldLease)) throw new Error('not acquired');
  await expect(first.renew()).rejects.toThrow(LeaseLostError);
  // Even past the lease's own check: the trigger compares epochs.
  await expect(rig.dataSource.transaction((tx) => enterInstance(tx, first.epoch, instance))).rejects.toMatchObject({ driverError: { code: 'ZB041' } });
  await expect(second.write('test', async (tx) => enterInstance(tx, first.epoch, instance))).rejects.toThrow(LeaseLostError);
  expect(await new AnchorLease(rig.dataSource, 'third', 5).acquire()).toEqual({ heldForMs: expect.any(Number) });
  await expect(rig.dataSource.query(`UPDATE anchor_lease SET holder = 'thief', epoch = epoch + 1`)).rejects.toMatchObject({ driverError: { code: 'ZB041' } });
});
