import { parseVerdict, type RightsVerdict, verifyVerdict } from '../../../src/lib/verdict/index.js';
import type { Client } from '../../support/http-client.js';
import { eventually } from '../works/support.js';
import { Licensing, made, moment, pause, refusal, SCOPE } from './licensing-client.js';

// Every verdict that `ask` and `verdict` get is verified with the log's key, whatever it says: each reason's statement, its proof or receipt, and the signature.

let rights: Licensing;
let owner: Client;
let other: Client;
let licensee: Client;
let stranger: Client;
/** The owner's, licensed to nobody. */
let plain: string;

beforeAll(async () => {
  rights = await Licensing.start();
  [owner, other, licensee, stranger] = (await rights.join('owner', 'other', 'licensee', 'stranger')) as [Client, Client, Client, Client];
  plain = await rights.deposit(owner);
}, 60_000);
afterAll(() => rights.stop());

const NEVER_GIVEN = 'ZB-0000-0000-0001-Y';
const now = (): string => new Date().toISOString();

describe('a verdict as evidence', () => {
  test('once its statements are in the log every reason has its place; untold it confirms nothing; changed it is refuted', async () => {
    const work = await rights.deposit(owner);
    const licence = await rights.license(owner, work, licensee);
    const objected = await eventually(async () => {
      const verdict = await rights.verdict(licensee, work);
      return verdict.reasons.every(({ inclusion }) => inclusion !== null) && verdict;
    });
    expect([objected.verdict, objected.reasons.map(({ rule, subject, statement, receipt }) => [rule, subject, statement['type'], receipt])]).toEqual(['permitted', [['licence', licence, 'licence.granted', null]]]);
    expect(objected.asOf?.treeSize).toBeGreaterThan(objected.reasons[0]?.inclusion?.leafIndex ?? Infinity);
    expect((await verifyVerdict(objected)).verdict).toBe('unconfirmed');
    const changes: ((verdict: RightsVerdict) => void)[] = [
      (verdict) => { (verdict as { verdict: string }).verdict = 'forbidden'; },
      (verdict) => { (verdict.question as { territory: string }).territory = 'US'; },
      (verdict) => { (verdict as { conditions: string[] }).conditions = ['attribution']; },
      (verdict) => { (verdict.reasons as unknown[]).pop(); },
      (verdict) => { (verdict.reasons as unknown as { statement: { body: { scope: { territories: string[] } } } }[]).forEach(({ statement }) => { statement.body.scope.territories = ['WORLD']; }); },
    ];
    for (const change of changes) {
      const changed = structuredClone(objected);
      change(changed);
      const report = await verifyVerdict(parseVerdict(JSON.stringify(changed)), { logKeys: [rights.logKey] });
      expect([report.verdict, report.answer]).toEqual(['refuted', null]);
    }
  });

  test('before that it has the log’s promise', async () => {
    const slow = await Licensing.start({ env: { SEQUENCE_INTERVAL_MS: '60000' } });
    try {
      const [one] = (await slow.join('one')) as [Client];
      const verdict = await slow.verdict(one, await slow.deposit(one));
      expect([verdict.verdict, verdict.reasons.map(({ inclusion, receipt }) => [inclusion, typeof receipt])]).toEqual(['permitted', [[null, 'string']]]);
    } finally {
      await slow.stop();
    }
  });
});

describe('the rules', () => {
  test('who holds, alone or with others; and who holds nothing', async () => {
    expect([await rights.ask(owner, plain), await rights.ask(stranger, plain)]).toEqual([['permitted', 'holder'], ['forbidden', 'not-granted']]);
    const shared = await rights.shared(owner, other);
    expect([await rights.ask(owner, shared), await rights.ask(other, shared), await rights.ask(stranger, shared)]).toEqual([['permitted', 'co-holder'], ['permitted', 'co-holder'], ['forbidden', 'not-granted']]);
  });

  test('a licence that is offered, accepted, objected to, and not objected to any more', async () => {
    const work = await rights.shared(owner, other);
    const offered = await rights.offer(owner, work, licensee);
    expect(await rights.ask(licensee, work)).toEqual(['unclear', 'not-accepted']);
    const licence = await rights.accept(licensee, offered);
    expect(await rights.ask(licensee, work)).toEqual(['permitted', 'licence']);
    const { seq } = made(await other.post(`/licences/${licence}/objections`, { reason: '低于市价' }));
    const doubted = await rights.verdict(licensee, work);
    expect([doubted.verdict, doubted.reasons.map(({ rule, subject, statement }) => [rule, subject, statement['type'], statement['seq']])]).toEqual(['unclear', [['in-dispute', licence, 'licence.objected', seq]]]);
    expect(await rights.ask(owner, work, { licensee: licence })).toEqual(['unclear', 'in-dispute']);
    made(await other.post(`/licences/${licence}/objections/${String(seq)}/withdrawal`, {}));
    expect(await rights.ask(licensee, work)).toEqual(['permitted', 'licence']);
    expect(refusal(await other.post(`/licences/${licence}/objections/${String(seq)}/withdrawal`, {}))).toEqual([409, 'LICENSING.NOT_IN_THIS_STATE']);
  });

  test('an exclusive licence bars the owner, a sole one does not; when it has ended, the licensee’s right has', async () => {
    const work = await rights.deposit(owner);
    await rights.license(owner, work, licensee, { exclusivity: 'sole', scope: { ...SCOPE, territories: ['HK'] } });
    const licence = await rights.license(owner, work, licensee, { exclusivity: 'exclusive' });
    const barred = await rights.verdict(owner, work);
    expect([barred.verdict, barred.reasons.map(({ rule, subject, statement }) => [rule, subject, statement['type']])]).toEqual(['forbidden', [['barred-by-exclusive', work, 'work.licence-granted']]]);
    expect([await rights.ask(licensee, work), await rights.ask(owner, work, { territory: 'HK' }), await rights.ask(owner, work, { at: '2040-01-01T00:00:00Z' })]).toEqual([['permitted', 'licence'], ['permitted', 'holder'], ['permitted', 'holder']]);
    await rights.end(owner, licensee, licence);
    const ended = await rights.verdict(licensee, work);
    expect([ended.verdict, ended.reasons.map(({ rule, subject, statement }) => [rule, subject, statement['type']])]).toEqual(['forbidden', [['licence-ended', licence, 'licence.terminated']]]);
    expect(await rights.ask(owner, work)).toEqual(['permitted', 'holder']);
    // What was done before it ended was licensed.
    expect(await rights.ask(licensee, work, { at: '2026-01-01T00:00:00Z' })).toEqual(['permitted', 'licence']);
  });

  test('an open licence is anyone’s, under its conditions; of several permissions the one with the fewest counts', async () => {
    const work = await rights.deposit(owner);
    made(await owner.post(`/works/${work}/licence-terms`, { preset: 'cc-by-nc-4.0', options: { from: '2025-01-01' } }));
    const anyone = await rights.verdict(stranger, work);
    expect([anyone.verdict, anyone.reasons.map(({ rule }) => rule), [...anyone.conditions].toSorted()]).toEqual(['permitted', ['open-licence'], ['attribution', 'non-commercial']]);
    await rights.license(owner, work, licensee, { conditions: ['attribution'] });
    const own = await rights.verdict(licensee, work);
    expect([own.verdict, own.reasons.map(({ rule }) => rule).toSorted(), own.conditions]).toEqual(['permitted', ['licence', 'open-licence'], ['attribution']]);
    // «Other economic rights» Creative Commons does not name.
    expect(await rights.ask(stranger, work, { right: 'other-economic' })).toEqual(['forbidden', 'not-granted']);
  });

  test('a declared licence, of an account and of somebody without one', async () => {
    const work = await rights.deposit(owner);
    const declared = { kind: 'licence', paperSha256: 'a'.repeat(64), signedOn: '2024-05-01', licenseeName: '某出版社' };
    made(await rights.offer(owner, work, licensee, { declared }));
    expect(await rights.ask(licensee, work)).toEqual(['permitted', 'declared-licence']);
    const paper = String(made(await rights.offer(owner, work, undefined, { declared, scope: { ...SCOPE, uses: ['print'] }, exclusivity: 'exclusive' }))['number']);
    const verdict = await rights.verdict(stranger, work, { licensee: paper, use: 'print' });
    expect([verdict.verdict, verdict.question.account, verdict.reasons.map(({ rule, statement }) => [rule, statement['type']])]).toEqual(['permitted', `licensee:${paper}`, [['declared-licence', 'licence.declared']]]);
    // It blocks like a grant.
    expect(refusal(await rights.offer(owner, work, stranger, { scope: { ...SCOPE, uses: ['print'] } }))).toEqual([409, 'LICENSING.SCOPE_CONFLICT']);
    expect(await rights.ask(owner, work, { use: 'print' })).toEqual(['forbidden', 'barred-by-exclusive']);
  });

  test('a right that was not deposited, a day before there was the work, a withdrawn work', async () => {
    expect([await rights.ask(owner, plain, { right: 'exhibition' }), await rights.ask(owner, plain, { at: '2019-12-31T15:59:59Z' }), await rights.ask(owner, plain, { at: '2019-12-31T16:00:00Z' })]).toEqual([
      ['unclear', 'no-such-right'], ['unclear', 'before-title'], ['permitted', 'holder'],
    ]);
    const unclaimed = await rights.deposit(owner, { rights: 'none', noRightsBasis: 'public-domain' });
    expect(await rights.ask(owner, unclaimed)).toEqual(['unclear', 'no-such-right']);
    const withdrawn = await rights.deposit(owner);
    await rights.license(owner, withdrawn, licensee);
    made(await owner.post(`/works/${withdrawn}/withdrawal`, { reason: 'not-mine' }));
    expect([await rights.ask(licensee, withdrawn), await rights.ask(stranger, withdrawn)]).toEqual([['unclear', 'licence', 'withdrawn'], ['forbidden', 'not-granted', 'withdrawn']]);
  });

  test('protection that has ended: in China everyone may, elsewhere nobody knows', async () => {
    const legal = { ownership: 'legal-entity', owners: [{ name: '某厂', kind: 'organisation', shareBps: 10_000 }] };
    const old = await rights.deposit(owner, { ...legal, creation: { nature: 'original', completedOn: '1950-03-01' }, publication: { state: 'published', firstPublishedOn: '1960-01-01' } });
    const unpublished = await rights.deposit(owner, { ...legal, creation: { nature: 'original', completedOn: '1950-03-01' } });
    expect([await rights.ask(stranger, old), await rights.ask(stranger, old, { territory: 'US' }), await rights.ask(stranger, unpublished)]).toEqual([['permitted', 'protection-ended'], ['unclear', 'protection-abroad'], ['permitted', 'protection-ended']]);
    // To the end of the 31 December 2010 in Shanghai.
    expect([await rights.ask(stranger, old, { at: '2010-12-31T15:59:59Z' }), await rights.ask(stranger, old, { at: '2010-12-31T16:00:00Z' })]).toEqual([['forbidden', 'not-granted'], ['permitted', 'protection-ended']]);
  });

  test('where the law has exceptions nobody but a court says no', async () => {
    const music = await rights.deposit(owner, { category: 'music' });
    const picture = await rights.deposit(owner, { category: 'fine-art' });
    expect(await Promise.all([
      rights.ask(stranger, plain, { use: 'education' }), rights.ask(stranger, plain, { use: 'personal' }), rights.ask(stranger, plain, { use: 'news' }),
      rights.ask(stranger, music), rights.ask(stranger, picture, { right: 'exhibition', use: 'exhibition' }), rights.ask(stranger, picture, { right: 'reproduction' }),
    ])).toEqual([
      ['unclear', 'not-granted', 'exception-possible'], ['unclear', 'not-granted', 'exception-possible'], ['unclear', 'not-granted', 'exception-possible'],
      ['unclear', 'not-granted', 'collective-management'], ['unclear', 'not-granted', 'exhibition-follows-original'], ['forbidden', 'not-granted'],
    ]);
  });
});

describe('derivative works (Art. 16)', () => {
  const made1 = (change: Record<string, unknown>) => ({ creation: { nature: 'translation', completedOn: '2024-01-01', ...change } });

  test('need the owners of the derivative and of each original: the worst answer, all reasons', async () => {
    const [first, second] = [await rights.deposit(other), await rights.deposit(other)];
    const translation = await rights.deposit(owner, made1({ derivedFrom: [{ work: first }, { work: second }] }));
    expect([await rights.ask(owner, translation), await rights.ask(other, translation)]).toEqual([['forbidden', 'holder', 'not-granted', 'not-granted'], ['forbidden', 'not-granted', 'holder', 'holder']]);
    await rights.license(other, first, owner);
    const offered = await rights.offer(other, second, owner);
    expect(await rights.ask(owner, translation)).toEqual(['unclear', 'holder', 'licence', 'not-accepted']);
    await rights.accept(owner, offered);
    const verdict = await rights.verdict(owner, translation);
    expect([verdict.verdict, verdict.reasons.map(({ rule, work }) => [rule, work])]).toEqual(['permitted', [['holder', translation], ['licence', first], ['licence', second]]]);
    await rights.license(owner, translation, licensee);
    expect(await rights.ask(licensee, translation)).toEqual(['forbidden', 'licence', 'not-granted', 'not-granted']);
    // Of what was made from the translation, the originals count as well, each once.
    const further = await rights.deposit(owner, made1({ nature: 'adaptation', derivedFrom: [{ work: translation }, { work: first }] }));
    expect((await rights.verdict(owner, further)).reasons.map(({ rule, work }) => [rule, work])).toEqual([['holder', further], ['holder', translation], ['licence', first], ['licence', second]]);
  });

  test('from outside in copyright, from nobody knows what, and from what is free', async () => {
    const outside = await rights.deposit(owner, made1({ derivedFrom: [{ title: '原著', status: 'in-copyright' }] }));
    const unnamed = await rights.deposit(owner, made1({}));
    const free = await rights.deposit(owner, made1({ derivedFrom: [{ title: '紅樓夢', status: 'public-domain' }] }));
    expect([await rights.ask(owner, outside), await rights.ask(stranger, outside), await rights.ask(owner, unnamed), await rights.ask(owner, free)]).toEqual([
      ['unclear', 'holder', 'original-outside'], ['forbidden', 'not-granted', 'original-outside'], ['unclear', 'holder', 'originals-unnamed'], ['permitted', 'holder'],
    ]);
  });
});

describe('what was known at a time stays the answer', () => {
  test('past and future moments of the act', async () => {
    const work = await rights.deposit(owner);
    await rights.license(owner, work, licensee);
    const at = (moment: string) => rights.ask(licensee, work, { at: moment });
    expect([await at('2024-12-31T15:59:59.999Z'), await at('2024-12-31T16:00:00Z'), await at('2039-12-31T15:59:59.999Z'), await at('2039-12-31T16:00:00Z'), await at('2030-06-01T08:00:00+08:00')]).toEqual([
      ['forbidden', 'not-granted'], ['permitted', 'licence'], ['permitted', 'licence'], ['forbidden', 'not-granted'], ['permitted', 'licence'],
    ]);
  });

  test('through a grant, its acceptance, an objection, a termination and a second grant', async () => {
    const work = await rights.shared(owner, other);
    made(await other.post(`/works/${work}/consents`, { to: owner.accountId, act: 'licence', scope: SCOPE }));
    const times = [await moment()];
    const offered = await rights.offer(owner, work, licensee);
    times.push(await moment());
    const licence = await rights.accept(licensee, offered);
    times.push(await moment());
    const { seq } = made(await other.post(`/licences/${licence}/objections`, { reason: 'r' }));
    times.push(await moment());
    made(await other.post(`/licences/${licence}/objections/${String(seq)}/withdrawal`, {}));
    times.push(await moment());
    await rights.end(owner, licensee, licence);
    times.push(await moment());
    await rights.license(owner, work, stranger, { exclusivity: 'exclusive', scope: { ...SCOPE, term: { from: '2030-01-01', to: '2039-12-31' } } });
    times.push(await moment());
    await pause(1_100);
    const ask = (who: Client) => Promise.all(times.map((knownAt) => rights.ask(who, work, { knownAt, at: '2033-01-01T00:00:00Z' })));
    const [asLicensee, asOwner] = [await ask(licensee), await ask(owner)];
    expect(asLicensee).toEqual([
      ['forbidden', 'not-granted'], ['unclear', 'not-accepted'], ['permitted', 'licence'], ['unclear', 'in-dispute'], ['permitted', 'licence'], ['forbidden', 'licence-ended'], ['forbidden', 'licence-ended'],
    ]);
    expect(asOwner).toEqual([...Array.from({ length: 6 }, () => ['permitted', 'co-holder']), ['forbidden', 'barred-by-exclusive']]);
    // Rescinded, it is as if it had not been; what was known before stays.
    const second = (made(await stranger.get('/licences?limit=1'))['items'] as { number: string }[])[0]?.number ?? '';
    await rights.end(stranger, owner, second, { rescind: true });
    await pause(1_100);
    expect([await ask(licensee), await ask(owner), await rights.ask(owner, work)]).toEqual([asLicensee, asOwner, ['permitted', 'co-holder']]);
  });

  test('through an assignment', async () => {
    const work = await rights.deposit(owner);
    const before = await moment();
    made(await rights.assign(owner, work, [other]));
    const after = await moment();
    expect(await Promise.all([owner, other].flatMap((who) => [before, after].map((knownAt) => rights.ask(who, work, { knownAt }))))).toEqual([
      ['permitted', 'holder'], ['forbidden', 'not-granted'], ['forbidden', 'not-granted'], ['permitted', 'holder'],
    ]);
    const verdict = await rights.verdict(other, work);
    expect(verdict.reasons.map(({ statement }) => statement['type'])).toEqual(['work.assigned']);
  });

  test('before the deposit nothing was known', async () => {
    const before = await moment();
    const work = await rights.deposit(owner);
    const verdict = await rights.verdict(owner, work, { knownAt: before });
    expect([verdict.verdict, verdict.reasons]).toEqual(['unclear', []]);
  });

  test('what is to be known tomorrow is known as of now', async () => {
    const asked = Date.now();
    const verdict = await rights.verdict(owner, plain, { knownAt: '2999-01-01T00:00:00Z' });
    expect(Date.parse(verdict.question.knownAt)).toBeLessThanOrEqual(Date.parse(verdict.issuedAt));
    expect(Date.parse(verdict.question.knownAt)).toBeGreaterThanOrEqual(asked - 1_000);
  });

  test('the end of a term that was fixed later', async () => {
    const work = await rights.deposit(owner, { creation: { nature: 'original', completedOn: '1940-01-01' } });
    await rights.license(owner, work, licensee, { scope: { ...SCOPE, term: { from: '2025-01-01', to: null } } });
    const before = await moment();
    made(await owner.post(`/works/${work}/term`, { lastAuthorDiedOn: '1990-06-01' }));
    const after = await moment();
    // Until the end of 2040: on a day before it nothing changes, on one after it everybody may; but that nobody knew before.
    const ask = (who: Client, at: string) => Promise.all([before, after].map((knownAt) => rights.ask(who, work, { knownAt, at })));
    expect([await ask(owner, '2040-12-31T15:00:00Z'), await ask(licensee, '2040-12-31T15:00:00Z'), (await ask(stranger, '2041-01-01T00:00:00Z'))]).toEqual([
      [['permitted', 'holder'], ['permitted', 'holder']], [['permitted', 'licence'], ['permitted', 'licence']], [['forbidden', 'not-granted'], ['permitted', 'protection-ended']],
    ]);
    expect([await ask(owner, '2041-01-01T00:00:00Z'), await ask(licensee, '2041-01-01T00:00:00Z')]).toEqual([
      [['permitted', 'holder'], ['permitted', 'protection-ended']], [['permitted', 'licence'], ['permitted', 'protection-ended']],
    ]);
  });

  test('within the last second as well', async () => {
    const work = await rights.deposit(owner);
    const licence = await rights.license(owner, work, licensee, { exclusivity: 'exclusive' });
    made(await owner.post(`/licences/${licence}/termination`, { ground: 'mutual' }));
    const knownAt = await moment();
    made(await licensee.post(`/licences/${licence}/termination`, { ground: 'mutual' }));
    expect(await rights.ask(owner, work, { knownAt, at: '2033-01-01T00:00:00Z' })).toEqual(['forbidden', 'barred-by-exclusive']);
  });
});

describe('who may ask', () => {
  test('about another account only who holds of the work; by a licence’s number everyone', async () => {
    const work = await rights.deposit(owner);
    const licence = await rights.license(owner, work, licensee);
    const about = { licensee: licensee.accountId };
    expect([await rights.ask(stranger, work, about), await rights.ask(owner, work, about), await rights.ask(licensee, work, about), await rights.ask(stranger, work, { licensee: licence })]).toEqual([
      [403, 'LICENSING.ACCOUNT_PRIVATE'], ['permitted', 'licence'], ['permitted', 'licence'], ['permitted', 'licence'],
    ]);
    // The same answer whether they are licensed or not.
    expect(await rights.ask(stranger, plain, about)).toEqual([403, 'LICENSING.ACCOUNT_PRIVATE']);
    // A licence of another work says nothing of this one.
    expect(await rights.ask(stranger, plain, { licensee: licence })).toEqual(['forbidden', 'not-granted']);
  });

  test('who has assigned all they held may not ask about the new owner’s licensees', async () => {
    const work = await rights.deposit(owner);
    made(await rights.assign(owner, work, [other]));
    await rights.license(other, work, licensee);
    expect([await rights.ask(owner, work, { licensee: licensee.accountId }), await rights.ask(other, work, { licensee: licensee.accountId })]).toEqual([[403, 'LICENSING.ACCOUNT_PRIVATE'], ['permitted', 'licence']]);
  });

  test('of a confidential work its owners and licensees are answered; to others it is a number never given', async () => {
    const secret = await rights.deposit(owner, {
      visibility: 'confidential', ownership: 'joint', owners: [owner, other].map(({ accountId }, i) => ({ name: `owner ${i}`, kind: 'person', account: accountId, shareBps: 5_000 })),
    });
    const licence = await rights.license(owner, secret, licensee);
    expect([await rights.ask(owner, secret), await rights.ask(other, secret), await rights.ask(licensee, secret), await rights.ask(other, secret, { licensee: licensee.accountId })]).toEqual([
      ['permitted', 'co-holder'], ['permitted', 'co-holder'], ['permitted', 'licence'], ['permitted', 'licence'],
    ]);
    const refused = [await rights.ask(stranger, secret), await rights.ask(stranger, secret, { licensee: licence }), await rights.ask(stranger, secret, { licensee: licensee.accountId })];
    expect(refused).toEqual(refused.map(() => [404, 'WORKS.NOT_FOUND']));
    const [never, hidden] = [await stranger.get(`/rights/check?work=${NEVER_GIVEN}&right=filming&territory=CN&use=film`), await stranger.get(`/rights/check?work=${secret}&right=filming&territory=CN&use=film`)];
    expect([never.status, never.body['code'], never.body['detail']]).toEqual([hidden.status, hidden.body['code'], hidden.body['detail']]);
  });

  test('they are answered at every point and of every time, not only where they hold', async () => {
    const secret = await rights.deposit(owner, { visibility: 'confidential' });
    made(await rights.assign(owner, secret, [other], { ...SCOPE, territories: ['HK'], term: { from: '2025-01-01', to: null } }));
    await rights.license(owner, secret, licensee);
    expect([
      await rights.ask(other, secret, { territory: 'HK' }), await rights.ask(other, secret), await rights.ask(other, secret, { territory: 'HK', right: 'rental' }), await rights.ask(other, secret, { territory: 'HK', at: '2019-01-01T00:00:00Z' }),
      await rights.ask(licensee, secret, { territory: 'US' }),
    ]).toEqual([['permitted', 'holder'], ['forbidden', 'not-granted'], ['unclear', 'no-such-right'], ['unclear', 'before-title'], ['forbidden', 'not-granted']]);
  });

  test('an original that is confidential says no more of itself than one that is not there', async () => {
    const secret = await rights.deposit(other, { visibility: 'confidential' });
    const derived = await rights.deposit(owner, { creation: { nature: 'translation', completedOn: '2024-01-01', derivedFrom: [{ work: secret }] } });
    const verdict = await rights.verdict(stranger, derived);
    expect(verdict.reasons.filter(({ subject }) => subject === secret)).toEqual([]);
  });

  test('who holds a derivative learns nothing of who is licensed in its original', async () => {
    const original = await rights.deposit(other);
    const derived = await rights.deposit(owner, { creation: { nature: 'translation', completedOn: '2024-01-01', derivedFrom: [{ work: original }] } });
    const licence = await rights.license(other, original, licensee);
    const answer = await owner.get(`/rights/check?${new URLSearchParams({ work: derived, right: 'network-dissemination', territory: 'CN', use: 'streaming', licensee: licensee.accountId }).toString()}`);
    expect(JSON.stringify(answer.body)).not.toContain(licence);
  });
});

describe('questions', () => {
  test('a thousand at once, each answered in its place', async () => {
    const work = await rights.deposit(owner);
    await rights.license(owner, work, licensee);
    const question = { work, right: 'network-dissemination', territory: 'CN', use: 'streaming' };
    const kinds = [question, { ...question, territory: 'US' }, { ...question, work: NEVER_GIVEN }, { ...question, licensee: owner.accountId }];
    const { items } = made(await licensee.post('/rights/checks', { questions: Array.from({ length: 1_000 }, (_, i) => kinds[i % kinds.length]) })) as { items: { verdict?: RightsVerdict; error?: { code: string } }[] };
    const said = items.map(({ verdict, error }) => (verdict === undefined ? error?.code : verdict.verdict));
    expect(said).toEqual(Array.from({ length: 1_000 }, (_, i) => ['permitted', 'forbidden', 'WORKS.NOT_FOUND', 'LICENSING.ACCOUNT_PRIVATE'][i % kinds.length]));
    for (const { verdict } of items.slice(-100)) {
      if (verdict === undefined) continue;
      expect((await verifyVerdict(parseVerdict(JSON.stringify(verdict)), { logKeys: [rights.logKey] })).verdict).toBe('verified');
    }
  });

  test('of a number that is none', async () => {
    const question = { work: 'nonsense', right: 'filming', territory: 'CN', use: 'film' };
    expect(await rights.ask(owner, 'nonsense')).toEqual([404, 'WORKS.NOT_FOUND']);
    const { items } = made(await owner.post('/rights/checks', { questions: [question, { ...question, work: plain }] }));
    expect(items).toMatchObject([{ error: { code: 'WORKS.NOT_FOUND' } }, { verdict: { verdict: 'permitted' } }]);
  });

  test('one too many, none, and one that is malformed', async () => {
    const question = { work: plain, right: 'filming', territory: 'CN', use: 'film' };
    const answers = [Array.from({ length: 1_001 }, () => question), [], [{ ...question, right: 'attribution' }], [{ ...question, at: 'today' }], [{ ...question, licensee: 'LC-0' }]];
    for (const questions of answers) expect(refusal(await owner.post('/rights/checks', { questions }))).toEqual([400, 'HTTP.INVALID_BODY']);
    expect(refusal(await owner.get(`/rights/check?work=${plain}&right=attribution&territory=CN&use=film`))).toEqual([400, 'HTTP.INVALID_PARAMETER']);
  });

  test('at the end of time the answer still verifies, or is none', async () => {
    for (const at of ['9999-12-30T23:59:59Z', '9999-12-31T23:59:59Z', '9999-12-31T23:59:59-12:00', '0001-01-01T00:00:00Z', '0001-01-01T00:00:00+14:00', now()]) {
      const [said] = await rights.ask(owner, plain, { at });
      expect(['permitted', 'unclear', 'forbidden', 400, 422]).toContain(said);
    }
  });
});
