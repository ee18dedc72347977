import { ProtectOrder } from '../../../src/modules/trading/orders/protect-order.js';
import { parseWorkNumber } from '../../../src/lib/statement/index.js';
import type { Client } from '../../support/http-client.js';
import { made, Market, SCOPE } from './trading-client.js';

const SLICE = { ...SCOPE, rights: ['filming'], uses: ['film'], term: { from: '2021-01-01', to: null } };

let market: Market;
let seller: Client;
let buyer: Client;
beforeAll(async () => {
  market = await Market.start({ env: { BUYER_PROTECTION: '0' } });
  [seller, buyer] = (await market.join('seller', 'buyer')) as [Client, Client];
  await market.fund(buyer, 100_000n);
}, 60_000);
afterAll(() => market.stop());
afterEach(() => market.audit());

const settleDue = (): Promise<void> => market.rights.service.app.get(ProtectOrder, { strict: false }).settleDue();

test('slices whose buyers said nothing change hands when the time is over; a disputed one does not, and one that cannot any more gives the money back', async () => {
  const orders: { work: string; number: string }[] = [];
  for (let i = 0; i < 3; i++) {
    const work = await market.rights.deposit(seller);
    orders.push({ work, number: String(made(await market.buy(buyer, await market.listed(seller, work, { kind: 'assignment', scope: SLICE })))['number']) });
  }
  const [silent, gone, disputed] = orders as [(typeof orders)[0], (typeof orders)[0], (typeof orders)[0]];
  const states = () => Promise.all(orders.map(async ({ number }) => made(await buyer.get(`/orders/${number}`))['state']));
  made(await seller.post(`/works/${gone.work}/withdrawal`, { reason: 'not-mine' }));
  // The job may have come by already: then there is nothing left to dispute.
  const objected = await buyer.post(`/orders/${disputed.number}/dispute`, { reason: 'the chain of title has a gap' });
  await settleDue();
  expect(await states()).toEqual(['settled', 'refunded', objected.status === 200 ? 'disputed' : 'settled']);
  expect(await market.rights.chain(buyer, silent.work)).toEqual(['work.deposited', 'work.assigned']);
  expect(await market.balance(buyer, 'CNY', 'held')).toBe(objected.status === 200 ? 10_000n : 0n);
}, 60_000);

test('more that fail than are read at a time keep none of the others waiting', async () => {
  const works = [await market.rights.deposit(seller), await market.rights.deposit(seller)];
  const [copied, waiting] = (await Promise.all(works.map(async (work) => String(made(await market.buy(buyer, await market.listed(seller, work, { kind: 'assignment', scope: SLICE })))['number'])))) as [string, string];
  const { id } = parseWorkNumber(copied, 'OR') as { id: bigint };
  // Funded orders of which nothing is held, as no order is: none of them can be settled.
  const columns = 'listing_id, buyer_id, seller_id, method, currency, amount, breakdown, fee_bps, tax_bps, work_seq, created_at, funded_at';
  await market.rights.pretend(`INSERT INTO trade_order (order_id, ${columns}, state, protected_until) SELECT n, ${columns}, 'funded', protected_until - interval '1 day' FROM trade_order, generate_series(1, 60) AS n WHERE order_id = ${id}`);
  try {
    await expect(settleDue()).rejects.toMatchObject({ errors: { length: 60 } });
    expect(made(await buyer.get(`/orders/${waiting}`))).toMatchObject({ state: 'settled' });
  } finally {
    await market.rights.pretend('DELETE FROM trade_order WHERE order_id <= 60');
  }
}, 60_000);
