import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '../../support/http-client.js';
import { made, Market, outcomeOf } from './trading-client.js';

const ADDRESS = `0x${'a'.repeat(40)}`;
const REFUSED = '422 TRADING.CURRENCY_UNAVAILABLE';

let directory: string;
let market: Market;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'zhengben-unavailable-'));
  for (const [name, digit] of [['settler.key', '1'], ['orders.key', '2']] as const) await writeFile(join(directory, name), `0x${digit.repeat(64)}`);
});
afterEach(() => market?.stop());
afterAll(() => rm(directory, { recursive: true, force: true }));

const offered = (): Record<string, string> => ({ SETTLEMENT_CONTRACT: ADDRESS, SETTLEMENT_KEY_FILE: join(directory, 'settler.key'), ORDER_SIGNER_KEY_FILE: join(directory, 'orders.key'), SETTLEMENT_TOKENS: ADDRESS });

async function list(env: Record<string, string>, currencies: readonly string[]): Promise<{ outcomes: string[]; seller: Client; buyer: Client; work: string }> {
  market = await Market.start({ env });
  const [seller, buyer] = (await market.join('seller', 'buyer')) as [Client, Client];
  const work = await market.rights.deposit(seller);
  const outcomes = [];
  for (const currency of currencies) outcomes.push(outcomeOf(await market.list(seller, work, { price: { amountMinor: '10', currency } })));
  return { outcomes, seller, buyer, work };
}

const CURRENCIES = ['CNY', 'ETH', `erc20:31337:${ADDRESS}`, `erc20:1:${ADDRESS}`, `erc20:31337:0x${'b'.repeat(40)}`];

test('without a settlement contract nothing is sold for what is paid on chain', async () => {
  expect((await list({}, CURRENCIES)).outcomes).toEqual(['open', REFUSED, REFUSED, REFUSED, REFUSED]);
}, 120_000);

test('under the regime «cn» neither, whatever else is set; nor bought, when it was listed before', async () => {
  const { outcomes, seller, buyer, work } = await list({ ...offered(), REGIME: 'cn' }, CURRENCIES);
  expect(outcomes).toEqual(['open', REFUSED, REFUSED, REFUSED, REFUSED]);
  const listing = await market.listed(seller, work, { price: { amountMinor: '10', currency: 'CNY' } });
  await market.rights.pretend(`UPDATE listing SET currency = 'ETH'`);
  expect(outcomeOf(await market.buy(buyer, listing, { max: { amountMinor: '10', currency: 'ETH' } }))).toBe(REFUSED);
  // It is said to be stale, and left out where that is asked.
  expect(made(await buyer.get(`/listings/${listing}`))).toMatchObject({ state: 'stale', faults: ['currency'] });
  for (const query of ['', '&sort=price-up&currency=ETH', '&seller=me']) {
    const [all, saleable] = [made(await seller.get(`/listings?facets=true${query}`)), made(await seller.get(`/listings?facets=true&stale=exclude${query}`))] as [Record<string, unknown>, Record<string, unknown>];
    expect([query, (all['items'] as { state: string }[]).map(({ state }) => state), saleable['items'], saleable['facets']]).toEqual([query, ['stale', 'stale'], [], expect.objectContaining({ counted: 0, complete: true, currencies: {} })]);
  }
  // What was taken back is that, whatever it was listed for.
  made(await seller.post(`/listings/${listing}/withdrawal`, {}));
  expect(made(await seller.get(`/listings/${listing}`))).toMatchObject({ state: 'withdrawn', faults: [] });
}, 120_000);

test('with one, in the currency of its chain and in the tokens that the operator takes; and not before it was seen', async () => {
  const { outcomes, seller, buyer, work } = await list(offered(), CURRENCIES);
  expect(outcomes).toEqual(['open', 'open', 'open', REFUSED, REFUSED]);
  const listing = await market.listed(seller, work, { price: { amountMinor: '10', currency: 'ETH' } });
  // Who pays and who is paid has wallets.
  await market.rights.pretend(`INSERT INTO account_key (account_id, added_seq, scheme, key, added_at) VALUES ('${seller.accountId}', 0, 'eip191', '0x${'1'.repeat(40)}', now()), ('${buyer.accountId}', 0, 'eip191', '0x${'2'.repeat(40)}', now())`);
  const answer = await market.buy(buyer, listing, { max: { amountMinor: '10', currency: 'ETH' } });
  expect([outcomeOf(answer), answer.headers.get('retry-after')]).toEqual(['503 TRADING.CHAIN_UNAVAILABLE', '30']);
}, 120_000);
