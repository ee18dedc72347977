import type { Client } from '../../support/http-client.js';
import { Licensing, made, moment, refusal, SCOPE } from './licensing-client.js';

let rights: Licensing;
let owner: Client;
let publisher: Client;
let printer: Client;
let agent: Client;
let work: string;

beforeAll(async () => {
  rights = await Licensing.start();
  [owner, publisher, printer, agent] = (await rights.join('owner', 'publisher', 'printer', 'agent')) as [Client, Client, Client, Client];
}, 60_000);
afterAll(() => rights.stop());
beforeEach(async () => {
  work = await rights.deposit(owner);
});

const parentOf = (change: Record<string, unknown> = {}) => rights.license(owner, work, publisher, { exclusivity: 'exclusive', sublicensing: true, ...change });
const grant = (from: Client, parent: string, licensee: Client, change: Record<string, unknown> = {}) =>
  from.post(`/licences/${parent}/sublicences`, { licensee: licensee.accountId, exclusivity: 'non-exclusive', scope: SCOPE, ...change });
const narrow = { ...SCOPE, languages: ['zh-Hans'] };

test('lies within its parent: what it permits, and what it rests on', async () => {
  const parent = await parentOf();
  const sub = await rights.sublicense(publisher, parent, printer, { scope: { ...SCOPE, term: { from: '2025-01-01', to: null } } });
  const { body } = await printer.get(`/licences/${sub}`);
  // Without an end it lasts as long as its parent, not as the title.
  expect([body['parent'], body['work'], body['endsAt'], body['licensee'], body['grantor']]).toEqual([parent, work, '2039-12-31T16:00:00.000Z', printer.accountId, publisher.accountId]);
  const verdict = await rights.verdict(printer, work);
  expect([verdict.verdict, verdict.reasons.map(({ rule, subject }) => [rule, subject])]).toEqual(['permitted', [['sublicence', sub]]]);
  expect([await rights.ask(publisher, work), await rights.ask(owner, work), await rights.ask(printer, work, { territory: 'HK' })]).toEqual([['permitted', 'licence'], ['forbidden', 'barred-by-exclusive'], ['forbidden', 'not-granted']]);
  expect([await rights.chain(printer, sub), await rights.chain(publisher, parent)]).toEqual([['licence.granted', 'licence.accepted'], ['licence.granted', 'licence.accepted']]);
});

test.each<[string, Record<string, unknown>]>([
  ['another right', { scope: { ...SCOPE, rights: ['network-dissemination', 'filming'] } }],
  ['another territory', { scope: { ...SCOPE, territories: ['CN', 'HK'] } }],
  ['the world', { scope: { ...SCOPE, territories: ['WORLD'] } }],
  ['another use', { scope: { ...SCOPE, uses: ['*'] } }],
  ['a day before', { scope: { ...SCOPE, term: { from: '2024-12-31', to: '2026-01-01' } } }],
  ['a day after', { scope: { ...SCOPE, term: { from: '2025-01-01', to: '2040-01-01' } } }],
])('beyond its parent by %s', async (_what, change) => {
  const parent = await parentOf();
  expect(refusal(await grant(publisher, parent, printer, change))).toEqual([422, 'LICENSING.BEYOND_PARENT']);
});

test('is no more exclusive than its parent, and as exclusive at most', async () => {
  const ranks = ['non-exclusive', 'sole', 'exclusive'];
  for (const [i, of] of ranks.entries()) {
    const parent = await parentOf({ exclusivity: of, scope: { ...SCOPE, uses: [['print', 'film', 'games'][i]] } });
    const answers = [];
    for (const [j, exclusivity] of ranks.entries()) {
      answers.push((await grant(publisher, parent, printer, { exclusivity, scope: { ...SCOPE, uses: [['print', 'film', 'games'][i]], languages: [['en', 'ja', 'ko'][j]] } })).status);
    }
    expect([of, ...answers]).toEqual([of, ...ranks.map((_, j) => (j <= i ? 201 : 422))]);
  }
});

test('needs a licence that allows it, that was accepted, and its licensee', async () => {
  const without = await rights.license(owner, work, publisher, { scope: { ...SCOPE, uses: ['print'] } });
  expect(refusal(await grant(publisher, without, printer, { scope: { ...SCOPE, uses: ['print'] } }))).toEqual([422, 'LICENSING.BEYOND_PARENT']);
  const offered = String(made(await rights.offer(owner, work, publisher, { sublicensing: true }))['number']);
  expect(refusal(await grant(publisher, offered, printer))).toEqual([422, 'LICENSING.BEYOND_PARENT']);
  made(await publisher.post(`/licences/${offered}/acceptance`, {}));
  expect([refusal(await grant(owner, offered, printer)), refusal(await grant(printer, offered, agent)), refusal(await grant(publisher, 'LC-0000-0000-0001-Y', printer))]).toEqual([
    [403, 'LICENSING.NOT_PARTY'], [403, 'LICENSING.NOT_PARTY'], [404, 'LICENSING.NOT_FOUND'],
  ]);
  expect((await grant(publisher, offered, printer)).status).toBe(201);
});

test('an exclusive one bars its parent’s licensee and other sublicences, and nobody outside of it', async () => {
  const parent = await parentOf({ scope: { ...SCOPE, territories: ['CN', 'HK'] } });
  const sub = await rights.sublicense(publisher, parent, printer, { exclusivity: 'exclusive' });
  const barred = await rights.verdict(publisher, work);
  expect([barred.verdict, barred.reasons.map(({ rule, subject, statement }) => [rule, subject, statement['type'], statement['about']])]).toEqual([
    'forbidden', [['barred-by-exclusive', parent, 'licence.sublicence-granted', [sub, work]]],
  ]);
  expect([await rights.ask(publisher, work, { territory: 'HK' }), await rights.ask(printer, work), await rights.ask(publisher, work, { licensee: parent })]).toEqual([['permitted', 'licence'], ['permitted', 'sublicence'], ['forbidden', 'barred-by-exclusive']]);
  const again = await grant(publisher, parent, agent, { scope: narrow });
  expect([refusal(again), again.body['taken'], JSON.stringify(again.body).includes(printer.accountId)]).toEqual([
    [409, 'LICENSING.SCOPE_CONFLICT'], [{ ...narrow, term: { from: '2024-12-31T16:00:00.000Z', until: '2039-12-31T16:00:00.000Z' } }], false,
  ]);
  // Once it ends, the parent's licensee may again, and what barred them is said to have ended where it stood.
  await rights.end(publisher, printer, sub);
  expect([await rights.ask(publisher, work), await rights.ask(printer, work)]).toEqual([['permitted', 'licence'], ['forbidden', 'licence-ended']]);
  expect(await rights.chain(publisher, parent)).toEqual(['licence.granted', 'licence.accepted', 'licence.sublicence-granted', 'licence.sublicence-ended']);
  expect((await grant(publisher, parent, agent, { scope: { ...narrow, term: { from: '2030-01-01', to: '2031-12-31' } } })).status).toBe(201);
});

test('offered only, it does not bar yet', async () => {
  const parent = await parentOf();
  made(await grant(publisher, parent, printer, { exclusivity: 'exclusive' }));
  expect([await rights.ask(publisher, work), await rights.ask(printer, work)]).toEqual([['permitted', 'licence'], ['unclear', 'not-accepted']]);
});

describe('when its parent ends', () => {
  const ends: [string, (parent: string) => Promise<void>, boolean][] = [
    ['by both parties', (parent) => rights.end(owner, publisher, parent), false],
    ['from the beginning', (parent) => rights.end(publisher, owner, parent, { rescind: true }), true],
    ['for a breach', async (parent) => {
      made(await owner.post(`/licences/${parent}/breach`, { reason: '未付款' }));
      await rights.pretend(`UPDATE licence_event SET detail = detail || jsonb_build_object('cureBy', now() - interval '1 minute') WHERE kind = 'breach-notified'`);
      expect(made(await owner.post(`/licences/${parent}/termination`, { ground: 'breach' }))['ended']).toBe(true);
    }, false],
  ];

  test.each(ends)('%s, it is unclear, by the statement that ended the parent; not void; its parties are told', async (_how, end, wasNever) => {
    const parent = await parentOf();
    const sub = await rights.sublicense(publisher, parent, printer, { exclusivity: 'exclusive', sublicensing: true });
    const below = await rights.sublicense(printer, sub, agent);
    const before = await moment();
    await end(parent);
    for (const [who, number] of [[printer, sub], [agent, below]] as const) {
      const verdict = await rights.verdict(who, work);
      expect([verdict.verdict, verdict.reasons.map(({ rule, subject, statement }) => [rule, subject, statement['type']])]).toEqual(['unclear', [['parent-ended', parent, 'licence.terminated']]]);
      const { body } = await who.get(`/licences/${number}`);
      expect([body['standing'], body['voidedAt'], body['endsAt']]).toEqual(['in-force', null, '2039-12-31T16:00:00.000Z']);
      expect(await rights.ask(who, work, { knownAt: before, at: '2030-01-01T00:00:00Z' })).toEqual(['permitted', 'sublicence']);
      // What was done under it meanwhile was licensed, unless there never was a parent.
      expect(await rights.ask(who, work, { at: '2025-06-01T00:00:00Z' })).toEqual(wasNever ? ['unclear', 'parent-ended'] : ['permitted', 'sublicence']);
      expect((await rights.notices(who, number)).at(-1)).toBe('licence-parent-ended');
    }
    expect([(await rights.notices(publisher, sub)).at(-1), (await rights.notices(printer, below)).at(-1)]).toEqual(['licence-parent-ended', 'licence-parent-ended']);
    expect([await rights.notices(owner, sub), await rights.notices(owner, below)]).toEqual([[], []]);
    // Nothing can be granted from what has ended.
    expect(refusal(await grant(publisher, parent, agent, { scope: { ...SCOPE, term: { from: '2030-01-01', to: '2031-12-31' } } }))).toEqual([422, 'LICENSING.BEYOND_PARENT']);
    expect([await rights.ask(publisher, work), await rights.ask(owner, work)]).toEqual([['forbidden', 'licence-ended'], ['permitted', 'holder']]);
  });

  test('nothing further is granted from below, and what was granted there before stays graded', async () => {
    const parent = await parentOf();
    const sub = await rights.sublicense(publisher, parent, printer, { sublicensing: true });
    const below = await rights.sublicense(printer, sub, agent);
    await rights.end(owner, publisher, parent);
    expect([refusal(await grant(printer, sub, agent)), (await agent.get(`/licences/${below}`)).body['standing'], await rights.ask(agent, work)]).toEqual([[422, 'LICENSING.BEYOND_PARENT'], 'in-force', ['unclear', 'parent-ended']]);
  });

  test('an offer out of it is told of as well', async () => {
    const parent = await parentOf();
    const offered = String(made(await grant(publisher, parent, printer))['number']);
    await rights.end(owner, publisher, parent);
    expect([await rights.notices(printer, offered), await rights.ask(printer, work)]).toEqual([['licence-offered', 'licence-parent-ended'], ['unclear', 'parent-ended']]);
  });

  test('by its own term, so does the sublicence, and nobody is told what they knew', async () => {
    const parent = await parentOf();
    const sub = await rights.sublicense(publisher, parent, printer);
    expect([await rights.ask(printer, work, { at: '2039-12-31T15:59:59Z' }), await rights.ask(printer, work, { at: '2039-12-31T16:00:00Z' })]).toEqual([['permitted', 'sublicence'], ['forbidden', 'not-granted']]);
    expect(await rights.notices(printer, sub)).toEqual(['licence-offered']);
  });
});

test('only its parties are told who they are, the owner of the work not either', async () => {
  const parent = await parentOf();
  const sub = await rights.sublicense(publisher, parent, printer);
  const names = async (who: Client) => {
    const { status, body } = await who.get(`/licences/${sub}`);
    return [status, body['licensee'], body['grantor']];
  };
  expect([await names(publisher), await names(printer), await names(agent), await names(owner)]).toEqual([
    [200, printer.accountId, publisher.accountId], [200, printer.accountId, publisher.accountId], [200, undefined, undefined], [200, undefined, undefined],
  ]);
  const open = JSON.stringify([await agent.get(`/licences/${sub}/history`), await agent.get(`/licences/${parent}/history`), await agent.get(`/works/${work}/history`)].map(({ body }) => body));
  expect([open.includes(printer.accountId), open.includes(publisher.accountId)]).toEqual([false, false]);
});
