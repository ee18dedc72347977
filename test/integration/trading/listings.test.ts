import type { Client } from '../../support/http-client.js';
import { Bazaar, inMs, yuan } from './negotiations-client.js';
import { made, Market, outcomeOf, SCOPE } from './trading-client.js';

let bazaar: Bazaar;
let market: Market;
let seller: Client;
let buyer: Client;
let work: string;
beforeAll(async () => {
  bazaar = await Bazaar.start();
  market = bazaar.market;
  [seller, buyer] = (await market.join('seller', 'buyer')) as [Client, Client];
  await market.fund(buyer, 100_000_000n);
}, 60_000);
afterAll(() => bazaar?.stop());
beforeEach(async () => {
  work = await market.rights.deposit(seller);
});
afterEach(() => bazaar.audit());

const HOUR = 3_600_000;
const pointers = ({ body }: { body: Record<string, unknown> }): unknown[] => ((body['errors'] ?? []) as { pointer: string }[]).map(({ pointer }) => pointer);
const idOf = async (listing: string): Promise<string> => {
  const { parseWorkNumber } = await import('../../../src/lib/statement/index.js');
  return String(parseWorkNumber(listing, 'LS')?.id);
};

describe('what is over', () => {
  const OVER = { ...SCOPE, term: { from: '2021-01-01', to: '2021-12-31' } };

  test.each(['licence', 'exclusive-licence', 'assignment'])('is not offered: %s', async (kind) => {
    const refused = await market.list(seller, work, { kind, scope: OVER });
    expect([outcomeOf(refused), pointers(refused)]).toEqual(['422 TRADING.LISTING_INVALID', ['/scope/term']]);
  });

  test.each([['licence', {}], ['licence', { quantity: 3 }], ['exclusive-licence', {}], ['assignment', {}]])('is not sold when it came to be over while it was listed: %s %j', async (kind, change) => {
    const listing = await market.listed(seller, work, { kind, ...change });
    await market.rights.pretend(`UPDATE listing SET term = tstzrange('2021-01-01', '2021-12-31') WHERE listing_id = ${await idOf(listing)}`);
    expect(made(await buyer.get(`/listings/${listing}`))).toMatchObject({ state: 'stale', faults: ['over'] });
    expect(outcomeOf(await market.buy(buyer, listing))).toBe('409 TRADING.LISTING_STALE');
    // Whoever looked a moment before: PostgreSQL says the same.
    const taken = market.rights.query('SELECT take_listings($1)', [JSON.stringify([{ listing: { id: await idOf(listing), amount: '10000', isAgreed: false }, holdings: [] }])]);
    await expect(taken).rejects.toMatchObject({ code: 'ZB081' });
  });
});

describe('a change', () => {
  test('sets what was sent and leaves the rest, whoever sends something else at the same time', async () => {
    const listing = await market.listed(seller, work);
    for (let i = 1; i <= 8; i++) {
      const [price, closesAt] = [{ amountMinor: String(10_000 + i), currency: 'CNY' }, inMs(i * HOUR)];
      await Promise.all([seller.patch(`/listings/${listing}`, { price }), seller.patch(`/listings/${listing}`, { closesAt })].map(async (answer) => made(await answer)));
      expect(made(await seller.get(`/listings/${listing}`))).toMatchObject({ price, closesAt });
    }
    expect(made(await seller.patch(`/listings/${listing}`, { closesAt: null }))).toMatchObject({ closesAt: null, price: { amountMinor: '10008' } });
  });

  test('of its end to before it opens is refused, and so are times that are none', async () => {
    const listing = await market.listed(seller, work, { opensAt: inMs(2 * HOUR) });
    const refused = await seller.patch(`/listings/${listing}`, { closesAt: inMs(HOUR) });
    expect([outcomeOf(refused), pointers(refused)]).toEqual(['422 TRADING.LISTING_INVALID', ['/closesAt']]);
    made(await seller.patch(`/listings/${listing}`, { closesAt: inMs(3 * HOUR) }));
    for (const time of ['0000-01-01T00:00:00Z', '2030-01-01T00:00:00+23:00', '9999-12-31T23:00:00-05:00']) {
      expect([time, outcomeOf(await market.list(seller, work, { opensAt: time })), outcomeOf(await seller.patch(`/listings/${listing}`, { closesAt: time }))]).toEqual([time, '400 HTTP.INVALID_BODY', '400 HTTP.INVALID_BODY']);
    }
  });
});

test('a price that no contract takes is not asked', async () => {
  for (const currency of ['ETH', `erc20:31337:0x${'ab'.repeat(20)}`]) {
    const refused = await market.list(seller, work, { price: { amountMinor: (2n ** 96n).toString(), currency } });
    expect([outcomeOf(refused), pointers(refused)]).toEqual(['400 HTTP.INVALID_BODY', ['/price/amountMinor']]);
  }
});

test('what is paid on chain has a fixed price: no contract holds the money of an offer', async () => {
  for (const currency of ['ETH', `erc20:31337:0x${'ab'.repeat(20)}`]) {
    const refused = await market.list(seller, work, { pricing: 'negotiable', price: { amountMinor: '10', currency } });
    expect([outcomeOf(refused), pointers(refused)]).toEqual(['400 HTTP.INVALID_BODY', ['/pricing']]);
  }
});

describe.each(['licence', 'exclusive-licence', 'assignment'])('a price that changes between looking and paying: %s', (kind) => {
  test('is paid when it fell, and not when it rose above what the buyer agreed to', async () => {
    const [lower, higher] = await Promise.all([1, 2].map(() => market.listed(seller, work, { kind }))) as [string, string];
    // The higher first: what is sold exclusively is sold once.
    const refused = await market.changedMeanwhile(seller, higher, yuan(110), () => market.buy(buyer, higher));
    expect([outcomeOf(refused), refused.body['price']]).toEqual(['409 TRADING.PRICE_CHANGED', yuan(110)]);
    const bought = await market.changedMeanwhile(seller, lower, yuan(90), () => market.buy(buyer, lower));
    expect([outcomeOf(bought), bought.body['amountMinor']]).toEqual([kind === 'assignment' ? 'funded' : 'settled', '9000']);
  });
});

test('what co-owners have to agree to asks them, once a day for each act', async () => {
  const [second, third] = (await market.join('second', 'third')) as [Client, Client];
  const shared = await market.rights.shared(seller, second, third);
  const asked = async (): Promise<number[]> => Promise.all([seller, second, third].map(async (who) => (await market.rights.notices(who, shared)).filter((kind) => kind === 'consent-wanted').length));
  const offer = async (kind: string): Promise<string> => outcomeOf(await market.list(seller, shared, { kind }));
  const REFUSED = '422 LICENSING.CONSENT_MISSING';
  expect([await offer('exclusive-licence'), await offer('exclusive-licence'), await asked()]).toEqual([REFUSED, REFUSED, [0, 1, 1]]);
  expect([await offer('assignment'), await asked()]).toEqual([REFUSED, [0, 2, 2]]);
  expect([outcomeOf(await market.rights.assign(seller, shared, [buyer])), outcomeOf(await market.rights.offer(seller, shared, buyer, { exclusivity: 'exclusive' })), await asked()]).toEqual([REFUSED, REFUSED, [0, 2, 2]]);
  // Another asker is another question.
  expect([outcomeOf(await market.list(second, shared, { kind: 'assignment' })), await asked()]).toEqual([REFUSED, [1, 2, 3]]);
  // The next day, of those who have not agreed.
  await market.rights.pretend(`UPDATE consent_asked SET asked_at = now() - interval '1 day'`);
  made(await second.post(`/works/${shared}/consents`, { to: seller.accountId, act: 'licence', scope: SCOPE }));
  expect([await offer('exclusive-licence'), await offer('exclusive-licence'), await asked()]).toEqual([REFUSED, REFUSED, [1, 2, 4]]);
});

describe('a negotiable listing', () => {
  test('is sold at its price of now, or at one that was agreed', async () => {
    const listing = await bazaar.listed(seller, work);
    const take = async (amount: string, isAgreed: boolean | undefined): Promise<unknown> =>
      market.rights.query('SELECT take_listings($1)', [JSON.stringify([{ listing: { id: await idOf(listing), amount, isAgreed }, holdings: [] }])]);
    await expect(take('9000', false)).rejects.toMatchObject({ code: 'ZB081' });
    await expect(take('9000', undefined)).rejects.toMatchObject({ code: 'ZB081' });
    await take('9000', true);
    await take('10000', false);
    const fixed = await market.listed(seller, work);
    await expect(market.rights.query('SELECT take_listings($1)', [JSON.stringify([{ listing: { id: await idOf(fixed), amount: '9000', isAgreed: true }, holdings: [] }])])).rejects.toMatchObject({ code: 'ZB081' });
  });

  test('stays open as long as an offer of its seller’s stands', async () => {
    const listing = await bazaar.listed(seller, work);
    const number = await bazaar.opened(buyer, listing, 50);
    made(await bazaar.offer(seller, number, 80, { expiresAt: inMs(2 * HOUR) }));
    expect(outcomeOf(await seller.post(`/listings/${listing}/withdrawal`, {}))).toBe('409 TRADING.OFFER_BINDING');
    expect(outcomeOf(await seller.patch(`/listings/${listing}`, { closesAt: inMs(HOUR) }))).toBe('409 TRADING.OFFER_BINDING');
    made(await seller.patch(`/listings/${listing}`, { closesAt: inMs(3 * HOUR), price: yuan(120) }));
    made(await seller.patch(`/listings/${listing}`, { closesAt: null }));
    expect(made(await bazaar.accept(buyer, number, 2))).toMatchObject({ state: 'agreed', placed: { amountMinor: '8000' } });
    expect(outcomeOf(await seller.post(`/listings/${listing}/withdrawal`, {}))).toBe('withdrawn');
  });

  test('is free again when the offer lapsed or was rejected; the buyer’s binds only the buyer', async () => {
    const [rejected, lapsed, theirs] = await Promise.all([1, 2, 3].map(() => bazaar.listed(seller, work))) as [string, string, string];
    const [first, second] = [await bazaar.opened(buyer, rejected, 50), await bazaar.opened(buyer, lapsed, 50)];
    await bazaar.opened(buyer, theirs, 50);
    for (const number of [first, second]) made(await bazaar.offer(seller, number, 80, { expiresAt: inMs(HOUR) }));
    made(await bazaar.reject(buyer, first, 2));
    await bazaar.age(second, 2 * HOUR);
    for (const listing of [rejected, lapsed, theirs]) expect(outcomeOf(await seller.post(`/listings/${listing}/withdrawal`, {}))).toBe('withdrawn');
  });

  test('an offer and a withdrawal at once: one of them is refused', async () => {
    for (let round = 0; round < 5; round++) {
      const listing = await bazaar.listed(seller, work);
      const number = await bazaar.opened(buyer, listing, 50);
      const [offered, withdrawn] = await Promise.all([bazaar.offer(seller, number, 80), seller.post(`/listings/${listing}/withdrawal`, {})]);
      expect([offered, withdrawn].filter(({ status }) => status < 300)).toHaveLength(1);
    }
  });
});

describe('pages', () => {
  test('lose no row of a millisecond that has several, and take no time that is none', async () => {
    const listing = await bazaar.listed(seller, work);
    for (let i = 0; i < 4; i++) made(await market.buy(buyer, listing));
    for (let i = 0; i < 4; i++) await bazaar.opened(buyer, await bazaar.listed(seller, work), 10);
    await market.rights.pretend(`UPDATE trade_order SET created_at = timestamptz '2026-03-01 08:00:00.123000Z' + (order_id % 900) * interval '1 microsecond';
      UPDATE negotiation SET opened_at = timestamptz '2026-03-01 08:00:00.123000Z' + (negotiation_id % 900) * interval '1 microsecond'`);
    for (const list of ['/orders', '/negotiations']) {
      const all = (made(await buyer.get(`${list}?limit=100`))['items'] as { number: string }[]).map(({ number }) => number);
      const paged: string[] = [];
      for (let cursor: unknown = ''; cursor !== null; ) {
        const page = made(await buyer.get(`${list}?limit=1${cursor === '' ? '' : `&cursor=${String(cursor)}`}`));
        paged.push(...(page['items'] as { number: string }[]).map(({ number }) => number));
        cursor = page['nextCursor'];
      }
      expect([list, paged]).toEqual([list, all]);
      for (const at of ['0000-01-01T00:00:00Z', '0000-01-01T00:00:00.000000Z', '2026-03-01T08:00:00.123Z']) {
        const cursor = Buffer.from(JSON.stringify([at, '1'])).toString('base64url');
        expect([list, outcomeOf(await buyer.get(`${list}?cursor=${cursor}`))]).toEqual([list, '400 HTTP.INVALID_CURSOR']);
      }
    }
  });
});

describe('who is paid', () => {
  const MAKING = { ...SCOPE, rights: ['translation'], uses: ['*'] };
  const quoted = async (listing: string): Promise<unknown[]> => (made(await buyer.get(`/listings/${listing}/quote`))['lines'] as { role: string; account: string | null; amountMinor: string }[]).map(({ role, account, amountMinor }) => [role, account, amountMinor]);

  test('what one of several owners agreed to takes of that one’s part, and of nobody else’s', async () => {
    const [minor, major, friend] = (await market.join('minor', 'major', 'friend')) as [Client, Client, Client];
    const original = await market.rights.deposit(friend);
    await market.rights.license(friend, original, minor, { scope: MAKING, revenueShareBps: 10_000 });
    const owners = [[minor, 100], [major, 9_900]].map(([one, shareBps], i) => ({ name: `owner ${i}`, kind: 'person', account: (one as Client).accountId, shareBps }));
    const shared = await market.rights.deposit(minor, { ownership: 'joint', owners, creation: { nature: 'translation', completedOn: '2020-01-01', derivedFrom: [{ work: original }] } });
    const listing = await market.listed(minor, shared, { price: yuan(1_000) });
    expect(await quoted(listing)).toEqual([['fee', null, '5000'], ['owner', major.accountId, '94050'], ['original', friend.accountId, '950']]);
    // Once the other has agreed as well, it is of both parts, in one line.
    await market.rights.license(friend, original, major, { scope: MAKING, revenueShareBps: 1_000 });
    const agreed = await market.listed(minor, shared, { price: yuan(1_000) });
    expect(await quoted(agreed)).toEqual([['fee', null, '5000'], ['owner', major.accountId, '84645'], ['original', friend.accountId, '10355']]);
  });

  test('a licence by which nothing new is made shares nothing', async () => {
    const [translator] = (await market.join('translator')) as [Client];
    await market.rights.license(seller, work, translator, { revenueShareBps: 5_000 });
    const translation = await market.rights.deposit(translator, { creation: { nature: 'translation', completedOn: '2024-01-01', derivedFrom: [{ work }] } });
    const listing = await market.listed(translator, translation);
    expect(await quoted(listing)).toEqual([['fee', null, '500'], ['owner', translator.accountId, '9500']]);
  });

  test('are told that they are, and the seller of the sale', async () => {
    const [second] = (await market.join('second')) as [Client];
    const shared = await market.rights.shared(seller, second);
    const order = String(made(await market.buy(buyer, await market.listed(seller, shared)))['number']);
    expect(await Promise.all([seller, second, buyer].map((who) => market.rights.notices(who, order)))).toEqual([['order-settled'], ['order-share-paid'], []]);
  });

  test('they do not read what the parties said to each other', async () => {
    const [second] = (await market.join('second')) as [Client];
    const shared = await market.rights.shared(seller, second);
    made(await second.post(`/works/${shared}/consents`, { to: seller.accountId, act: 'assignment', scope: { ...SCOPE, term: { from: '2021-01-01', to: null } } }));
    const order = String(made(await market.buy(buyer, await market.listed(seller, shared, { kind: 'assignment' })))['number']);
    made(await buyer.post(`/orders/${order}/dispute`, { reason: 'a secret' }));
    made(await seller.post(`/orders/${order}/refund`, {}));
    expect(await Promise.all([seller, buyer].map((who) => market.rights.notices(who, order)))).toEqual([['order-funded', 'order-disputed', 'order-refunded'], ['order-refunded']]);
    expect(made(await seller.get(`/orders/${order}`))).toHaveProperty('reason');
    const seen = made(await second.get(`/orders/${order}`));
    expect([seen['state'], Object.keys(seen).filter((name) => /reason/i.test(name)), JSON.stringify(seen).includes('secret')]).toEqual(['refunded', [], false]);
  });
});
