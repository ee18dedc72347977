import { CONFIG, type Config } from '../../../src/platform/config/index.js';
import { ProtectOrder } from '../../../src/modules/trading/orders/protect-order.js';
import type { Client } from '../../support/http-client.js';
import { pause } from '../licensing/licensing-client.js';
import { made, Market, outcomeOf, SCOPE, tally } from './trading-client.js';

const SLICE = { ...SCOPE, rights: ['filming'], uses: ['film'], term: { from: '2021-01-01', to: null } };

let market: Market;
let seller: Client;
let buyer: Client;
let accomplice: Client;
let work: string;
beforeAll(async () => {
  market = await Market.start();
  [seller, buyer, accomplice] = (await market.join('seller', 'buyer', 'accomplice')) as [Client, Client, Client];
  await Promise.all([buyer, accomplice].map((one) => market.fund(one, 100_000_000n)));
}, 60_000);
afterAll(() => market.stop());
beforeEach(async () => {
  work = await market.rights.deposit(seller);
});
afterEach(() => market.audit());

const sold = (of = work): Promise<string> => market.listed(seller, of, { kind: 'assignment', scope: SLICE });
const bought = async (listing: string): Promise<string> => String(made(await market.buy(buyer, listing))['number']);
const confirm = async (order: string): Promise<Record<string, unknown>> => made(await buyer.post(`/orders/${order}/confirmation`, {}));
const times = <T>(count: number, act: (i: number) => Promise<T>): Promise<T[]> => Promise.all(Array.from({ length: count }, (_, i) => act(i)));

describe('what the seller does with a slice that is paid for', () => {
  const EMPTYING: readonly [string, () => Promise<unknown>][] = [
    ['grants an accomplice an exclusive licence of a part', () => market.rights.license(seller, work, accomplice, { exclusivity: 'exclusive', scope: { ...SLICE, languages: ['zh-Hans'] } })],
    ['grants an accomplice a sole licence', () => market.rights.license(seller, work, accomplice, { exclusivity: 'sole', scope: SLICE })],
    ['offers an exclusive licence that nobody has accepted', async () => made(await market.rights.offer(seller, work, accomplice, { exclusivity: 'exclusive', scope: SLICE }))],
    ['sells an exclusive licence by another listing', async () => made(await market.buy(accomplice, await market.listed(seller, work, { kind: 'exclusive-licence', scope: SLICE })))],
    ['licenses anyone', async () => made(await market.rights.offer(seller, work, 'anyone', { scope: SLICE }))],
  ];

  test.each(EMPTYING)('%s: the money goes back by itself', async (_, act) => {
    const had = await market.balance(buyer);
    const order = await bought(await sold());
    await act();
    expect(await confirm(order)).toMatchObject({ state: 'refunded', reason: 'LICENSING.SCOPE_CONFLICT' });
    expect([await market.balance(buyer), await market.balance(buyer, 'CNY', 'held')]).toEqual([had, 0n]);
  });

  test('as everybody may: licences that bar nobody, of something else, to the buyer, or before the order', async () => {
    const listing = await sold();
    await market.rights.license(seller, work, accomplice, { exclusivity: 'exclusive', scope: { ...SLICE, languages: ['ja'] } });
    const order = await bought(listing);
    await market.rights.license(seller, work, accomplice, { scope: { ...SLICE, languages: ['zh-Hans'] } });
    await market.rights.license(seller, work, accomplice, { exclusivity: 'exclusive', scope: SCOPE });
    await market.rights.license(seller, work, buyer, { exclusivity: 'exclusive', scope: { ...SLICE, languages: ['ko'] } });
    expect(await confirm(order)).toMatchObject({ state: 'settled' });
  });

  test('licenses anyone a moment before the order: it is refused, and nothing is held; a while later it is known', async () => {
    const had = await market.balance(buyer);
    const listing = await sold();
    made(await market.rights.offer(seller, work, 'anyone', { scope: SLICE }));
    expect(outcomeOf(await market.buy(buyer, listing))).toBe('409 LICENSING.SCOPE_CONFLICT');
    expect([await market.balance(buyer), await market.balance(buyer, 'CNY', 'held'), made(await buyer.get(`/listings/${listing}`))['remaining']]).toEqual([had, 0n, 1]);
    await market.rights.pretend(`UPDATE licence SET granted_at = granted_at - interval '2 minutes', accepted_at = accepted_at - interval '2 minutes' WHERE to_anyone`);
    expect(await confirm(await bought(listing))).toMatchObject({ state: 'settled' });
  });

  test('none of it can come between the look and the assignment', async () => {
    for (let round = 0; round < 5; round++) {
      const of = await market.rights.deposit(seller);
      const order = await bought(await sold(of));
      const [confirmed, granted] = await Promise.all([confirm(order), market.rights.offer(seller, of, accomplice, { exclusivity: 'exclusive', scope: SLICE })]);
      expect([['settled', 422], ['refunded', 201]]).toContainEqual([confirmed['state'], granted.status]);
    }
  });
});

describe('the money of a slice', () => {
  test('goes by the fee and the tax that the buyer was shown, whatever they are by now', async () => {
    const { trading } = market.rights.service.app.get<Config>(CONFIG, { strict: false }) as { trading: { feeBps: number; taxBps: number } };
    const before = { ...trading };
    const [slice, licence] = [await bought(await sold()), await market.listed(seller, work)];
    try {
      Object.assign(trading, { feeBps: 900, taxBps: 100 });
      expect((made(await market.buy(buyer, licence))['lines'] as { role: string; amountMinor: string }[]).map(({ role, amountMinor }) => [role, amountMinor])).toEqual([['fee', '900'], ['tax', '91'], ['owner', '9009']]);
      expect(await confirm(slice)).toMatchObject({ state: 'settled', lines: [{ role: 'fee', amountMinor: '500' }, { role: 'owner', amountMinor: '9500' }] });
    } finally {
      Object.assign(trading, before);
    }
  });

  test('goes back with the listing: another may buy it then', async () => {
    const listing = await sold();
    const order = await bought(listing);
    expect(made(await buyer.get(`/listings/${listing}`))).toMatchObject({ state: 'sold-out', remaining: 0 });
    made(await seller.post(`/orders/${order}/refund`, {}));
    expect(made(await buyer.get(`/listings/${listing}`))).toMatchObject({ state: 'open', remaining: 1 });
    const again = await bought(listing);
    expect(await confirm(again)).toMatchObject({ state: 'settled' });
    expect(made(await buyer.get(`/listings/${listing}`))).toMatchObject({ state: 'sold-out' });
  });

  test('goes back when protection ends before the slice begins: then it is nobody’s; and what waits behind it is settled', async () => {
    const far = { ...SLICE, term: { from: '2060-01-01', to: null } };
    const listing = await market.listed(seller, work, { kind: 'assignment', scope: far });
    const [stuck, next] = [await bought(listing), await bought(await sold(await market.rights.deposit(seller)))];
    made(await seller.post(`/works/${work}/term`, { lastAuthorDiedOn: '1990-05-01' }));
    // Who is paid for a listing is remembered for a second.
    await pause(1_100);
    expect(outcomeOf(await buyer.get(`/listings/${listing}/quote`))).toBe('409 TRADING.LISTING_STALE');
    const another = await market.rights.deposit(seller);
    const unheld = await market.listed(seller, another, { scope: far });
    made(await seller.post(`/works/${another}/term`, { lastAuthorDiedOn: '1990-05-01' }));
    expect(outcomeOf(await market.buy(buyer, unheld))).toBe('409 TRADING.LISTING_STALE');
    await market.rights.pretend(`UPDATE trade_order SET protected_until = now() - interval '1 second' WHERE state = 'funded'`);
    await market.rights.service.app.get(ProtectOrder, { strict: false }).settleDue();
    const states = await Promise.all([stuck, next].map(async (order) => made(await buyer.get(`/orders/${order}`))['state']));
    expect(states).toEqual(['refunded', 'settled']);
  });
});

describe('the connections of the service', () => {
  test('two hundred race for one slice: nobody waits for a second connection', async () => {
    const buyers = await market.join(...Array.from({ length: 10 }, (_, i) => `racer-${i}`));
    await Promise.all(buyers.map((one) => market.fund(one, 1_000_000n)));
    const listing = await sold();
    expect(tally(await times(200, (i) => market.buy(buyers[i % 10] as Client, listing)))).toEqual({ funded: 1, '409 TRADING.LISTING_CLOSED': 199 });
  }, 60_000);

  test('twenty confirm at once: all are settled', async () => {
    const orders: string[] = [];
    for (let i = 0; i < 20; i++) orders.push(await bought(await sold(await market.rights.deposit(seller))));
    expect(tally(await Promise.all(orders.map((order) => buyer.post(`/orders/${order}/confirmation`, {}))))).toEqual({ settled: 20 });
  }, 60_000);

  test('forty publish and take back at once', async () => {
    const listings = await times(40, () => market.list(seller, work, { audience: [buyer.accountId] }));
    expect(tally(listings)).toEqual({ open: 40 });
    const both = await times(80, (i) => seller.post(`/listings/${String(listings[i % 40]?.body['number'])}/withdrawal`, {}));
    expect(tally(both)).toEqual({ withdrawn: 40, '409 TRADING.LISTING_CLOSED': 40 });
  }, 60_000);
});
