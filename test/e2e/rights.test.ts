import { randomBytes } from 'node:crypto';
import { type Client, joinAs } from '../support/http-client.js';
import { startApplication, type TestApplication } from '../support/start-application.js';
import { minimalForm } from '../support/work-forms.js';
import { parseDisclosure } from '../../src/lib/statement/index.js';
import { failedChecks, trustIn, Verifier } from './support.js';

// The main story of rights: a grant, the same grant again, what is left, and who may do what.

let service: TestApplication;
let owner: Client;
let first: Client;
let second: Client;
let work: string;
let verifier: Verifier;

beforeAll(async () => {
  [service, verifier] = await Promise.all([startApplication({ chain: true }), Verifier.open()]);
  [owner, first, second] = await Promise.all([joinAs(service, 'owner'), joinAs(service, 'first'), joinAs(service, 'second')]);
  const deposited = await owner.post('/works', {
    ...minimalForm, category: 'literary', contents: [{ name: 'novel.txt', mediaType: 'text/plain', byteLength: 1_000, sha256: randomBytes(32).toString('hex') }],
  });
  if (deposited.status !== 201) throw new Error(JSON.stringify(deposited.body));
  work = String(deposited.body['number']);
}, 60_000);
afterAll(async () => {
  await service.stop();
  await verifier.close();
});

const film = { rights: ['filming', 'network-dissemination'], territories: ['CN'], uses: ['film', 'streaming'], languages: ['*'], term: { from: '2030-01-01', to: '2034-12-31' } };
const grant = (licensee: Client, exclusivity: string, scope: unknown, headers?: Record<string, string>) => owner.post(`/works/${work}/licences`, { licensee: licensee.accountId, exclusivity, scope }, headers);
const check = async (who: Client, change: Record<string, string> = {}) => {
  const { status, body } = await who.get(`/rights/check?${new URLSearchParams({ work, right: 'filming', territory: 'CN', use: 'film', at: '2031-06-01T00:00:00Z', ...change }).toString()}`);
  return [status, body['verdict'], (body['reasons'] as { rule: string }[] | undefined)?.map(({ rule }) => rule)];
};

test('before anything is granted the owner may do everything, others nothing, and all is free', async () => {
  expect([await check(owner), await check(first)]).toEqual([[200, 'permitted', ['holder']], [200, 'forbidden', ['not-granted']]]);
  const { body } = await first.get(`/works/${work}/availability`);
  expect([(body['exclusive'] as unknown[]).length, (body['nonExclusive'] as unknown[]).length]).toEqual([1, 1]);
});

test('an exclusive grant; the same again is refused; beside it there is room', async () => {
  const granted = await grant(first, 'exclusive', film);
  expect([granted.status, granted.body['work'], (granted.body['sentence'] as Record<string, string>)['zh']]).toEqual([201, work, '独占 · 信息网络传播权、摄制权 · 中国内地 · 电影、网络视听 · 2030-01-01 至 2034-12-31']);
  expect(String(granted.body['number'])).toMatch(/^LC-/);
  const again = await grant(second, 'non-exclusive', { ...film, rights: ['filming'], territories: ['WORLD'], term: { from: '2034-12-31', to: '2036-12-31' } });
  expect([again.status, again.body['code']]).toEqual([409, 'LICENSING.SCOPE_CONFLICT']);
  // What is taken is named; whose it is, is not.
  expect(again.body['taken']).toEqual([{ rights: ['filming'], territories: ['CN'], uses: ['film', 'streaming'], languages: ['*'], term: { from: '2034-12-30T16:00:00.000Z', until: '2034-12-31T16:00:00.000Z' } }]);
  expect(JSON.stringify(again.body)).not.toContain(first.accountId);
  const abroad = await grant(second, 'exclusive', { ...film, territories: ['WORLD', '-CN'] });
  // Until it is accepted nobody knows.
  expect([await check(first), await check(owner)]).toEqual([[200, 'unclear', ['not-accepted']], [200, 'permitted', ['holder']]]);
  for (const [who, licence] of [[first, granted], [second, abroad]] as const) {
    expect((await who.post(`/licences/${String(licence.body['number'])}/acceptance`, {})).status).toBe(201);
  }
  const twice = await first.post(`/licences/${String(granted.body['number'])}/acceptance`, {});
  expect([twice.status, twice.body['code']]).toEqual([409, 'LICENSING.NOT_IN_THIS_STATE']);
  const { body: history } = await owner.get(`/works/${work}/history`);
  expect((history['items'] as { type: string }[]).map(({ type }) => type)).toEqual(['work.deposited', 'work.licence-granted', 'work.licence-granted']);
});

test('each may do what is theirs, where and while it is', async () => {
  expect([await check(first), await check(second), await check(owner)]).toEqual([[200, 'permitted', ['licence']], [200, 'forbidden', ['not-granted']], [200, 'forbidden', ['barred-by-exclusive']]]);
  expect([await check(first, { territory: 'HK' }), await check(second, { territory: 'HK' }), await check(first, { at: '2035-01-01T00:00:00Z' })]).toEqual([
    [200, 'forbidden', ['not-granted']], [200, 'permitted', ['licence']], [200, 'forbidden', ['not-granted']],
  ]);
  expect([await check(owner, { use: 'print', right: 'reproduction' }), await check(owner, { right: 'rental' })]).toEqual([[200, 'permitted', ['holder']], [200, 'unclear', ['no-such-right']]]);
});

test('non-exclusive licences stand side by side, and bar an exclusive one', async () => {
  const ebook = { rights: ['network-dissemination'], territories: ['CN'], uses: ['e-book'], languages: ['zh-Hans'], term: { from: '2030-01-01', to: '2030-12-31' } };
  const many = await Promise.all(Array.from({ length: 20 }, (_, i) => grant(i % 2 ? first : second, 'non-exclusive', ebook)));
  expect(many.map(({ status }) => status)).toEqual(many.map(() => 201));
  expect((await grant(first, 'exclusive', ebook)).status).toBe(409);
  const raced = await Promise.all(Array.from({ length: 20 }, () => grant(first, 'exclusive', { ...ebook, uses: ['audiobook'] })));
  expect(raced.map(({ status }) => status).toSorted()).toEqual([201, ...Array.from({ length: 19 }, () => 409)]);
});

test('a grant asked for twice with one key is one grant', async () => {
  const key = { 'idempotency-key': randomBytes(8).toString('hex') };
  const print = { rights: ['reproduction'], territories: ['CN'], uses: ['print'], languages: ['*'], term: { from: '2030-01-01', to: '2030-12-31' } };
  const [once, twice] = [await grant(first, 'exclusive', print, key), await grant(first, 'exclusive', print, key)];
  expect([once.status, twice.body]).toEqual([201, once.body]);
});

test.each<[string, unknown, number, string]>([
  ['a moral right', { ...film, rights: ['attribution'] }, 422, 'LICENSING.SCOPE_INVALID'],
  ['an inverted term', { ...film, term: { from: '2031-01-01', to: '2030-01-01' } }, 422, 'LICENSING.SCOPE_INVALID'],
  ['a right that the work has not', { ...film, rights: ['rental'] }, 422, 'LICENSING.BEYOND_TITLE'],
  ['no scope', undefined, 400, 'HTTP.INVALID_BODY'],
])('%s', async (_what, scope, status, code) => {
  const answer = await grant(first, 'non-exclusive', scope);
  expect([answer.status, answer.body['code']]).toEqual([status, code]);
});

test('who holds nothing grants nothing', async () => {
  const answer = await first.post(`/works/${work}/licences`, { licensee: second.accountId, exclusivity: 'non-exclusive', scope: { ...film, uses: ['news'] } });
  expect([answer.status, answer.body['code']]).toEqual([422, 'LICENSING.BEYOND_TITLE']);
});

describe('a licence', () => {
  const scope = { rights: ['adaptation'], territories: ['CN', 'HK'], uses: ['games'], languages: ['*'], term: { from: '2030-01-01', to: null } };
  let number: string;
  beforeAll(async () => {
    const granted = await grant(first, 'sole', scope);
    number = String(granted.body['number']);
    for (const end = Date.now() + 30_000; (await first.get(`/licences/${number}`)).body['status'] !== 'final';) {
      if (Date.now() > end) throw new Error('the licence is not anchored');
      await new Promise((done) => setTimeout(done, 50));
    }
  }, 60_000);

  test('its parties see each other; others see what is licensed, and not to whom', async () => {
    const [own, granted, others, nowhere] = [await first.get(`/licences/${number}`), await owner.get(`/licences/${number}`), await second.get(`/licences/${number}`), await first.get('/licences/LC-0000-0000-0001-Y')];
    expect([own.body['licensee'], own.body['grantor'], own.body['standing']]).toEqual([first.accountId, owner.accountId, 'offered']);
    expect(granted.body).toEqual(own.body);
    expect([others.status, 'licensee' in others.body, 'grantor' in others.body, others.body['scope']]).toEqual([200, false, false, own.body['scope']]);
    expect([nowhere.status, nowhere.body['code']]).toEqual([404, 'LICENSING.NOT_FOUND']);
  });

  test('its bundle verifies with the command, offline and told; a changed scope is refuted', async () => {
    const trust = await trustIn(service);
    const { body: bundle } = await first.get(`/licences/${number}/proof?parties=open`);
    const chains = bundle['chains'] as { subject: string; complete: boolean; entries: { statement: { type: string; body: { scope: { territories: string[] } } }; disclosures: string[] }[] }[];
    expect(chains.map(({ subject, complete, entries }) => [subject, complete, entries.map(({ statement }) => statement.type)])).toEqual([[number, true, ['licence.granted']], [work, false, ['work.deposited', 'work.licence-granted']]]);
    expect(chains[0]?.entries[0]?.disclosures.map((disclosure) => parseDisclosure(disclosure)).map(({ pointer, value }) => [pointer, pointer === '/licensee' ? value : '…'])).toEqual([['/licensee', `acct:${first.accountId}`], ['/agreement', '…']]);
    expect([await verifier.run(bundle, [], trust), await verifier.run(bundle)].map(({ verdict, exitCode }) => [verdict, exitCode])).toEqual([['verified', 0], ['unconfirmed', 3]]);
    const forged = structuredClone(bundle) as typeof bundle & { chains: typeof chains };
    forged.chains[0]?.entries[0]?.statement.body.scope.territories.push('US');
    expect(failedChecks(await verifier.run(forged, [], trust))).toEqual(['inclusion']);
    const { body: sealed } = await second.get(`/licences/${number}/proof?parties=open`);
    expect((sealed['chains'] as typeof chains)[0]?.entries[0]?.disclosures).toEqual([]);
    expect((await verifier.verify(sealed, [], trust)).verdict).toBe('verified');
  });
});
