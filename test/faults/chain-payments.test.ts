import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from '../../src/app.module.js';
import { parseWorkNumber } from '../../src/lib/statement/index.js';
import { testTokenAbi } from '../../src/platform/chain/abi/test-token.js';
import { deployRightsSettlement } from '../../src/platform/chain/index.js';
import { loadConfig } from '../../src/platform/config/index.js';
import { createHttpApplication, createLogger, stopGracefully } from '../../src/platform/http/index.js';
import { Contract, type InterfaceAbi } from 'ethers';
import { type Anvil, startAnvil } from '../integration/anchoring/support/anvil.js';
import { rpc, type RpcProxy, startRpcProxy } from '../integration/anchoring/support/rpc-proxy.js';
import { ChainMarket, DEPLOYER, eventually, OWNER, type Party, type Payment, PRICE } from '../integration/trading/chain-rig.js';
import { made, outcomeOf, SCOPE } from '../integration/trading/trading-client.js';

/** What ethers says of a transaction that the contract refused; Hardhat's own answer it does not know. */
const REVERTED: unknown = expect.stringMatching(/^(?:CALL_EXCEPTION|UNKNOWN_ERROR)$/);

const NATIVE = `0x${'0'.repeat(40)}`;
const DAY = 86_400;

let anvil: Anvil;
let proxies: RpcProxy[] = [];
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
const states = async (number: string): Promise<string[]> => (made(await buyer.get(`/orders/${number}`))['timeline'] as { state: string }[]).map(({ state }) => state);

test('who does not pay in time loses the listing to others; who pays later has it back', async () => {
  await open(direct, { ORDER_EXPIRY: '60' });
  const listing = await rig.list(seller, work, 'ETH', { kind: 'exclusive-licence' });
  const late = await rig.order(buyer, listing);
  const other = await rig.join('other');
  expect(outcomeOf(await rig.market.buy(other, listing, { max: { amountMinor: PRICE.toString(), currency: 'ETH' } }))).toBe('409 TRADING.LISTING_CLOSED');
  // More than the order has: a chain whose blocks come faster than seconds runs ahead of our clock, by which the order's time may have begun.
  await pass(120);
  expect(await rig.until(buyer, late.number, 'expired')).toMatchObject({ reason: 'NOT_PAID' });
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
    await stopGracefully(again, { idleMs: 10 });
  }
}, 240_000);

async function startOn(environment: Record<string, string>): Promise<NestFastifyApplication> {
  const config = loadConfig(environment);
  const app = await createHttpApplication(AppModule.of(config), config, { logger: createLogger(config) });
  await app.listen(0, '127.0.0.1');
  return app;
}

test('a refund that is mined before the release undoes what was granted', async () => {
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

test('a refund that is mined before the release gives the slice back, but for what its buyer has passed on', async () => {
  await open(behind(1));
  const [proxy] = proxies as [RpcProxy];
  proxy.fault = async ({ method }) => (method === 'eth_sendRawTransaction' ? 'hang-up' : undefined);
  const other = await rig.join('other');
  const [whole, part] = [work, await rig.market.rights.deposit(seller)];
  const orders: { number: string; payment: Payment }[] = [];
  for (const slice of [whole, part]) {
    const { number, payment } = await rig.order(buyer, await rig.list(seller, slice, 'ETH', { kind: 'assignment' }));
    await rig.fund(buyer, payment);
    await rig.until(buyer, number, 'funded');
    made(await buyer.post(`/orders/${number}/confirmation`, {}));
    orders.push({ number, payment });
  }
  const passedOn = { ...SCOPE, term: { from: '2030-01-01', to: '2031-12-31' } };
  made(await buyer.post(`/works/${part}/assignments`, { scope: passedOn, to: [{ account: other.accountId, shareBps: 10_000 }] }));
  await pass(12 * DAY);
  for (const { payment } of orders) await rig.settle(buyer.wallet, 'refund', [payment.order.orderId]);
  for (const { number } of orders) expect(await rig.until(buyer, number, 'refunded')).toMatchObject({ reason: 'PAYMENT_TAKEN_BACK' });
  const holdersOf = async (of: string): Promise<string[]> => (await rig.market.rights.query<{ account_id: string }>(
    'SELECT DISTINCT o.account_id FROM holding h JOIN holding_holder o USING (holding_id) JOIN work w USING (work_id) WHERE h.replaced_seq IS NULL AND w.work_id = $1', [String(parseWorkNumber(of)?.id)])).map(({ account_id: id }) => id);
  expect(await holdersOf(whole)).toEqual([seller.accountId]);
  expect((await holdersOf(part)).toSorted()).toEqual([seller.accountId, other.accountId].toSorted());
  await rig.audit();
}, 240_000);

test('what is seen too near to the deadline is not settled, but paid back', async () => {
  await open(behind(1));
  const [proxy] = proxies as [RpcProxy];
  const { number, payment } = await rig.order(buyer, await rig.list(seller, work));
  proxy.fault = async ({ method }) => (method === 'eth_getLogs' ? 'hang-up' : undefined);
  await rig.fund(buyer, payment);
  await pass(0.6 * DAY);
  proxy.fault = null;
  expect(await rig.until(buyer, number, 'refunded')).toMatchObject({ reason: 'TRADING.DEADLINE_NEAR', licence: null });
  await rig.paid(buyer, number, 'refunded');
  expect([await rig.onChain(seller), await rig.onChain(buyer)]).toEqual([0n, PRICE]);
  await rig.audit();
}, 240_000);

test('a chain that began anew has no payments: orders that it took with it are over, and new ones are taken', async () => {
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
    expect(made(await seller.get(`/listings/${listing}`))).toMatchObject({ state: 'open' });
    expect(await rig.market.rights.query('SELECT count(*)::integer AS n FROM settlement_instance')).toEqual([{ n: 2 }]);
    await rig.order(buyer, listing);
  } finally {
    proxy.target = anvil.url;
    await next.stop();
  }
}, 240_000);

describe('of two nodes', () => {
  test('one that shows no events hides none: the other does; shown twice, it counts once', async () => {
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

  test('what one alone claims is not believed, until the other confirms it', async () => {
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

describe('a reorganisation', () => {
  test('that undoes a payment takes it back; it may be paid again', async () => {
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
    made(await buyer.post(`/orders/${number}/confirmation`, {}));
    await rig.paid(buyer, number, 'released');
    await rig.audit();
  }, 240_000);

  test('that undoes payment and release of a settled order brings both back in other blocks', async () => {
    await open(direct);
    const { number, payment } = await rig.order(buyer, await rig.list(seller, work));
    await rig.fund(buyer, payment);
    await rig.paid(buyer, number, 'released');
    await rpc(anvil.url, 'anvil_reorg', 2, []);
    await rig.paid(buyer, number, 'unpaid');
    expect(made(await buyer.get(`/orders/${number}`))).toMatchObject({ state: 'settled' });
    await rig.fund(buyer, payment);
    await rig.paid(buyer, number, 'released');
    expect(await states(number)).toEqual(['created', 'funded', 'settled']);
    await rig.audit();
  }, 240_000);

  test('after which the payment does not come back undoes what was granted, once nobody can pay it any more', async () => {
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
