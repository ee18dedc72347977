import { AnchorReader } from '../../../src/modules/anchoring/index.js';
import { startTestChain, type TestChain } from '../../support/index.js';
import { headOf, Rig, settle } from './support/rig.js';
import { rpc } from './support/rpc-proxy.js';

describe('anchoring on a chain that works', () => {
  let chain: TestChain;
  let rig: Rig;

  beforeAll(async () => {
    chain = await startTestChain();
  });
  afterAll(() => chain.stop());
  beforeEach(async () => {
    rig = await Rig.open(chain.url);
  });
  afterEach(() => rig.close());

  it('anchors the newest checkpoint, then only what is new', async () => {
    const anchorer = rig.anchorer();
    await settle(anchorer);
    expect(await rig.anchors()).toEqual([]);

    rig.log.grow(3);
    await settle(anchorer);
    await settle(anchorer);
    rig.log.grow(1);
    rig.log.grow(4);
    await settle(anchorer);

    expect(await rig.statuses()).toEqual(['3 final', '8 final']);
    expect((await rig.anchors()).map(({ nonce }) => nonce)).toEqual([expect.any(Number), expect.any(Number)]);
    expect(await rig.historyOf(8)).toEqual(['prepared', 'broadcast', 'anchored', 'final']);
    expect(await headOf(chain.url, rig.contract)).toBe(8);
    expect(await rig.problem()).toBeNull();
  });

  it('anchors by itself once started, and soon', async () => {
    const anchorer = rig.anchorer({ intervalSeconds: 30 });
    rig.log.grow(5);
    anchorer.start();
    const since = Date.now();
    while (!(await rig.statuses()).includes('5 final')) {
      if (Date.now() - since > 5_000) throw new Error('not anchored within five seconds');
      await new Promise((done) => setTimeout(done, 50));
    }
    await anchorer.stop();
    expect(await headOf(chain.url, rig.contract)).toBe(5);
  });

  it('waits for a block', async () => {
    const anchorer = rig.anchorer();
    rig.log.grow(2);
    await rpc(chain.url, 'evm_setAutomine', false);
    try {
      await anchorer.tick();
      expect(await rig.statuses()).toEqual(['2 broadcast']);
      await rpc(chain.url, 'evm_mine');
      await anchorer.tick();
    } finally {
      await rpc(chain.url, 'evm_setAutomine', true);
    }
    // Hardhat calls its latest block finalised.
    expect(await rig.statuses()).toEqual(['2 final']);
  });

  it('answers which anchor covers a leaf', async () => {
    const anchorer = rig.anchorer();
    const reader = new AnchorReader(rig.dataSource);
    expect(await reader.latest()).toBeNull();
    rig.log.grow(3);
    await settle(anchorer);
    rig.log.grow(4);
    await settle(anchorer);
    reader.invalidate();

    expect((await reader.coveringMany([0, 2, 3, 6, 7])).map((anchor) => anchor?.treeSize ?? null)).toEqual([3, 3, 7, 7, null]);
    const anchor = await reader.covering(2);
    expect(anchor).toMatchObject({
      chainId: 31_337, contract: rig.contract.toLowerCase(), treeSize: 3, rootHash: Buffer.from(rig.log.rootAt(3)).toString('hex'), status: 'final',
    });
    const block = await rpc<{ hash: string; timestamp: string }>(chain.url, 'eth_getBlockByNumber', `0x${anchor!.blockNumber.toString(16)}`, false);
    expect([anchor!.blockHash, anchor!.blockTime]).toEqual([block.hash, new Date(Number(block.timestamp) * 1000).toISOString()]);
    expect((await reader.latest())?.treeSize).toBe(7);
    expect(await reader.lag()).toMatchObject({ publishedSize: 7, anchoredSize: 7, leaves: 0, seconds: 0, problem: null });
    expect((await reader.list(1, 7)).map(({ treeSize }) => treeSize)).toEqual([3]);
  });
});
