import { randomUUID } from 'node:crypto';
import { Contract, type ContractTransactionResponse, type InterfaceAbi } from 'ethers';
import { Client } from 'pg';
import { parseWorkNumber } from '../../../src/lib/statement/index.js';
import { testTokenAbi } from '../../../src/platform/chain/abi/test-token.js';
import type { Answer } from '../../support/http-client.js';
import { startTestChain, type TestChain } from '../../support/test-chain.js';
import { rpc } from '../anchoring/support/rpc-proxy.js';
import { ChainMarket, eventually, type Party, type Payment, PRICE } from './chain-rig.js';
import { made, outcomeOf, SCOPE, tally } from './trading-client.js';

/** What ethers says of a transaction that the contract refused; Hardhat's own answer it does not know. */
const REVERTED: unknown = expect.stringMatching(/^(?:CALL_EXCEPTION|UNKNOWN_ERROR)$/);

const NATIVE = `0x${'0'.repeat(40)}`;

let chain: TestChain;
let rig: ChainMarket;
let seller: Party;
let buyer: Party;
let other: Party;
let work: string;
beforeAll(async () => {
  chain = await startTestChain();
  rig = await ChainMarket.start(chain.url);
  [seller, buyer, other] = [await rig.join('seller'), await rig.join('buyer'), await rig.join('other')];
}, 240_000);
afterAll(async () => {
  await rig?.stop();
  await chain?.stop();
});
beforeEach(async () => {
  work = await rig.market.rights.deposit(seller);
});
afterEach(() => rig.audit());

describe.each([['the chain’s own currency', (): string => 'ETH'], ['a token', (): string => rig.erc20]])('a licence paid in %s', (_, currency) => {
  test('is ordered, funded, granted and released; who is paid fetches it', async () => {
    const listing = await rig.list(seller, work, currency());
    const quote = made(await other.get(`/listings/${listing}/quote`));
    const [had, feesHad] = [await rig.onChain(seller, currency()), await rig.read('withdrawable', rig.feeWallet.address, currency() === 'ETH' ? NATIVE : rig.token)];
    const { number, payment, body } = await rig.order(buyer, listing, currency());
    expect(body).toMatchObject({ state: 'created', licence: null, lines: quote['lines'], amountMinor: PRICE.toString() });
    expect(payment).toMatchObject({ chainId: 31_337, contract: rig.settlement, order: { buyer: buyer.wallet.address.toLowerCase(), amount: PRICE.toString(), shareBps: [500, 9_500], payees: [rig.feeWallet.address, seller.wallet.address].map((address) => address.toLowerCase()) } });
    expect(await rig.market.rights.verdict(buyer, work)).not.toMatchObject({ verdict: 'permitted' });
    await rig.fund(buyer, payment);
    const order = await rig.until(buyer, number, 'settled');
    expect((order['timeline'] as { state: string }[]).map(({ state }) => state)).toEqual(['created', 'funded', 'settled']);
    expect(made(await buyer.get(`/licences/${String(order['licence'])}`))).toMatchObject({ standing: 'in-force' });
    await rig.paid(buyer, number, 'released');

    const [fee, share] = (quote['lines'] as { amountMinor: string }[]).map(({ amountMinor }) => BigInt(amountMinor)) as [bigint, bigint];
    const token = currency() === 'ETH' ? NATIVE : rig.token;
    expect([fee + share, await rig.onChain(seller, currency()) - had, await rig.read('withdrawable', seller.wallet.address, token), await rig.read('withdrawable', rig.feeWallet.address, token)])
      .toEqual([PRICE, share, await rig.onChain(seller, currency()), (feesHad as bigint) + fee]);
    await rig.settle(seller.wallet, 'withdraw', [token]);
    await rig.settle(rig.feeWallet, 'withdraw', [token]);
    await rig.emptied(seller, currency());
  }, 120_000);
});

test('what was not signed is not taken: amount, token, buyer, deadline, signature', async () => {
  const { payment, number } = await rig.order(buyer, await rig.list(seller, work));
  for (const [change, value] of [[{ amount: '1' }, 1n], [{ token: rig.token }, 0n], [{ deadline: '1900000000' }, undefined], [{ payees: [payment.order.payees[0] as string, other.wallet.address] }, undefined], [{}, PRICE - 1n], [{}, PRICE + 1n]] as const) {
    await expect(rig.fund(buyer, payment, change as never, value)).rejects.toMatchObject({ code: REVERTED });
  }
  await expect(rig.fund(other, payment)).rejects.toMatchObject({ code: REVERTED });
  expect(made(await buyer.get(`/orders/${number}`))).toMatchObject({ state: 'created' });
  await rig.fund(buyer, payment);
  await rig.until(buyer, number, 'settled');
  await expect(rig.fund(buyer, payment)).rejects.toMatchObject({ code: REVERTED });
  await rig.paid(buyer, number, 'released');
}, 120_000);

test('an exclusive licence is taken by the first who orders it; the second is told so', async () => {
  const listing = await rig.list(seller, work, 'ETH', { kind: 'exclusive-licence' });
  const answers = await Promise.all([buyer, other].map((one) => rig.market.buy(one, listing, { max: { amountMinor: PRICE.toString(), currency: 'ETH' } })));
  expect(answers.map(outcomeOf).toSorted()).toEqual(['409 TRADING.LISTING_CLOSED', 'created']);
  const first = answers.findIndex(({ status }) => status === 201);
  const [party, { body }] = [[buyer, other][first] as Party, answers[first] as { body: Record<string, unknown> }];
  await rig.fund(party, body['payment'] as never);
  await rig.until(party, String(body['number']), 'settled');
  await rig.paid(party, String(body['number']), 'released');
  expect(await rig.market.rights.chain(seller, work)).toEqual(['work.deposited', 'work.licence-granted']);
}, 120_000);

test('what cannot be granted any more is paid back', async () => {
  const { payment, number } = await rig.order(buyer, await rig.list(seller, work, 'ETH', { kind: 'exclusive-licence' }));
  const had = await rig.onChain(buyer);
  // Somebody else has it meanwhile, past the market.
  await rig.market.rights.license(seller, work, other, { exclusivity: 'exclusive' });
  await rig.fund(buyer, payment);
  const order = await rig.until(buyer, number, 'refunded');
  expect(order['reason']).toContain('23P01');
  await rig.paid(buyer, number, 'refunded');
  expect(await Promise.all([seller, buyer].map((who) => rig.market.rights.notices(who, number)))).toEqual([['order-funded', 'order-refunded'], ['order-refunded']]);
  expect([(await rig.onChain(buyer)) - had, await rig.read('withdrawable', buyer.wallet.address, NATIVE)]).toEqual([PRICE, await rig.onChain(buyer)]);
  await rig.settle(buyer.wallet, 'withdraw', [NATIVE]);
  await rig.emptied(buyer, 'ETH');
}, 120_000);

test('a slice goes to its buyer when they confirm', async () => {
  const { payment, number } = await rig.order(buyer, await rig.list(seller, work, 'ETH', { kind: 'assignment' }));
  await rig.fund(buyer, payment);
  expect(await rig.until(buyer, number, 'funded')).toMatchObject({ protectedUntil: expect.any(String) });
  made({ ...(await buyer.post(`/orders/${number}/confirmation`, {})) });
  expect(await rig.until(buyer, number, 'settled')).toMatchObject({ licence: null });
  await rig.paid(buyer, number, 'released');
  expect(await rig.market.rights.chain(seller, work)).toContain('work.assigned');
}, 120_000);

test('whoever has no wallet neither pays nor is paid, and is named', async () => {
  const [poor] = await rig.market.join('poor');
  const listing = await rig.list(seller, work);
  const answer = await rig.market.buy(poor as never, listing, { max: { amountMinor: PRICE.toString(), currency: 'ETH' } });
  expect([outcomeOf(answer), answer.body['accounts']]).toEqual(['422 TRADING.WALLET_MISSING', [poor?.accountId]]);
  const shared = await rig.market.rights.shared(seller, poor as never);
  const co = await rig.market.buy(buyer, await rig.list(seller, shared), { max: { amountMinor: PRICE.toString(), currency: 'ETH' } });
  expect([outcomeOf(co), co.body['accounts']]).toEqual(['422 TRADING.WALLET_MISSING', [poor?.accountId]]);
  const foreign = await rig.market.list(seller, work, { price: { amountMinor: '1', currency: `erc20:31337:0x${'1'.repeat(40)}` } });
  expect(outcomeOf(foreign)).toBe('422 TRADING.CURRENCY_UNAVAILABLE');
  expect(outcomeOf(await rig.market.list(seller, work, { price: { amountMinor: (2n ** 96n).toString(), currency: 'ETH' } }))).toBe('400 HTTP.INVALID_BODY');
}, 120_000);

test('a price that changes between looking and ordering is signed for when it fell, and refused when it rose above what the buyer agreed to', async () => {
  const [lower, higher] = [await rig.list(seller, work), await rig.list(seller, work)];
  const change = (listing: string, amount: bigint): Promise<Answer> => rig.market.changedMeanwhile(seller, listing, { amountMinor: amount.toString(), currency: 'ETH' }, () => askFor(buyer, listing));
  const [bought, refused] = [await change(lower, PRICE - 1n), await change(higher, PRICE + 1n)];
  expect([outcomeOf(bought), (bought.body['payment'] as { order: { amount: string } }).order.amount, outcomeOf(refused)]).toEqual(['created', (PRICE - 1n).toString(), '409 TRADING.PRICE_CHANGED']);
  made(await buyer.post(`/orders/${String(bought.body['number'])}/cancellation`, {}));
}, 60_000);

test('an order that is asked for twice with one key is one, with one signature', async () => {
  const listing = await rig.list(seller, work, 'ETH', { quantity: 3 });
  const headers = { 'idempotency-key': `once-${listing}` };
  const [first, second] = [await rig.market.buy(buyer, listing, { max: { amountMinor: PRICE.toString(), currency: 'ETH' } }, headers), await rig.market.buy(buyer, listing, { max: { amountMinor: PRICE.toString(), currency: 'ETH' } }, headers)];
  expect(second.body).toEqual(first.body);
  expect(made(await seller.get(`/listings/${listing}`))).toMatchObject({ remaining: 2 });
}, 60_000);

test('a licence that is paid for is not taken for a slice, nor disputed, whatever its buyer asks for meanwhile', async () => {
  const { payment, number } = await rig.order(buyer, await rig.list(seller, work));
  // As in the moment between the payment and the grant.
  const pretend = (state: string): Promise<void> => rig.market.rights.pretend(`UPDATE trade_order SET state = '${state}' WHERE order_id = (SELECT order_id FROM chain_payment WHERE chain_order_id = '\\x${payment.order.orderId.slice(2)}')`);
  await pretend('funded');
  const answers = [await buyer.post(`/orders/${number}/confirmation`, {}), await buyer.post(`/orders/${number}/dispute`, { reason: 'too early' })];
  expect(answers.map(outcomeOf)).toEqual(['409 TRADING.NOT_IN_THIS_STATE', '409 TRADING.NOT_IN_THIS_STATE']);
  await pretend('created');
  expect(await rig.market.rights.chain(seller, work)).toEqual(['work.deposited']);
}, 120_000);

test('many who pay in the same moment are all served, in one row of nonces', async () => {
  const listings = [await rig.list(seller, work), await rig.list(seller, work)];
  const buyers = await Promise.all(['one', 'two', 'three', 'four'].map((name) => rig.join(name)));
  const orders = await Promise.all(buyers.flatMap((one) => listings.map(async (listing, i) => ({ one, i, ...(await rig.order(one, listing)) }))));
  await rpc(chain.url, 'evm_setAutomine', false);
  const sent = Promise.all(orders.map(({ one, payment, i }) => rig.fundNext(one, payment, i)));
  await new Promise((done) => setTimeout(done, 500));
  await rpc(chain.url, 'evm_mine');
  await rpc(chain.url, 'evm_setAutomine', true);
  await sent;
  await Promise.all(orders.map(({ one, number }) => rig.paid(one, number, 'released')));
  const nonces = await rig.market.rights.query<{ nonce: string }>('SELECT nonce FROM settlement_transaction ORDER BY nonce');
  expect(nonces.map(({ nonce }) => Number(nonce))).toEqual(nonces.map((_, i) => i));
}, 180_000);

const askFor = (one: Party, listing: string): Promise<Answer> => rig.market.buy(one, listing, { max: { amountMinor: PRICE.toString(), currency: 'ETH' } });

test('whoever does not pay keeps few listings from others: one order of each, five at all, however quickly they ask; what is cancelled is open again', async () => {
  const slow = await rig.join('slow');
  const exclusive = await rig.list(seller, work, 'ETH', { kind: 'exclusive-licence' });
  const { number } = await rig.order(slow, exclusive);
  const again = await askFor(slow, exclusive);
  expect([outcomeOf(again), again.body['order']]).toEqual(['409 TRADING.ORDER_UNPAID', number]);
  const many = await rig.list(seller, work, 'ETH', { quantity: 9 });
  expect(tally(await Promise.all([1, 2, 3].map(() => askFor(slow, many))))).toEqual({ created: 1, '409 TRADING.ORDER_UNPAID': 2 });
  expect(made(await seller.get(`/listings/${many}`))).toMatchObject({ remaining: 8 });
  const others = await Promise.all(Array.from({ length: 6 }, () => rig.list(seller, work)));
  const asked = await Promise.all(others.map((listing) => askFor(slow, listing)));
  expect(tally(asked)).toEqual({ created: 3, '409 TRADING.TOO_MANY_UNPAID': 3 });
  const refused = asked.findIndex(({ status }) => status === 409);
  expect(asked[refused]?.body['orders']).toHaveLength(5);

  expect(outcomeOf(await seller.post(`/orders/${number}/cancellation`, {}))).toBe('403 TRADING.NOT_BUYER');
  for (let i = 0; i < 2; i++) expect(made(await slow.post(`/orders/${number}/cancellation`, {}))).toMatchObject({ state: 'cancelled', endedAt: expect.any(String), timeline: [{ state: 'created' }, { state: 'cancelled' }] });
  expect(made(await seller.get(`/listings/${exclusive}`))).toMatchObject({ state: 'open', remaining: 1 });
  expect(outcomeOf(await askFor(slow, others[refused] as string))).toBe('created');
}, 120_000);

test('what is paid after it was cancelled is given back; what is paid is not cancelled', async () => {
  const { number, payment } = await rig.order(buyer, await rig.list(seller, work));
  const had = await rig.onChain(buyer);
  made(await buyer.post(`/orders/${number}/cancellation`, {}));
  await rig.fund(buyer, payment);
  await rig.paid(buyer, number, 'refunded');
  expect([(await rig.onChain(buyer)) - had, made(await buyer.get(`/orders/${number}`))['state']]).toEqual([PRICE, 'cancelled']);
  const slice = await rig.order(buyer, await rig.list(seller, work, 'ETH', { kind: 'assignment' }));
  await rig.fund(buyer, slice.payment);
  await rig.until(buyer, slice.number, 'funded');
  expect(outcomeOf(await buyer.post(`/orders/${slice.number}/cancellation`, {}))).toBe('409 TRADING.NOT_IN_THIS_STATE');
  made(await seller.post(`/orders/${slice.number}/refund`, {}));
  await rig.paid(buyer, slice.number, 'refunded');
}, 120_000);

test('many who want one thing in the same moment are told so: none of them waits for a connection that another one of them has', async () => {
  const listing = await rig.list(seller, work, 'ETH', { kind: 'exclusive-licence' });
  const answers = tally(await Promise.all(Array.from({ length: 30 }, () => askFor(other, listing))));
  const { created, '409 TRADING.LISTING_CLOSED': closed = 0, '409 TRADING.ORDER_UNPAID': unpaid = 0, ...rest } = answers;
  expect([created, closed + unpaid, rest]).toEqual([1, 29, {}]);
}, 120_000);

test('the database itself refuses to sell less, to pay back what is not over, and to say otherwise what was seen', async () => {
  const { payment } = await rig.order(buyer, await rig.list(seller, work, 'ETH', { quantity: 3 }));
  const order = `(SELECT order_id FROM chain_payment WHERE chain_order_id = '\\x${payment.order.orderId.slice(2)}')`;
  const listing = `(SELECT listing_id FROM trade_order WHERE order_id = ${order})`;
  const service = new Client({ connectionString: rig.market.rights.service.database.serviceUrl });
  await service.connect();
  const refused = (sql: string): Promise<string> => service.query(sql).then(() => 'done', (error: { code: string }) => error.code);
  try {
    expect([
      await refused(`UPDATE listing SET sold = sold - 1 WHERE listing_id = ${listing}`),
      await refused(`WITH s AS (SELECT set_config('zhengben.giving_back', ${listing}::text, false)) UPDATE listing SET sold = sold - 1 FROM s WHERE listing_id = ${listing}`),
      await refused(`SELECT give_back_listing(${order})`),
      await refused(`UPDATE trade_order SET state = 'settled', ended_at = now() WHERE order_id = ${order}`),
      await refused(`UPDATE chain_payment SET deadline = now() WHERE order_id = ${order}`),
      await refused(`UPDATE chain_event SET amount = 1`),
      await refused(`DELETE FROM chain_event`),
      await refused(`UPDATE chain_event SET undone_at = NULL`),
      await refused(`UPDATE payout_address SET account_id = gen_random_uuid()`),
    ]).toEqual(['ZB081', 'ZB081', 'ZB081', 'ZB082', '42501', '42501', '42501', 'ZB091', '42501']);
  } finally {
    await service.end();
  }
}, 60_000);

const MOST = 2n ** 96n - 1n;

test.each([['dust', 1n, (): string => 'ETH'], ['dust of a token', 1n, (): string => rig.erc20], ['the most that the contract takes', MOST, (): string => rig.erc20]])('%s is paid to the last unit', async (_, amount, currency) => {
  const [rich, price] = [await rig.join('rich'), { amountMinor: amount.toString(), currency: currency() }];
  const token = new Contract(rig.token, testTokenAbi as unknown as InterfaceAbi, rich.wallet);
  if (amount === MOST) for (const [method, to] of [['mint', rich.wallet.address], ['approve', rig.settlement]] as const) await ((await token.getFunction(method).send(to, MOST)) as ContractTransactionResponse).wait(1, 30_000);
  const had = await rig.onChain(seller, currency());
  const { number, payment, lines } = made(await rig.market.buy(rich, await rig.list(seller, work, currency(), { price }), { max: price })) as unknown as { number: string; payment: Payment; lines: { account: string | null; amountMinor: string }[] };
  expect([BigInt(payment.order.amount), lines.reduce((sum, line) => sum + BigInt(line.amountMinor), 0n)]).toEqual([amount, amount]);
  await rig.fund(rich, payment);
  await rig.until(rich, number, 'settled');
  await rig.paid(rich, number, 'released');
  const share = BigInt(lines.find(({ account }) => account === seller.accountId)?.amountMinor ?? 0);
  expect([(await rig.onChain(seller, currency())) - had, await rig.read('withdrawable', seller.wallet.address, payment.order.token)]).toEqual([share, await rig.onChain(seller, currency())]);
}, 120_000);

test('a work of so many that the contract cannot pay them is not ordered', async () => {
  const outcomes = [];
  for (const count of [31, 32]) {
    const owners = Array.from({ length: count }, (_, i) => ({ name: `owner ${i}`, kind: 'person', account: i === 0 ? seller.accountId : randomUUID(), shareBps: i === 0 ? 10_000 - 300 * (count - 1) : 300 }));
    const answer = await askFor(buyer, await rig.list(seller, await rig.market.rights.deposit(seller, { ownership: 'joint', owners })));
    outcomes.push([outcomeOf(answer), answer.body['reason']]);
  }
  // With the fee they are 32, who lack wallets alone, and 33.
  expect(outcomes).toEqual([['422 TRADING.WALLET_MISSING', undefined], ['422 TRADING.NOT_PAYABLE_ON_CHAIN', 'payees']]);
}, 60_000);

test('the chain is not asked to settle by anybody but the settler', async () => {
  const { payment, number } = await rig.order(buyer, await rig.list(seller, work));
  await rpc(chain.url, 'evm_mine');
  await expect(rig.settle(seller.wallet, 'release', [payment.order])).rejects.toMatchObject({ code: REVERTED });
  await expect(rig.settle(buyer.wallet, 'refund', [payment.order.orderId])).rejects.toMatchObject({ code: REVERTED });
  expect(made(await buyer.get(`/orders/${number}`))).toMatchObject({ state: 'created', payment: { state: 'unpaid' } });
}, 60_000);

test('what is cancelled once may be ordered again; what is cancelled twice, not for a day', async () => {
  const fickle = await rig.join('fickle');
  const listing = await rig.list(seller, work, 'ETH', { kind: 'exclusive-licence' });
  const cancelled: string[] = [];
  for (let i = 0; i < 2; i++) {
    const { number } = await rig.order(fickle, listing);
    made(await fickle.post(`/orders/${number}/cancellation`, {}));
    cancelled.push(number);
  }
  const again = await askFor(fickle, listing);
  const hours = (new Date(String(again.body['until'])).getTime() - Date.now()) / 3_600_000;
  expect([outcomeOf(again), Math.round(hours), made(await seller.get(`/listings/${listing}`))['state']]).toEqual(['409 TRADING.NOT_PAID_BEFORE', 24, 'open']);
  expect(outcomeOf(await askFor(fickle, await rig.list(seller, work)))).toBe('created');
  await rig.market.rights.pretend(`UPDATE trade_order SET ended_at = ended_at - interval '25 hours' WHERE order_id = ${String(parseWorkNumber(cancelled[0] as string, 'OR')?.id)}`);
  expect(outcomeOf(await askFor(fickle, listing))).toBe('created');
}, 120_000);

test('a slice that was opened to anyone a moment ago is not ordered: what would be paid for it would go back', async () => {
  const listing = await rig.list(seller, work, 'ETH', { kind: 'assignment' });
  made(await rig.market.rights.offer(seller, work, 'anyone'));
  expect([outcomeOf(await askFor(buyer, listing)), made(await seller.get(`/listings/${listing}`))['remaining']]).toEqual(['409 LICENSING.SCOPE_CONFLICT', 1]);
}, 60_000);

/** Until so many wait for a lock that somebody else has. */
const waiting = (count: number): Promise<void> =>
  eventually(`${count} wait`, async () => (await rig.market.rights.query(`SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`)).length >= count);
/** As somebody who may do everything, in a transaction of which nothing stays. */
async function within(...acts: ((client: Client) => Promise<unknown>)[]): Promise<void> {
  const clients = acts.map(() => new Client({ connectionString: rig.market.rights.service.database.adminUrl }));
  try {
    for (const client of clients) await client.connect().then(() => client.query('BEGIN'));
    await Promise.all(acts.map((act, i) => act(clients[i] as Client)));
  } finally {
    await Promise.all(clients.map((client) => client.end()));
  }
}

test('what is paid for is granted though another part of the slice changes hands while it is settled', async () => {
  // From now on the work's slices are rows.
  await rig.market.rights.license(seller, work, other);
  const { payment, number } = await rig.order(buyer, await rig.list(seller, work));
  const part = { ...SCOPE, rights: ['filming'], uses: ['film'] };
  await within(async (client) => {
    await client.query('SELECT 1 FROM holding WHERE work_id = $1 AND replaced_seq IS NULL FOR UPDATE', [parseWorkNumber(work)?.id.toString()]);
    const assigned = rig.market.rights.assign(seller, work, [other], part);
    await waiting(1);
    await rig.fund(buyer, payment);
    await waiting(2);
    await client.query('ROLLBACK');
    made(await assigned);
  });
  expect(await rig.until(buyer, number, 'settled', 'refunded')).toMatchObject({ state: 'settled' });
  await rig.paid(buyer, number, 'released');
}, 120_000);

test('a nonce of the settler’s is given once on a chain, whichever contract it is for', async () => {
  const { payment, number } = await rig.order(buyer, await rig.list(seller, work));
  await rig.fund(buyer, payment);
  await rig.paid(buyer, number, 'released');
  const insert = (nonce: string, hash: string, instance: string): string => `
    INSERT INTO settlement_transaction (instance_id, transaction_hash, order_id, action, sender, nonce, raw, gas_limit, max_fee_per_gas, max_priority_fee_per_gas)
    SELECT ${instance}, decode(repeat('${hash}', 32), 'hex'), order_id, action, sender, ${nonce}, raw, gas_limit, max_fee_per_gas, max_priority_fee_per_gas FROM settlement_transaction ORDER BY nonce LIMIT 1`;
  const elsewhere = `(SELECT id FROM settlement_instance WHERE NOT is_current)`;
  await rig.market.rights.query(`INSERT INTO settlement_instance (chain_id, genesis_hash, contract, is_current, our_signer, our_settler, scanned_to) SELECT chain_id, genesis_hash, decode(repeat('ee', 20), 'hex'), false, false, false, 0 FROM settlement_instance WHERE is_current`);
  try {
    await within(
      async (first) => {
        await expect(first.query(insert('nonce', 'a1', elsewhere))).rejects.toMatchObject({ code: '23505' });
        await first.query('ROLLBACK');
        await first.query('BEGIN');
        await first.query(insert('1000000', 'a2', elsewhere));
        await waiting(1);
        await first.query('ROLLBACK');
      },
      async (second) => {
        await eventually('the first has it', async () => (await rig.market.rights.query(`SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle in transaction' AND query LIKE '%1000000%'`)).length > 0);
        // Waits for who was first, at whatever contract.
        await second.query(insert('1000000', 'a3', '(SELECT id FROM settlement_instance WHERE is_current)'));
        await second.query('ROLLBACK');
      });
  } finally {
    await rig.market.rights.query('DELETE FROM settlement_instance WHERE NOT is_current');
  }
}, 120_000);
