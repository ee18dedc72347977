import { headOf, Rig, settle } from '../../integration/anchoring/support/rig.js';
import { setAnchorer } from '../../integration/anchoring/support/owner.js';
import { type Anvil, startAnvil } from '../../integration/anchoring/support/anvil.js';
import { rpc } from '../../integration/anchoring/support/rpc-proxy.js';
import { AnchorReader } from '../../../src/modules/anchoring/index.js';

let anvil: Anvil;
let rig: Rig;

beforeEach(async () => {
  anvil = await startAnvil();
  rig = await Rig.open(anvil.url);
});
afterEach(async () => {
  await rig.close();
  await anvil.stop();
});

async function anchorInTurn(anchorer: ReturnType<Rig['anchorer']>, sizes: readonly number[]): Promise<void> {
  for (const count of sizes) {
    rig.log.grow(count);
    await settle(anchorer);
  }
}

describe.each(process.env['DEEP'] === '1' ? [1, 3] : [3])('a reorganisation of depth %i', (depth) => {
  it('reopens what it undid; the same bytes repair it, with the same nonces', async () => {
    const anchorer = rig.anchorer();
    await anchorInTurn(anchorer, [2, 3, 1, 4]);
    expect(await rig.statuses()).toEqual(['2 anchored', '5 anchored', '6 anchored', '10 anchored']);
    const before = { anchors: await rig.anchors(), transactions: await rig.transactions(), reader: new AnchorReader(rig.dataSource) };
    expect((await before.reader.latest())?.treeSize).toBe(10);

    await rpc(anvil.url, 'anvil_reorg', depth, []);
    expect(await headOf(anvil.url, rig.contract)).toBe([2, 5, 6, 10].at(-1 - depth));
    await anchorer.tick();
    expect((await rig.statuses()).slice(0, 4 - depth)).toEqual(['2 anchored', '5 anchored', '6 anchored', '10 anchored'].slice(0, 4 - depth));
    expect(await rig.historyOf(10)).toEqual(expect.arrayContaining(['prepared', 'broadcast', 'anchored', 'reopened']));
    before.reader.invalidate();
    await settle(anchorer, () => rpc(anvil.url, 'evm_mine'));

    expect(await rig.statuses()).toEqual(['2 anchored', '5 anchored', '6 anchored', '10 anchored']);
    expect((await rig.anchors()).map(({ nonce }) => nonce)).toEqual(before.anchors.map(({ nonce }) => nonce));
    expect((await rig.transactions()).map(({ hash }) => hash)).toEqual(before.transactions.map(({ hash }) => hash));
    expect(await headOf(anvil.url, rig.contract)).toBe(10);

    await anchorInTurn(anchorer, [1]);
    expect(await headOf(anvil.url, rig.contract)).toBe(11);
  });

  it('that brings the transactions back in other blocks moves the anchors there', async () => {
    const anchorer = rig.anchorer();
    await anchorInTurn(anchorer, [2, 3, 1, 4]);
    const raws = await rig.dataSource.query<{ raw: string }[]>(`SELECT '0x' || encode(raw, 'hex') AS raw FROM anchor_transaction ORDER BY nonce`);
    await rpc(anvil.url, 'anvil_reorg', depth, []);
    for (const { raw } of raws.slice(-depth)) await rpc(anvil.url, 'eth_sendRawTransaction', raw);
    const blocks = (await rig.anchors()).map(({ block }) => block);
    await settle(anchorer);
    expect(await rig.statuses()).toEqual(['2 anchored', '5 anchored', '6 anchored', '10 anchored']);
    const moved = (await rig.anchors()).map(({ block }) => block);
    expect(moved.slice(0, -depth)).toEqual(blocks.slice(0, -depth));
    expect(moved.at(-1)).toBeGreaterThan(blocks.at(-1) ?? 0);
    expect(await headOf(anvil.url, rig.contract)).toBe(10);
  });
});

it('is «final» only with more confirmations than configured, where nothing is finalised; and even that is taken back', async () => {
  const anchorer = rig.anchorer({ confirmations: 3 });
  await anchorInTurn(anchorer, [2]);
  await rpc(anvil.url, 'anvil_mine', '0x2');
  await anchorer.tick();
  expect(await rig.statuses()).toEqual(['2 anchored']);
  await rpc(anvil.url, 'anvil_mine', '0x1');
  await anchorer.tick();
  expect(await rig.statuses()).toEqual(['2 final']);

  await rpc(anvil.url, 'anvil_reorg', 4, []);
  await settle(anchorer, () => rpc(anvil.url, 'evm_mine'));
  expect(await rig.historyOf(2)).toEqual(['prepared', 'broadcast', 'anchored', 'final', 'reopened', 'broadcast', 'anchored']);
});

it('is «final» as soon as the chain says finalised', async () => {
  const anchorer = rig.anchorer({ confirmations: 1_000 });
  await anchorInTurn(anchorer, [2]);
  await rpc(anvil.url, 'anvil_mine', '0x3f');
  await anchorer.tick();
  expect(await rig.statuses()).toEqual(['2 anchored']);
  await rpc(anvil.url, 'anvil_mine', '0x1');
  await anchorer.tick();
  expect(await rig.statuses()).toEqual(['2 final']);
});

it('a reorganisation that undoes a reverted anchor makes its nonce wait again', async () => {
  const anchorer = rig.anchorer();
  await anchorInTurn(anchorer, [2]);
  await rpc(anvil.url, 'evm_setAutomine', false);
  rig.log.grow(1);
  await anchorer.tick();
  // The owner's transaction comes first in the block: our anchor is mined and refused.
  await setAnchorer(anvil.url, rig.contract, '0x90F79bf6EB2c4f870365E785982E1f101E93b906');
  await rpc(anvil.url, 'evm_mine');
  await rpc(anvil.url, 'evm_setAutomine', true);
  expect((await anchorer.tick())).toEqual({ role: 'leader', lookAgainSoon: false, problem: { code: 'ANCHORING.NOT_ANCHORER', detail: expect.any(String) } });
  expect(await rig.statuses()).toEqual(['2 anchored', '3 reverted']);
  await rpc(anvil.url, 'anvil_reorg', 1, []);
  await settle(anchorer, () => rpc(anvil.url, 'evm_mine'));
  expect(await rig.statuses()).toEqual(['2 anchored', '3 anchored']);
  expect(await rig.historyOf(3)).toEqual(['prepared', 'broadcast', 'reverted', 'reopened', 'broadcast', 'anchored']);
});
