import { readFile } from 'node:fs/promises';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from '../../src/app.module.js';
import { parseWorkNumber } from '../../src/lib/statement/index.js';
import { testTokenAbi } from '../../src/platform/chain/abi/test-token.js';
import { deployRightsSettlement } from '../../src/platform/chain/index.js';
import { loadConfig } from '../../src/platform/config/index.js';
import { createHttpApplication, createLogger, stopGracefully } from '../../src/platform/http/index.js';
import { Contract, type ContractTransactionResponse, Interface, type InterfaceAbi, Wallet } from 'ethers';
import { rightsSettlementAbi } from '../../src/platform/chain/abi/rights-settlement.js';
import { type Client, clientOf } from '../support/http-client.js';
import { type Anvil, startAnvil } from '../integration/anchoring/support/anvil.js';
import { type Fault, rpc, type RpcProxy, startRpcProxy } from '../integration/anchoring/support/rpc-proxy.js';
import { seeded } from './support/seeded.js';
import { ChainMarket, DEPLOYER, eventually, OWNER, type Party, type Payment, PRICE } from '../integration/trading/chain-rig.js';
import { made, outcomeOf, SCOPE } from '../integration/trading/trading-client.js';

/** What ethers says of a transaction that the contract refused; Hardhat's own answer it does not know. */
const REVERTED: unknown = expect.stringMatching(/^(?:CALL_EXCEPTION|UNKNOWN_ERROR)$/);

const NATIVE = `0x${'0'.repeat(40)}`;
const DAY = 86_400;

/** Each starts a chain and a service, and waits: without DEEP=1 a part of them, others each time. */
const random = seeded();
const SHARE = 0.25;
const drawn = (...definition: Parameters<jest.It>): void => (process.env['DEEP'] === '1' || random.next() < SHARE ? test : test.skip)(...definition);
console.log(`FAULT_SEED=${random.seed}`);

let anvil: Anvil;
let proxies: RpcProxy[] = [];
let running: NestFastifyApplication[] = [];
let rig: ChainMarket;
let seller: Party;
let buyer: Party;
let work: string;

async function open(urls: (chain: string) => Promise<string[]>, env: Record<string, string> = {}): Promise<void> {
  anvil = await startAnvil();
  rig = await ChainMarket.start(anvil.url, { rpcUrls: await urls(anvil.url), env });
  [seller, buyer] = [await rig.join('seller'), await rig.join('buyer')];
  work = await rig.market.rights.deposit(seller);
}
const direct = async (url: string): Promise<string[]> => [url];
const behind = (count: number) => async (url: string): Promise<string[]> => {
  proxies = await Promise.all(Array.from({ length: count }, () => startRpcProxy(url)));
  return proxies.map((proxy) => proxy.url);
};
afterEach(async () => {
  await Promise.all(running.map((app) => stopGracefully(app, { idleMs: 10 })));
  running = [];
  await rig?.stop();
  await Promise.all(proxies.map((proxy) => proxy.close()));
  proxies = [];
  await anvil?.stop();
}, 60_000);

/** The chain's clock, and with it every deadline. */
async function pass(seconds: number): Promise<void> {
  await rpc(anvil.url, 'evm_increaseTime', seconds);
  await rpc(anvil.url, 'evm_mine');
}
const problem = async (): Promise<string | null> => (await rig.market.rights.query<{ problem_code: string | null }>('SELECT problem_code FROM settlement_lease'))[0]?.problem_code ?? null;
/** What the seller and the buyer are told of it, the oldest first. */
const told = (number: string): Promise<string[][]> => Promise.all([seller, buyer].map((who) => rig.market.rights.notices(who, number)));
const states = async (number: string): Promise<string[]> => (made(await buyer.get(`/orders/${number}`))['timeline'] as { state: string }[]).map(({ state }) => state);

drawn('who does not pay in time loses the listing to others; who pays later has it back', async () => {
  await open(direct, { ORDER_EXPIRY: '60' });
  const listing = await rig.list(seller, work, 'ETH', { kind: 'exclusive-licence' });
  const late = await rig.order(buyer, listing);
  const other = await rig.join('other');
  expect(outcomeOf(await rig.market.buy(other, listing, { max: { amountMinor: PRICE.toString(), currency: 'ETH' } }))).toBe('409 TRADING.LISTING_CLOSED');
  // More than the order has: a chain whose blocks come faster than seconds runs ahead of our clock, by which the order's time may have begun.
  await pass(120);
  expect(await rig.until(buyer, late.number, 'expired')).toMatchObject({ reason: 'NOT_PAID' });
  expect(await told(late.number)).toEqual([[], ['order-expired']]);
  expect(made(await seller.get(`/listings/${listing}`))).toMatchObject({ state: 'open', remaining: 1 });
  const again = await rig.market.buy(buyer, listing, { max: { amountMinor: PRICE.toString(), currency: 'ETH' } });
  expect([outcomeOf(again), new Date(String(again.body['until'])) > new Date(Date.now() + 23 * 3_600_000)]).toEqual(['409 TRADING.NOT_PAID_BEFORE', true]);
  expect(made(await seller.get(`/listings/${listing}`))).toMatchObject({ state: 'open', remaining: 1 });
  const second = await rig.order(other, listing);
  await rig.fund(buyer, late.payment);
  await rig.paid(buyer, late.number, 'refunded');
  expect(await states(late.number)).toEqual(['created', 'expired']);
  expect([await rig.onChain(buyer), await rig.read('withdrawable', buyer.wallet.address, NATIVE)]).toEqual([PRICE, PRICE]);
  await rig.fund(other, second.payment);
  await rig.until(other, second.number, 'settled');
  await rig.paid(other, second.number, 'released');
  await rig.audit();
}, 240_000);

test('with the service stopped the buyer takes the payment back, by the contract alone; the service finds out', async () => {
  await open(direct, { SETTLEMENT_CONFIRMATIONS: '1000' });
  const token = new Contract(rig.token, testTokenAbi as unknown as InterfaceAbi, rig.provider);
  const had = await token.getFunction('balanceOf')(buyer.wallet.address);
  const { number, payment } = await rig.order(buyer, await rig.list(seller, work, rig.erc20, { kind: 'exclusive-licence' }), rig.erc20);
  await rig.fund(buyer, payment);
  const { app, environment } = rig.market.rights.service;
  await stopGracefully(app, { idleMs: 10 });
  await expect(rig.settle(buyer.wallet, 'refund', [payment.order.orderId])).rejects.toMatchObject({ code: REVERTED });
  await pass(2 * DAY);
  await rig.settle(buyer.wallet, 'refund', [payment.order.orderId]);
  await rig.settle(buyer.wallet, 'withdraw', [rig.token]);
  expect(await token.getFunction('balanceOf')(buyer.wallet.address)).toBe(had);

  const again: NestFastifyApplication = await startOn({ ...environment, SETTLEMENT_CONFIRMATIONS: '0' });
  try {
    const [row] = await rig.market.rights.query<{ order_id: string }>('SELECT order_id FROM trade_order');
    await eventually('the order is refunded', async () => (await rig.market.rights.query(`SELECT 1 FROM trade_order WHERE order_id = $1 AND state = 'refunded' AND reason = 'PAYMENT_TAKEN_BACK'`, [row?.order_id])).length > 0);
    expect(number).toMatch(/^OR-/);
    await rig.emptied(buyer, rig.erc20);
    expect((await rig.market.rights.query('SELECT 1 FROM listing WHERE closed_at IS NULL AND sold = 0')).length).toBe(1);
    await rig.audit();
  } finally {
    running = [];
    await stopGracefully(again, { idleMs: 10 });
  }
}, 240_000);

async function startOn(environment: Record<string, string>): Promise<NestFastifyApplication> {
  const config = loadConfig(environment);
  const app = await createHttpApplication(AppModule.of(config), config, { logger: createLogger(config) });
  await app.listen(0, '127.0.0.1');
  running.push(app);
  return app;
}
const at = async (app: NestFastifyApplication, { apiKey, accountId }: Client): Promise<Client> => clientOf(await app.getUrl(), apiKey, accountId);

const topicOf = (event: string): string | undefined => new Interface(rightsSettlementAbi).getEvent(event)?.topicHash;
/** A node whose index has lost the events of one kind. */
const hiding = (event: string): Fault => async ({ method }, forward) => (method === 'eth_getLogs' ? { result: ((await forward()) as { topics: string[] }[]).filter(({ topics }) => topics[0] !== topicOf(event)) } : undefined);
const onContract = async ({ order }: Payment): Promise<string> => ['none', 'funded', 'released', 'refunded'][Number(((await rig.read('orderOf', order.orderId)) as [bigint])[0])] as string;
/** As if the settler's transactions had been sent a while ago: they are sent again, and nobody waits for that. */
const sentLongAgo = (): Promise<void> => rig.market.rights.pretend(`UPDATE settlement_transaction SET last_broadcast_at = now() - interval '20 seconds'`);
const head = async (): Promise<number> => Number(await rpc<string>(anvil.url, 'eth_blockNumber'));
/** Until a look has been at the chain as it is now, and one more has ended. */
async function looked(): Promise<void> {
  const now = await head();
  const [before] = await rig.market.rights.query<{ at: Date }>('SELECT clock_timestamp() AS at');
  await eventually('it was looked twice', async () => (await rig.market.rights.query(`SELECT 1 FROM settlement_lease WHERE chain_block >= $1 AND checked_at > $2::timestamptz + interval '600 ms'`, [now, before?.at])).length > 0);
}

drawn('a refund that is mined before the release undoes what was granted', async () => {
  await open(behind(1));
  const [proxy] = proxies as [RpcProxy];
  proxy.fault = async ({ method }) => (method === 'eth_sendRawTransaction' ? 'hang-up' : undefined);
  const listing = await rig.list(seller, work, 'ETH', { kind: 'exclusive-licence' });
  const { number, payment } = await rig.order(buyer, listing);
  await rig.fund(buyer, payment);
  const { licence } = await rig.until(buyer, number, 'settled');
  await pass(2 * DAY);
  await rig.settle(buyer.wallet, 'refund', [payment.order.orderId]);
  expect(await rig.until(buyer, number, 'refunded')).toMatchObject({ reason: 'PAYMENT_TAKEN_BACK', payment: { state: 'refunded' } });
  expect(made(await buyer.get(`/licences/${String(licence)}`))).toMatchObject({ standing: 'void' });
  expect([await rig.onChain(seller), await rig.onChain(buyer)]).toEqual([0n, PRICE]);
  expect(await rig.market.rights.query(`SELECT type FROM statement WHERE subject = $1 ORDER BY seq`, [number])).toEqual([{ type: 'order.settled' }, { type: 'order.rescinded' }]);
  expect(made(await seller.get(`/listings/${listing}`))).toMatchObject({ state: 'open' });
  await rig.audit();
  // The settler's nonce is used up before the next order's.
  proxy.fault = null;
  const next = await rig.order(buyer, listing);
  await rig.fund(buyer, next.payment);
  await rig.until(buyer, next.number, 'settled');
  await rig.paid(buyer, next.number, 'released');
  await rig.audit();
}, 240_000);

drawn('a refund that is mined before the release gives the slice back, but for what its buyer has passed on', async () => {
  await open(behind(1));
  const [proxy] = proxies as [RpcProxy];
  proxy.fault = async ({ method }) => (method === 'eth_sendRawTransaction' ? 'hang-up' : undefined);
  const other = await rig.join('other');
  const { rights } = rig.market;
  const [whole, part, shut, opened] = [work, await rights.deposit(seller), await rights.deposit(seller), await rights.deposit(seller)];
  const orders: { number: string; payment: Payment; listing: string }[] = [];
  for (const slice of [whole, part, shut, opened]) {
    const listing = await rig.list(seller, slice, 'ETH', { kind: 'assignment' });
    const { number, payment } = await rig.order(buyer, listing);
    await rig.fund(buyer, payment);
    await rig.until(buyer, number, 'funded');
    made(await buyer.post(`/orders/${number}/confirmation`, {}));
    orders.push({ number, payment, listing });
  }
  const passedOn = { ...SCOPE, term: { from: '2030-01-01', to: '2031-12-31' } };
  made(await buyer.post(`/works/${part}/assignments`, { scope: passedOn, to: [{ account: other.accountId, shareBps: 10_000 }] }));
  await rights.license(buyer, whole, other);
  await rights.license(buyer, shut, other, { exclusivity: 'exclusive', scope: passedOn });
  made(await rights.offer(buyer, opened, 'anyone', { scope: passedOn }));
  await pass(12 * DAY);
  for (const { payment } of orders) await rig.settle(buyer.wallet, 'refund', [payment.order.orderId]);
  for (const { number } of orders) expect(await rig.until(buyer, number, 'refunded')).toMatchObject({ reason: 'PAYMENT_TAKEN_BACK' });
  const holdersOf = async (of: string): Promise<string[]> => (await rig.market.rights.query<{ account_id: string }>(
    'SELECT DISTINCT o.account_id FROM holding h JOIN holding_holder o USING (holding_id) JOIN work w USING (work_id) WHERE h.replaced_seq IS NULL AND w.work_id = $1', [String(parseWorkNumber(of)?.id)])).map(({ account_id: id }) => id);
  for (const slice of [whole, shut, opened]) expect(await holdersOf(slice)).toEqual([seller.accountId]);
  // Of one that is not as it was sold no other buyer is found.
  expect(await Promise.all(orders.map(async ({ listing }) => made(await seller.get(`/listings/${listing}`))['state']))).toEqual(['open', 'sold-out', 'sold-out', 'sold-out']);
  expect((await holdersOf(part)).toSorted()).toEqual([seller.accountId, other.accountId].toSorted());
  await rig.audit();
}, 240_000);

drawn('what the contract has already is not cancelled; when no node says so it is, and the payment goes back', async () => {
  await open(behind(1));
  const [proxy] = proxies as [RpcProxy];
  const { number, payment } = await rig.order(buyer, await rig.list(seller, work, 'ETH', { kind: 'exclusive-licence' }));
  proxy.fault = async ({ method }) => (method === 'eth_getLogs' ? 'hang-up' : undefined);
  await rig.fund(buyer, payment);
  const cancel = async (): Promise<string> => outcomeOf(await buyer.post(`/orders/${number}/cancellation`, {}));
  expect([await cancel(), await states(number)]).toEqual(['409 TRADING.PAYMENT_ON_ITS_WAY', ['created']]);
  proxy.fault = async () => 'hang-up';
  expect(await cancel()).toBe('cancelled');
  proxy.fault = null;
  await rig.paid(buyer, number, 'refunded');
  expect([await cancel(), await states(number), await rig.onChain(buyer)]).toEqual(['cancelled', ['created', 'cancelled'], PRICE]);
  await rig.audit();
}, 240_000);

drawn('orders that cannot be settled, however many, keep none that comes after them waiting', async () => {
  await open(direct);
  await rig.order(buyer, await rig.list(seller, work));
  // As if sixty had been paid for before it, and nobody could read by whom.
  await rig.market.rights.pretend(`
    INSERT INTO trade_order SELECT (jsonb_populate_record(o, jsonb_build_object('order_id', i, 'state', 'funded', 'funded_at', o.created_at, 'created_at', o.created_at - i * interval '1 second', 'breakdown', '{}'::jsonb))).* FROM trade_order o, generate_series(1, 60) i;
    INSERT INTO chain_payment SELECT (jsonb_populate_record(p, jsonb_build_object('order_id', i, 'chain_order_id', decode(lpad(i::text, 64, '0'), 'hex'), 'funded_event', 0))).* FROM chain_payment p, generate_series(1, 60) i`);
  const { number, payment } = await rig.order(buyer, await rig.list(seller, work));
  await rig.fund(buyer, payment);
  await rig.paid(buyer, number, 'released');
  await rig.market.rights.pretend('DELETE FROM chain_payment WHERE order_id <= 60; DELETE FROM trade_order WHERE order_id <= 60');
  await rig.audit();
}, 240_000);

drawn('what is seen too near to the deadline is not settled, but paid back', async () => {
  await open(behind(1));
  const [proxy] = proxies as [RpcProxy];
  const { number, payment } = await rig.order(buyer, await rig.list(seller, work));
  proxy.fault = async ({ method }) => (method === 'eth_getLogs' ? 'hang-up' : undefined);
  await rig.fund(buyer, payment);
  await pass(0.6 * DAY);
  // A look that began before then would go by the clock of then.
  await looked();
  proxy.fault = null;
  expect(await rig.until(buyer, number, 'refunded')).toMatchObject({ reason: 'TRADING.DEADLINE_NEAR', licence: null });
  await rig.paid(buyer, number, 'refunded');
  expect([await rig.onChain(seller), await rig.onChain(buyer)]).toEqual([0n, PRICE]);
  await rig.audit();
}, 240_000);

drawn('a release that is shown long after it was mined is found, by what the contract says of the order', async () => {
  await open(behind(1));
  const [proxy] = proxies as [RpcProxy];
  proxy.fault = hiding('OrderReleased');
  const { number, payment } = await rig.order(buyer, await rig.list(seller, work));
  await rig.fund(buyer, payment);
  await eventually('it is released', async () => (await onContract(payment)) === 'released');
  await rpc(anvil.url, 'anvil_mine', '0x28');
  await looked();
  proxy.fault = null;
  await rig.paid(buyer, number, 'released');
  await rig.audit();
}, 240_000);

drawn('a payment that is shown only after its buyer took it back is over, and the listing open', async () => {
  await open(behind(1));
  const [proxy] = proxies as [RpcProxy];
  proxy.fault = hiding('OrderFunded');
  const listing = await rig.list(seller, work, 'ETH', { kind: 'exclusive-licence' });
  const { number, payment } = await rig.order(buyer, listing);
  await rig.fund(buyer, payment);
  await pass(2 * DAY);
  await rig.settle(buyer.wallet, 'refund', [payment.order.orderId]);
  await rig.paid(buyer, number, 'refunded');
  expect(await states(number)).toEqual(['created']);
  proxy.fault = null;
  expect(await rig.until(buyer, number, 'refunded')).toMatchObject({ reason: 'PAYMENT_TAKEN_BACK' });
  expect(await states(number)).toEqual(['created', 'funded', 'refunded']);
  expect(made(await seller.get(`/listings/${listing}`))).toMatchObject({ state: 'open', remaining: 1 });
  expect(await rig.onChain(buyer)).toBe(PRICE);
  await rig.audit();
}, 240_000);

describe('when the contract is another one', () => {
  drawn('what the earlier one holds is settled by it, and what nobody paid there expires', async () => {
    await open(direct, { ORDER_EXPIRY: '60' });
    const slice = await rig.order(buyer, await rig.list(seller, work, 'ETH', { kind: 'assignment' }));
    await rig.fund(buyer, slice.payment);
    await rig.until(buyer, slice.number, 'funded');
    const listing = await rig.list(seller, await rig.market.rights.deposit(seller), 'ETH', { kind: 'exclusive-licence' });
    const unpaid = await rig.order(buyer, listing);
    const [orderSigner, settler] = await Promise.all([0, 1].map(async (role) => String(await rig.read('holderOf', role)))) as [string, string];
    const next = (await deployRightsSettlement({ rpcUrl: anvil.url, unlocked: DEPLOYER, owner: OWNER, orderSigner, settler })).address.toLowerCase();
    const { app, environment } = rig.market.rights.service;
    await stopGracefully(app, { idleMs: 10 });
    const again = await startOn({ ...environment, SETTLEMENT_CONTRACT: next });
    const [buying, selling] = [await at(again, buyer), await at(again, seller)];
    await eventually('the new one is seen', async () => (await rig.market.rights.query('SELECT 1 FROM settlement_instance WHERE is_current AND contract = $1', [Buffer.from(next.slice(2), 'hex')])).length > 0);
    const fresh = await rig.order(buying, await rig.list(selling as Party, await rig.market.rights.deposit(selling)));
    expect(fresh.payment.contract).toBe(next);
    await rig.fund(buyer, fresh.payment);
    expect(made(await buying.post(`/orders/${slice.number}/confirmation`, {}))).toMatchObject({ state: 'settled' });
    // The settler's nonces are one row for both.
    for (const number of [fresh.number, slice.number]) await rig.paid(buying, number, 'released');
    await pass(120);
    expect(await rig.until(buying, unpaid.number, 'expired')).toMatchObject({ reason: 'NOT_PAID' });
    expect(made(await selling.get(`/listings/${listing}`))).toMatchObject({ state: 'open', remaining: 1 });
    await rig.settle(seller.wallet, 'withdraw', [NATIVE]);
    await rig.audit([next]);
  }, 240_000);

  drawn('or is to be one that is not ours yet, the earlier one is followed all the same, and nothing is ordered until it is', async () => {
    await open(direct);
    const slice = await rig.order(buyer, await rig.list(seller, work, 'ETH', { kind: 'assignment' }));
    await rig.fund(buyer, slice.payment);
    await rig.until(buyer, slice.number, 'funded');
    const orderSigner = String(await rig.read('holderOf', 0));
    const next = (await deployRightsSettlement({ rpcUrl: anvil.url, unlocked: DEPLOYER, owner: OWNER, orderSigner, settler: Wallet.createRandom().address })).address.toLowerCase();
    const { app, environment } = rig.market.rights.service;
    await stopGracefully(app, { idleMs: 10 });
    const again = await startOn({ ...environment, SETTLEMENT_CONTRACT: next });
    const [buying, selling] = [await at(again, buyer), (await at(again, seller)) as Party];
    await eventually('it is seen', async () => (await problem()) === 'SETTLEMENT.NOT_OUR_ROLES');
    const listing = await rig.list(selling, await rig.market.rights.deposit(selling));
    expect(outcomeOf(await rig.market.buy(buying, listing, { max: { amountMinor: PRICE.toString(), currency: 'ETH' } }))).toBe('503 TRADING.CHAIN_UNAVAILABLE');
    expect(made(await buying.post(`/orders/${slice.number}/confirmation`, {}))).toMatchObject({ state: 'settled' });
    await rig.paid(buying, slice.number, 'released');
    const ours = new Wallet((await readFile(String(environment['SETTLEMENT_KEY_FILE']), 'utf8')).trim(), rig.provider);
    await rpc(anvil.url, 'eth_sendTransaction', { from: OWNER, to: next, data: new Interface(rightsSettlementAbi).encodeFunctionData('proposeRole', [1, ours.address]) });
    const accepted = (await new Contract(next, rightsSettlementAbi as unknown as InterfaceAbi, ours).getFunction('acceptRole').send(1)) as ContractTransactionResponse;
    await accepted.wait(1, 30_000);
    await eventually('nothing is wrong', async () => (await problem()) === null);
    const fresh = await rig.order(buying, listing);
    expect(fresh.payment.contract).toBe(next);
    await rig.fund(buyer, fresh.payment);
    await rig.paid(buying, fresh.number, 'released');
    await rig.audit([next]);
  }, 240_000);

  drawn('or none, nothing is settled that nobody could release', async () => {
    await open(direct);
    const { number, payment } = await rig.order(buyer, await rig.list(seller, work, 'ETH', { kind: 'assignment' }));
    await rig.fund(buyer, payment);
    await rig.until(buyer, number, 'funded');
    const { app, environment } = rig.market.rights.service;
    await stopGracefully(app, { idleMs: 10 });
    const { SETTLEMENT_CONTRACT: _, ...without } = environment as Record<string, string>;
    const none = await startOn(without);
    const buying = await at(none, buyer);
    expect(outcomeOf(await buying.post(`/orders/${number}/confirmation`, {}))).toBe('409 TRADING.PAYMENT_UNSURE');
    expect(made(await buying.get(`/orders/${number}`))).toMatchObject({ state: 'funded' });
    // Which the operator is told.
    expect(await (await fetch(`${await none.getUrl()}/health/ready`)).json()).toMatchObject({ status: 'ready', checks: { settlement: { ok: true, offered: false, held: 1, leftBehind: 1 } } });
    expect(await (await fetch(`${await none.getUrl()}/metrics`)).text()).toContain('\nzhengben_settlement_left_behind 1\n');
  }, 240_000);

  drawn('or the settler, nothing is ordered or settled, and the buyer’s own refund is followed', async () => {
    await open(direct);
    const listing = await rig.list(seller, work, 'ETH', { kind: 'assignment' });
    const { number, payment } = await rig.order(buyer, listing);
    await rig.fund(buyer, payment);
    await rig.until(buyer, number, 'funded');
    const thief = Wallet.createRandom().connect(rig.provider) as unknown as Wallet;
    await rpc(anvil.url, 'anvil_setBalance', thief.address, '0xde0b6b3a7640000');
    await rpc(anvil.url, 'eth_sendTransaction', { from: OWNER, to: rig.settlement, data: new Interface(rightsSettlementAbi).encodeFunctionData('proposeRole', [1, thief.address]) });
    await rig.settle(thief, 'acceptRole', [1]);
    await eventually('it is seen', async () => (await problem()) === 'SETTLEMENT.NOT_OUR_ROLES');
    const { url } = rig.market.rights.service;
    expect(await (await fetch(`${url}/health/ready`)).json()).toMatchObject({ checks: { settlement: { offered: true, blocksBehind: expect.any(Number), problem: 'SETTLEMENT.NOT_OUR_ROLES', inFlight: 0, held: 1, leftBehind: 1 } } });
    expect(await (await fetch(`${url}/metrics`)).text()).toContain('\nzhengben_settlement_problem{code="SETTLEMENT.NOT_OUR_ROLES"} 1\n');
    expect(outcomeOf(await rig.market.buy(buyer, await rig.list(seller, await rig.market.rights.deposit(seller)), { max: { amountMinor: PRICE.toString(), currency: 'ETH' } }))).toBe('503 TRADING.CHAIN_UNAVAILABLE');
    expect(outcomeOf(await buyer.post(`/orders/${number}/confirmation`, {}))).toBe('409 TRADING.PAYMENT_UNSURE');
    await pass(12 * DAY);
    await rig.settle(buyer.wallet, 'refund', [payment.order.orderId]);
    expect(await rig.until(buyer, number, 'refunded')).toMatchObject({ reason: 'PAYMENT_TAKEN_BACK' });
    expect(made(await seller.get(`/listings/${listing}`))).toMatchObject({ state: 'open' });
    await rig.audit();
  }, 240_000);
});

drawn('two watchers on one database: each order is released once, and one takes over from the other', async () => {
  await open(direct);
  const again = await startOn(rig.market.rights.service.environment);
  const orders = [];
  for (let i = 0; i < 4; i++) orders.push(await rig.order(buyer, await rig.list(seller, work)));
  for (const { payment } of orders) await rig.fund(buyer, payment);
  for (const { number } of orders) await rig.paid(buyer, number, 'released');
  await stopGracefully(rig.market.rights.service.app, { idleMs: 10 });
  const buying = await at(again, buyer);
  const last = await rig.order(buying, await rig.list((await at(again, seller)) as Party, work));
  await rig.fund(buyer, last.payment);
  await rig.paid(buying, last.number, 'released');
  expect(await rig.market.rights.query('SELECT nonce::integer AS nonce, count(*)::integer AS n FROM settlement_transaction GROUP BY 1 ORDER BY 1')).toEqual(Array.from({ length: 5 }, (_, nonce) => ({ nonce, n: 1 })));
  await rig.audit();
}, 240_000);

drawn('a release that nobody mines is replaced by one that pays more', async () => {
  await open(behind(1));
  const [proxy] = proxies as [RpcProxy];
  proxy.fault = async ({ method }) => (method === 'eth_sendRawTransaction' ? 'hang-up' : undefined);
  const { number, payment } = await rig.order(buyer, await rig.list(seller, work));
  await rig.fund(buyer, payment);
  await rig.until(buyer, number, 'settled');
  await rpc(anvil.url, 'evm_setAutomine', false);
  proxy.fault = null;
  await eventually('it is sent', async () => (await rig.market.rights.query('SELECT 1 FROM settlement_transaction WHERE broadcast_at IS NOT NULL')).length > 0);
  await rig.market.rights.pretend(`UPDATE settlement_transaction SET broadcast_at = now() - interval '2 minutes'`);
  await eventually('another one takes its place', async () => (await rig.market.rights.query('SELECT 1 FROM settlement_transaction WHERE replaces IS NOT NULL AND broadcast_at IS NOT NULL')).length > 0);
  await rpc(anvil.url, 'evm_mine');
  await rig.paid(buyer, number, 'released');
  const sent = await rig.market.rights.query<{ nonce: string; fee: string }>('SELECT nonce, max_fee_per_gas AS fee FROM settlement_transaction ORDER BY max_fee_per_gas');
  expect([sent.length, new Set(sent.map(({ nonce }) => nonce)).size, BigInt(sent[1]?.fee ?? 0) * 8n >= BigInt(sent[0]?.fee ?? 0) * 9n]).toEqual([2, 1, true]);
  await rig.audit();
}, 240_000);

describe('with three confirmations', () => {
  const mine = (count: number): Promise<unknown> => rpc(anvil.url, 'anvil_mine', `0x${count.toString(16)}`);

  drawn('a payment counts when it is deep enough, also after a reorganisation above it; a release is sent once and waited for', async () => {
    await open(direct, { SETTLEMENT_CONFIRMATIONS: '3' });
    const { number, payment } = await rig.order(buyer, await rig.list(seller, work));
    await rig.fund(buyer, payment);
    await mine(1);
    await looked();
    await rpc(anvil.url, 'anvil_reorg', 2, []);
    await rig.fund(buyer, payment);
    await mine(2);
    await looked();
    expect(await states(number)).toEqual(['created']);
    await mine(1);
    await rig.until(buyer, number, 'settled');
    await eventually('it is released', async () => (await onContract(payment)) === 'released');
    await mine(2);
    await looked();
    expect(made(await buyer.get(`/orders/${number}`))).toMatchObject({ payment: { state: 'funded' } });
    // Mined, and not deep enough yet: nothing more is due for it, and nothing else waits behind it.
    expect(await rig.market.rights.query('SELECT count(*)::integer AS n FROM settlement_transaction')).toEqual([{ n: 1 }]);
    await mine(1);
    await rig.paid(buyer, number, 'released');
    expect(await states(number)).toEqual(['created', 'funded', 'settled']);
    expect(await rig.market.rights.query('SELECT 1 FROM chain_event WHERE undone_at IS NOT NULL')).toEqual([]);
    await rig.audit();
  }, 240_000);

  drawn('a node that has no states of long ago is told what is new all the same; what takes those waits', async () => {
    await open(behind(1), { SETTLEMENT_CONFIRMATIONS: '3', ORDER_EXPIRY: '60' });
    const [proxy] = proxies as [RpcProxy];
    const late = await rig.order(buyer, await rig.list(seller, work));
    await pass(120);
    await looked();
    const { number, payment } = await rig.order(buyer, await rig.list(seller, work));
    proxy.fault = async ({ method, params }) => (['eth_call', 'eth_getTransactionCount'].includes(method) && Number(params[1]) < (await head()) - 1 ? { error: { code: -32_000, message: 'missing trie node' } } : undefined);
    await rig.fund(buyer, payment);
    await mine(4);
    await rig.until(buyer, number, 'settled');
    await eventually('it is released', async () => (await onContract(payment)) === 'released');
    await eventually('the operator is told', async () => (await problem()) === 'CHAIN.REFUSED');
    expect(await states(late.number)).toEqual(['created']);
    await mine(4);
    await rig.paid(buyer, number, 'released');
    proxy.fault = null;
    await rig.until(buyer, late.number, 'expired');
    await eventually('nothing is wrong', async () => (await problem()) === null);
    await rig.audit();
  }, 240_000);

  drawn('more releases than go out at a time do not wait for those that are mined to be deep', async () => {
    await open(direct, { SETTLEMENT_CONFIRMATIONS: '3' });
    const listings = await Promise.all(Array.from({ length: 5 }, () => rig.list(seller, work)));
    const buyers = await Promise.all(Array.from({ length: 6 }, (_, i) => rig.join(`buyer-${i}`)));
    const orders = await Promise.all(buyers.flatMap((one) => listings.map(async (listing, i) => ({ one, i, ...(await rig.order(one, listing)) }))));
    await rpc(anvil.url, 'evm_setAutomine', false);
    const sent = Promise.all(orders.map(({ one, payment, i }) => rig.fundNext(one, payment, i)));
    const pending = async (): Promise<number> => Number((await rpc<{ pending: string }>(anvil.url, 'txpool_status')).pending);
    await eventually('all are paid', async () => (await pending()) === 30);
    await mine(4);
    await sent;
    await eventually('as many are sent as go out at a time', async () => (await pending()) === 25);
    await mine(1);
    await eventually('so are the others', async () => (await pending()) === 5);
    await rpc(anvil.url, 'evm_setAutomine', true);
    await mine(4);
    for (const { one, number } of orders) await rig.paid(one, number, 'released');
    expect(await rig.market.rights.query('SELECT count(*)::integer AS n, count(DISTINCT nonce)::integer AS nonces FROM settlement_transaction')).toEqual([{ n: 30, nonces: 30 }]);
    await rig.audit();
  }, 240_000);

  drawn('who does not pay in time loses the listing, and who pays later has it back', async () => {
    await open(direct, { SETTLEMENT_CONFIRMATIONS: '3', ORDER_EXPIRY: '60' });
    const listing = await rig.list(seller, work, 'ETH', { kind: 'exclusive-licence' });
    const { number, payment } = await rig.order(buyer, listing);
    await pass(120);
    await looked();
    expect(await states(number)).toEqual(['created']);
    await mine(3);
    await rig.until(buyer, number, 'expired');
    await rig.fund(buyer, payment);
    await mine(3);
    await eventually('it is given back', async () => (await onContract(payment)) === 'refunded');
    await mine(3);
    await rig.paid(buyer, number, 'refunded');
    expect(await rig.onChain(buyer)).toBe(PRICE);
    await rig.audit();
  }, 240_000);
});

drawn('a chain that began anew has no payments: orders that it took with it are over, and new ones are taken', async () => {
  await open(behind(1));
  const [proxy] = proxies as [RpcProxy];
  const listing = await rig.list(seller, work, 'ETH', { kind: 'assignment' });
  const unpaid = await rig.order(buyer, await rig.list(seller, work));
  const paid = await rig.order(buyer, listing);
  await rig.fund(buyer, paid.payment);
  await rig.until(buyer, paid.number, 'funded');
  const roles = await Promise.all([0, 1].map(async (role) => String(await rig.read('holderOf', role))));
  const next = await startAnvil();
  try {
    // The same deployments by the same account have the same addresses.
    for (let i = 0; i < 2; i++) await deployRightsSettlement({ rpcUrl: next.url, unlocked: DEPLOYER, owner: OWNER, orderSigner: roles[0] as string, settler: roles[1] as string });
    proxy.target = next.url;
    expect(await rig.until(buyer, paid.number, 'refunded')).toMatchObject({ reason: 'CHAIN_LOST' });
    expect(await rig.until(buyer, unpaid.number, 'expired')).toMatchObject({ reason: 'CHAIN_LOST' });
    expect([await told(paid.number), await told(unpaid.number)]).toEqual([[['order-funded', 'order-refunded'], ['order-refunded']], [[], ['order-expired']]]);
    expect(made(await seller.get(`/listings/${listing}`))).toMatchObject({ state: 'open' });
    expect(await rig.market.rights.query('SELECT count(*)::integer AS n FROM settlement_instance')).toEqual([{ n: 2 }]);
    await rig.order(buyer, listing);
  } finally {
    proxy.target = anvil.url;
    await next.stop();
  }
}, 240_000);

describe('of two nodes', () => {
  drawn('one that shows no events hides none: the other does; shown twice, it counts once', async () => {
    await open(behind(2));
    const [first, second] = proxies as [RpcProxy, RpcProxy];
    first.fault = async ({ method }) => (method === 'eth_getLogs' ? { result: [] } : undefined);
    second.fault = async ({ method }, forward) => {
      if (method !== 'eth_getLogs') return undefined;
      const logs = (await forward()) as unknown[];
      return { result: [...logs, ...logs] };
    };
    const { number, payment } = await rig.order(buyer, await rig.list(seller, work));
    await rig.fund(buyer, payment);
    await rig.until(buyer, number, 'settled');
    await rig.paid(buyer, number, 'released');
    expect(await rig.market.rights.query('SELECT kind FROM chain_event ORDER BY event_id')).toEqual([{ kind: 'funded' }, { kind: 'released' }]);
    await rig.audit();
  }, 240_000);

  drawn('what one alone claims is not believed, until the other confirms it', async () => {
    await open(behind(2));
    const [, second] = proxies as [RpcProxy, RpcProxy];
    second.fault = async ({ method }) => (method === 'eth_getLogs' ? { result: [] } : method === 'eth_getTransactionReceipt' ? { result: null } : undefined);
    const { number, payment } = await rig.order(buyer, await rig.list(seller, work));
    await rig.fund(buyer, payment);
    await eventually('it is not believed', async () => (await problem()) === 'SETTLEMENT.UNBELIEVED_EVENT');
    expect(await states(number)).toEqual(['created']);
    // The other is silent altogether: that is no confirmation either.
    second.fault = async () => 'hang-up';
    await eventually('there are too few', async () => (await problem()) === 'SETTLEMENT.TOO_FEW_NODES');
    expect(await states(number)).toEqual(['created']);
    second.fault = null;
    await rig.until(buyer, number, 'settled');
    await rig.paid(buyer, number, 'released');
    await rig.audit();
  }, 240_000);
});

drawn('a node that reads and does not send is left for another; when no node is seen for long nothing is ordered', async () => {
  await open(behind(2));
  const [first, second] = proxies as [RpcProxy, RpcProxy];
  first.fault = async ({ method }) => (method === 'eth_getTransactionCount' ? 'hang-up' : undefined);
  const { number, payment } = await rig.order(buyer, await rig.list(seller, work));
  await rig.fund(buyer, payment);
  await rig.paid(buyer, number, 'released');
  first.fault = second.fault = async () => 'hang-up';
  await eventually('none is seen', async () => (await problem()) === 'CHAIN.UNAVAILABLE');
  const listing = await rig.list(seller, work);
  const ask = async (): Promise<string> => outcomeOf(await rig.market.buy(buyer, listing, { max: { amountMinor: PRICE.toString(), currency: 'ETH' } }));
  // As if it had been so for a minute.
  await rig.market.rights.pretend(`UPDATE settlement_lease SET good_until = now() - interval '1 second'`);
  expect(await ask()).toBe('503 TRADING.CHAIN_UNAVAILABLE');
  first.fault = second.fault = null;
  await eventually('it is ordered', async () => (await ask()) === 'created');
}, 240_000);

describe('a reorganisation', () => {
  drawn('that undoes the payment of a slice late leaves its buyer the time to pay again, and what was objected to', async () => {
    await open(direct, { ORDER_EXPIRY: '60' });
    const { number, payment } = await rig.order(buyer, await rig.list(seller, work, 'ETH', { kind: 'assignment' }));
    await rig.fund(buyer, payment);
    await rig.until(buyer, number, 'funded');
    made(await buyer.post(`/orders/${number}/dispute`, { reason: 'the chain of title has a gap' }));
    await pass(300);
    await rpc(anvil.url, 'anvil_reorg', 2, []);
    await pass(300);
    await rig.until(buyer, number, 'created');
    await looked();
    expect(await states(number)).toEqual(['created', 'funded', 'disputed', 'created']);
    await rig.fund(buyer, payment);
    await rig.until(buyer, number, 'disputed');
    made(await seller.post(`/orders/${number}/refund`, {}));
    await rig.paid(buyer, number, 'refunded');
    await rig.audit();
  }, 240_000);

  drawn('after which the payment is there again is no ground to undo what was granted, though no node shows it', async () => {
    await open(behind(1));
    const [proxy] = proxies as [RpcProxy];
    const { number, payment } = await rig.order(buyer, await rig.list(seller, work));
    await rig.fund(buyer, payment);
    await rig.paid(buyer, number, 'released');
    proxy.fault = hiding('OrderFunded');
    await rpc(anvil.url, 'anvil_reorg', 2, []);
    await rig.paid(buyer, number, 'unpaid');
    await rig.fund(buyer, payment);
    await pass(2 * DAY);
    await looked();
    expect(made(await buyer.get(`/orders/${number}`))).toMatchObject({ state: 'settled' });
    await sentLongAgo();
    proxy.fault = null;
    await rig.paid(buyer, number, 'released');
    await rig.audit();
  }, 240_000);

  drawn('that undoes a payment takes it back; it may be paid again', async () => {
    await open(direct);
    const { number, payment } = await rig.order(buyer, await rig.list(seller, work, 'ETH', { kind: 'assignment' }));
    await rig.fund(buyer, payment);
    await rig.until(buyer, number, 'funded');
    await rpc(anvil.url, 'anvil_reorg', 1, []);
    expect(await rig.until(buyer, number, 'created')).toMatchObject({ fundedAt: null, protectedUntil: null, payment: { state: 'unpaid' } });
    await rig.audit();
    await rig.fund(buyer, payment);
    await rig.until(buyer, number, 'funded');
    expect(await states(number)).toEqual(['created', 'funded', 'created', 'funded']);
    expect(await told(number)).toEqual([['order-funded', 'order-unfunded', 'order-funded'], ['order-unfunded']]);
    made(await buyer.post(`/orders/${number}/confirmation`, {}));
    await rig.paid(buyer, number, 'released');
    await rig.audit();
  }, 240_000);

  drawn('that undoes payment and release of a settled order brings both back in other blocks', async () => {
    await open(direct);
    const { number, payment } = await rig.order(buyer, await rig.list(seller, work));
    await rig.fund(buyer, payment);
    await rig.paid(buyer, number, 'released');
    await rpc(anvil.url, 'anvil_reorg', 2, []);
    await rig.paid(buyer, number, 'unpaid');
    expect(made(await buyer.get(`/orders/${number}`))).toMatchObject({ state: 'settled' });
    await sentLongAgo();
    await rig.fund(buyer, payment);
    await rig.paid(buyer, number, 'released');
    expect(await states(number)).toEqual(['created', 'funded', 'settled']);
    await rig.audit();
  }, 240_000);

  drawn('after which the payment does not come back undoes what was granted, once nobody can pay it any more', async () => {
    await open(direct);
    const { number, payment } = await rig.order(buyer, await rig.list(seller, work));
    await rig.fund(buyer, payment);
    await rig.paid(buyer, number, 'released');
    const { licence } = made(await buyer.get(`/orders/${number}`));
    await rpc(anvil.url, 'anvil_reorg', 2, []);
    await rig.paid(buyer, number, 'unpaid');
    await pass(2 * DAY);
    expect(await rig.until(buyer, number, 'refunded')).toMatchObject({ reason: 'PAYMENT_UNDONE' });
    expect(made(await buyer.get(`/licences/${String(licence)}`))).toMatchObject({ standing: 'void' });
    expect([await rig.onChain(seller), await rig.onChain(buyer)]).toEqual([0n, 0n]);
    await rig.audit();
  }, 240_000);
});
