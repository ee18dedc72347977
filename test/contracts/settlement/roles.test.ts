import { HDNodeWallet } from 'ethers';
import { accounts, type Outcome, request, ZERO_ADDRESS } from '../chain.js';
import { Contract } from './chain.js';
import { openFuzzChain } from './fuzz-rig.js';
import { DEV_CHAIN_ID, ORDER_TYPES, Role, SETTLEMENT, settlementAbi, Stage } from './stage.js';

jest.setTimeout(120_000);

let stage: Stage;
let people: string[] = [];
beforeEach(async () => {
  stage = await Stage.open();
  people = await accounts();
});

const seats = async (): Promise<string[]> => {
  const read = async (method: string, ...args: unknown[]): Promise<string> => String((await stage.settlement.read(method, ...args))[0]).toLowerCase();
  return [await read('owner'), await read('pendingOwner'), await read('holderOf', 0), await read('holderOf', 1), await read('proposedFor', 0), await read('proposedFor', 1)];
};

describe('RightsSettlement: constructor', () => {
  const refusals: readonly [why: string, args: (stage: Stage) => string[], error: string][] = [
    ['no owner', ({ seller, settler }) => [ZERO_ADDRESS, seller, settler], 'OwnableInvalidOwner'],
    ['no order signer', ({ owner, settler }) => [owner, ZERO_ADDRESS, settler], 'RightsSettlementInvalidRole'],
    ['no settler', ({ owner, seller }) => [owner, seller, ZERO_ADDRESS], 'RightsSettlementInvalidRole'],
    ['an owner that signs orders', ({ owner, settler }) => [owner, owner, settler], 'RightsSettlementRolesNotSeparate'],
    ['an owner that settles', ({ owner, seller }) => [owner, seller, owner], 'RightsSettlementRolesNotSeparate'],
    ['one key for both', ({ owner, settler }) => [owner, settler, settler], 'RightsSettlementRolesNotSeparate'],
  ];
  test.each(refusals)('refuses %s', async (_why, args, error) => {
    expect(await Contract.deploy(SETTLEMENT, stage.stranger, args(stage))).toMatchObject({ ok: false, error });
  });

  test('keeps what it is told', async () => {
    expect(await seats()).toEqual([stage.owner, ZERO_ADDRESS, stage.signer.address.toLowerCase(), stage.settler, ZERO_ADDRESS, ZERO_ADDRESS]);
    expect([await stage.settlement.read('MAX_PAYEES'), await stage.settlement.read('MAX_TERM')]).toEqual([[32n], [90n * 86_400n]]);
  });
});

describe('RightsSettlement: roles', () => {
  test('the settler changes in two steps; the old one stays until the new one accepts', async () => {
    const [order, next] = [await stage.funded(), people[9] as string];
    expect(await stage.settlement.send(stage.owner, 'proposeRole', Role.settler, next)).toMatchObject({ ok: true, logs: [{ name: 'RoleProposed' }] });
    expect(await stage.settlement.send(next, 'release', order)).toMatchObject({ error: 'RightsSettlementNotSettler' });
    for (const from of [stage.stranger, stage.owner, stage.settler]) expect(await stage.settlement.send(from, 'acceptRole', Role.settler)).toMatchObject({ error: 'RightsSettlementNotProposed' });
    expect(await stage.settlement.send(next, 'acceptRole', Role.orderSigner)).toMatchObject({ error: 'RightsSettlementNotProposed' });
    expect(await stage.settlement.send(next, 'acceptRole', Role.settler)).toMatchObject({ ok: true, logs: [{ name: 'RoleChanged' }] });
    expect(await stage.settlement.send(next, 'acceptRole', Role.settler)).toMatchObject({ error: 'RightsSettlementNotProposed' });
    expect(await stage.settlement.send(stage.settler, 'release', order)).toMatchObject({ error: 'RightsSettlementNotSettler' });
    expect(await stage.settlement.send(next, 'release', order)).toMatchObject({ ok: true });
  });

  test('so does the order signer, whose old signatures then count no more', async () => {
    const next = HDNodeWallet.createRandom();
    const [before, after] = [await stage.order(), await stage.order()];
    await stage.settlement.send(stage.owner, 'proposeRole', Role.orderSigner, next.address);
    await request('hardhat_setBalance', next.address, '0xde0b6b3a7640000');
    await request('hardhat_impersonateAccount', next.address);
    expect(await stage.settlement.send(next.address, 'acceptRole', Role.orderSigner)).toMatchObject({ ok: true });
    expect(await stage.fund(before)).toMatchObject({ error: 'RightsSettlementInvalidSignature' });
    expect(await stage.fund(after, { signature: await stage.sign(after, { signer: next }) })).toMatchObject({ ok: true });
  });

  test('a stolen key is stopped at once, with what is proposed; deadlines and withdrawals go on', async () => {
    const [order, released] = [await stage.funded(), await stage.funded()];
    await stage.settlement.send(stage.settler, 'release', released);
    await stage.settlement.send(stage.owner, 'proposeRole', Role.settler, stage.stranger);
    expect(await stage.settlement.send(stage.owner, 'revokeRole', Role.settler)).toMatchObject({ ok: true });
    for (const from of [stage.settler, stage.stranger]) {
      expect(await stage.settlement.send(from, 'release', order)).toMatchObject({ error: 'RightsSettlementNotSettler' });
      expect(await stage.settlement.send(from, 'acceptRole', Role.settler)).toMatchObject({ error: 'RightsSettlementNotProposed' });
      expect(await stage.settlement.send(from, 'refund', order.orderId)).toMatchObject({ error: 'RightsSettlementNotRefunder' });
    }
    expect(await stage.settlement.send(stage.seller, 'withdraw', ZERO_ADDRESS)).toMatchObject({ ok: true });
  });

  test('nobody but the owner hands out roles, not even to himself', async () => {
    const calls: [string, unknown[]][] = [['proposeRole', [0, stage.stranger]], ['revokeRole', [1]], ['transferOwnership', [stage.stranger]], ['renounceOwnership', []]];
    for (const from of [stage.settler, stage.stranger]) {
      for (const [method, args] of calls) expect(await stage.settlement.send(from, method, ...args)).toMatchObject({ error: 'OwnableUnauthorizedAccount' });
    }
    expect(await stage.settlement.send(stage.owner, 'renounceOwnership')).toMatchObject({ error: 'RightsSettlementOwnerRequired' });
  });

  test('ownership moves in two steps', async () => {
    await stage.settlement.send(stage.owner, 'transferOwnership', stage.stranger);
    expect((await seats()).slice(0, 2)).toEqual([stage.owner, stage.stranger]);
    expect(await stage.settlement.send(stage.seller, 'acceptOwnership')).toMatchObject({ error: 'OwnableUnauthorizedAccount' });
    expect(await stage.settlement.send(stage.stranger, 'acceptOwnership')).toMatchObject({ ok: true });
    expect((await seats()).slice(0, 2)).toEqual([stage.stranger, ZERO_ADDRESS]);
  });

  test('no account takes two of the six seats', async () => {
    const [, , , , , , , a = '', b = '', c = ''] = people;
    await stage.settlement.send(stage.owner, 'proposeRole', Role.orderSigner, a);
    await stage.settlement.send(stage.owner, 'proposeRole', Role.settler, b);
    await stage.settlement.send(stage.owner, 'transferOwnership', c);
    const taken = await seats();
    const separate = (outcome: Outcome): void => { expect(outcome).toMatchObject({ error: 'RightsSettlementRolesNotSeparate' }); };
    for (const account of taken) {
      for (const role of [Role.orderSigner, Role.settler]) separate(await stage.settlement.send(stage.owner, 'proposeRole', role, account));
      separate(await stage.settlement.send(stage.owner, 'transferOwnership', account));
    }
    expect(new Set(taken).size).toBe(6);
    for (const role of [Role.orderSigner, Role.settler]) expect(await stage.settlement.send(stage.owner, 'proposeRole', role, ZERO_ADDRESS)).toMatchObject({ ok: true });
    expect((await seats()).slice(4)).toEqual([ZERO_ADDRESS, ZERO_ADDRESS]);
  });
});

describe('RightsSettlement: a fork', () => {
  // Two chains go on with the same contract: the id that the signature names is the one that the chain has now.
  test('after a chain changes its id, older signatures count no more, and new ones do', async () => {
    const chain = await openFuzzChain();
    try {
      const [deployer = '', owner = '', settler = '', buyer = ''] = await chain.rpc<string[]>('eth_accounts');
      const settlement = await Contract.deploy(SETTLEMENT, deployer, [owner, stage.signer.address, settler], [], chain.rpc);
      if (!(settlement instanceof Contract)) throw new Error(settlement.error);
      const { timestamp } = await chain.rpc<{ timestamp: string }>('eth_getBlockByNumber', 'latest', false);
      const order = { ...await stage.order(), buyer, deadline: BigInt(timestamp) + 1_000n };
      const sign = (chainId: number) => stage.signer.signTypedData({ name: 'Zhengben RightsSettlement', version: '1', chainId, verifyingContract: settlement.address }, ORDER_TYPES, order);
      const fund = async (chainId: number): Promise<Outcome> => {
        const data = settlement.encode('fund', order, await sign(chainId));
        return chain.rpc<string>('eth_call', { from: buyer, to: settlement.address, value: '0x3e9', data }).then(
          () => ({ ok: true }) as Outcome, (error: { data?: string }) => ({ ok: false, error: settlementAbi.parseError(error.data ?? '0x')?.name ?? '', args: [] }));
      };
      expect([await fund(DEV_CHAIN_ID), await fund(999)]).toMatchObject([{ ok: true }, { error: 'RightsSettlementInvalidSignature' }]);
      await chain.rpc('anvil_setChainId', 999);
      expect([await fund(DEV_CHAIN_ID), await fund(999)]).toMatchObject([{ error: 'RightsSettlementInvalidSignature' }, { ok: true }]);
    } finally {
      await chain.stop();
    }
  });
});
