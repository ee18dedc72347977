import { getAddress, id } from 'ethers';
import * as fc from 'fast-check';
import { splitAmount } from '../../../src/lib/money/index.js';
import { request, ZERO_ADDRESS } from '../chain.js';
import { atTime, balanceOf, DAY, now, Role, settlementAbi, Stage, State } from './stage.js';

jest.setTimeout(120_000);

let stage: Stage;
beforeEach(async () => {
  stage = await Stage.open();
});

describe('RightsSettlement: release', () => {
  test('credits the payees, who fetch it', async () => {
    const order = await stage.funded();
    expect(await stage.settlement.send(stage.settler, 'release', order)).toMatchObject({
      ok: true,
      logs: [
        { name: 'PayeeCredited', args: [order.orderId, getAddress(stage.seller), ZERO_ADDRESS, 901n] },
        { name: 'PayeeCredited', args: [order.orderId, getAddress(stage.author), ZERO_ADDRESS, 100n] },
        { name: 'OrderReleased', args: [order.orderId, ZERO_ADDRESS, 1_001n] },
      ],
    });
    expect(await stage.stateOf(order)).toBe(State.released);
    expect([await stage.withdrawable(stage.seller), await stage.withdrawable(stage.author), await stage.held()]).toEqual([901n, 100n, 1_001n]);
  });

  test('by the settler alone, once, of a funded order, and of no other', async () => {
    const order = await stage.order();
    expect(await stage.settlement.send(stage.settler, 'release', order)).toMatchObject({ error: 'RightsSettlementNotFunded', args: [order.orderId, State.none] });
    await stage.fund(order);
    for (const from of [stage.owner, stage.buyer, stage.seller, stage.stranger]) expect(await stage.settlement.send(from, 'release', order)).toMatchObject({ error: 'RightsSettlementNotSettler' });
    for (const change of [{ payees: [stage.settler, stage.author] }, { shareBps: [1_000, 9_000] }, { token: stage.stranger }, { amount: 1_000n }, { buyer: stage.stranger }]) {
      expect(await stage.settlement.send(stage.settler, 'release', { ...order, ...change })).toMatchObject({ error: 'RightsSettlementOtherOrder' });
    }
    expect(await stage.settlement.send(stage.settler, 'release', order)).toMatchObject({ ok: true });
    expect(await stage.settlement.send(stage.settler, 'release', order)).toMatchObject({ error: 'RightsSettlementNotFunded', args: [order.orderId, State.released] });
    expect(await stage.settlement.send(stage.settler, 'refund', order.orderId)).toMatchObject({ error: 'RightsSettlementNotFunded' });
  });

  test('after the deadline too, if the buyer has not been quicker: either ends it once', async () => {
    const [first, second] = [await stage.funded(), await stage.funded()];
    await atTime(second.deadline + 5n);
    expect(await stage.settlement.send(stage.settler, 'release', first)).toMatchObject({ ok: true });
    expect(await stage.settlement.send(stage.buyer, 'refund', first.orderId)).toMatchObject({ error: 'RightsSettlementNotFunded' });
    expect(await stage.settlement.send(stage.buyer, 'refund', second.orderId)).toMatchObject({ ok: true });
    expect(await stage.settlement.send(stage.settler, 'release', second)).toMatchObject({ error: 'RightsSettlementNotFunded', args: [second.orderId, State.refunded] });
    expect([await stage.withdrawable(stage.buyer), await stage.held()]).toEqual([1_001n, 2_002n]);
  });

  test('orders of an older order signer are still released', async () => {
    const order = await stage.funded();
    await stage.settlement.send(stage.owner, 'revokeRole', Role.orderSigner);
    expect(await stage.settlement.send(stage.settler, 'release', order)).toMatchObject({ ok: true });
  });
});

describe('RightsSettlement: refund', () => {
  test('by the service, at any time before the release', async () => {
    const [early, late] = [await stage.funded(), await stage.funded()];
    expect(await stage.settlement.send(stage.settler, 'refund', early.orderId)).toMatchObject({
      ok: true, logs: [{ name: 'OrderRefunded', args: [early.orderId, getAddress(stage.buyer), ZERO_ADDRESS, 1_001n, getAddress(stage.settler)] }],
    });
    await atTime(late.deadline + DAY);
    expect(await stage.settlement.send(stage.settler, 'refund', late.orderId)).toMatchObject({ ok: true });
    expect(await stage.settlement.send(stage.settler, 'refund', late.orderId)).toMatchObject({ error: 'RightsSettlementNotFunded', args: [late.orderId, State.refunded] });
    expect(await stage.withdrawable(stage.buyer)).toBe(2_002n);
  });

  test('with the service gone for good, the buyer alone gets it all back from the deadline on', async () => {
    const token = await stage.token('TestToken', 'Test', 'TEST', 6);
    const [native, paid] = [await stage.funded({ amount: 10n ** 18n }), await stage.funded({ token: token.address })];
    for (const role of [Role.orderSigner, Role.settler]) await stage.settlement.send(stage.owner, 'revokeRole', role);
    const deadline = paid.deadline > native.deadline ? paid.deadline : native.deadline;
    await atTime(native.deadline - 1n);
    expect(await stage.settlement.send(stage.buyer, 'refund', native.orderId)).toMatchObject({ error: 'RightsSettlementDeadlineAhead', args: [native.deadline] });
    await atTime(deadline);
    for (const { orderId } of [native, paid]) expect(await stage.settlement.send(stage.buyer, 'refund', orderId)).toMatchObject({ ok: true });

    const before = await balanceOf(stage.buyer);
    await request('hardhat_setNextBlockBaseFeePerGas', '0x0');
    await request('eth_sendTransaction', { from: stage.buyer, to: stage.settlement.address, gasPrice: '0x0', data: stage.settlement.encode('withdraw', ZERO_ADDRESS) });
    expect(await balanceOf(stage.buyer) - before).toBe(10n ** 18n);
    expect(await stage.settlement.send(stage.buyer, 'withdraw', token.address)).toMatchObject({ ok: true });
    expect(await token.read('balanceOf', stage.buyer)).toEqual([10n ** 30n]);
    expect([await stage.held(), await stage.held(token.address)]).toEqual([0n, 0n]);
  });

  test('by nobody else, ever', async () => {
    const order = await stage.funded();
    for (const time of [await now() + 10n, order.deadline + DAY]) {
      await atTime(time);
      for (const from of [stage.owner, stage.seller, stage.stranger]) expect(await stage.settlement.send(from, 'refund', order.orderId)).toMatchObject({ error: 'RightsSettlementNotRefunder' });
    }
    expect(await stage.settlement.send(stage.buyer, 'refund', id('no such order'))).toMatchObject({ error: 'RightsSettlementNotFunded', args: [id('no such order'), State.none] });
  });
});

describe('RightsSettlement: withdraw', () => {
  test('all that is there, once, to oneself or to another', async () => {
    const orders = [await stage.funded(), await stage.funded()];
    for (const order of orders) await stage.settlement.send(stage.settler, 'release', order);
    expect(await stage.settlement.send(stage.seller, 'withdraw', ZERO_ADDRESS)).toMatchObject({ ok: true, logs: [{ name: 'Withdrawn', args: [getAddress(stage.seller), ZERO_ADDRESS, getAddress(stage.seller), 1_802n] }] });
    expect(await stage.settlement.send(stage.seller, 'withdraw', ZERO_ADDRESS)).toMatchObject({ error: 'RightsSettlementNothingToWithdraw' });
    const elsewhere = `0x${'e1'.repeat(20)}`;
    for (const recipient of [ZERO_ADDRESS, stage.settlement.address]) expect(await stage.settlement.send(stage.author, 'withdrawTo', ZERO_ADDRESS, recipient)).toMatchObject({ error: 'RightsSettlementInvalidRecipient' });
    expect(await stage.settlement.send(stage.author, 'withdrawTo', ZERO_ADDRESS, elsewhere)).toMatchObject({ ok: true });
    expect(await balanceOf(elsewhere)).toBe(200n);
    expect([await stage.held(), await balanceOf(stage.settlement.address)]).toEqual([0n, 0n]);
  });

  test('a payee that refuses money blocks nobody, and takes it elsewhere', async () => {
    const actor = await stage.mock('Actor');
    await actor.send(stage.stranger, 'setRefusing', true);
    const order = await stage.funded({ payees: [actor.address, stage.author] });
    expect(await stage.settlement.send(stage.settler, 'release', order)).toMatchObject({ ok: true });
    expect(await stage.settlement.send(stage.author, 'withdraw', ZERO_ADDRESS)).toMatchObject({ ok: true });
    const act = (method: string, ...args: unknown[]) => actor.call(stage.stranger, 'act', [stage.settlement.address, 0n, stage.settlement.encode(method, ...args)]);
    const refused = await act('withdraw', ZERO_ADDRESS);
    expect(refused).toMatchObject({ ok: true, values: [false, settlementAbi.encodeErrorResult('RightsSettlementPaymentRefused', [actor.address])] });
    expect(await act('withdrawTo', ZERO_ADDRESS, stage.stranger)).toMatchObject({ ok: true, values: [true, '0x'] });
  });

  test('a payee that strikes back when it is paid, and a token that calls in between, find every door locked', async () => {
    const actor = await stage.mock('Actor');
    const token = await stage.token('HookToken');
    const [other, native] = [await stage.order({ buyer: actor.address, token: token.address }), await stage.funded({ payees: [actor.address], shareBps: [10_000] })];
    await stage.settlement.send(stage.settler, 'release', native);
    await token.send(stage.stranger, 'mint', actor.address, 5_000n);
    await actor.send(stage.stranger, 'act', token.address, 0n, token.encode('approve', stage.settlement.address, 5_000n));
    await token.send(stage.stranger, 'setAccomplice', actor.address);

    const armed: [string, unknown[]][] = [['withdraw', [ZERO_ADDRESS]], ['withdrawTo', [ZERO_ADDRESS, stage.stranger]], ['refund', [other.orderId]], ['release', [other]], ['fund', [other, await stage.sign(other)]]];
    const guarded = id('ReentrancyGuardReentrantCall()').slice(0, 10);
    let strikes = 0n;
    for (const [method, args] of armed) {
      await actor.send(stage.stranger, 'arm', stage.settlement.address, stage.settlement.encode(method, ...args));
      expect(await stage.fund(await stage.order({ token: token.address }))).toMatchObject({ ok: true }); // before the tokens move, and after
      strikes += 2n;
      expect([await actor.read('strikes'), await actor.read('hits'), await actor.read('lastError')]).toEqual([[strikes], [0n], [guarded]]);
    }
    await actor.send(stage.stranger, 'act', stage.settlement.address, 0n, stage.settlement.encode('withdraw', ZERO_ADDRESS));
    expect([await actor.read('strikes'), await actor.read('hits'), await balanceOf(actor.address)]).toEqual([[strikes + 1n], [0n], 1_001n]);
    expect(await stage.held(token.address)).toBe(5n * 1_001n);
  });
});

describe('RightsSettlement: computeSplit', () => {
  test('splits as src/lib/money does', async () => {
    const agree = async (amount: bigint, shares: readonly number[]): Promise<void> => {
      const [amounts] = await stage.settlement.read('computeSplit', amount, shares);
      expect({ amount, shares, amounts: [...(amounts as bigint[])] }).toEqual({ amount, shares, amounts: splitAmount(amount, shares) });
    };
    const cases: [bigint, number[]][] = [
      [1_001n, [9_000, 1_000]], [1n, [3_334, 3_333, 3_333]], [1n, [3_333, 3_334, 3_333]], [2n, [2_500, 2_500, 2_500, 2_500]], [7n, [1, 9_999]], [0n, [10_000]], [10n ** 18n + 1n, [3_333, 3_333, 3_334]],
      [2n ** 96n - 1n, Array.from({ length: 32 }, (_, i) => (i === 0 ? 10_000 - 31 * 300 : 300))], [99n, Array.from({ length: 32 }, (_, i) => (i < 16 ? 312 : 313))],
    ];
    for (const [amount, shares] of cases) await agree(amount, shares);
    // Cuts of the whole at different places are shares that sum to it.
    const shares = fc.uniqueArray(fc.integer({ min: 1, max: 9_999 }), { maxLength: 31 }).map((cuts) => [...cuts.toSorted((a, b) => a - b), 10_000].map((cut, i, all) => cut - (all[i - 1] ?? 0)));
    const amounts = fc.oneof(fc.bigInt({ min: 0n, max: 100n }), fc.bigInt({ min: 0n, max: 2n ** 96n - 1n }));
    await fc.assert(fc.asyncProperty(amounts, shares, agree), { numRuns: process.env['DEEP'] === '1' ? 5_000 : 60 });
  });

  test('refuses shares that are not the whole, and giant amounts', async () => {
    expect(await stage.settlement.call(stage.stranger, 'computeSplit', [1n, [9_999]])).toMatchObject({ error: 'RightsSettlementInvalidSplit' });
    expect(await stage.settlement.call(stage.stranger, 'computeSplit', [2n ** 96n, [10_000]])).toMatchObject({ error: 'RightsSettlementInvalidAmount' });
  });
});
