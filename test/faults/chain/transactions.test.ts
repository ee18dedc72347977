import { Logger } from '@nestjs/common';
import { TransactionSigner } from '../../../src/platform/chain/index.js';
import { MemoryLog } from '../../integration/anchoring/support/memory-log.js';
import { setAnchorer } from '../../integration/anchoring/support/owner.js';
import { ANCHORER, ANCHORER_KEY, headOf, ORIGIN, Rig, settle } from '../../integration/anchoring/support/rig.js';
import { rpc } from '../../integration/anchoring/support/rpc-proxy.js';
import { startTestChain, type TestChain } from '../../support/index.js';

/** Hardhat's account 3: another anchorer. */
const OTHER_KEY = '0x7c852118294e51e653712a81e05800f419141751be58f605c371e15141b007a6';
const OTHER = new TransactionSigner(OTHER_KEY).address;
const ETHER = '0xde0b6b3a7640000';

let chain: TestChain;
let rig: Rig;

beforeAll(async () => {
  chain = await startTestChain();
});
afterAll(() => chain.stop());
beforeEach(async () => {
  rig = await Rig.open(chain.url);
});
afterEach(async () => {
  await rpc(chain.url, 'evm_setAutomine', true);
  await rpc(chain.url, 'hardhat_setBalance', ANCHORER, `0x${(10n ** 21n).toString(16)}`);
  await rig.close();
});

const mine = (): Promise<unknown> => rpc(chain.url, 'evm_mine');

describe('a transaction that is not mined', () => {
  it('is replaced with both fees raised by an eighth, same nonce; the one that is mined counts', async () => {
    await rpc(chain.url, 'evm_setAutomine', false);
    rig.log.grow(3);
    const anchorer = rig.anchorer({ stuckSeconds: 0 });
    for (let i = 0; i < 4; i++) await anchorer.tick();
    const transactions = await rig.transactions();
    expect(transactions.length).toBeGreaterThanOrEqual(3);
    expect(new Set(transactions.map(({ nonce }) => nonce)).size).toBe(1);
    for (const [i, { fee, tip }] of transactions.entries()) {
      const before = transactions[i - 1];
      if (!before) continue;
      expect(fee * 8n).toBeGreaterThanOrEqual(before.fee * 9n);
      expect(tip * 8n).toBeGreaterThanOrEqual(before.tip * 9n);
    }
    await settle(anchorer, mine);
    expect(await rig.statuses()).toEqual(['3 final']);
    expect(await headOf(chain.url, rig.contract)).toBe(3);
  });

  it('is not replaced beyond the fee limit, and still sent again', async () => {
    await rpc(chain.url, 'evm_setAutomine', false);
    rig.log.grow(3);
    const { baseFeePerGas } = await rpc<{ baseFeePerGas: string }>(chain.url, 'eth_getBlockByNumber', 'latest', false);
    const limit = BigInt(baseFeePerGas) * 2n + 1_100_000_000n;
    const anchorer = rig.anchorer({ stuckSeconds: 0, maxFeePerGas: limit });
    for (let i = 0; i < 4; i++) await anchorer.tick();
    const transactions = await rig.transactions();
    expect(transactions.every(({ fee }) => fee <= limit)).toBe(true);
    await settle(anchorer, mine);
    expect(await rig.statuses()).toEqual(['3 final']);
  });

  it('is sent again, the same bytes, when the pool has lost it', async () => {
    await rpc(chain.url, 'evm_setAutomine', false);
    rig.log.grow(3);
    const anchorer = rig.anchorer();
    await anchorer.tick();
    const [sent] = await rig.transactions();
    expect(await rpc(chain.url, 'hardhat_dropTransaction', sent?.hash)).toBe(true);
    await mine();
    await settle(anchorer, mine);
    expect(await rig.transactions()).toEqual([sent]);
    expect(await rig.statuses()).toEqual(['3 final']);
  });
});

describe('a transaction that cannot do what it was signed for', () => {
  it('reverted: its nonce is used up, and the checkpoint is anchored by another', async () => {
    await rpc(chain.url, 'evm_setAutomine', false);
    rig.log.grow(3);
    const anchorer = rig.anchorer();
    await anchorer.tick();
    await setAnchorer(chain.url, rig.contract, OTHER);
    await mine();
    expect(await anchorer.tick()).toMatchObject({ problem: { code: 'ANCHORING.NOT_ANCHORER' } });
    expect(await rig.statuses()).toEqual(['3 reverted']);
    await setAnchorer(chain.url, rig.contract, ANCHORER);
    await mine();
    await settle(anchorer, mine);
    expect(await rig.statuses()).toEqual(['3 reverted', '3 final']);
    const nonces = (await rig.anchors()).map(({ nonce }) => nonce);
    expect(new Set(nonces).size).toBe(2);
  });

  it('overtaken by another anchorer: its nonce is used up by a transaction that does nothing, and the other’s anchor is taken over', async () => {
    await rpc(chain.url, 'evm_setAutomine', false);
    rig.log.grow(3);
    const anchorer = rig.anchorer();
    await anchorer.tick();
    const [sent] = await rig.transactions();
    await rpc(chain.url, 'hardhat_dropTransaction', sent?.hash);
    await anchorElsewhere(5);

    await settle(anchorer, mine);
    expect(await rig.statuses()).toEqual(['3 superseded', '5 final']);
    expect((await rig.transactions()).map(({ kind }) => kind)).toEqual(['anchor', 'cancel']);
    rig.log.grow(1);
    await setAnchorer(chain.url, rig.contract, ANCHORER);
    await mine();
    await settle(anchorer, mine);
    expect(await rig.statuses()).toEqual(['3 superseded', '5 final', '6 final']);
    expect(await headOf(chain.url, rig.contract)).toBe(6);
  });

  it('outrun, but not overtaken: it is signed anew from the new head, with the same nonce', async () => {
    await rpc(chain.url, 'evm_setAutomine', false);
    rig.log.grow(3);
    const anchorer = rig.anchorer();
    await anchorer.tick();
    const [sent] = await rig.transactions();
    await rpc(chain.url, 'hardhat_dropTransaction', sent?.hash);
    await anchorElsewhere(2);
    await setAnchorer(chain.url, rig.contract, ANCHORER);
    await mine();

    await settle(anchorer, mine);
    expect(await rig.statuses()).toEqual(['3 final']);
    expect((await rig.transactions()).map(({ kind }) => kind)).toEqual(['anchor', 'anchor']);
    expect(await headOf(chain.url, rig.contract)).toBe(3);
  });

  it('its nonce was used by someone else with the key: it ends, and the next nonce anchors', async () => {
    await rpc(chain.url, 'evm_setAutomine', false);
    rig.log.grow(3);
    const anchorer = rig.anchorer();
    await anchorer.tick();
    const [sent] = await rig.transactions();
    await rpc(chain.url, 'hardhat_dropTransaction', sent?.hash);
    const { raw } = await new TransactionSigner(ANCHORER_KEY).sign({
      chainId: 31_337, nonce: sent!.nonce, to: ANCHORER, data: '0x', gasLimit: 21_000n, maxFeePerGas: 10n ** 11n, maxPriorityFeePerGas: 10n ** 10n,
    });
    await rpc(chain.url, 'eth_sendRawTransaction', raw);
    await mine();
    await settle(anchorer, mine);
    expect(await rig.statuses()).toEqual(['3 superseded', '3 final']);
    expect((await rig.anchors()).map(({ nonce }) => nonce)).toEqual([sent!.nonce, sent!.nonce + 1]);
  });

  /** The same log, anchored by another service: to `size`, with its own key and database. */
  async function anchorElsewhere(size: number): Promise<void> {
    await rpc(chain.url, 'evm_setAutomine', true);
    await setAnchorer(chain.url, rig.contract, OTHER);
    const log = new MemoryLog();
    log.grow(size);
    const elsewhere = await Rig.open(chain.url);
    try {
      await settle(elsewhere.anchorer({ key: OTHER_KEY, contract: rig.contract, log }));
    } finally {
      await elsewhere.close();
    }
    await rpc(chain.url, 'evm_setAutomine', false);
    rig.log.grow(Math.max(0, size - rig.log.size));
  }
});

describe('an anchor that cannot be', () => {
  it('no balance: says so, stores nothing, and anchors once it is topped up', async () => {
    await rpc(chain.url, 'hardhat_setBalance', ANCHORER, '0x0');
    rig.log.grow(3);
    const anchorer = rig.anchorer();
    expect(await anchorer.tick()).toMatchObject({ problem: { code: 'ANCHORING.INSUFFICIENT_FUNDS' } });
    expect(await rig.anchors()).toEqual([]);
    await rpc(chain.url, 'hardhat_setBalance', ANCHORER, ETHER);
    await settle(anchorer);
    expect(await rig.statuses()).toEqual(['3 final']);
  });

  it('balance gone between signing and sending: the stored bytes go out later', async () => {
    await rpc(chain.url, 'evm_setAutomine', false);
    rig.log.grow(3);
    const anchorer = rig.anchorer();
    await anchorer.tick();
    const [sent] = await rig.transactions();
    await rpc(chain.url, 'hardhat_dropTransaction', sent?.hash);
    await rpc(chain.url, 'hardhat_setBalance', ANCHORER, '0x0');
    expect(await anchorer.tick()).toMatchObject({ problem: { code: 'ANCHORING.INSUFFICIENT_FUNDS' } });
    await rpc(chain.url, 'hardhat_setBalance', ANCHORER, ETHER);
    await settle(anchorer, mine);
    expect(await rig.transactions()).toEqual([sent]);
  });

  it('the fee is beyond the limit: says so and stores nothing', async () => {
    rig.log.grow(3);
    expect(await rig.anchorer({ maxFeePerGas: 1n }).tick()).toMatchObject({ problem: { code: 'ANCHORING.FEE_TOO_HIGH' } });
    expect(await rig.anchors()).toEqual([]);
  });

  it('a contract of another log: says so', async () => {
    rig.log.grow(3);
    expect(await rig.anchorer({ origin: `${ORIGIN}/other` }).tick()).toMatchObject({ problem: { code: 'ANCHORING.CONTRACT_OF_ANOTHER_LOG' } });
    expect(await rig.anchors()).toEqual([]);
  });
});

describe('a contract that is ahead of the log, or on another fork', () => {
  const forks: [string, () => MemoryLog][] = [
    ['the log was cut back', () => grown(new MemoryLog(), 2)],
    ['the log is another one, longer', () => grown(new MemoryLog('fork'), 9)],
    ['the log is another one, shorter', () => grown(new MemoryLog('fork'), 3)],
    ['the log is gone', () => new MemoryLog()],
  ];

  it.each(process.env['DEEP'] === '1' ? forks : forks.slice(0, 2))('%s: says so loudly and anchors nothing', async (_, makeLog) => {
    const errors: string[] = [];
    rig.log.grow(4);
    const before = rig.anchorer();
    await settle(before);
    await before.stop();
    const log = makeLog();
    const anchorer = rig.anchorer({ log });
    const spy = jest.spyOn(Logger.prototype, 'error').mockImplementation((message: unknown) => void errors.push(String(message)));
    try {
      expect(await anchorer.tick()).toMatchObject({ problem: { code: 'ANCHORING.FORK' } });
      expect(await anchorer.tick()).toMatchObject({ problem: { code: 'ANCHORING.FORK' } });
    } finally {
      spy.mockRestore();
    }
    expect(errors.filter((line) => line.startsWith('ANCHORING.FORK'))).toHaveLength(2);
    expect(log.isContradicted).toBe(true);
    expect(await rig.statuses()).toEqual(['4 final']);
    expect(await headOf(chain.url, rig.contract)).toBe(4);
    expect(await rig.problem()).toBe('ANCHORING.FORK');
  });

  it('a database that was restored without its anchors takes them over from the contract', async () => {
    rig.log.grow(4);
    await settle(rig.anchorer());
    const restored = await Rig.open(chain.url);
    try {
      restored.log.grow(6);
      const anchorer = restored.anchorer({ contract: rig.contract });
      await settle(anchorer);
      expect(await restored.statuses()).toEqual(['4 final', '6 final']);
      const [adopted] = await rig.dataSource.query<{ hash: Buffer }[]>('SELECT transaction_hash AS hash FROM anchor');
      const [same] = await restored.dataSource.query<{ hash: Buffer }[]>('SELECT transaction_hash AS hash FROM anchor ORDER BY id LIMIT 1');
      expect(same?.hash).toEqual(adopted?.hash);
    } finally {
      await restored.close();
    }
  });

  function grown(log: MemoryLog, count: number): MemoryLog {
    log.grow(count);
    return log;
  }
});
