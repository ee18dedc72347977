import { randomBytes, randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { ORDER_CHECKS } from '../../src/modules/trading/index.js';
import { auditLedger } from '../../src/modules/accounting/index.js';
import { fsckLog, TileStore } from '../../src/modules/log/index.js';
import { type Answer, type Client, joinAs } from '../support/http-client.js';
import { fund, joinAsOperator, type TestOperator } from '../support/operators.js';
import type { TestApplication } from '../support/start-application.js';
import { startTestChain, type TestChain } from '../support/test-chain.js';
import { minimalForm } from '../support/work-forms.js';
import { ChainMarket, type Party, type Payment } from '../integration/trading/chain-rig.js';
import { query } from '../integration/works/support.js';
import { findWrongRights, type Said } from './brute-force-rights.js';
import { type Told, trustIn, Verifier } from './support.js';

// A day at the market, with twenty accounts: whatever is for sale is sold, fought over, disputed and given back, for money here and for money on a chain; in the evening the ledger, the log and the rights are looked through.

let chain: TestChain;
let rig: ChainMarket;
let service: TestApplication;
let verifier: Verifier;
let trust: Required<Told>;
let operator: TestOperator;
const NAMES = ['lin', 'chen', 'wu', 'translator', 'studio', 'museum', ...Array.from({ length: 14 }, (_, i) => `buyer-${i}`)] as const;
/** These have wallets, too. */
const WALLETS: ReadonlySet<string> = new Set(['lin', 'chen', 'wu', 'museum', 'studio', 'buyer-12', 'buyer-13']);
const people = new Map<string, Client>();
const who = (name: string): Client => people.get(name) as Client;
const party = (name: string): Party => people.get(name) as Party;
const buyers = (): Client[] => [...people].flatMap(([name, client]) => (name.startsWith('buyer') ? [client] : []));
/** Settled orders, and one of their parties. */
const trades: { readonly order: string; readonly party: Client }[] = [];

beforeAll(async () => {
  [chain, verifier] = await Promise.all([startTestChain(), Verifier.open()]);
  rig = await ChainMarket.start(chain.url, { env: { BUYER_PROTECTION: '3600', ANCHOR_INTERVAL: '0.3' } });
  service = rig.market.rights.service;
  operator = await joinAsOperator(service);
  for (const name of NAMES) people.set(name, await (WALLETS.has(name) ? rig.join(name) : joinAs(service, name)));
  for (const client of [...buyers(), who('studio')]) await fund(client, operator, 1_000_000n);
  trust = { ...(await trustIn(service)), rpc: chain.url };
}, 180_000);
afterAll(async () => {
  await rig?.stop();
  await chain?.stop();
  await verifier?.close();
});

const NATIVE = `0x${'0'.repeat(40)}`;
const TERM = { from: '2026-05-01', to: '2034-12-31' };
const EBOOK = { rights: ['network-dissemination'], territories: ['CN'], uses: ['e-book'], languages: ['zh-Hans'], term: TERM };
const FILM = { rights: ['filming', 'network-dissemination'], territories: ['CN'], uses: ['film', 'streaming'], languages: ['*'], term: TERM };
const AUDIO = { rights: ['reproduction', 'distribution', 'network-dissemination'], territories: ['WORLD'], uses: ['audiobook'], languages: ['*'], term: { from: '2026-05-01', to: null } };
const yuan = (amount: number) => ({ amountMinor: String(amount * 100), currency: 'CNY' });

function made({ status, body }: Answer): Record<string, unknown> {
  if (status >= 300) throw new Error(`${status} ${JSON.stringify(body)}`);
  return body;
}

async function deposit(by: Client, change: Record<string, unknown> = {}): Promise<string> {
  const contents = [{ name: 'text.txt', mediaType: 'text/plain', byteLength: 1_000, sha256: randomBytes(32).toString('hex') }];
  return String(made(await by.post('/works', { ...minimalForm, category: 'literary', contents, ...change }))['number']);
}

const list = async (by: Client, work: string, listing: Record<string, unknown>): Promise<string> => String(made(await by.post(`/works/${work}/listings`, listing))['number']);
const buy = (by: Client, listing: string, max = yuan(1_000)): Promise<Answer> => by.post('/orders', { listing, max }, { 'idempotency-key': randomUUID() });

async function bought(by: Client, listing: string, max = yuan(1_000)): Promise<Record<string, unknown>> {
  const order = made(await buy(by, listing, max));
  if (order['state'] === 'settled') trades.push({ order: String(order['number']), party: by });
  return order;
}

async function available(client: Client): Promise<bigint> {
  const { items } = made(await client.get('/balances')) as { items: { currency: string; availableMinor: string }[] };
  return BigInt(items.find(({ currency }) => currency === 'CNY')?.availableMinor ?? 0);
}

test('a novel of three sells e-books to many; each of the three has their share', async () => {
  const [lin, chen, wu] = [who('lin'), who('chen'), who('wu')];
  const owner = (client: Client, shareBps: number, name: string) => ({ name, kind: 'person', shareBps, account: client.accountId });
  const novel = await deposit(lin, { title: '三城记', ownership: 'joint', owners: [owner(lin, 5_000, '林舟'), owner(chen, 3_000, '陈默'), owner(wu, 2_000, '吴越')] });
  const listing = await list(lin, novel, { kind: 'licence', scope: EBOOK, price: yuan(10), terms: { conditions: ['attribution'] } });
  const orders = await Promise.all(buyers().map((buyer) => bought(buyer, listing)));
  expect(orders.map(({ state }) => state)).toEqual(orders.map(() => 'settled'));
  // Of 10.00 the house has 0.50; of 9.50 half, three tenths and a fifth.
  expect([await available(lin), await available(chen), await available(wu)]).toEqual([14n * 475n, 14n * 285n, 14n * 190n]);
  const dear = await list(chen, novel, { kind: 'licence', scope: { ...EBOOK, uses: ['audiobook'] }, price: yuan(900), quantity: 2 });
  const three = await Promise.all(buyers().slice(0, 3).map((buyer) => buy(buyer, dear)));
  expect(three.map(({ status }) => status).toSorted()).toEqual([201, 201, 409]);
  three.forEach(({ status, body }, i) => status === 201 && trades.push({ order: String(body['number']), party: buyers()[i] as Client }));
  // What bars others needs all of them: before it is listed, not when somebody wants to pay.
  const film = { kind: 'exclusive-licence', scope: FILM, price: yuan(5_000) };
  expect((await lin.post(`/works/${novel}/listings`, film)).body['code']).toBe('LICENSING.CONSENT_MISSING');
  for (const other of [chen, wu]) made(await other.post(`/works/${novel}/consents`, { to: lin.accountId, act: 'licence', scope: FILM }));
  expect(await bought(who('studio'), await list(lin, novel, film), yuan(5_000))).toMatchObject({ state: 'settled' });
});

test('all want the same exclusive licence: one has it, and the others have their money', async () => {
  const work = await deposit(who('wu'));
  const listing = await list(who('wu'), work, { kind: 'exclusive-licence', scope: FILM, price: yuan(300) });
  const had = await Promise.all(buyers().map(available));
  const answers = await Promise.all(buyers().flatMap((buyer) => Array.from({ length: 5 }, () => buy(buyer, listing))));
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
  expect(new Set(answers.flatMap(({ status, body }) => (status === 201 ? [] : [body['code']])))).toEqual(new Set(['TRADING.LISTING_CLOSED']));
  const winner = answers.findIndex(({ status }) => status === 201);
  trades.push({ order: String(answers[winner]?.body['number']), party: buyers()[Math.floor(winner / 5)] as Client });
  const paid = (await Promise.all(buyers().map(available))).map((has, i) => (had[i] as bigint) - has);
  expect(paid.filter((amount) => amount === 30_000n)).toHaveLength(1);
  expect(paid.filter((amount) => amount === 0n)).toHaveLength(13);
});

test('a translation pays the author of what it translates', async () => {
  const [lin, translator] = [who('lin'), who('translator')];
  const original = await deposit(lin);
  const licence = made(await lin.post(`/works/${original}/licences`, { licensee: translator.accountId, exclusivity: 'non-exclusive', scope: { ...EBOOK, rights: ['translation'], uses: ['*'], languages: ['*'] }, revenueShareBps: 2_000 }));
  made(await translator.post(`/licences/${String(licence['number'])}/acceptance`, {}));
  const translation = await deposit(translator, { creation: { nature: 'translation', completedOn: '2026-05-01', derivedFrom: [{ work: original }] } });
  const listing = await list(translator, translation, { kind: 'licence', scope: { ...EBOOK, languages: ['en'] }, price: yuan(100) });
  const quoted = made(await who('museum').get(`/listings/${listing}/quote`));
  const before = await available(lin);
  const order = await bought(buyers()[4] as Client, listing);
  expect(order['lines']).toEqual(quoted['lines']);
  expect([(await available(lin)) - before, await available(translator)]).toEqual([1_900n, 7_600n]);
});

test('a slice is sold: looked at, confirmed, disputed, given back', async () => {
  const [museum, studio] = [who('museum'), who('studio')];
  const sell = async (): Promise<string> => list(museum, await deposit(museum), { kind: 'assignment', scope: AUDIO, price: yuan(500) });
  const had = await available(studio);
  const [first, second, third] = [await bought(studio, await sell()), await bought(studio, await sell()), await bought(studio, await sell())];
  expect([first['state'], second['state'], third['state'], had - (await available(studio))]).toEqual(['funded', 'funded', 'funded', 150_000n]);
  expect(made(await studio.post(`/orders/${String(first['number'])}/confirmation`, {}))).toMatchObject({ state: 'settled' });
  trades.push({ order: String(first['number']), party: studio });
  made(await studio.post(`/orders/${String(second['number'])}/dispute`, { reason: '权属链缺一环' }));
  expect(made(await operator.post(`/orders/${String(second['number'])}/resolution`, { outcome: 'refund', reason: '卖方未举证' }))).toMatchObject({ state: 'refunded' });
  expect(made(await museum.post(`/orders/${String(third['number'])}/refund`, {}))).toMatchObject({ state: 'refunded' });
  expect([had - (await available(studio)), await available(museum)]).toEqual([50_000n, 47_500n]);
});

test('two haggle over one exclusive licence; both are told yes at once, and one has it', async () => {
  const [museum, one, other] = [who('museum'), buyers()[7] as Client, buyers()[8] as Client];
  const listing = await list(museum, await deposit(museum), { kind: 'exclusive-licence', scope: FILM, price: yuan(600), pricing: 'negotiable' });
  const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
  const open = async (buyer: Client, amount: number): Promise<string> => String(made(await buyer.post(`/listings/${listing}/negotiations`, { offer: yuan(amount), expiresAt }))['number']);
  const had = [await available(one), await available(other)] as const;
  const [first, second] = [await open(one, 400), await open(other, 420)];
  expect([had[0] - (await available(one)), had[1] - (await available(other))]).toEqual([40_000n, 42_000n]);
  made(await museum.post(`/negotiations/${first}/offers`, { offer: yuan(550), expiresAt }));
  made(await one.post(`/negotiations/${first}/offers`, { offer: yuan(500), expiresAt }));
  const answers = await Promise.all([museum.post(`/negotiations/${first}/acceptance`, { offer: 3 }), museum.post(`/negotiations/${second}/acceptance`, { offer: 1 })]);
  const agreed = answers.filter(({ body }) => body['state'] === 'agreed');
  expect(agreed).toHaveLength(1);
  const winner = answers[0]?.body['state'] === 'agreed' ? one : other;
  trades.push({ order: String(agreed[0]?.body['order']), party: winner });
  // To the cent, and the other has all of theirs.
  expect([had[0] - (await available(one)), had[1] - (await available(other))]).toEqual(winner === one ? [50_000n, 0n] : [0n, 42_000n]);
});

describe('on chain', () => {
  const ether = { amountMinor: '2000000000000000', currency: 'ETH' };
  const token = () => ({ amountMinor: '30000001', currency: rig.erc20 });
  const order = async (by: Party, listing: string, max: Record<string, string>): Promise<{ number: string; payment: Payment }> => {
    const body = made(await buy(by, listing, max as never));
    return { number: String(body['number']), payment: body['payment'] as Payment };
  };
  const settled = async (by: Party, number: string): Promise<Record<string, unknown>> => {
    const ended = await rig.until(by, number, 'settled');
    trades.push({ order: number, party: by });
    return ended;
  };

  test('a novel of three is paid in ether; the contract owes each of the three what the quote said, and each fetches it', async () => {
    const [lin, chen, wu, buyer] = [party('lin'), party('chen'), party('wu'), party('buyer-12')];
    const owner = (client: Client, shareBps: number, name: string) => ({ name, kind: 'person', shareBps, account: client.accountId });
    const novel = await deposit(lin, { title: '潮汐', ownership: 'joint', owners: [owner(lin, 5_000, '林舟'), owner(chen, 3_000, '陈默'), owner(wu, 2_000, '吴越')] });
    const listing = await list(lin, novel, { kind: 'licence', scope: EBOOK, price: ether });
    const quoted = made(await buyer.get(`/listings/${listing}/quote`))['lines'] as { account: string | null; amountMinor: string }[];
    const { number, payment } = await order(buyer, listing, ether);
    await rig.fund(buyer, payment);
    expect(await settled(buyer, number)).toMatchObject({ method: 'chain', lines: quoted });
    await rig.paid(buyer, number, 'released');
    for (const seller of [lin, chen, wu]) {
      const share = BigInt(quoted.find(({ account }) => account === seller.accountId)?.amountMinor ?? 0);
      expect([share > 0n, await rig.onChain(seller), await rig.read('withdrawable', seller.wallet.address, NATIVE)]).toEqual([true, share, share]);
      await rig.settle(seller.wallet, 'withdraw', [NATIVE]);
      await rig.emptied(seller, 'ETH');
    }
  }, 120_000);

  test('two want one exclusive licence: who is second is not asked to pay', async () => {
    const [one, other, museum] = [party('buyer-12'), party('buyer-13'), party('museum')];
    const listing = await list(museum, await deposit(museum), { kind: 'exclusive-licence', scope: FILM, price: token() });
    const answers = await Promise.all([one, other].map((buyer) => buy(buyer, listing, token() as never)));
    expect(answers.map(({ status, body }) => (status === 201 ? 201 : body['code'])).toSorted()).toEqual([201, 'TRADING.LISTING_CLOSED']);
    const first = answers[0]?.status === 201 ? one : other;
    const { body } = answers.find(({ status }) => status === 201) as Answer;
    await rig.fund(first, body['payment'] as Payment);
    expect(await settled(first, String(body['number']))).toMatchObject({ method: 'chain' });
  }, 120_000);

  test('a slice is paid with a token: one confirmed, one disputed and paid back, which its buyer fetches', async () => {
    const [museum, studio] = [party('museum'), party('studio')];
    const sell = async (): Promise<string> => list(museum, await deposit(museum), { kind: 'assignment', scope: AUDIO, price: token() });
    const [good, bad] = [await order(studio, await sell(), token()), await order(studio, await sell(), token())];
    for (const { number, payment } of [good, bad]) {
      await rig.fund(studio, payment);
      await rig.until(studio, number, 'funded');
    }
    made(await studio.post(`/orders/${good.number}/confirmation`, {}));
    await settled(studio, good.number);
    made(await studio.post(`/orders/${bad.number}/dispute`, { reason: '权属链缺一环' }));
    made(await operator.post(`/orders/${bad.number}/resolution`, { outcome: 'refund', reason: '卖方未举证' }));
    await rig.paid(studio, good.number, 'released');
    await rig.paid(studio, bad.number, 'refunded');
    expect(await rig.read('withdrawable', studio.wallet.address, rig.token)).toBe(BigInt(token().amountMinor));
    await rig.settle(studio.wallet, 'withdraw', [rig.token]);
    await rig.emptied(studio, rig.erc20);
  }, 120_000);
});

describe('in the evening', () => {
  test('the ledger is as its postings say, and every escrow as its order', async () => {
    const { ok, difference } = await auditLedger(service.app.get(DataSource), { more: ORDER_CHECKS });
    expect([ok, difference]).toEqual([true, null]);
    const [row] = await query<{ owed: string }>(service, `SELECT sum(amount) AS owed FROM posting`);
    expect(BigInt(row?.owed ?? 1)).toBe(0n);
  });

  test('the contract has what the ledger says that it has', async () => {
    await expect(rig.audit()).resolves.toBeUndefined();
  });

  test('nobody has what another may bar, and nobody gave what they did not hold: by the statements of the log alone, atom by atom', async () => {
    const rows = await query<{ bytes: Buffer }>(service, 'SELECT bytes FROM statement ORDER BY ordinal');
    const { wrong, atoms, grants } = findWrongRights(rows.map(({ bytes }) => JSON.parse(bytes.toString('utf8')) as Said));
    const [held] = await query<{ licences: number }>(service, 'SELECT count(*)::integer AS licences FROM licence');
    // Every licence is there, and covers something that was looked at.
    expect([wrong, grants, grants > 20, atoms > grants]).toEqual([[], held?.licences, true, true]);
  });

  test('every trade is proved by a bundle that verifies offline, the first by the command in a process of its own', async () => {
    expect(trades.length).toBeGreaterThan(15);
    for (const [i, { order, party }] of trades.entries()) {
      const bundle = await proofOf(party, order);
      const { verdict } = i === 0 ? await verifier.run(bundle, [], trust) : await verifier.verify(bundle, [], trust);
      expect([order, verdict]).toEqual([order, 'verified']);
    }
  }, 120_000);

  test('the log is whole', async () => {
    const report = await fsckLog({ dataSource: service.app.get(DataSource), files: service.app.get(TileStore), vkeys: [trust.logKey] });
    expect(report).toMatchObject({ ok: true });
  });
});

/** Anchored, as soon as it is. */
async function proofOf(party: Client, order: string): Promise<unknown> {
  for (const end = Date.now() + 60_000; ;) {
    const { status, body } = await party.get(`/orders/${order}/proof`);
    if (status === 200 && (body as { anchor?: unknown })['anchor'] !== null) return body;
    if (Date.now() > end) throw new Error(`${order}: ${status} ${JSON.stringify(body).slice(0, 300)}`);
    await new Promise((done) => setTimeout(done, 200));
  }
}
