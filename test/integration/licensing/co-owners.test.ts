import type { Answer, Client } from '../../support/http-client.js';
import { Licensing, made, refusal, SCOPE, WHOLE } from './licensing-client.js';

let rights: Licensing;
let first: Client;
let second: Client;
let third: Client;
let licensee: Client;
let stranger: Client;
/** Of the first three. */
let work: string;

beforeAll(async () => {
  rights = await Licensing.start();
  [first, second, third, licensee, stranger] = (await rights.join('first', 'second', 'third', 'licensee', 'stranger')) as [Client, Client, Client, Client, Client];
}, 60_000);
afterAll(() => rights.stop());
beforeEach(async () => {
  work = await rights.shared(first, second, third);
});

const MISSING = [422, 'LICENSING.CONSENT_MISSING'];
const consent = (by: Client, change: Record<string, unknown> = {}) => by.post(`/works/${work}/consents`, { to: first.accountId, act: 'licence', scope: SCOPE, ...change });
const grant = (change: Record<string, unknown> = {}, to: Client = licensee, by: Client = first) => rights.offer(by, work, to, { exclusivity: 'exclusive', ...change });
/** Code and the accounts that are missing. */
const missing = ({ status, body }: Answer): unknown[] => [status, body['code'], body['missing']];
const missingAre = (...who: Client[]): unknown[] => [...MISSING, who.map(({ accountId }) => accountId).toSorted()];
const holdings = async (who: Client = stranger) => made(await who.get(`/works/${work}/holdings`)) as {
  protection: { until: string | null; basis: string };
  holdings: { scope: { territories: string[]; term: { from: string; until: string | null } }; holders: { account: string; shareBps: number }[]; chainOfTitle: number[] }[];
};
const HK = { ...SCOPE, territories: ['HK'], term: { from: '2025-01-01', to: null } };

test('hold by their shares, from the deposit on', async () => {
  const { protection, holdings: [whole, ...more] } = await holdings();
  expect([protection, more, whole?.chainOfTitle, whole?.scope.territories, whole?.scope.term]).toEqual([{ until: null, basis: 'author-lives' }, [], [0], ['WORLD'], { from: '2019-12-31T16:00:00.000Z', until: null }]);
  expect(new Map(whole?.holders.map(({ account, shareBps }) => [account, shareBps]))).toEqual(new Map([[first.accountId, 3_334], [second.accountId, 3_333], [third.accountId, 3_333]]));
});

describe('an exclusive or a sole licence', () => {
  test.each(['exclusive', 'sole'])('%s: needs all of them; who is missing is named', async (exclusivity) => {
    expect(missing(await grant({ exclusivity }))).toEqual(missingAre(second, third));
    made(await consent(second));
    expect(missing(await grant({ exclusivity }))).toEqual(missingAre(third));
    made(await consent(third));
    // Theirs was to the first.
    expect(missing(await grant({ exclusivity }, licensee, second))).toEqual(missingAre(first, third));
    expect((await grant({ exclusivity })).status).toBe(201);
    expect(await rights.chain(first, work)).toEqual(['work.deposited', 'work.consent-given', 'work.consent-given', 'work.licence-granted']);
    expect(await Promise.all([first, second, third].map((who) => rights.notices(who, work)))).toEqual([['consent-given', 'consent-given', 'consent-wanted'], ['consent-wanted'], ['consent-wanted', 'consent-wanted']]);
  });

  test('refused for that, nothing is granted', async () => {
    await grant();
    expect([await rights.chain(first, work), made(await first.get('/licences?role=grantor&limit=1'))['items']]).not.toContain('work.licence-granted');
    expect((await rights.offer(first, work, licensee)).status).toBe(201);
  });

  test('within the scope that they agreed to', async () => {
    for (const who of [second, third]) made(await consent(who, { scope: { ...SCOPE, languages: ['zh-Hans', 'en'], term: { from: '2030-01-01', to: '2034-12-31' } } }));
    const scope = { ...SCOPE, languages: ['zh-Hans'], term: { from: '2030-01-01', to: '2034-12-31' } };
    const beyond = [{ languages: ['*'] }, { languages: ['ja'] }, { territories: ['CN', 'HK'] }, { uses: ['film'] }, { rights: ['filming'] }, { term: { from: '2029-12-31', to: '2034-12-31' } }, { term: { from: '2030-01-01', to: '2035-01-01' } }];
    for (const change of beyond) expect(missing(await grant({ scope: { ...scope, ...change } }))).toEqual(missingAre(second, third));
    expect([(await grant({ scope })).status, (await grant({ scope: { ...scope, languages: ['en'] } })).status]).toEqual([201, 201]);
  });

  test('to whom they agreed to, who stays sealed', async () => {
    for (const who of [second, third]) made(await consent(who, { party: licensee.accountId }));
    expect(missing(await grant({}, stranger))).toEqual(missingAre(second, third));
    expect((await grant()).status).toBe(201);
    expect(JSON.stringify((await stranger.get(`/works/${work}/history`)).body)).not.toContain(licensee.accountId);
  });

  test('not by a consent to something else, nor by one that was withdrawn or has expired', async () => {
    for (const who of [second, third]) made(await consent(who, { act: 'assignment', scope: WHOLE }));
    expect(missing(await grant())).toEqual(missingAre(second, third));
    const given = [made(await consent(second)), made(await consent(third, { validDays: 1 }))];
    const withdraw = (who: Client, at = 0) => who.post(`/works/${work}/consents/${String(given[at]?.['seq'])}/withdrawal`, {});
    expect([refusal(await withdraw(third)), (await withdraw(second)).status, refusal(await withdraw(second)), refusal(await second.post(`/works/${work}/consents/99/withdrawal`, {}))]).toEqual([
      [404, 'LICENSING.CONSENT_NOT_FOUND'], 201, [404, 'LICENSING.CONSENT_NOT_FOUND'], [404, 'LICENSING.CONSENT_NOT_FOUND'],
    ]);
    expect(missing(await grant())).toEqual(missingAre(second));
    made(await consent(second));
    await rights.pretend(`UPDATE consent SET given_at = given_at - interval '2 days', expires_at = expires_at - interval '2 days' WHERE expires_at < now() + interval '36 hours'`);
    expect(missing(await grant())).toEqual(missingAre(third));
    made(await consent(third));
    expect((await grant()).status).toBe(201);
  });

  test('withdrawn afterwards, what was done by it stays', async () => {
    const { seq } = made(await consent(second));
    made(await consent(third));
    const licence = await rights.accept(licensee, await grant());
    made(await second.post(`/works/${work}/consents/${String(seq)}/withdrawal`, {}));
    expect(await rights.ask(licensee, work, { licensee: licence })).toEqual(['permitted', 'licence']);
    const { items } = made(await third.get(`/works/${work}/consents`)) as { items: { by: string; withdrawnAt: string | null }[] };
    expect(items.map(({ by, withdrawnAt }) => [by, withdrawnAt !== null])).toEqual([[second.accountId, true], [third.accountId, false]]);
    expect(made(await stranger.get(`/works/${work}/consents`))['items']).toEqual([]);
  });

  test('nobody objects to what all agreed to', async () => {
    for (const who of [second, third]) made(await consent(who));
    const licence = await rights.accept(licensee, await grant());
    expect(refusal(await second.post(`/licences/${licence}/objections`, { reason: 'r' }))).toEqual([409, 'LICENSING.NOT_IN_THIS_STATE']);
  });
});

test('consent is of those who hold, to another of them', async () => {
  const NOT_HOLDER = [403, 'LICENSING.NOT_HOLDER'];
  const answers = [await consent(stranger), await consent(second, { to: stranger.accountId }), await consent(second, { to: second.accountId })];
  expect(answers.map(refusal)).toEqual([NOT_HOLDER, NOT_HOLDER, NOT_HOLDER]);
  expect([refusal(await consent(second, { scope: { ...SCOPE, rights: ['attribution'] } })), refusal(await consent(second, { validDays: 367 })), refusal(await consent(second, { act: 'pledge' }))]).toEqual([
    [422, 'LICENSING.SCOPE_INVALID'], [400, 'HTTP.INVALID_BODY'], [400, 'HTTP.INVALID_BODY'],
  ]);
});

describe('a non-exclusive licence', () => {
  test('needs nobody else; the others are told, and may object with a reason', async () => {
    const licence = await rights.license(second, work, licensee);
    expect(await Promise.all([first, third, second].map((who) => rights.notices(who, licence)))).toEqual([['licence-by-co-owner'], ['licence-by-co-owner'], ['licence-accepted']]);
    const object = (who: Client, reason: unknown = '未经协商') => who.post(`/licences/${licence}/objections`, { reason });
    expect([refusal(await object(second)), refusal(await object(stranger)), refusal(await object(licensee)), refusal(await object(first, ''))]).toEqual([
      [403, 'LICENSING.NOT_HOLDER'], [403, 'LICENSING.NOT_HOLDER'], [403, 'LICENSING.NOT_HOLDER'], [400, 'HTTP.INVALID_BODY'],
    ]);
    const one = made(await object(first));
    const two = made(await object(third));
    expect([await rights.ask(licensee, work), (await rights.notices(licensee, licence)).at(-1), (await rights.notices(second, licence)).at(-1)]).toEqual([['unclear', 'in-dispute'], 'licence-objected', 'licence-objected']);
    const withdraw = (who: Client, { seq }: Record<string, unknown>) => who.post(`/licences/${licence}/objections/${String(seq)}/withdrawal`, {});
    expect(refusal(await withdraw(third, one))).toEqual([409, 'LICENSING.NOT_IN_THIS_STATE']);
    made(await withdraw(first, one));
    expect(await rights.ask(licensee, work)).toEqual(['unclear', 'in-dispute']);
    made(await withdraw(third, two));
    expect(await rights.ask(licensee, work)).toEqual(['permitted', 'licence']);
    // The reason is the parties' matter.
    expect(JSON.stringify((await stranger.get(`/licences/${licence}/history`)).body)).not.toContain(Buffer.from('未经协商').toString('base64url').slice(2, 10));
  });

  test('who bought a share later does not object to what was licensed before', async () => {
    const licence = await rights.license(first, work, licensee);
    for (const who of [second, third]) made(await consent(who, { act: 'assignment', scope: WHOLE }));
    made(await rights.assign(first, work, [stranger, second]));
    expect(refusal(await stranger.post(`/licences/${licence}/objections`, { reason: 'r' }))).toEqual([403, 'LICENSING.NOT_HOLDER']);
    expect((await second.post(`/licences/${licence}/objections`, { reason: 'r' })).status).toBe(201);
  });
});

describe('an assignment', () => {
  test('needs all of them, and moves the shares', async () => {
    expect(missing(await rights.assign(first, work, [stranger]))).toEqual(missingAre(second, third));
    for (const who of [second, third]) made(await consent(who, { act: 'assignment', scope: WHOLE, party: stranger.accountId }));
    expect(missing(await rights.assign(first, work, [licensee]))).toEqual(missingAre(second, third));
    // To several: a consent to one of them is not it.
    expect(missing(await rights.assign(first, work, [stranger, licensee]))).toEqual(missingAre(second, third));
    made(await rights.assign(first, work, [stranger]));
    expect((await holdings()).holdings.map(({ holders, chainOfTitle }) => [holders, chainOfTitle])).toEqual([[[{ account: stranger.accountId, shareBps: 10_000 }], [0, 3]]]);
    expect([await rights.ask(first, work), await rights.ask(stranger, work), refusal(await rights.assign(first, work, [second]))]).toEqual([['forbidden', 'not-granted'], ['permitted', 'holder'], [422, 'LICENSING.BEYOND_TITLE']]);
    expect(await Promise.all([second, third, stranger].map(async (who) => (await rights.notices(who, work)).at(-1)))).toEqual(['work-assigned', 'work-assigned', 'work-assigned']);
  });

  test('of a slice to two; the rest stays; each slice has its own chain of title', async () => {
    work = await rights.deposit(first);
    made(await rights.assign(first, work, [second, third], HK));
    const slice = { ...HK, languages: ['yue'] };
    expect(missing(await rights.assign(third, work, [licensee], slice))).toEqual(missingAre(second));
    made(await second.post(`/works/${work}/consents`, { to: third.accountId, act: 'assignment', scope: slice }));
    made(await rights.assign(third, work, [licensee], slice));
    const { holdings: slices } = await holdings();
    const at = (who: Client) => slices.filter(({ holders }) => holders.some(({ account }) => account === who.accountId));
    expect([at(licensee).map(({ chainOfTitle, holders }) => [chainOfTitle, holders[0]?.shareBps]), new Set(at(second).map(({ chainOfTitle }) => chainOfTitle.join())), new Set(at(first).map(({ chainOfTitle }) => chainOfTitle.join()))]).toEqual([
      [[[0, 1, 3], 10_000]], new Set(['0,1,3']), new Set(['0,1']),
    ]);
    expect(at(second).every(({ holders }) => holders.length === 2)).toBe(true);
    expect(await Promise.all([
      rights.ask(second, work, { territory: 'HK', language: 'en' }), rights.ask(second, work, { territory: 'HK', language: 'yue' }), rights.ask(licensee, work, { territory: 'HK', language: 'yue' }), rights.ask(first, work, { territory: 'HK' }), rights.ask(first, work),
      rights.ask(first, work, { territory: 'HK', at: '2024-06-01T00:00:00Z' }),
    ])).toEqual([['permitted', 'co-holder'], ['forbidden', 'not-granted'], ['permitted', 'holder'], ['forbidden', 'not-granted'], ['permitted', 'holder'], ['permitted', 'holder']]);
    // Each grants from their own slice, and nobody from another's.
    expect([(await grant({ exclusivity: 'non-exclusive', scope: HK }, stranger, third)).status, (await grant({ scope: slice }, stranger)).status, (await grant({ scope: slice, exclusivity: 'non-exclusive' }, stranger, licensee)).status, (await grant()).status]).toEqual([422, 422, 201, 201]);
  });

  test('across two slices of one’s own, which were cut apart before', async () => {
    work = await rights.deposit(first);
    made(await rights.assign(first, work, [second], HK));
    made(await rights.assign(second, work, [first], HK));
    expect((await grant({ scope: { ...SCOPE, territories: ['CN', 'HK'] } })).status).toBe(201);
    made(await rights.assign(first, work, [third]));
    expect(new Set((await holdings()).holdings.flatMap(({ holders }) => holders.map(({ account }) => account)))).toEqual(new Set([third.accountId]));
  });

  test('licences that were granted before stay in force, and bar the new holder', async () => {
    work = await rights.deposit(first);
    const licence = await rights.license(first, work, licensee, { exclusivity: 'exclusive' });
    made(await rights.assign(first, work, [second]));
    expect([await rights.ask(licensee, work), await rights.ask(second, work), (await grant({}, stranger, second)).status, (await licensee.get(`/licences/${licence}`)).body['standing']]).toEqual([['permitted', 'licence'], ['forbidden', 'barred-by-exclusive'], 409, 'in-force']);
  });

  test.each<[string, unknown, unknown]>([
    ['shares that are not the whole', [5_000, 4_999], [400, 'HTTP.INVALID_BODY']],
    ['nobody', [], [400, 'HTTP.INVALID_BODY']],
    ['an account that is none', ['none'], [422, 'LICENSING.ACCOUNT_UNKNOWN']],
  ])('to %s', async (_what, shares, expected) => {
    const to = (shares as (number | string)[]).map((share, i) => (typeof share === 'string' ? { account: '01a1ff1b-0000-7000-8000-000000000000', shareBps: 10_000 } : { account: [second, third][i]?.accountId, shareBps: share }));
    work = await rights.deposit(first);
    expect(refusal(await first.post(`/works/${work}/assignments`, { scope: HK, to }))).toEqual(expected);
  });

  test('of a moral right, of a right that the work has not, of what is past protection, of a withdrawn work', async () => {
    work = await rights.deposit(first, { ownership: 'legal-entity', owners: [{ name: '某社', kind: 'organisation', shareBps: 10_000 }] });
    const of = async (change: Record<string, unknown>) => refusal(await rights.assign(first, work, [second], { ...HK, ...change }));
    const until = '2070-12-31';
    expect([await of({ rights: ['integrity'] }), await of({ rights: ['exhibition'] }), await of({ term: { from: '2025-01-01', to: '2071-01-01' } }), await of({ term: { from: '2025-01-01', to: until } })]).toEqual([
      [422, 'LICENSING.SCOPE_INVALID'], [422, 'LICENSING.BEYOND_TITLE'], [422, 'LICENSING.BEYOND_TITLE'], [201, undefined],
    ]);
    // What others hold of is not the depositor’s alone to withdraw.
    expect(refusal(await first.post(`/works/${work}/withdrawal`, { reason: 'mistake' }))).toEqual([409, 'WORKS.RIGHTS_HELD_BY_OTHERS']);
    work = await rights.deposit(first);
    // What was sold cannot be withdrawn.
    work = await rights.deposit(first);
    made(await first.post(`/works/${work}/withdrawal`, { reason: 'mistake' }));
    expect(await of({ territories: ['MO'] })).toEqual([409, 'WORKS.WITHDRAWN']);
  });
});

describe('the end of protection', () => {
  const fix = (who: Client, lastAuthorDiedOn: string) => who.post(`/works/${work}/term`, { lastAuthorDiedOn });

  test('is fixed once, by a holder to whom all agree, and holds for slices and licences', async () => {
    const licence = await rights.license(first, work, licensee, { scope: { ...SCOPE, term: { from: '2025-01-01', to: null } } });
    expect([missing(await fix(first, '2026-02-01')), refusal(await fix(stranger, '2026-02-01'))]).toEqual([missingAre(second, third), [403, 'LICENSING.NOT_HOLDER']]);
    for (const who of [second, third]) made(await consent(who, { act: 'term', scope: WHOLE }));
    expect(refusal(await fix(first, '2999-01-01'))).toEqual([409, 'LICENSING.TERM_FIXED']);
    made(await fix(first, '2026-02-01'));
    const until = '2076-12-31T16:00:00.000Z';
    expect([(await holdings()).protection.until, (await holdings()).holdings.map(({ scope }) => scope.term.until), (await licensee.get(`/licences/${licence}`)).body['endsAt']]).toEqual([until, [until], until]);
    expect([refusal(await fix(first, '2026-02-01')), refusal(await fix(first, '2025-02-01'))]).toEqual([[409, 'LICENSING.TERM_FIXED'], [409, 'LICENSING.TERM_FIXED']]);
    expect([await rights.notices(third, work)].flat().at(-1)).toBe('work-term-fixed');
  });

  test.failing('of slices that were cut in time as well', async () => {
    work = await rights.deposit(first);
    made(await rights.assign(first, work, [second], { ...HK, term: { from: '2090-01-01', to: null } }));
    made(await second.post(`/works/${work}/consents`, { to: first.accountId, act: 'term', scope: WHOLE }));
    made(await fix(first, '2026-02-01'));
    expect((await holdings()).holdings.every(({ scope }) => scope.term.until === '2076-12-31T16:00:00.000Z')).toBe(true);
  });
});
