import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { blobPath } from '../../../src/platform/blobs/index.js';
import type { Client } from '../../support/http-client.js';
import { declaredContent } from '../../support/work-forms.js';
import { joinWithScopes } from '../works/support.js';
import { buy, depositFile, fetchLink, type Held, linkTo } from './delivery-client.js';
import { Market, made, outcomeOf, SCOPE } from './trading-client.js';

const SLICE = { ...SCOPE, rights: ['filming'], uses: ['film'], term: { from: '2021-01-01', to: null } };
const ABSENT = `/api/v1/deliveries/${'A'.repeat(43)}`;

let market: Market;
let seller: Client;
let buyer: Client;
let other: Client;
let held: Held;
beforeAll(async () => {
  market = await Market.start();
  [seller, buyer, other] = (await market.join('seller', 'buyer', 'other')) as [Client, Client, Client];
}, 120_000);
afterAll(() => market.stop());
beforeEach(async () => {
  held = await depositFile(seller);
});
afterEach(() => market.audit());

const ask = (who: Client, order: string, sha256 = held.sha256) => who.post(`/orders/${order}/deliveries`, { sha256 });
const log = async (who: Client, order: string) => made(await who.get(`/orders/${order}/deliveries?limit=100`))['items'] as Record<string, unknown>[];
const problemOf = ({ status, code, headers }: Awaited<ReturnType<typeof fetchLink>>) => [status, code, headers.get('content-type'), headers.get('etag')];

test('the buyer gets the original by a link, without signing in; each start is on record for buyer and seller', async () => {
  const { number } = await buy(market, buyer, seller, held.work);
  expect(made(await buyer.get(`/orders/${number}/contents`))['items']).toEqual([{ name: '夜航.bin', mediaType: 'application/x-manuscript', byteLength: 100_000, sha256: held.sha256, deposit: 'held' }]);
  const answer = made(await ask(buyer, number));
  expect([answer['order'], answer['file'], Math.round((Date.parse(String(answer['expiresAt'])) - Date.now()) / 60_000)]).toEqual([number, expect.objectContaining({ sha256: held.sha256 }), 15]);
  const { file } = answer['links'] as { file: string };
  expect(await log(seller, number)).toEqual([]);
  const { status, headers, bytes } = await fetchLink(market, file);
  expect([status, bytes.equals(held.bytes)]).toEqual([200, true]);
  expect(Object.fromEntries(['content-type', 'content-length', 'content-disposition', 'x-content-type-options', 'cache-control', 'accept-ranges', 'referrer-policy'].map((name) => [name, headers.get(name)]))).toEqual({
    'content-type': 'application/octet-stream', 'content-length': '100000', 'content-disposition': `attachment; filename="${held.work}-0"`, 'x-content-type-options': 'nosniff', 'cache-control': 'private, no-store', 'accept-ranges': 'bytes', 'referrer-policy': 'no-referrer',
  });
  const expected = [{ at: expect.stringMatching(/Z$/), account: buyer.accountId, sha256: held.sha256, firstByte: 0, byteLength: 100_000 }];
  expect([await log(buyer, number), await log(seller, number)]).toEqual([expected, expected]);
  // What is stored opens nothing, and says nothing of who used it.
  const stored = JSON.stringify(await market.rights.query('SELECT l.*, d.* FROM delivery_link l JOIN delivery d USING (token_hash)'));
  expect([stored.includes(file.slice(-43)), stored.includes('127.0.0.1')]).toEqual([false, false]);
});

test('works again until its time is over, in parts and from where it broke off', async () => {
  const { number } = await buy(market, buyer, seller, held.work);
  const link = await linkTo(buyer, number, held.sha256);
  const part = async (range: string, more: Record<string, string> = {}) => {
    const { status, headers, bytes } = await fetchLink(market, link, { range, ...more });
    return { status, range: headers.get('content-range'), bytes };
  };
  expect(await part('bytes=10-19')).toEqual({ status: 206, range: 'bytes 10-19/100000', bytes: held.bytes.subarray(10, 20) });
  expect(await part('bytes=99990-')).toEqual({ status: 206, range: 'bytes 99990-99999/100000', bytes: held.bytes.subarray(99_990) });
  expect(await part('bytes=-5')).toEqual({ status: 206, range: 'bytes 99995-99999/100000', bytes: held.bytes.subarray(99_995) });
  expect(await part('bytes=0-999999')).toEqual({ status: 206, range: 'bytes 0-99999/100000', bytes: held.bytes });
  expect(await part('bytes=50-', { 'if-range': `"${held.sha256}"` })).toMatchObject({ status: 206, range: 'bytes 50-99999/100000' });
  expect(await part('bytes=50-', { 'if-range': '"another"' })).toMatchObject({ status: 200, range: null });
  for (const range of ['bytes=5-4', 'bytes=a-b', 'lines=1-2', 'bytes=0-1,5-6']) expect(await part(range)).toMatchObject({ status: 200, range: null });
  const had = (await log(buyer, number)).length;
  const beyond = await fetchLink(market, link, { range: 'bytes=100000-' });
  expect([beyond.status, beyond.code, beyond.headers.get('content-range')]).toEqual([416, 'HTTP.RANGE_NOT_SATISFIABLE', 'bytes */100000']);
  const head = await fetchLink(market, link, { method: 'HEAD' });
  expect([head.status, head.headers.get('content-length'), head.bytes.length]).toEqual([200, '100000', 0]);
  // Neither fetched anything.
  expect([had, (await log(buyer, number)).length]).toEqual([10, 10]);
  expect((await log(buyer, number)).slice(-2)).toMatchObject([{ firstByte: 99_990, byteLength: 10 }, { firstByte: 10, byteLength: 10 }]);
});

test('an empty file is delivered too, whole, on record; it has no parts', async () => {
  const empty = await depositFile(seller, { bytes: Buffer.alloc(0), beside: [randomBytes(10)] });
  const { number } = await buy(market, buyer, seller, empty.work);
  const link = await linkTo(buyer, number, empty.sha256);
  const [whole, part, head] = [await fetchLink(market, link), await fetchLink(market, link, { range: 'bytes=0-' }), await fetchLink(market, link, { method: 'HEAD' })];
  expect([whole.status, whole.headers.get('content-length'), whole.bytes.length, part.code, part.headers.get('content-range'), head.status, head.headers.get('content-length')]).toEqual([200, '0', 0, 'HTTP.RANGE_NOT_SATISFIABLE', 'bytes */0', 200, '0']);
  expect(await log(seller, number)).toMatchObject([{ sha256: empty.sha256, firstByte: 0, byteLength: 0 }]);
});

test('many at once fetch it in parts: all of them whole, each on record', async () => {
  const { number } = await buy(market, buyer, seller, held.work);
  const links = await Promise.all([1, 2, 3].map(() => linkTo(buyer, number, held.sha256)));
  expect(new Set(links).size).toBe(3);
  const parts = await Promise.all(Array.from({ length: 30 }, (_, i) => fetchLink(market, links[i % 3] as string, { range: `bytes=${Math.floor(i / 3) * 10_000}-${Math.floor(i / 3) * 10_000 + 9_999}` })));
  for (let link = 0; link < 3; link++) expect(Buffer.concat(parts.filter((_, i) => i % 3 === link).map(({ bytes }) => bytes)).equals(held.bytes)).toBe(true);
  expect((await log(seller, number)).length).toBe(30);
  const page = made(await seller.get(`/orders/${number}/deliveries?limit=29`));
  expect((made(await seller.get(`/orders/${number}/deliveries?cursor=${String(page['nextCursor'])}`))['items'] as unknown[]).length).toBe(1);
});

test('a guess, a link whose time is over and one of what has ended are answered alike', async () => {
  const { number, licence } = await buy(market, buyer, seller, held.work);
  const [expired, ended] = [await linkTo(buyer, number, held.sha256), await linkTo(buyer, number, held.sha256)];
  await market.rights.pretend(`UPDATE delivery_link SET made_at = now() - interval '1 hour', expires_at = now() - interval '1 second' WHERE made_at = (SELECT min(made_at) FROM delivery_link WHERE order_id = (SELECT max(order_id) FROM delivery_link WHERE sha256 = decode('${held.sha256}', 'hex')))`);
  const absent = await fetchLink(market, ABSENT);
  expect(problemOf(absent)).toEqual([404, 'TRADING.DELIVERY_NOT_FOUND', 'application/problem+json; charset=utf-8', null]);
  expect(problemOf(await fetchLink(market, expired))).toEqual(problemOf(absent));
  expect((await fetchLink(market, ended)).status).toBe(200);
  await market.rights.end(seller, buyer, licence);
  expect(problemOf(await fetchLink(market, ended))).toEqual(problemOf(absent));
  expect(outcomeOf(await ask(buyer, number))).toBe('403 TRADING.NOT_ENTITLED');
  const said = async (link: string) => ({ ...(JSON.parse((await fetchLink(market, link)).bytes.toString('utf8')) as object), requestId: null });
  expect([await said(expired), await said(ended)]).toEqual([await said(ABSENT), await said(ABSENT)]);
  for (const guess of [`${ended.slice(0, -1)}${ended.endsWith('A') ? 'E' : 'A'}`, '/api/v1/deliveries/short', `/api/v1/deliveries/${'%00'.repeat(10)}`, `/api/v1/deliveries/${held.sha256}`]) expect([guess, (await fetchLink(market, guess)).status]).toEqual([guess, 404]);
  expect((await log(buyer, number)).length).toBe(1);
});

test('only the buyer of a settled order gets a link, and only to what the service holds of its work', async () => {
  const declared = declaredContent();
  const unheld = await buy(market, buyer, seller, await market.rights.deposit(seller, { contents: [declared] }));
  const { number } = await buy(market, buyer, seller, held.work);
  const elsewhere = await depositFile(seller);
  expect(await Promise.all([ask(seller, number), ask(other, number), ask(buyer, number, elsewhere.sha256), ask(buyer, number, 'f'.repeat(64)), ask(buyer, unheld.number, declared.sha256), ask(buyer, number, '../secret')]).then((answers) => answers.map(outcomeOf))).toEqual([
    '403 TRADING.NOT_BUYER', '404 TRADING.ORDER_NOT_FOUND', '422 TRADING.FILE_NOT_HELD', '422 TRADING.FILE_NOT_HELD', '422 TRADING.FILE_NOT_HELD', '400 HTTP.INVALID_BODY']);
  expect(made(await buyer.get(`/orders/${unheld.number}/contents`))['items']).toMatchObject([{ sha256: declared.sha256, deposit: 'declared' }]);
  expect([outcomeOf(await seller.get(`/orders/${number}/contents`)), outcomeOf(await other.get(`/orders/${number}/deliveries`))]).toEqual(['403 TRADING.NOT_BUYER', '404 TRADING.ORDER_NOT_FOUND']);
  // A link was not even made.
  expect((await market.rights.query('SELECT 1 FROM delivery_link WHERE sha256 <> decode($1, \'hex\') AND account_id <> $2', [held.sha256, buyer.accountId])).length).toBe(0);
});

test('a co-owner who is paid sees neither deliveries nor files', async () => {
  const [partner] = (await market.join('partner')) as [Client];
  const { work } = await depositFile(seller, { form: { ownership: 'joint', owners: [seller, partner].map(({ accountId }, i) => ({ name: `owner ${i}`, kind: 'person', account: accountId, shareBps: 5_000 })) } });
  const { number } = await buy(market, buyer, seller, work);
  expect([(await partner.get(`/orders/${number}`)).status, outcomeOf(await partner.get(`/orders/${number}/deliveries`)), outcomeOf(await partner.get(`/orders/${number}/contents`))]).toEqual([200, '403 TRADING.NOT_PARTY', '403 TRADING.NOT_BUYER']);
});

test('an API key needs the scopes of reading works and money', async () => {
  const few = await joinWithScopes(market.rights.service, ['money:read']);
  expect([outcomeOf(await ask(few, 'OR-0000-0000-0001-Y')), outcomeOf(await few.get('/orders/OR-0000-0000-0001-Y/contents'))]).toEqual(['403 HTTP.SCOPE_MISSING', '403 HTTP.SCOPE_MISSING']);
});

test('of a slice: from when it is the buyer’s, until they assign it on; what was paid back delivers nothing', async () => {
  const kept = await buy(market, buyer, seller, held.work, { kind: 'assignment', scope: SLICE });
  expect(outcomeOf(await ask(buyer, kept.number))).toBe('409 TRADING.NOT_IN_THIS_STATE');
  made(await buyer.post(`/orders/${kept.number}/confirmation`, {}));
  const link = await linkTo(buyer, kept.number, held.sha256);
  expect((await fetchLink(market, link)).bytes.equals(held.bytes)).toBe(true);
  made(await buyer.post(`/works/${held.work}/assignments`, { scope: SLICE, to: [{ account: other.accountId, shareBps: 10_000 }] }));
  expect([(await fetchLink(market, link)).status, outcomeOf(await ask(buyer, kept.number)), outcomeOf(await ask(other, kept.number))]).toEqual([404, '403 TRADING.NOT_ENTITLED', '404 TRADING.ORDER_NOT_FOUND']);

  const back = await depositFile(seller);
  const returned = await buy(market, buyer, seller, back.work, { kind: 'assignment', scope: SLICE });
  made(await seller.post(`/orders/${returned.number}/refund`, {}));
  expect([outcomeOf(await ask(buyer, returned.number, back.sha256)), outcomeOf(await buyer.get(`/orders/${returned.number}/contents`))]).toEqual(['409 TRADING.NOT_IN_THIS_STATE', '409 TRADING.NOT_IN_THIS_STATE']);
});

test('of a confidential work the buyer learns what files there are, and gets them; the work stays unknown to others', async () => {
  const secret = await depositFile(seller, { form: { visibility: 'confidential' } });
  const { number } = await buy(market, buyer, seller, secret.work, { audience: [buyer.accountId] });
  expect(made(await buyer.get(`/orders/${number}/contents`))['items']).toEqual([{ name: '夜航.bin', mediaType: 'application/x-manuscript', byteLength: 100_000, sha256: secret.sha256, deposit: 'held' }]);
  expect((await fetchLink(market, await linkTo(buyer, number, secret.sha256))).bytes.equals(secret.bytes)).toBe(true);
  expect((await other.get(`/works/${secret.work}`)).status).toBe(404);
});

test('a large file streams; one that is gone from the disk fails, on record and without a byte', async () => {
  const large = await depositFile(seller, { bytes: randomBytes(5_000_000) });
  const { number } = await buy(market, buyer, seller, large.work);
  const link = await linkTo(buyer, number, large.sha256);
  expect((await fetchLink(market, link)).bytes.equals(large.bytes)).toBe(true);
  await rm(blobPath(market.rights.service.config.dataDir, large.sha256));
  const gone = await fetchLink(market, link);
  expect([gone.status, gone.code]).toEqual([500, 'INTERNAL']);
  expect((await log(seller, number)).length).toBe(2);
});

describe('the database', () => {
  test('keeps links and deliveries as they are, for every role', async () => {
    const { number } = await buy(market, buyer, seller, held.work);
    await fetchLink(market, await linkTo(buyer, number, held.sha256));
    for (const sql of ['UPDATE delivery SET first_byte = 1', 'DELETE FROM delivery', 'TRUNCATE delivery', `UPDATE delivery_link SET expires_at = now() + interval '1 year'`, 'DELETE FROM delivery_link', 'TRUNCATE delivery_link CASCADE']) {
      await expect(market.rights.query(sql)).rejects.toMatchObject({ code: expect.stringMatching(/^ZB/) });
    }
  });

  test('starts no delivery by a link whose time is over, and makes none for longer than a day', async () => {
    const { number } = await buy(market, buyer, seller, held.work);
    await linkTo(buyer, number, held.sha256);
    await market.rights.pretend(`UPDATE delivery_link SET made_at = now() - interval '1 hour', expires_at = now() - interval '1 second' WHERE sha256 = decode('${held.sha256}', 'hex')`);
    await expect(market.rights.query(`INSERT INTO delivery (order_id, token_hash, first_byte, byte_length) SELECT order_id, token_hash, 0, 1 FROM delivery_link WHERE sha256 = decode($1, 'hex')`, [held.sha256])).rejects.toMatchObject({ code: 'ZB096' });
    await expect(market.rights.query(`INSERT INTO delivery_link (token_hash, order_id, account_id, sha256, expires_at) SELECT sha256('x'), order_id, account_id, sha256, now() + interval '25 hours' FROM delivery_link LIMIT 1`)).rejects.toMatchObject({ code: '23514' });
  });
});
