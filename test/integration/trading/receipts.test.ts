import { writeFile } from 'node:fs/promises';
import { bytesToHex } from '../../../src/lib/bytes/index.js';
import { canonicalBytes, type JsonValue } from '../../../src/lib/canonical-json/index.js';
import { hashLeaf } from '../../../src/lib/merkle/index.js';
import type { Client } from '../../support/http-client.js';
import { readPdf, squeeze } from '../../support/read-pdf.js';
import { buy } from './delivery-client.js';
import { Market, made, SCOPE } from './trading-client.js';

const SLICE = { ...SCOPE, rights: ['filming'], uses: ['film'], term: { from: '2021-01-01', to: null } };

let market: Market;
let seller: Client;
let buyer: Client;
let other: Client;
beforeAll(async () => {
  market = await Market.start();
  [seller, buyer, other] = (await market.join('seller', 'buyer', 'other')) as [Client, Client, Client];
}, 120_000);
afterAll(() => market.stop());

async function receipt(who: Client, order: string): Promise<{ status: number; headers: Headers; file: Buffer; code: unknown; text: string }> {
  const response = await fetch(`${market.rights.service.url}/api/v1/orders/${order}/receipt.pdf`, { headers: { authorization: `Bearer ${who.apiKey}` } });
  const file = Buffer.from(await response.arrayBuffer());
  if (response.status !== 200) return { status: response.status, headers: response.headers, file, code: (JSON.parse(file.toString('utf8')) as { code: unknown }).code, text: '' };
  // To look at it: RECEIPT_TO=/tmp/receipt npx jest …, then pdftoppm.
  if (process.env['RECEIPT_TO'] !== undefined) await writeFile(`${process.env['RECEIPT_TO']}-${order}.pdf`, file);
  const { pages } = readPdf(file);
  return { status: 200, headers: response.headers, file, code: null, text: squeeze(pages.join('\n')) };
}

/** The statement of the trade, out of its proof bundle. */
async function statementOf(who: Client, order: string): Promise<{ id: string; leafHash: string }> {
  for (;;) {
    const { status, body } = await who.get(`/orders/${order}/proof?at=newest`);
    if (status === 409) continue;
    const [chain] = body['chains'] as { entries: { statement: { id: string } }[] }[];
    const statement = chain?.entries[0]?.statement;
    if (statement === undefined) throw new Error(JSON.stringify(body));
    return { id: statement.id, leafHash: bytesToHex(hashLeaf(canonicalBytes(statement as unknown as JsonValue))) };
  }
}

test('says who bought what of whom, what was paid and where it went, and how to check it; and that it is no invoice', async () => {
  const work = await market.rights.deposit(seller, { title: '鬱金香与夜航 <b>' });
  const { number, licence, listing } = await buy(market, buyer, seller, work);
  const { status, headers, text } = await receipt(buyer, number);
  expect([status, headers.get('content-type'), headers.get('content-disposition'), headers.get('cache-control')]).toEqual([200, 'application/pdf', `attachment; filename="${number}.pdf"`, 'private, no-cache']);
  const { id, leafHash } = await statementOf(buyer, number);
  for (const said of [
    number, work, licence, listing, '鬱金香与夜航 <b>', `acct:${buyer.accountId}`, `acct:${seller.accountId}`, 'CNY 100.00', '人民币壹佰元整', 'CNY 5.00', 'CNY 95.00', '非专有使用许可：信息网络传播权 · 中国内地', 'a non-exclusive licence: network dissemination', '账户余额支付', '文字作品',
    id, leafHash, 'test.example/log/receipt', `/api/v1/orders/${number}/proof`, '不是发票', 'not a tax invoice', '交易收据', 'Order receipt',
  ]) expect([said, text.includes(squeeze(said))]).toEqual([said, true]);
  const { timeline } = made(await buyer.get(`/orders/${number}`)) as { timeline: { at: string }[] };
  for (const { at } of timeline) expect(text).toContain(at);
});

test('is the same file for both, whenever they ask', async () => {
  const { number } = await buy(market, buyer, seller, await market.rights.deposit(seller));
  const [one, two, three] = await Promise.all([receipt(buyer, number), receipt(seller, number), receipt(buyer, number)]);
  expect([one.file.equals(two.file), one.file.equals(three.file)]).toEqual([true, true]);
});

test('of a slice it tells the time that the money was held, and comes only once all is done', async () => {
  const { number } = await buy(market, buyer, seller, await market.rights.deposit(seller), { kind: 'assignment', scope: SLICE });
  expect([(await receipt(buyer, number)).code, (await receipt(other, number)).code]).toEqual(['TRADING.NOT_IN_THIS_STATE', 'TRADING.ORDER_NOT_FOUND']);
  made(await buyer.post(`/orders/${number}/confirmation`, {}));
  const { text } = await receipt(seller, number);
  const { timeline } = made(await buyer.get(`/orders/${number}`)) as { timeline: { at: string }[] };
  expect(timeline.length).toBe(2);
  for (const said of ['著作权中财产权的转让', '摄制权', '资金暂存', ...timeline.map(({ at }) => at)]) expect([said, text.includes(squeeze(said))]).toEqual([said, true]);
});

test('of an order that was paid back there is none; nor for strangers, nor for who is only paid by it', async () => {
  const work = await market.rights.deposit(seller);
  const back = await buy(market, buyer, seller, work, { kind: 'assignment', scope: SLICE });
  made(await seller.post(`/orders/${back.number}/refund`, {}));
  expect((await receipt(buyer, back.number)).code).toBe('TRADING.NOT_IN_THIS_STATE');
  const [partner] = (await market.join('partner')) as [Client];
  const { number } = await buy(market, buyer, seller, await market.rights.shared(seller, partner));
  expect([(await receipt(partner, number)).code, (await receipt(other, number)).code, (await receipt(other, 'OR-0000-0000-0001-Y')).status]).toEqual(['TRADING.NOT_PARTY', 'TRADING.ORDER_NOT_FOUND', 404]);
  expect((await receipt(buyer, number)).text).toContain(`acct:${partner.accountId}`);
  expect((await fetch(`${market.rights.service.url}/api/v1/orders/${number}/receipt.pdf`)).status).toBe(401);
});

test('of a confidential work it names the title, for its parties', async () => {
  const work = await market.rights.deposit(seller, { visibility: 'confidential', title: '秘稿' });
  const { number } = await buy(market, buyer, seller, work, { audience: [buyer.accountId] });
  expect((await receipt(buyer, number)).text).toContain('秘稿');
});
