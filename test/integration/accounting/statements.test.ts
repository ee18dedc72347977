import { randomUUID } from 'node:crypto';
import { toCsvRecord } from '../../../src/modules/accounting/csv.js';
import { SERVICE } from '../../../src/modules/accounting/index.js';
import { type Answer, type Client, joinAs } from '../../support/http-client.js';
import { fund, joinAsOperator, type TestOperator } from '../../support/operators.js';
import { startApplication, type TestApplication } from '../../support/start-application.js';
import { joinWithScopes, query } from '../works/support.js';

let service: TestApplication;
let operator: TestOperator;
let second: TestOperator;
let owner: Client;

beforeAll(async () => {
  service = await startApplication();
  [operator, second] = [await joinAsOperator(service), await joinAsOperator(service, 'second')];
}, 60_000);
afterAll(() => service?.stop());
beforeEach(async () => {
  owner = await joinAs(service, 'owner');
});

interface Item {
  transferId: string;
  kind: string;
  amountMinor: string;
  purpose: string;
  counterPurposes: string[];
  madeAt: string;
  currency: string;
}

const refusal = ({ status, body }: Answer) => [status, body['code']];
const itemsOf = ({ body }: Answer) => body['items'] as Item[];
const post = (...transfers: [string, bigint, string?, string?][]) =>
  query(service, 'SELECT post_transfers($1)', [JSON.stringify(transfers.map(([to, amount, currency = 'CNY', subject = 'test']) => ({
    id: randomUUID(), kind: 'settlement', subject,
    postings: [{ owner: SERVICE, purpose: 'fees', currency, amount: (-amount).toString() }, { owner: to, purpose: 'available', currency, amount: amount.toString() }],
  })))]);
async function csv(path: string): Promise<{ response: Response; records: string[][] }> {
  const response = await fetch(`${service.url}/api/v1/transfers.csv${path}`, { headers: { authorization: `Bearer ${owner.apiKey}` } });
  const text = await response.text();
  return { response, records: response.ok ? parseCsv(text) : [] };
}

/** RFC 4180, read by other code than wrote it. */
function parseCsv(text: string): string[][] {
  expect(text.endsWith('\r\n')).toBe(true);
  const [records, record]: [string[][], string[]] = [[], []];
  for (const [, quoted, plain = '', end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    record.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === '\r\n') records.push(record.splice(0));
  }
  return records;
}

test('balances: of each currency what is available, held and on chain', async () => {
  expect((await owner.get('/balances')).body).toEqual({ items: [] });
  await fund(owner, operator, 900n);
  await fund(owner, operator, 5n, 'USD');
  await owner.post('/payouts', { amountMinor: '300', currency: 'CNY', destination: 'x' });
  await query(service, 'SELECT post_transfers($1)', [JSON.stringify([{ id: randomUUID(), kind: 'chain-settlement', subject: 'x', postings: [{ owner: SERVICE, purpose: 'contract', currency: 'ETH', amount: `-${10n ** 20n}` }, { owner: owner.accountId, purpose: 'on-chain', currency: 'ETH', amount: `${10n ** 20n}` }] }])]);
  expect((await owner.get('/balances')).body).toEqual({ items: [
    { currency: 'CNY', availableMinor: '600', heldMinor: '300', onChainMinor: '0' }, { currency: 'ETH', availableMinor: '0', heldMinor: '0', onChainMinor: '100000000000000000000' },
    { currency: 'USD', availableMinor: '5', heldMinor: '0', onChainMinor: '0' },
  ] });
});

test('scopes: money:read reads, money:write moves, and no other does', async () => {
  const reader = await joinWithScopes(service, ['money:read']);
  const other = await joinWithScopes(service, ['works:read', 'works:write', 'rights:write', 'account:read']);
  for (const path of ['/balances', '/transfers', '/top-ups', '/payouts']) expect([(await reader.get(path)).status, refusal(await other.get(path))]).toEqual([200, [403, 'HTTP.SCOPE_MISSING']]);
  expect(refusal(await reader.post('/top-ups', { amountMinor: '1', currency: 'CNY' }))).toEqual([403, 'HTTP.SCOPE_MISSING']);
});

test('transfers: one’s own, the newest first, page by page, with what is on the other side but not who', async () => {
  const stranger = await joinAs(service, 'stranger');
  await fund(owner, operator, 1_000n);
  await owner.post('/payouts', { amountMinor: '300', currency: 'CNY', destination: 'x' });
  await post([stranger.accountId, 5n], [owner.accountId, 7n], [owner.accountId, 9n, 'USD']);
  const all = itemsOf(await owner.get('/transfers'));
  expect(all.map(({ kind, purpose, counterPurposes, amountMinor, currency }) => [kind, purpose, counterPurposes, amountMinor, currency])).toEqual([
    ['settlement', 'available', ['fees'], '9', 'USD'], ['settlement', 'available', ['fees'], '7', 'CNY'], ['hold', 'held', ['available'], '300', 'CNY'], ['hold', 'available', ['held'], '-300', 'CNY'], ['top-up', 'available', ['bank'], '1000', 'CNY'],
  ]);
  expect(JSON.stringify(all)).not.toContain(stranger.accountId);
  const paged: Item[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const page: Answer = await owner.get(`/transfers?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`);
    paged.push(...itemsOf(page));
    cursor = page.body['nextCursor'] as string | null;
  }
  expect(paged).toEqual(all);
  expect(itemsOf(await owner.get('/transfers?currency=USD'))).toEqual(all.slice(0, 1));
  const topUpAt = all.at(-1)?.madeAt as string;
  expect(itemsOf(await owner.get(`/transfers?to=${topUpAt}`))).toEqual([]);
  expect(itemsOf(await owner.get(`/transfers?from=${topUpAt}&currency=CNY`))).toHaveLength(4);
  for (const parameter of ['cursor=x', 'from=yesterday', 'from=0000-01-01T00:00:00Z', 'to=2026-01-01T00:00:00%2B23:00', 'currency=GBP', 'limit=0', 'other=1']) expect((await owner.get(`/transfers?${parameter}`)).status).toBe(400);
});

describe('a statement of account', () => {
  test('opens, lists and closes; what it opens with is what the one before closed with', async () => {
    await fund(owner, operator, 1_234n);
    const between = new Date(Date.parse(itemsOf(await owner.get('/transfers'))[0]?.madeAt as string) + 1).toISOString();
    await new Promise((done) => setTimeout(done, 5));
    await owner.post('/payouts', { amountMinor: '34', currency: 'CNY', destination: 'x' });
    const [whole, early, late] = [await csv('?currency=CNY'), await csv(`?currency=CNY&to=${between}`), await csv(`?currency=CNY&from=${between}`)];
    expect(whole.response.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
    const short = ({ records }: { records: string[][] }) => records.slice(1).map((record) => [record[1], record[4], record[6], record[7], record[8], record[9]]);
    const totals = (entry: string, available: bigint, held: bigint) => [['available', available], ['held', held], ['on-chain', 0n]].map(([purpose, amount]) => [entry, purpose, '', '', String(amount), (Number(amount) / 100).toFixed(2)]);
    const funded = ['top-up', 'available', '1234', '12.34', '1234', '12.34'];
    const held = [['hold', 'available', '-34', '-0.34', '1200', '12.00'], ['hold', 'held', '34', '0.34', '34', '0.34']];
    expect(whole.records[0]).toEqual(['time', 'entry', 'transfer', 'subject', 'account', 'currency', 'amountMinor', 'amount', 'balanceMinor', 'balance']);
    expect(short(whole)).toEqual([...totals('opening-balance', 0n, 0n), funded, ...held, ...totals('closing-balance', 1_200n, 34n)]);
    expect(short(early)).toEqual([...totals('opening-balance', 0n, 0n), funded, ...totals('closing-balance', 1_234n, 0n)]);
    expect(short(late)).toEqual([...totals('opening-balance', 1_234n, 0n), ...held, ...totals('closing-balance', 1_200n, 34n)]);
  });

  test('of many lines has each once, and ends with what the balance is', async () => {
    const many = 2_500;
    await post(...Array.from({ length: many }, (_, i): [string, bigint] => [owner.accountId, BigInt(i + 1)]));
    const { records } = await csv('?currency=CNY');
    const lines = records.filter(([, entry]) => entry === 'settlement');
    expect([lines.length, new Set(lines.map(([, , transfer]) => transfer)).size]).toEqual([many, many]);
    const [balance] = (await owner.get('/balances')).body['items'] as { availableMinor: string }[];
    expect(records.at(-3)?.slice(8)).toEqual([balance?.availableMinor, '31262.50']);
  });

  test('runs no formula in a spreadsheet, and keeps numbers numbers', async () => {
    await post([owner.accountId, 1n, 'CNY', '=HYPERLINK("http://x","a"),\r\n']);
    expect((await csv('?currency=CNY')).records[4]?.[3]).toBe(`'=HYPERLINK("http://x","a"),\r\n`);
    for (const text of ['=1', '+1+1', '-1-1', '@A1', '\t=1', '\r=1', ' =1', '|x', '%x', '-']) expect(parseCsv(toCsvRecord([text, 'x']))).toEqual([[`'${text}`, 'x']]);
    for (const text of ['-12.50', '12', '0', '', 'a-b', '珠江,"夜"\n航']) expect(parseCsv(toCsvRecord([text, 'x']))).toEqual([[text, 'x']]);
  });

  test('is in one currency, for who may', async () => {
    for (const path of ['', '?currency=GBP', '?currency=CNY&from=x', '?currency=CNY&from=0000-01-01T00:00:00Z', '?currency=CNY&to=2026-01-01T00:00:00-23:00']) expect((await csv(path)).response.status).toBe(400);
    // Tokens have digits of their own.
    expect((await csv(`?currency=erc20:1:0x${'a'.repeat(40)}`)).records).toHaveLength(7);
    expect((await fetch(`${service.url}/api/v1/transfers.csv?currency=CNY`)).status).toBe(401);
  });
});

describe('corrections', () => {
  const propose = (by: TestOperator, transferId: string, amount: string, change: object = {}) =>
    by.post('/ledger/corrections', { transferId, reason: '多记', postings: [{ account: owner.accountId, purpose: 'available', currency: 'CNY', amountMinor: `-${amount}` }, { purpose: 'bank', currency: 'CNY', amountMinor: amount }], ...change });
  const decide = (by: TestOperator, { body }: Answer, what: 'approval' | 'rejection') => by.post(`/ledger/corrections/${String(body['id'])}/${what}`);
  let transferId: string;
  beforeEach(async () => {
    await fund(owner, operator, 100n);
    transferId = itemsOf(await owner.get('/transfers'))[0]?.transferId as string;
  });

  test('are posted when a second operator agrees, once, and name what they correct', async () => {
    const proposed = await propose(operator, transferId, '40');
    expect(proposed).toMatchObject({ status: 201, body: { state: 'proposed', corrects: transferId, proposedBy: operator.accountId } });
    expect(refusal(await decide(operator, proposed, 'approval'))).toEqual([409, 'ACCOUNTING.SAME_OPERATOR']);
    const answers = await Promise.all(Array.from({ length: 4 }, () => decide(second, proposed, 'approval')));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409, 409, 409]);
    expect(itemsOf(await owner.get('/transfers?limit=1'))).toMatchObject([{ kind: 'correction', amountMinor: '-40', counterPurposes: ['bank'], corrects: transferId }]);
    expect((await owner.get('/notices')).body['items']).toMatchObject([{ kind: 'money-corrected', subject: proposed.body['id'] }, { kind: 'top-up-confirmed' }]);
    expect(((await second.get('/ledger/corrections?state=posted')).body['items'] as { id: string }[])[0]?.id).toBe(proposed.body['id']);
    expect(refusal(await decide(second, proposed, 'rejection'))).toEqual([409, 'ACCOUNTING.NOT_IN_THIS_STATE']);
  });

  test('take nothing that is not there, and nothing when rejected', async () => {
    const proposed = await propose(operator, transferId, '101');
    expect(refusal(await decide(second, proposed, 'approval'))).toEqual([409, 'ACCOUNTING.INSUFFICIENT_FUNDS']);
    expect((await decide(operator, proposed, 'rejection')).body).toMatchObject({ state: 'rejected', decidedBy: operator.accountId });
    expect((await owner.get('/balances')).body['items']).toMatchObject([{ availableMinor: '100' }]);
  });

  test('of ether are as large as a contract can hold', async () => {
    const chain = async (amount: bigint) => propose(operator, String((await query<{ id: string }>(service, `SELECT transfer_id AS id FROM transfer WHERE kind = 'chain-funded'`))[0]?.id), '1', { postings: [
      { purpose: 'clearing', currency: 'ETH', amountMinor: `-${amount}` }, { purpose: 'fees', currency: 'ETH', amountMinor: `${amount}` }] });
    await query(service, 'SELECT post_transfers($1)', [JSON.stringify([{ id: randomUUID(), kind: 'chain-funded', subject: 'x', postings: [{ owner: SERVICE, purpose: 'contract', currency: 'ETH', amount: `-${10n ** 20n}` }, { owner: SERVICE, purpose: 'clearing', currency: 'ETH', amount: `${10n ** 20n}` }] }])]);
    const proposed = await chain(10n ** 20n);
    expect([proposed.status, (await decide(second, proposed, 'approval')).body]).toMatchObject([201, { state: 'posted', postings: [{ amountMinor: `-${10n ** 20n}` }, { amountMinor: `${10n ** 20n}` }] }]);
    expect([(await chain(2n ** 256n - 1n)).status, (await chain(2n ** 256n)).status]).toEqual([201, 400]);
  });

  test('are whole, of what there is, in its currencies, and not of the operator’s own', async () => {
    const bank = (amountMinor: string, currency = 'CNY') => ({ purpose: 'bank', currency, amountMinor });
    const own = (amountMinor: string, account = owner.accountId, currency = 'CNY') => ({ account, purpose: 'available', currency, amountMinor });
    for (const postings of [
      [own('-1'), bank('2')], [own('-1')], [], [own('-1'), bank('1', 'USD')], [own('0'), bank('0')], [own('-1'), { purpose: 'available', currency: 'CNY', amountMinor: '1' }], [{ ...own('-1'), purpose: 'held' }, bank('1')], [{ ...own('-1'), purpose: 'bank' }, bank('1')],
      [own('-1.5'), bank('1.5')], [own('--1'), bank('1')], [own('-1'), bank('1'), bank('5-')], [own('-01'), bank('01')], [own(`-${10n ** 18n}`), bank(`${10n ** 18n}`)],
    ]) expect((await propose(operator, transferId, '1', { postings })).status).toBe(400);
    expect(refusal(await propose(operator, randomUUID(), '1'))).toEqual([422, 'ACCOUNTING.CORRECTION_INVALID']);
    expect(refusal(await propose(operator, transferId, '1', { postings: [own('-1', owner.accountId, 'USD'), bank('1', 'USD')] }))).toEqual([422, 'ACCOUNTING.CORRECTION_INVALID']);
    expect(refusal(await propose(operator, transferId, '1', { postings: [own('-1', randomUUID()), bank('1')] }))).toEqual([422, 'ACCOUNTING.CORRECTION_INVALID']);
    expect(refusal(await propose(operator, transferId, '1', { postings: [own('-1'), own('1', operator.accountId)] }))).toEqual([403, 'ACCOUNTING.OWN_REQUEST']);
    const favour = await propose(operator, transferId, '1', { postings: [own('-1'), own('1', second.accountId)] });
    expect(refusal(await decide(second, favour, 'approval'))).toEqual([403, 'ACCOUNTING.OWN_REQUEST']);
  });
});

test('the trial balance balances in each currency', async () => {
  await fund(owner, operator, 100n, 'HKD');
  const { status, body } = await operator.get('/ledger/trial-balance');
  const { rows, totals } = body as { rows: { owner: string; purpose: string; currency: string; balanceMinor: string }[]; totals: { currency: string; debitMinor: string; creditMinor: string; balances: boolean }[] };
  expect([status, totals.every(({ balances, debitMinor, creditMinor }) => balances && debitMinor === creditMinor)]).toEqual([200, true]);
  expect(rows.filter(({ currency }) => currency === 'HKD')).toEqual([
    { owner: 'users', purpose: 'available', currency: 'HKD', accounts: 1, debitMinor: '0', creditMinor: '100', balanceMinor: '100' }, { owner: 'service', purpose: 'bank', currency: 'HKD', accounts: 1, debitMinor: '100', creditMinor: '0', balanceMinor: '-100' },
  ]);
});
