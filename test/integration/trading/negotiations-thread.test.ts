import { BlobStore } from '../../../src/platform/blobs/index.js';
import type { Answer, Client } from '../../support/http-client.js';
import { pictureOf } from '../../support/pictures.js';
import { Bazaar } from './negotiations-client.js';
import { made } from './trading-client.js';

let bazaar: Bazaar;
let seller: Client;
let buyer: Client;
let stranger: Client;
let number: string;
let listing: string;
beforeAll(async () => {
  bazaar = await Bazaar.start();
  [seller, buyer, stranger] = (await bazaar.market.join('seller', 'buyer', 'stranger')) as [Client, Client, Client];
  await bazaar.market.fund(buyer, 100_000n);
}, 120_000);
afterAll(() => bazaar?.stop());
beforeEach(async () => {
  listing = await bazaar.listed(seller, await bazaar.market.rights.deposit(seller));
  number = await bazaar.opened(buyer, listing, 10, { message: '你好' });
});

const say = (who: Client, text: string, headers: Record<string, string> = {}): Promise<Answer> => who.post(`/negotiations/${number}/messages`, { text }, headers);
const thread = async (who: Client, query = ''): Promise<{ items: Record<string, unknown>[]; nextCursor: string | null }> => made(await who.get(`/negotiations/${number}/thread${query}`)) as never;
const codeOf = ({ status, body }: Answer): string => `${status} ${String(body['code'])}`;

function attach(who: Client, bytes: string | Uint8Array, name = '合同草案.txt', headers: Record<string, string> = {}, part = 'file'): Promise<Answer> {
  const form = new FormData();
  form.append(part, new Blob([bytes as never], { type: 'text/html' }), name);
  return who.post(`/negotiations/${number}/documents`, form, headers);
}

async function download(who: Client, position: unknown, of = number): Promise<Response> {
  return fetch(`${bazaar.market.rights.service.url}/api/v1/negotiations/${of}/documents/${String(position)}`, { headers: { authorization: `Bearer ${who.apiKey}` } });
}

test('both parties write, each message once, and read page by page, the newest first', async () => {
  const key = { 'idempotency-key': `say-${number}` };
  const [first, again] = [await say(seller, '第一\n第二', key), await say(seller, '第一\n第二', key)];
  expect([first.status, again.body]).toEqual([201, first.body]);
  for (let i = 0; i < 5; i++) made(await say(i % 2 === 0 ? buyer : seller, `message ${i}`));
  const texts: unknown[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const page: Awaited<ReturnType<typeof thread>> = await thread(seller, `?limit=3${cursor === '' ? '' : `&cursor=${cursor}`}`);
    texts.push(...page.items.map(({ text, by }) => `${String(by)} ${String(text)}`));
    cursor = page.nextCursor;
  }
  expect(texts).toEqual(['buyer message 4', 'seller message 3', 'buyer message 2', 'seller message 1', 'buyer message 0', 'seller 第一\n第二', 'buyer 你好']);
  for (const text of ['', ' ', 'a\u0000b', 'x\u202ey', 'x'.repeat(4_001)]) expect((await say(buyer, text)).status).toBe(400);
  expect((await buyer.get(`/negotiations/${number}/thread?cursor=bogus`)).status).toBe(400);
});

test('a document is kept as it was sent, and goes to the two parties as a file that nothing renders', async () => {
  const picture = await pictureOf('jpeg');
  const sent: [string, string | Uint8Array, string][] = [['draft "1" (v2)\'.txt', '第一条\r\n', 'text/plain'], ['合同.pdf', '%PDF-1.7\n<script>', 'application/pdf'], ['照片.bin', picture, 'image/jpeg']];
  for (const [name, bytes, mediaType] of sent) {
    const { id } = made(await attach(buyer, bytes, name));
    const [entry] = (await thread(seller)).items;
    expect(entry).toMatchObject({ id, by: 'buyer', text: null, document: { name, mediaType, byteLength: Buffer.from(bytes as never).length } });
    for (const who of [buyer, seller]) {
      const response = await download(who, id);
      expect(Object.fromEntries(['content-type', 'x-content-type-options', 'cache-control'].map((header) => [header, response.headers.get(header)]))).toEqual({ 'content-type': 'application/octet-stream', 'x-content-type-options': 'nosniff', 'cache-control': 'private, no-store' });
      const disposition = response.headers.get('content-disposition') ?? '';
      expect([disposition.startsWith('attachment; '), decodeURIComponent(/filename\*=UTF-8''([\w%.~!#$&+^`|-]+)$/.exec(disposition)?.[1] ?? '')]).toEqual([true, name]);
      expect(Buffer.from(await response.arrayBuffer()).equals(Buffer.from(bytes as never))).toBe(true);
    }
    expect((await download(stranger, id)).status).toBe(404);
  }
  // A sweep two days later takes nothing of it.
  await bazaar.market.rights.query(`UPDATE blob SET touched_at = now() - interval '2 days'`);
  await bazaar.market.rights.service.app.get(BlobStore).sweep();
  expect((await download(seller, 2)).status).toBe(200);
});

test('what is no document is refused, and nothing of it is left', async () => {
  const blobs = async (): Promise<unknown[]> => bazaar.market.rights.query('SELECT 1 FROM blob');
  const before = (await blobs()).length;
  const refused: [string, Promise<Answer>][] = [
    ['415 TRADING.DOCUMENT_TYPE', attach(buyer, 'MZ\u0000\u0001')], ['415 TRADING.DOCUMENT_TYPE', attach(buyer, new Uint8Array([0xc3, 0x28, 0x61]))], ['415 TRADING.DOCUMENT_TYPE', attach(buyer, new Uint8Array([0x61, 0xe4, 0xb8]))],
    ['400 TRADING.DOCUMENT_INVALID', attach(buyer, '')], ['400 TRADING.DOCUMENT_INVALID', attach(buyer, 'x', '../../etc/passwd')], ['400 TRADING.DOCUMENT_INVALID', attach(buyer, 'x', 'a.txt', {}, 'other')],
    ['400 TRADING.DOCUMENT_INVALID', buyer.post(`/negotiations/${number}/documents`, new FormData())], ['400 TRADING.DOCUMENT_INVALID', buyer.post(`/negotiations/${number}/documents`, {})],
    ['413 TRADING.DOCUMENT_TOO_LARGE', attach(buyer, new Uint8Array(20 * 1024 * 1024 + 1).fill(97))], ['404 TRADING.NEGOTIATION_NOT_FOUND', attach(stranger, 'x')],
  ];
  for (const [expected, answer] of refused) expect([expected, codeOf(await answer)]).toEqual([expected, expected]);
  expect([(await blobs()).length, (await thread(buyer)).items.length]).toEqual([before, 1]);
  expect((await attach(buyer, new Uint8Array(20 * 1024 * 1024).fill(97), 'largest.txt')).status).toBe(201);
  for (const position of ['1', '99', '0', 'x', '-1', '99999999']) expect((await download(buyer, position)).status).toBe(404);
});

test('a document is sent once, and none after the end', async () => {
  const key = { 'idempotency-key': `doc-${number}` };
  const [first, again] = [await attach(seller, 'terms', 'a.txt', key), await attach(seller, 'terms', 'a.txt', key)];
  expect([first.status, again.body, (await thread(buyer)).items.length]).toEqual([201, first.body, 2]);
  expect(codeOf(await attach(seller, 'other terms', 'a.txt', key))).toBe('422 HTTP.IDEMPOTENCY_KEY_REUSED');
  made(await bazaar.leave(seller, number));
  expect((await attach(seller, 'terms', 'a.txt', key)).body).toEqual(first.body);
  expect([codeOf(await attach(seller, 'late')), codeOf(await say(buyer, 'late'))]).toEqual(['409 TRADING.NEGOTIATION_ENDED', '409 TRADING.NEGOTIATION_ENDED']);
  expect((await download(buyer, first.body['id'])).status).toBe(200);
});

test('of a negotiation nobody but the two parties learns that there is one', async () => {
  const { id } = made(await attach(buyer, 'secret', 's.txt'));
  const paths = ['', '/offers', '/thread', `/documents/${String(id)}`].map((path) => `/negotiations/${number}${path}`);
  for (const path of paths) expect([path, codeOf(await stranger.get(path))]).toEqual([path, '404 TRADING.NEGOTIATION_NOT_FOUND']);
  const unknown = 'NG-0000-0000-0000-0';
  expect((await stranger.get(`/negotiations/${number}`)).body['detail']).toBe((await stranger.get(`/negotiations/${unknown}`)).body['detail']);
  for (const [path, body] of [['offers', { offer: { amountMinor: '1', currency: 'CNY' }, expiresAt: new Date(Date.now() + 3_600_000).toISOString() }], ['acceptance', { offer: 1 }], ['rejection', { offer: 1 }], ['withdrawal', {}], ['messages', { text: 'x' }]] as const) {
    expect([path, codeOf(await stranger.post(`/negotiations/${number}/${path}`, body))]).toEqual([path, '404 TRADING.NEGOTIATION_NOT_FOUND']);
  }
  // A document belongs to its own negotiation.
  await bazaar.market.fund(stranger, 1_000n);
  const theirs = await bazaar.opened(stranger, listing, 1);
  expect((await download(stranger, id, theirs)).status).toBe(404);
  for (const [who, role, expected] of [[stranger, 'buyer', [theirs]], [buyer, 'buyer', [number]], [seller, 'seller', [theirs, number]], [seller, 'buyer', []]] as const) {
    const { items } = made(await who.get(`/negotiations?role=${role}&listing=${listing}&state=open`)) as { items: { number: string }[] };
    expect([role, items.map((item) => item.number)]).toEqual([role, expected]);
  }
});
