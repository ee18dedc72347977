import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { getAddress, HDNodeWallet, id, Signature, type TypedDataDomain, verifyTypedData } from 'ethers';
import { request, ZERO_ADDRESS } from '../chain.js';
import { atTime, DAY, now, type Order, ORDER_TYPES, orderHash, Stage, State } from './stage.js';

jest.setTimeout(120_000);

const SECP256K1_N = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const MAX_AMOUNT = 2n ** 96n - 1n;

let stage: Stage;
beforeEach(async () => {
  stage = await Stage.open();
});

describe('RightsSettlement: fund', () => {
  test('keeps the money and says so; hashes are those of ethers', async () => {
    const order = await stage.order();
    const outcome = await stage.fund(order);
    expect(outcome).toMatchObject({ ok: true, logs: [{ name: 'OrderFunded', args: [order.orderId, getAddress(order.buyer), ZERO_ADDRESS, 1_001n, order.deadline, orderHash(order)] }] });
    expect(await stage.settlement.read('orderOf', order.orderId)).toEqual([State.funded, getAddress(order.buyer), ZERO_ADDRESS, 1_001n, order.deadline, orderHash(order)]);
    expect(await stage.settlement.read('hashOrder', order)).toEqual([orderHash(order)]);
    expect(await stage.held()).toBe(1_001n);
    expect(await stage.withdrawable(stage.seller)).toBe(0n);
    expect((await stage.settlement.read('eip712Domain')).slice(0, 5)).toEqual(['0x0f', 'Zhengben RightsSettlement', '1', 31_337n, getAddress(stage.settlement.address)]);
  });

  test('the example of docs/spec/settlement.md', async () => {
    const spec = readFileSync(join(__dirname, '../../../docs/spec/settlement.md'), 'utf8');
    const { domain, message, ...said } = JSON.parse(/```json\n([\s\S]*?)```/.exec(spec)?.[1] ?? '') as { domain: TypedDataDomain; message: Order; orderHash: string; signer: string; signature: string };
    expect(await stage.settlement.read('hashOrder', message)).toEqual([said.orderHash]);
    expect(verifyTypedData(domain, ORDER_TYPES, message, said.signature)).toBe(said.signer);
    expect([...((await stage.settlement.read('computeSplit', message.amount, message.shareBps))[0] as bigint[])]).toEqual([334n, 334n, 333n]);
  });

  test('an order id is used once, also when its order has ended', async () => {
    const [released, refunded] = [await stage.funded(), await stage.funded()];
    expect(await stage.fund(released)).toMatchObject({ error: 'RightsSettlementOrderUsed', args: [released.orderId] });
    await stage.settlement.send(stage.settler, 'release', released);
    await stage.settlement.send(stage.settler, 'refund', refunded.orderId);
    for (const order of [released, refunded]) expect(await stage.fund(order)).toMatchObject({ error: 'RightsSettlementOrderUsed' });
    expect(await stage.fund({ ...refunded, amount: 5n })).toMatchObject({ error: 'RightsSettlementOrderUsed' });
  });

  test('only the buyer funds: a stranger neither binds nor blocks them', async () => {
    const order = await stage.order();
    for (const from of [stage.stranger, stage.settler, stage.owner, stage.seller]) expect(await stage.fund(order, { from })).toMatchObject({ error: 'RightsSettlementNotBuyer' });
    const copied = { ...order, buyer: stage.stranger };
    expect(await stage.fund(copied, { signature: await stage.sign(order) })).toMatchObject({ error: 'RightsSettlementInvalidSignature' });
    expect(await stage.fund(order)).toMatchObject({ ok: true });
  });

  test('up to the second before the deadline, which is at most 90 days away', async () => {
    const start = await now() + 100n;
    const order = await stage.order({ deadline: start });
    await atTime(start - 1n);
    expect(await stage.fund(order)).toMatchObject({ ok: true });
    const late = await stage.order({ deadline: start + 10n });
    await atTime(start + 10n);
    expect(await stage.fund(late)).toMatchObject({ error: 'RightsSettlementDeadlinePassed', args: [late.deadline] });

    const far = await stage.order({ deadline: start + 20n + 90n * DAY });
    await atTime(start + 20n);
    expect(await stage.fund(far)).toMatchObject({ ok: true });
    const tooFar = await stage.order({ deadline: start + 31n + 90n * DAY });
    await atTime(start + 30n);
    expect(await stage.fund(tooFar)).toMatchObject({ error: 'RightsSettlementDeadlineTooFar' });
    expect(await stage.fund({ ...tooFar, deadline: 2n ** 64n - 1n })).toMatchObject({ error: 'RightsSettlementDeadlineTooFar' });
  });

  test.each([0n, 2n ** 96n, 2n ** 255n])('an amount of %s is refused', async (amount) => {
    expect(await stage.fund(await stage.order({ amount }), { value: 0n })).toMatchObject({ error: 'RightsSettlementInvalidAmount', args: [amount] });
  });

  test.each([999n, 1_000n, 1_002n, 0n])('a value of %s is not 1,001', async (value) => {
    expect(await stage.fund(await stage.order(), { value })).toMatchObject({ error: 'RightsSettlementWrongValue', args: [1_001n, value] });
  });

  const people = (count: number): string[] => Array.from({ length: count }, (_, i) => `0x${(i + 1).toString(16).padStart(40, '0')}`);
  const splits: readonly [why: string, change: (stage: Stage) => Partial<Order>][] = [
    ['no payee', () => ({ payees: [], shareBps: [] })],
    ['more payees than shares', () => ({ shareBps: [10_000] })],
    ['more shares than payees', ({ seller }) => ({ payees: [seller], shareBps: [9_000, 1_000] })],
    ['less than the whole', () => ({ shareBps: [9_000, 999] })],
    ['more than the whole', () => ({ shareBps: [9_000, 1_001] })],
    ['more than the whole by 2^16', () => ({ payees: people(3), shareBps: [65_535, 10_000, 1] })],
    ['a share of nothing', () => ({ shareBps: [10_000, 0] })],
    ['a payee that is nobody', ({ seller }) => ({ payees: [seller, ZERO_ADDRESS] })],
    ['the contract as payee', ({ seller, settlement }) => ({ payees: [settlement.address, seller] })],
    ['33 payees', () => ({ payees: people(33), shareBps: [10_000 - 32, ...Array.from({ length: 32 }, () => 1)] })],
  ];
  test.each(splits)('a split with %s is refused', async (_why, change) => {
    expect(await stage.fund(await stage.order(change(stage)))).toMatchObject({ error: 'RightsSettlementInvalidSplit' });
  });

  test('32 payees are served, one of them twice, from the largest amount', async () => {
    const payees = [...people(31), people(1)[0] as string];
    const order = await stage.order({ amount: MAX_AMOUNT, payees, shareBps: [10_000 - 31 * 7, ...Array.from({ length: 31 }, () => 7)] });
    await request('hardhat_setBalance', stage.buyer, `0x${(MAX_AMOUNT * 2n).toString(16)}`);
    expect(await stage.fund(order)).toMatchObject({ ok: true });
    expect(await stage.settlement.send(stage.settler, 'release', order)).toMatchObject({ ok: true });
    const amounts = await Promise.all(people(31).map((payee) => stage.withdrawable(payee)));
    expect(amounts.reduce((sum: bigint, amount) => sum + (amount as bigint), 0n)).toBe(MAX_AMOUNT);
  });
});

describe('RightsSettlement: the signature', () => {
  test('is the order signer\'s, over this chain and this contract', async () => {
    const order = await stage.order();
    const other = await Stage.open();
    const refused = { error: 'RightsSettlementInvalidSignature' };
    expect(await stage.fund(order, { signature: await stage.sign(order, { signer: HDNodeWallet.createRandom() }) })).toMatchObject(refused);
    expect(await stage.fund(order, { signature: await stage.sign(order, { chainId: 1 }) })).toMatchObject(refused);
    expect(await stage.fund(order, { signature: await other.sign(order) })).toMatchObject(refused);
    expect(await stage.fund(order, { signature: await stage.signer.signMessage(orderHash(order)) })).toMatchObject(refused);
    expect(await stage.fund(order)).toMatchObject({ ok: true });
    expect(await other.fund(order, { signature: await stage.sign(order) })).toMatchObject(refused);
  });

  const changes: readonly [what: keyof Order, change: (order: Order) => Partial<Order>][] = [
    ['orderId', () => ({ orderId: id('another') })], ['amount', ({ amount }) => ({ amount: amount - 1n })], ['token', () => ({ token: `0x${'77'.repeat(20)}` })],
    ['payees', ({ payees, buyer }) => ({ payees: payees.with(0, buyer) })], ['payees', ({ payees }) => ({ payees: payees.toReversed() })],
    ['shareBps', () => ({ shareBps: [8_999, 1_001] })], ['deadline', ({ deadline }) => ({ deadline: deadline - 1n })],
  ];
  test.each(changes)('covers %s', async (_what, change) => {
    const order = await stage.order();
    expect(await stage.fund({ ...order, ...change(order) }, { signature: await stage.sign(order) })).toMatchObject({ error: 'RightsSettlementInvalidSignature' });
  });

  test('has one form: low s, 65 bytes, v 27 or 28', async () => {
    const order = await stage.order();
    const signature = await stage.sign(order);
    const { r, s, v } = Signature.from(signature);
    const highS = (SECP256K1_N - BigInt(s)).toString(16).padStart(64, '0');
    const others = [
      `${r}${highS}${v === 27 ? '1c' : '1b'}`, `${r}${s.slice(2)}${v === 27 ? '00' : '01'}`, `${r}${s.slice(2)}${v === 27 ? '1c' : '1b'}`,
      Signature.from(signature).compactSerialized, `${signature}00`, '0x', `0x${'00'.repeat(65)}`, `0x${'ff'.repeat(65)}`,
    ];
    for (const other of others) expect({ other, outcome: await stage.fund(order, { signature: other }) }).toMatchObject({ other, outcome: { ok: false, error: 'RightsSettlementInvalidSignature' } });
    expect(await stage.fund(order, { signature })).toMatchObject({ ok: true });
  });

  test('without an order signer nothing is funded', async () => {
    await stage.settlement.send(stage.owner, 'revokeRole', 0);
    expect(await stage.fund(await stage.order())).toMatchObject({ error: 'RightsSettlementInvalidSignature' });
    expect(await stage.fund(await stage.order(), { signature: `0x${'00'.repeat(65)}` })).toMatchObject({ error: 'RightsSettlementInvalidSignature' });
  });
});

describe('RightsSettlement: tokens', () => {
  test.each([['TestToken', 'Test', 'TEST', 6], ['ReturnlessToken'], ['FeeToken'], ['FalseToken'], ['HookToken']])('%s as it should be: in and out', async (name, ...args) => {
    const token = await stage.token(name, ...args);
    const order = await stage.funded({ token: token.address });
    expect(await stage.held(token.address)).toBe(1_001n);
    expect(await token.read('balanceOf', stage.settlement.address)).toEqual([1_001n]);
    await stage.settlement.send(stage.settler, 'release', order);
    expect(await stage.settlement.send(stage.seller, 'withdraw', token.address)).toMatchObject({ ok: true });
    expect(await token.read('balanceOf', stage.seller)).toEqual([901n]);
    expect(await stage.held(token.address)).toBe(100n);
    expect(await stage.held()).toBe(0n);
  });

  test('a fee on transfers is refused, and one that begins later is the recipient\'s', async () => {
    const token = await stage.token('FeeToken');
    const order = await stage.funded({ token: token.address });
    await token.send(stage.stranger, 'setCharging', true);
    expect(await stage.fund(await stage.order({ token: token.address }))).toMatchObject({ error: 'RightsSettlementInexactTransfer' });
    await stage.settlement.send(stage.settler, 'release', order);
    for (const payee of order.payees) expect(await stage.settlement.send(payee, 'withdraw', token.address)).toMatchObject({ ok: true });
    expect(await token.read('balanceOf', stage.seller)).toEqual([901n - 10n]);
    expect(await stage.held(token.address)).toBe(0n);
  });

  test('«false» is a failure, on the way in and out', async () => {
    const token = await stage.token('FalseToken');
    const order = await stage.funded({ token: token.address });
    await stage.settlement.send(stage.settler, 'release', order);
    await token.send(stage.stranger, 'setFrozen', true);
    expect(await stage.fund(await stage.order({ token: token.address }))).toMatchObject({ error: 'SafeERC20FailedOperation' });
    expect(await stage.settlement.send(stage.seller, 'withdraw', token.address)).toMatchObject({ error: 'SafeERC20FailedOperation' });
    expect(await stage.withdrawable(stage.seller, token.address)).toBe(901n);
    await token.send(stage.stranger, 'setFrozen', false);
    expect(await stage.settlement.send(stage.seller, 'withdraw', token.address)).toMatchObject({ ok: true });
  });

  test('money beside a token, an address without a token and a missing allowance are refused', async () => {
    const token = await stage.token('TestToken', 'Test', 'TEST', 6);
    expect(await stage.fund(await stage.order({ token: token.address }), { value: 1n })).toMatchObject({ error: 'RightsSettlementWrongValue', args: [0n, 1n] });
    expect(await stage.fund(await stage.order({ token: stage.stranger }))).toMatchObject({ error: 'RightsSettlementNotToken' });
    await token.send(stage.buyer, 'approve', stage.settlement.address, 1_000n);
    expect(await stage.fund(await stage.order({ token: token.address }))).toMatchObject({ ok: false });
    expect(await stage.held(token.address)).toBe(0n);
  });

  test('what nobody asked for changes no account: sent money is refused, forced money and tokens lie there', async () => {
    const token = await stage.token('TestToken', 'Test', 'TEST', 6);
    await stage.funded({ token: token.address });
    await stage.funded();
    await expect(request('eth_sendTransaction', { from: stage.stranger, to: stage.settlement.address, value: '0x1' })).rejects.toThrow('revert');
    await request('eth_sendTransaction', { from: stage.stranger, value: '0x5', data: `0x73${stage.settlement.address.slice(2)}ff` }); // a constructor that destroys itself
    await token.send(stage.buyer, 'transfer', stage.settlement.address, 7n);
    expect(BigInt(await request<string>('eth_getBalance', stage.settlement.address, 'latest'))).toBe(1_006n);
    expect([await stage.held(), await stage.held(token.address)]).toEqual([1_001n, 1_001n]);
    expect(await stage.fund(await stage.order({ token: token.address }))).toMatchObject({ ok: true });
  });
});
