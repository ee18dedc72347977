import { randomBytes } from 'node:crypto';
import { seeded } from '../../../bench/rights/boxes.js';
import { ReadListing } from '../../../src/modules/trading/listings/read-listing.js';
import { SearchListings } from '../../../src/modules/trading/listings/search-listings.js';
import { listingsQuery } from '../../../src/modules/trading/listings/search-query.js';
import { SearchGate } from '../../../src/modules/works/index.js';
import { encodeCursor } from '../../../src/platform/http/pagination.js';
import { type Client, clientOf } from '../../support/http-client.js';
import { Market, made, outcomeOf, SCOPE } from './trading-client.js';

// What is found of what is on sale, by whom, in which order, and what is counted.

const seed = Number(process.env['SEARCH_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const random = seeded(seed);

let market: Market;
let seller: Client;
let buyer: Client;
let other: Client;
let stranger: Client;
beforeAll(async () => {
  console.log(`SEARCH_SEED=${seed}`);
  market = await Market.start();
  [seller, buyer, other] = (await market.join('seller', 'buyer', 'other')) as [Client, Client, Client];
  stranger = clientOf(market.rights.service.url, null);
}, 60_000);
afterAll(() => market.stop());

type Query = Readonly<Record<string, string>>;
interface Found {
  readonly items: { number: string; title: string | null; state: string; price: { amountMinor: string } }[];
  readonly nextCursor: string | null;
  readonly facets?: { counted: number; complete: boolean; categories: Record<string, number>; kinds: Record<string, number>; currencies: Record<string, number> };
}

const search = async (query: Query, who = stranger): Promise<Found> => made(await who.get(`/listings?${new URLSearchParams(query).toString()}`)) as unknown as Found;
const numbers = async (query: Query, who = stranger): Promise<string[]> => (await search(query, who)).items.map(({ number }) => number);
/** All pages. */
async function walk(query: Query, who = stranger): Promise<string[]> {
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const page: Found = await search({ ...query, ...(cursor === null ? {} : { cursor }) }, who);
    seen.push(...page.items.map(({ number }) => number));
    cursor = page.nextCursor;
    if (new Set(seen).size < seen.length) throw new Error(`twice in ${JSON.stringify(query)}`);
  } while (cursor !== null);
  return seen;
}
/** A word that nothing else holds. */
const tag = (): string => `x${randomBytes(6).toString('hex')}`;
const one = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)] as T;
const price = (amountMinor: number, currency = 'CNY'): Record<string, unknown> => ({ price: { amountMinor: String(amountMinor), currency } });

/** A work of its own, and a listing of it. */
async function offer(form: Record<string, unknown>, listing: Record<string, unknown> = {}, who = seller): Promise<string> {
  return market.listed(who, await market.rights.deposit(who, form), listing);
}

describe('by words', () => {
  test('of the work: two Chinese characters, English plurals, credited names, words in any order', async () => {
    const t = tag();
    const night = await offer({ title: `${t} 珠江夜航图` });
    const boats = await offer({ title: `${t} Two Boats at Night` });
    for (const [q, hits] of [['夜航', [night]], ['江夜', [night]], ['航', [night]], ['夜珠', []], ['boat', [boats]], ['NIGHTS two', [boats]], ['阿舟', [boats, night]], ['林舟', []], ['boa', []], [`${t}'; --`, [boats, night]]] as const) {
      expect([q, await numbers({ q: `${t} ${q}` })]).toEqual([q, hits]);
    }
  });

  test('of a title that was erased or amended: by what the work says now', async () => {
    const t = tag();
    const work = await market.rights.deposit(seller, { title: `${t} before` });
    const listing = await market.listed(seller, work);
    made(await seller.post(`/works/${work}/amendments`, { title: `${t} after` }));
    expect([await numbers({ q: `${t} before` }), await numbers({ q: `${t} after` })]).toEqual([[], [listing]]);
    expect((await seller.delete(`/works/${work}/disclosures?pointer=/title`)).status).toBe(204);
    for (const sort of ['newest', 'relevance']) expect((await search({ q: t, sort, facets: 'true' })).facets).toMatchObject({ counted: 0 });
    expect((await search({ work })).items).toMatchObject([{ number: listing, title: null }]);
  });
});

describe('by what is sold', () => {
  test('its rights, territories and uses, kind, pricing, category and work; and what can still be granted exclusively', async () => {
    const t = tag();
    const narrow = await market.rights.deposit(seller, { title: t });
    const [licence, abroad, slice] = [
      await market.listed(seller, narrow, { pricing: 'negotiable' }), await market.listed(seller, narrow, { scope: { ...SCOPE, territories: ['FR', 'DE'], uses: ['print', 'website'] } }),
      await market.listed(seller, narrow, { kind: 'assignment', scope: { ...SCOPE, rights: ['filming'], uses: ['film'], term: { from: '2021-01-01', to: null } } }),
    ];
    const song = await offer({ title: t, category: 'music' }, { kind: 'exclusive-licence', scope: { ...SCOPE, territories: ['WORLD'], uses: ['*'] } });
    const ask = async (query: Query): Promise<string[]> => (await numbers({ q: t, ...query })).toSorted();
    const all: [Query, string[]][] = [
      [{ right: 'network-dissemination' }, [licence, abroad, song]], [{ right: 'filming' }, [slice]], [{ right: 'broadcasting' }, []], [{ territory: 'CN' }, [licence, slice, song]], [{ territory: 'FR' }, [abroad, song]], [{ territory: 'JP' }, [song]],
      [{ use: 'print', territory: 'DE' }, [abroad, song]], [{ use: 'print', territory: 'CN' }, [song]], [{ kind: 'licence' }, [licence, abroad]], [{ kind: 'exclusive-licence' }, [song]], [{ pricing: 'negotiable' }, [licence]],
      [{ category: 'music' }, [song]], [{ category: 'literary', kind: 'assignment' }, [slice]], [{ work: narrow.toLowerCase() }, [licence, abroad, slice]], [{ exclusive: 'true' }, [licence, abroad, slice, song]], [{ seller: other.accountId }, []], [{ seller: seller.accountId, kind: 'assignment' }, [slice]],
    ];
    for (const [query, hits] of all) expect([query, await ask(query)]).toEqual([query, hits.toSorted()]);
    const sold = await market.rights.license(seller, narrow, buyer);
    expect(await ask({ exclusive: 'true' })).toEqual([abroad, slice, song].toSorted());
    await market.rights.end(seller, buyer, sold);
    expect(await ask({ work: narrow })).toEqual([licence, abroad, slice].toSorted());
  });

  test('its price, in one currency', async () => {
    const t = tag();
    const work = await market.rights.deposit(seller, { title: t });
    const [cheap, fair, dear] = [await market.listed(seller, work, price(100)), await market.listed(seller, work, price(900)), await market.listed(seller, work, price(10_000))];
    const dollars = await market.listed(seller, work, price(900, 'USD'));
    const ask = (query: Query): Promise<string[]> => numbers({ q: t, ...query });
    expect(await ask({ currency: 'CNY', sort: 'price-up' })).toEqual([cheap, fair, dear]);
    expect(await ask({ currency: 'CNY', sort: 'price-down', minAmountMinor: '101', maxAmountMinor: '10000' })).toEqual([dear, fair]);
    expect([await ask({ currency: 'USD', maxAmountMinor: '900' }), await ask({ currency: 'EUR' }), await ask({ currency: 'CNY', minAmountMinor: '900', maxAmountMinor: '100' })]).toEqual([[dollars], [], []]);
    made(await seller.patch(`/listings/${cheap}`, price(99_900)));
    expect(await ask({ currency: 'CNY', sort: 'price-up' })).toEqual([fair, dear, cheap]);
    expect((await search({ q: t, facets: 'true' })).facets).toMatchObject({ counted: 4, currencies: { CNY: 3, USD: 1 }, kinds: { licence: 4 }, categories: { literary: 4 } });
  });

  test('as long as it is open; one\'s own always. What is stale is said to be, or left out', async () => {
    const t = tag();
    const work = await market.rights.deposit(seller, { title: t });
    const soon = await market.listed(seller, work, { opensAt: new Date(Date.now() + 3_600_000).toISOString() });
    const back = await market.listed(seller, work);
    made(await seller.post(`/listings/${back}/withdrawal`, {}));
    const over = await market.listed(seller, work, { closesAt: new Date(Date.now() + 86_400_000).toISOString() });
    await market.rights.pretend(`UPDATE listing SET opens_at = now() - interval '2 s', closes_at = now() - interval '1 s' WHERE closes_at IS NOT NULL AND work_id = (SELECT work_id FROM work WHERE title = '${t}')`);
    const [open, exclusive] = [await market.listed(seller, work), await market.listed(seller, work, { kind: 'exclusive-licence' })];
    expect([await numbers({ q: t }), await numbers({ q: t, seller: 'me' }, seller), await numbers({ q: t, seller: 'me' }, buyer)]).toEqual([[exclusive, open], [exclusive, open, over, back, soon], []]);
    await market.rights.license(seller, work, buyer);
    expect((await search({ q: t })).items.map(({ state }) => state)).toEqual(['stale', 'open']);
    for (const sort of ['newest', 'relevance', 'price-up']) {
      expect([sort, await numbers({ q: t, sort, currency: 'CNY', stale: 'exclude' }), (await search({ q: t, sort, currency: 'CNY', stale: 'exclude', facets: 'true' })).facets]).toEqual([sort, [open], expect.objectContaining({ counted: 1, complete: true, kinds: { licence: 1 } })]);
    }
    expect(await numbers({ q: t, seller: 'me', stale: 'exclude' }, seller)).toEqual([open, over, back, soon]);
  });
});

describe('what is for some only', () => {
  test('is found and counted by them and the seller, whatever is asked; by nobody else', async () => {
    const t = tag();
    const [shown, hidden] = [await market.rights.deposit(seller, { title: `${t} 公开` }), await market.rights.deposit(seller, { title: `${t} 绝密`, visibility: 'confidential', category: 'music' })];
    const everyone = await market.listed(seller, shown);
    const reserved = await market.listed(seller, shown, { ...price(5, 'USD'), kind: 'exclusive-licence', audience: [buyer.accountId] });
    const secret = await market.listed(seller, hidden, { ...price(7), audience: [buyer.accountId] });
    const queries: Query[] = [
      { q: t }, { q: t, sort: 'relevance' }, { q: t, currency: 'CNY', sort: 'price-up' }, { seller: seller.accountId }, { seller: seller.accountId, category: 'music' }, { work: hidden }, { work: shown, kind: 'exclusive-licence' }, { q: '绝密' },
      { currency: 'USD', maxAmountMinor: '5' }, { right: 'network-dissemination', territory: 'CN' }, { stale: 'exclude' }, { exclusive: 'true' },
    ];
    for (const query of queries) {
      const [theirs, plain] = [await search({ ...query, limit: '100', facets: 'true' }, buyer), await search({ ...query, limit: '100', facets: 'true' })];
      const only = theirs.items.map(({ number }) => number).filter((number) => !plain.items.some((item) => item.number === number));
      expect([query, only.length > 0, only.every((number) => number === reserved || number === secret)]).toEqual([query, true, true]);
      expect([query, theirs.facets?.counted]).toEqual([query, (plain.facets?.counted ?? 0) + only.length]);
      for (const who of [other, stranger]) expect([query, await search({ ...query, limit: '100', facets: 'true' }, who)]).toEqual([query, plain]);
      expect([query, (await search({ ...query, limit: '100', facets: 'true' }, seller)).facets]).toEqual([query, theirs.facets]);
    }
    expect([await numbers({ q: t }, buyer), await numbers({ q: `${t} 绝密` }, buyer), await numbers({ q: t })]).toEqual([[secret, reserved, everyone], [secret], [everyone]]);
    expect((await search({ q: t, facets: 'true' }, buyer)).facets).toEqual({ counted: 3, complete: true, categories: { literary: 2, music: 1 }, kinds: { licence: 2, 'exclusive-licence': 1 }, currencies: { CNY: 2, USD: 1 } });
    for (const sort of ['newest', 'relevance', 'price-up']) expect([sort, await walk({ q: t, currency: 'CNY', sort, limit: '1' }, buyer)]).toEqual([sort, await numbers({ q: t, currency: 'CNY', sort }, buyer)]);
    // A stranger has no listings of their own.
    expect(outcomeOf(await stranger.get('/listings?seller=me'))).toBe('401 HTTP.UNAUTHENTICATED');
  });
});

describe('in which order', () => {
  test('the page after the last begins where it ended: none twice, none missing, also of one moment and of one price', async () => {
    const t = tag();
    const work = await market.rights.deposit(seller, { title: t });
    const all: string[] = [];
    for (let i = 0; i < 11; i++) all.push(await market.listed(seller, work, { ...price(100 + (i % 3)), ...(i % 4 === 1 ? { audience: [buyer.accountId] } : {}) }));
    // Some of one microsecond, the others within one millisecond.
    await market.rights.pretend(`UPDATE listing l SET published_at = timestamptz '2026-01-01 00:00:00.123Z' + (n / 3) * interval '1 microsecond' FROM (SELECT listing_id, row_number() OVER (ORDER BY listing_id) AS n FROM listing JOIN work USING (work_id) WHERE title = '${t}') o WHERE l.listing_id = o.listing_id`);
    for (const sort of ['newest', 'price-up', 'price-down', 'relevance']) {
      for (const [who, count] of [[buyer, 11], [stranger, 8]] as const) {
        const whole = await numbers({ q: t, sort, currency: 'CNY', limit: '100' }, who);
        expect([sort, new Set(whole).size]).toEqual([sort, count]);
        for (const limit of ['1', '2', '3']) expect([sort, limit, await walk({ q: t, sort, currency: 'CNY', limit }, who)]).toEqual([sort, limit, whole]);
      }
    }
    expect((await search({ q: t, sort: 'price-down', currency: 'CNY' }, buyer)).items.map((item) => item.price.amountMinor)).toEqual([...Array(3).fill('102'), ...Array(4).fill('101'), ...Array(4).fill('100')]);
  });

  test('by relevance: the title before the names, the shorter title before the longer', async () => {
    const t = tag();
    const form = (title: string, name = '林舟'): Record<string, unknown> => ({ title, authors: [{ name, signedAs: 'real-name' }] });
    const [exact, long, named] = [await offer(form(t)), await offer(form(`${t} with many other words beside it`)), await offer(form('Untitled', t))];
    expect([await numbers({ q: t, sort: 'relevance' }), await numbers({ q: t })]).toEqual([[exact, long, named], [named, long, exact]]);
  });

  test('random listings and searches: what a plain look through all of them finds', async () => {
    const t = tag();
    interface Model { number: string; title: string; category: string; kind: string; currency: string; amount: number; isFor: Client | null }
    const all: Model[] = [];
    const deep = process.env['DEEP'] === '1';
    for (let i = 0; i < (deep ? 200 : 24); i++) {
      const [title, category] = [`${t} ${one(['珠江', '江夜', '夜航'])} ${one(['boat', 'boats', 'ship'])}`, one(['literary', 'music'])];
      const work = await market.rights.deposit(seller, { title, category });
      const [kind, currency, amount, isFor] = [one(['licence', 'exclusive-licence']), one(['CNY', 'USD']), 100 + Math.floor(random() * 5), one([null, null, buyer, other])];
      all.unshift({ title, category, kind, currency, amount, isFor, number: await market.listed(seller, work, { kind, ...price(amount, currency), ...(isFor === null ? {} : { audience: [isFor.accountId] }) }) });
    }
    for (let i = 0; i < (deep ? 500 : 40); i++) {
      const who = one([stranger, buyer, other, seller]);
      const [word, category, kind, currency, max, sort] = [one(['夜', '江', 'boat', '']), one(['literary', 'music', '']), one(['licence', 'exclusive-licence', '']), one(['CNY', 'USD']), 100 + Math.floor(random() * 5), one(['newest', 'price-up', 'price-down'] as const)];
      const hits = all.filter((it) => (it.isFor === null || it.isFor === who || who === seller) && it.title.includes(word) && [it.category, ''].includes(category) && [it.kind, ''].includes(kind) && it.currency === currency && it.amount <= max);
      const query = { q: `${t} ${word}`, ...(category === '' ? {} : { category }), ...(kind === '' ? {} : { kind }), currency, maxAmountMinor: String(max), sort };
      const { items, facets } = await search({ ...query, limit: '100', facets: 'true' }, who);
      expect([query, items.map(({ number }) => number).toSorted()]).toEqual([query, hits.map(({ number }) => number).slice(0, 100).toSorted()]);
      const amounts = items.map((item) => Number(item.price.amountMinor));
      if (sort === 'newest') expect(items.map(({ number }) => number)).toEqual(hits.slice(0, 100).map(({ number }) => number));
      else expect(amounts).toEqual(amounts.toSorted((a, b) => (sort === 'price-up' ? a - b : b - a)));
      expect([facets?.counted, Object.values(facets?.kinds ?? {}).reduce((sum, n) => sum + n, 0)]).toEqual([hits.length, hits.length]);
      expect([query, await walk({ ...query, limit: '7' }, who)]).toEqual([query, items.map(({ number }) => number)]);
    }
  }, 300_000);
});

test('when there are more than are counted, as many as are counted, and that there are more', async () => {
  const t = tag();
  const work = await market.rights.deposit(seller, { title: t });
  for (const [amount, currency] of [[1, 'EUR'], [2, 'USD'], [3, 'CNY'], [4, 'CNY']] as const) await market.listed(seller, work, price(amount, currency));
  const { app, config } = market.rights.service;
  const counted = async (most: number, query: Query): Promise<unknown> => {
    const small = new SearchListings(app.get(SearchGate, { strict: false }), app.get(ReadListing, { strict: false }), config, { counted: most, examined: most });
    return (await small.execute(listingsQuery.parse({ q: t, facets: 'true', limit: '1', ...query }), null)).facets;
  };
  for (const query of [{}, { stale: 'exclude' }] as Query[]) {
    for (const [most, complete, currencies] of [[4, true, { CNY: 2, USD: 1, EUR: 1 }], [3, false, { CNY: 2, USD: 1 }], [1, false, { CNY: 1 }]] as const) {
      expect([query, await counted(most, query)]).toEqual([query, { counted: most, complete, categories: { literary: most }, kinds: { licence: most }, currencies }]);
    }
  }
  expect(await counted(3, { currency: 'CNY' })).toMatchObject({ counted: 2, complete: true });
});

test('what is no search is refused, and what is odd finds nothing', async () => {
  const at = '2026-01-01T00:00:00.000000Z';
  const refused: Query[] = [
    { q: '!!' }, { q: 'a\u0000b' }, { q: 'x'.repeat(201) }, { sort: 'relevance' }, { sort: 'price-up' }, { sort: 'price' }, { minAmountMinor: '1' }, { currency: 'CNY', minAmountMinor: '-1' }, { currency: 'CNY', maxAmountMinor: '1.5' }, { currency: 'CNY', maxAmountMinor: '1e3' },
    { currency: 'CNY', maxAmountMinor: '9'.repeat(79) }, { currency: 'cny' }, { currency: "CNY' OR 1=1" }, { currency: 'erc20:1:0xZZ' }, { kind: 'auction' }, { pricing: 'free' }, { right: '__proto__' }, { territory: 'constructor' }, { use: '7' }, { exclusive: '1' }, { stale: 'only' },
    { category: 'all' }, { seller: 'you' }, { seller: '%' }, { work: 'ZB-1' }, { limit: '0' }, { limit: '1000' }, { order: 'x' }, { cursor: 'x'.repeat(1_001) },
  ];
  for (const query of refused) expect([query, (await stranger.get(`/listings?${new URLSearchParams(query).toString()}`)).status]).toEqual([query, 400]);
  const cursors: [Query, unknown][] = [
    [{}, null], [{}, []], [{}, ['x', '1']], [{}, ['0000-01-01T00:00:00.000000Z', '1']], [{}, [at, '-1']], [{}, [at, '9'.repeat(19)]], [{}, [`2026-01-01T00:00:00.${'0'.repeat(200)}Z`, '1']], [{}, ['100', '1']], [{}, [at, '1', '1']],
    [{ currency: 'CNY', sort: 'price-up' }, [at, '1']], [{ currency: 'CNY', sort: 'price-up' }, ['NaN', '1']], [{ currency: 'CNY', sort: 'price-down' }, ['-1', '1']], [{ q: 'a', sort: 'relevance' }, [at, '1']], [{ q: 'a', sort: 'relevance' }, ['NaN', at, '1']], [{ q: 'a', sort: 'relevance' }, [2, at, '1']],
  ];
  for (const [query, position] of cursors) {
    expect([query, position, outcomeOf(await stranger.get(`/listings?${new URLSearchParams({ ...query, cursor: encodeCursor(position) }).toString()}`))]).toEqual([query, position, '400 HTTP.INVALID_CURSOR']);
  }
  const odd: Query[] = [{ q: '龘龘龘' }, { q: "'); DROP TABLE listing; --" }, { q: ':* & ! |' + tag() }, { q: `${tag()} <-> a:*` }, { seller: '00000000-0000-4000-8000-000000000000' }, { currency: 'ETH', minAmountMinor: String((1n << 256n) - 1n) }, { currency: 'CNY', sort: 'price-up', cursor: encodeCursor(['9'.repeat(78), '1']) }];
  for (const query of odd) expect([query, (await search({ ...query, facets: 'true' })).items]).toEqual([query, []]);
});

describe('a seller\'s page', () => {
  test('says what everyone may know: name, since when, how many works and open listings', async () => {
    const [maker, hider, watcher] = (await market.join('Maker', 'Hider', 'Watcher')) as [Client, Client, Client];
    const [work, gone] = [await market.rights.deposit(maker), await market.rights.deposit(maker)];
    made(await maker.post(`/works/${gone}/withdrawal`, { reason: 'mistake' }));
    const hidden = await market.rights.deposit(maker, { visibility: 'confidential' });
    const back = await market.listed(maker, work);
    await market.listed(maker, work);
    made(await maker.post(`/listings/${back}/withdrawal`, {}));
    for (const listed of [work, hidden]) await market.listed(maker, listed, { audience: [buyer.accountId] });
    const page = made(await stranger.get(`/sellers/${maker.accountId.toUpperCase()}`));
    expect(page).toEqual({
      account: maker.accountId, name: 'Maker', since: expect.stringMatching(/^\d{4}-.*Z$/), works: { count: 1, complete: true }, listings: { count: 1, complete: true },
      links: { self: `/api/v1/sellers/${maker.accountId}`, works: `/api/v1/works?account=${maker.accountId}`, listings: `/api/v1/listings?seller=${maker.accountId}` },
    });
    for (const who of [buyer, maker]) expect(made(await who.get(`/sellers/${maker.accountId}`))).toEqual(page);
    expect((await numbers({ seller: maker.accountId })).length).toBe(1);
    // Whoever shows nothing to everyone has no page, though they deal with some.
    const secret = await market.rights.deposit(hider, { visibility: 'confidential' });
    await market.listed(hider, secret, { audience: [buyer.accountId] });
    for (const who of [hider, watcher]) expect(outcomeOf(await buyer.get(`/sellers/${who.accountId}`))).toBe('404 TRADING.SELLER_NOT_FOUND');
    expect([outcomeOf(await stranger.get('/sellers/00000000-0000-4000-8000-000000000000')), (await stranger.get('/sellers/me')).status]).toEqual(['404 TRADING.SELLER_NOT_FOUND', 400]);
  });
});
