import { toOdrl } from '../../../src/lib/licence-terms/index.js';
import type { Answer, Client } from '../../support/http-client.js';
import { joinWithScopes } from '../works/support.js';
import { Licensing, made, refusal, SCOPE, WHOLE } from './licensing-client.js';

let rights: Licensing;
let owner: Client;
let other: Client;
let taker: Client;
let work: string;

beforeAll(async () => {
  rights = await Licensing.start();
  [owner, other, taker] = (await rights.join('owner', 'other', 'taker')) as [Client, Client, Client];
}, 60_000);
afterAll(() => rights?.stop());
beforeEach(async () => {
  work = await rights.deposit(owner);
});

const PRICE = { amountMinor: '19900', currency: 'CNY', per: 'licence' };
const TERMS = { exclusivity: 'non-exclusive', scope: SCOPE, sublicensing: false, toAnyone: false, conditions: [], price: null, revenueShareBps: null, governingLaw: 'CN', licenceUri: null };
const CC_BY = { preset: 'cc-by-4.0', options: { from: '2025-01-01' } };
const offer = (body: unknown, who: Client = owner): Promise<Answer> => who.post(`/works/${work}/licence-terms`, body);
const offered = async (body: unknown = { terms: TERMS }, who: Client = owner): Promise<string> => String(made(await offer(body, who))['number']);
const standing = async (): Promise<string[]> => (made(await taker.get(`/works/${work}/licence-terms`))['items'] as { number: string }[]).map(({ number }) => number);
const take = (number: string, headers: Record<string, string> = {}): Promise<Answer> => taker.post(`/licence-terms/${number}/licences`, {}, headers);
const withdraw = (number: string, who: Client = owner): Promise<Answer> => who.post(`/licence-terms/${number}/withdrawal`, {});
const consent = async (from: Client, to: Client): Promise<unknown> => made(await from.post(`/works/${work}/consents`, { to: to.accountId, act: 'licence', scope: WHOLE }));
/** What the first statement of a chain says. */
async function statementOf(path: string, who: Client = taker): Promise<{ about: string[]; body: Record<string, unknown> }> {
  const [first] = made(await who.get(`${path}/history`))['items'] as { statement: { about: string[]; body: Record<string, unknown> } }[];
  return first?.statement as { about: string[]; body: Record<string, unknown> };
}

describe('an offer', () => {
  test('lies in what its author holds today, and is not over', async () => {
    made(await rights.assign(owner, work, [other], { ...SCOPE, territories: ['CN'], term: { from: '2025-01-01', to: null } }));
    expect([refusal(await offer({ terms: TERMS })), (await offer({ terms: { ...TERMS, scope: { ...SCOPE, territories: ['JP'] } } })).status]).toEqual([[422, 'LICENSING.BEYOND_TITLE'], 201]);
    expect(refusal(await offer({ terms: { ...TERMS, scope: { ...SCOPE, territories: ['JP'], term: { from: '2025-01-01', to: '2025-02-01' } } } }))).toEqual([422, 'LICENSING.TERMS_INVALID']);
  });

  test('stands as long as its author holds of its scope; then who holds all of it withdraws it', async () => {
    const [number, reserved] = [await offered(), await offered({ preset: 'ai-training-reserved', options: { from: '2025-01-01' } })];
    expect([await standing(), refusal(await withdraw(number, other))]).toEqual([[number, reserved], [403, 'LICENSING.NOT_PARTY']]);
    made(await rights.assign(owner, work, [other], { ...SCOPE, rights: ['network-dissemination'], term: { from: '2020-01-01', to: null } }));
    // Of what is reserved the author holds a part.
    expect([await standing(), refusal(await withdraw(reserved, other))]).toEqual([[reserved], [403, 'LICENSING.NOT_PARTY']]);
    expect((await withdraw(number, other)).status).toBe(201);
    made(await rights.assign(owner, work, [taker], { ...WHOLE, rights: ['reproduction'] }));
    expect(await standing()).toEqual([reserved]);
  });

  test('a reservation goes with the last of the rights', async () => {
    const reserved = await offered({ preset: 'ai-training-reserved', options: { from: '2025-01-01' } });
    made(await rights.assign(owner, work, [other]));
    expect([await standing(), (await withdraw(reserved, other)).status]).toEqual([[], 201]);
  });
});

describe('what anyone is licensed, of a work of several', () => {
  beforeEach(async () => {
    work = await rights.shared(owner, other);
  });

  test('bars others for ever: all owners agree', async () => {
    expect([await offer(CC_BY), await rights.offer(owner, work, 'anyone')].map((answer) => [...refusal(answer), answer.body['missing']])).toEqual([
      [422, 'LICENSING.CONSENT_MISSING', [other.accountId]], [422, 'LICENSING.CONSENT_MISSING', [other.accountId]],
    ]);
    expect([await standing(), await rights.ask(taker, work, { right: 'reproduction', use: 'print' })]).toEqual([[], ['forbidden', 'not-granted']]);
    await consent(other, owner);
    expect([(await offer(CC_BY)).status, (await rights.offer(owner, work, 'anyone')).status]).toEqual([201, 201]);
  });

  test('one owner licenses an account without the others', async () => {
    expect((await take(await offered())).status).toBe(201);
  });
});

describe('taking it up', () => {
  test('is said by the licence, and its author learns of it', async () => {
    const number = await offered();
    const licence = String(made(await take(number))['number']);
    expect(await statementOf(`/licences/${licence}`)).toMatchObject({ about: [work, number], body: { terms: number, accepted: true } });
    expect([await rights.notices(owner, licence), await rights.notices(taker, licence)]).toEqual([['licence-accepted'], []]);
  });

  test('open terms name the licence, and the licence them', async () => {
    const { number, licence } = made(await offer(CC_BY));
    expect(await statementOf(`/licences/${String(licence)}`)).toMatchObject({ about: [work, number], body: { terms: number, toAnyone: true } });
  });

  test('again with its key is the same, also when the offer is withdrawn meanwhile', async () => {
    const number = await offered();
    const key = { 'idempotency-key': 'take-1' };
    const first = made(await take(number, key));
    made(await withdraw(number));
    expect([made(await take(number, key)), refusal(await take(number))]).toEqual([first, [409, 'LICENSING.NOT_IN_THIS_STATE']]);
  });

  test('never after the withdrawal, whoever is quicker', async () => {
    for (let round = 0; round < 5; round++) {
      const number = await offered();
      const answers = await Promise.all([take(number), take(number), withdraw(number), take(number), take(number)]);
      expect(answers[2]?.status).toBe(201);
      const rows = await rights.query<{ type: string }>(`SELECT type FROM statement WHERE convert_from(bytes, 'UTF8')::jsonb->'about' ? $1 OR (subject = $1 AND type = 'terms.withdrawn') ORDER BY accepted_at, type`, [number]);
      const taken = answers.filter((_, i) => i !== 2).filter(({ status }) => status === 201).length;
      expect(rows.map(({ type }) => type)).toEqual([...Array.from({ length: taken }, () => 'licence.granted'), 'terms.withdrawn']);
    }
  });
});

test('a withdrawn price is its author’s again', async () => {
  const number = await offered({ terms: { ...TERMS, price: PRICE } });
  const read = async (who: Client): Promise<unknown> => ((await who.get(`/licence-terms/${number}`)).body['terms'] as { price?: unknown }).price;
  expect(await read(taker)).toEqual(PRICE);
  made(await withdraw(number));
  expect([await read(taker), await read(owner)]).toEqual([undefined, PRICE]);
  expect(refusal(await taker.get(`/licence-terms/${number}`, { accept: 'application/ld+json' }))).toEqual([409, 'LICENSING.NOT_IN_THIS_STATE']);
});

describe('an ODRL Agreement', () => {
  const agreement = (change: Record<string, unknown> = {}): Record<string, unknown> => ({
    ...toOdrl({
      kind: 'Agreement', uid: 'https://elsewhere.example/policies/1', target: `urn:zhengben:${work}`, assigner: `urn:uuid:${owner.accountId}`, assignee: `urn:uuid:${taker.accountId.toUpperCase()}`,
      terms: { ...TERMS, exclusivity: 'sole', conditions: ['attribution'], price: PRICE as never, scope: { ...SCOPE, term: { from: '2024-12-31T16:00:00.000Z', until: '2039-12-31T16:00:00.000Z' } } } as never, grantedAt: null,
    }), ...change,
  });
  const importing = (document: unknown, who: Client = owner, headers = {}): Promise<Answer> => who.post(`/works/${work}/licences/odrl`, document, headers);

  test('is granted, and goes out as it came in', async () => {
    const key = { 'idempotency-key': 'odrl-1' };
    const granted = made(await importing(agreement(), owner, key));
    expect(made(await importing(agreement(), owner, key))).toEqual(granted);
    const licence = String(granted['number']);
    made(await taker.post(`/licences/${licence}/acceptance`, {}));
    expect(await rights.ask(taker, work)).toEqual(['permitted', 'licence']);
    const { body: out } = await taker.get(`/licences/${licence}`, { accept: 'application/ld+json' });
    const { uid: _, assignee: _1, 'dct:issued': _2, ...terms } = out;
    const { uid: _3, assignee: _4, ...sent } = agreement();
    expect([terms, out['assignee']]).toEqual([sent, `urn:uuid:${taker.accountId}`]);
  });

  test.each<[string, Record<string, unknown> | (() => Record<string, unknown>), string]>([
    ['an Offer', { '@type': 'Offer' }, '/@type'], ['another work', { target: 'urn:zhengben:ZB-0000-0000-0000-Z' }, '/target'], ['another’s grant', () => ({ assigner: `urn:uuid:${other.accountId}` }), '/assigner'],
    ['a party that is no account', { assignee: 'https://example.com/me' }, '/assignee'], ['a member that nobody knows', { obligation: [] }, '/obligation'],
  ])('of %s is refused', async (_what, change, pointer) => {
    const { status, body } = await importing(agreement(typeof change === 'function' ? change() : change));
    expect([status, body['code'], (body['errors'] as { pointer: string }[]).map((error) => error.pointer)]).toEqual([422, 'LICENSING.TERMS_INVALID', [pointer]]);
  });
});

test('a key that deposits does not license', async () => {
  const camera = await joinWithScopes(rights.service, ['works:read', 'works:write']);
  work = await rights.deposit(camera);
  const acts = [await offer({ terms: TERMS }, camera), await rights.offer(camera, work, taker), await rights.assign(camera, work, [other]), await camera.post(`/works/${work}/consents`, {}), await camera.post('/notices/read', { upTo: '1' })];
  expect(acts.map(({ status, body }) => [status, body['code'], body['missing']])).toEqual(acts.map(() => [403, 'HTTP.SCOPE_MISSING', ['rights:write']]));
});

describe('ids', () => {
  test('of accounts are read in either case', async () => {
    const upper = taker.accountId.toUpperCase();
    await rights.accept(taker, await rights.offer(owner, work, upper));
    expect(await rights.ask(taker, work)).toEqual(['permitted', 'licence']);
    made(await owner.post(`/works/${work}/assignments`, { scope: { ...WHOLE, territories: ['JP'] }, to: [{ account: upper, shareBps: 10_000 }] }));
    work = await rights.deposit(owner, { ownership: 'joint', owners: [{ name: 'a', kind: 'person', shareBps: 5_000 }, { name: 'b', kind: 'person', account: upper, shareBps: 5_000 }] });
    made(await taker.post(`/works/${work}/consents`, { to: owner.accountId.toUpperCase(), act: 'licence', scope: WHOLE, party: other.accountId.toUpperCase() }));
    await rights.license(owner, work, other, { exclusivity: 'exclusive' });
  });

  test('that no row can have are refused, not a failure', async () => {
    const cursor = Buffer.from(JSON.stringify('9999999999999999999')).toString('base64url');
    const dated = Buffer.from(JSON.stringify(['2026-01-01T00:00:00.000Z', '9999999999999999999'])).toString('base64url');
    const licence = await rights.license(owner, work, taker);
    expect([
      refusal(await owner.post(`/works/${work}/consents/3000000000/withdrawal`, {})), refusal(await owner.post(`/licences/${licence}/objections/3000000000/withdrawal`, {})), refusal(await owner.post('/notices/read', { upTo: '9999999999999999999' })),
      refusal(await owner.get(`/notices?cursor=${cursor}`)), refusal(await owner.get(`/licences?cursor=${dated}`)),
    ]).toEqual([[400, 'HTTP.INVALID_PARAMETER'], [400, 'HTTP.INVALID_PARAMETER'], [400, 'HTTP.INVALID_BODY'], [400, 'HTTP.INVALID_CURSOR'], [400, 'HTTP.INVALID_CURSOR']]);
  });

  test('a work of before there was copyright has a title from 1700 on, and can be licensed', async () => {
    work = await rights.deposit(owner, { creation: { nature: 'original', completedOn: '1508-11-01' } });
    await rights.license(owner, work, taker);
    const { holdings } = made(await owner.get(`/works/${work}/holdings`)) as { holdings: { scope: { term: { from: string } } }[] };
    expect(holdings.map(({ scope }) => scope.term.from)).toEqual(['1700-01-01T00:00:00.000Z', '1700-01-01T00:00:00.000Z'].slice(0, holdings.length));
  });
});
