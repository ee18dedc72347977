import * as fc from 'fast-check';
import type { Answer, Client } from '../../support/http-client.js';
import { eventually } from '../works/support.js';
import { Licensing, made, SCOPE, WHOLE } from './licensing-client.js';

// Everything at once, over HTTP, and then by brute force whether what came of it can stand together. What is looked at is what the log says, in its order.

const SEED = Number(process.env['RIGHTS_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

let rights: Licensing;
let owner: Client;
let partner: Client;
let licensee: Client;
let buyer: Client;
let other: Client;
let work: string;

beforeAll(async () => {
  console.log(`RIGHTS_SEED=${SEED}`);
  rights = await Licensing.start();
  [owner, partner, licensee, buyer, other] = (await rights.join('owner', 'partner', 'licensee', 'buyer', 'other')) as [Client, Client, Client, Client, Client];
}, 60_000);
afterAll(() => rights.stop());
beforeEach(async () => {
  work = await rights.deposit(owner);
});

const exclusive = { exclusivity: 'exclusive' };
const times = <T>(count: number, act: (i: number) => Promise<T>): Promise<T[]> => Promise.all(Array.from({ length: count }, (_, i) => act(i)));
const outcomeOf = ({ status, body }: Answer): string => (status === 201 ? '201' : `${status} ${String(body['code'])}`);
const tally = (answers: readonly Answer[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const answer of answers) counts[outcomeOf(answer)] = (counts[outcomeOf(answer)] ?? 0) + 1;
  return counts;
};

interface Logged { readonly subject: string; readonly seq: number; readonly type: string; readonly actor: string; readonly about: readonly string[]; readonly body: Record<string, unknown> }

/** All that was said of the work and its licences, in the log's order, once all of it is there. */
async function logOf(): Promise<Logged[]> {
  return eventually(async () => {
    const rows = await rights.query<{ bytes: Buffer; leaf_index: string | null }>(
      `SELECT s.bytes, e.leaf_index FROM statement s LEFT JOIN log_entry e USING (ordinal) WHERE s.subject = $1 OR convert_from(s.bytes, 'UTF8')::jsonb -> 'about' ? $1 ORDER BY e.leaf_index`, [work]);
    return rows.every((row) => row.leaf_index !== null) && rows.map(({ bytes }) => {
      const { about, ...statement } = JSON.parse(bytes.toString('utf8')) as Logged;
      return { ...statement, about: about ?? [] };
    });
  });
}

describe('grants', () => {
  test('two hundred ask for one exclusive box: one has it; the others learn what is taken, and not by whom', async () => {
    const clients = [licensee, buyer, other];
    const answers = await times(200, (i) => rights.offer(owner, work, clients[i % 3], exclusive));
    expect(tally(answers)).toEqual({ '201': 1, '409 LICENSING.SCOPE_CONFLICT': 199 });
    const box = { ...SCOPE, term: { from: '2024-12-31T16:00:00.000Z', until: '2039-12-31T16:00:00.000Z' } };
    for (const { status, body } of answers) {
      if (status !== 409) continue;
      expect(body['taken']).toEqual([box]);
      expect(clients.some(({ accountId }) => JSON.stringify(body).includes(accountId))).toBe(false);
    }
    expect([await rights.chain(owner, work), (await logOf()).length]).toEqual([['work.deposited', 'work.licence-granted'], 3]);
  });

  test('two hundred non-exclusive ones of one box all stand', async () => {
    const answers = await times(200, () => rights.offer(owner, work, licensee));
    expect([tally(answers), new Set(answers.map(({ body }) => body['number'])).size]).toEqual([{ '201': 200 }, 200]);
  });

  test('of many that arrive together each has its own answer: refused ones, repeated ones, and those whose key was used for another', async () => {
    await rights.offer(owner, work, buyer, { ...exclusive, scope: { ...SCOPE, territories: ['JP'] } });
    const [repeated, reused] = [`${work}-repeated`, `${work}-reused`];
    const taken = { scope: { ...SCOPE, territories: ['JP', 'KR'] } };
    const answers = await times(60, (i) => [
      () => rights.offer(owner, work, licensee),
      () => rights.offer(owner, work, licensee, taken),
      () => rights.offer(owner, work, licensee, {}, { 'idempotency-key': repeated }),
      () => rights.offer(owner, work, licensee, i < 30 ? {} : { sublicensing: true }, { 'idempotency-key': reused }),
    ][i % 4]?.() as Promise<Answer>);
    const of = (kind: number): Answer[] => answers.filter((_, i) => i % 4 === kind);
    expect([tally(of(0)), tally(of(1)), tally(of(2))]).toEqual([{ '201': 15 }, { '409 LICENSING.SCOPE_CONFLICT': 15 }, { '201': 15 }]);
    expect(new Set(of(2).map(({ body }) => body['number'])).size).toBe(1);
    // Whichever came first has the key.
    expect(Object.keys(tally(of(3))).toSorted()).toEqual(['201', '422 HTTP.IDEMPOTENCY_KEY_REUSED']);
    expect(new Set(of(3).flatMap(({ status, body }) => (status === 201 ? [body['number']] : []))).size).toBe(1);
    expect((await logOf()).filter(({ type }) => type === 'licence.granted')).toHaveLength(18);
    // Nothing can be granted any more, but what was done is told again.
    made(await owner.post(`/works/${work}/withdrawal`, { reason: 'not-mine' }));
    const [again, anew] = [await rights.offer(owner, work, licensee, {}, { 'idempotency-key': repeated }), await rights.offer(owner, work, licensee)];
    expect([again.body['number'], outcomeOf(anew)]).toEqual([of(2)[0]?.body['number'], '409 WORKS.WITHDRAWN']);
  });

  test('one that is asked for twenty times with one key is one', async () => {
    const answers = await times(20, () => rights.offer(owner, work, licensee, exclusive, { 'idempotency-key': work }));
    for (const answer of answers) expect(['201', '409 HTTP.IDEMPOTENCY_IN_FLIGHT']).toContain(outcomeOf(answer));
    expect([new Set(answers.flatMap(({ status, body }) => (status === 201 ? [body['number']] : []))).size, await rights.chain(owner, work)]).toEqual([1, ['work.deposited', 'work.licence-granted']]);
  });

  test('two hundred overlapping mixes: what stands does not conflict, what was refused does, and what is left is free', async () => {
    const pick = (all: readonly string[]) => fc.subarray([...all], { minLength: 1, maxLength: 2 });
    const AXES = { rights: ['filming', 'adaptation', 'translation'], territories: ['CN', 'HK', 'JP'], uses: ['film', 'games', 'print'], languages: ['zh-Hans', 'en'] };
    const YEARS = [2030, 2031, 2032, 2033];
    const wish = fc.record({
      rights: pick(AXES.rights), territories: pick(AXES.territories), uses: pick(AXES.uses), languages: pick(AXES.languages), from: fc.constantFrom(...YEARS), years: fc.constantFrom(1, 1, 2),
      exclusivity: fc.constantFrom('non-exclusive', 'non-exclusive', 'sole', 'exclusive'),
    });
    const wishes = fc.sample(wish, { numRuns: 200, seed: SEED });
    type Wish = Omit<(typeof wishes)[number], 'years' | 'exclusivity'> & { readonly years: number };
    const cellsOf = ({ rights: r, territories, uses, languages, from, years }: Wish): string[] =>
      r.flatMap((a) => territories.flatMap((b) => uses.flatMap((c) => languages.flatMap((d) => YEARS.filter((year) => year >= from && year < from + years).map((e) => `${a} ${b} ${c} ${d} ${e}`)))));
    const answers = await Promise.all(wishes.map(({ exclusivity, from, years, ...sets }) => rights.offer(owner, work, licensee, { exclusivity, scope: { ...sets, term: { from: `${from}-01-01`, to: `${Math.min(from + years - 1, 2033)}-12-31` } } })));
    expect(Object.keys(tally(answers)).toSorted()).toEqual(['201', '409 LICENSING.SCOPE_CONFLICT']);
    /** By cell: how many exclusive or sole grants, and how many others. */
    const cells = new Map<string, { bars: number; shares: number }>();
    for (const [i, one] of wishes.entries()) {
      if (answers[i]?.status !== 201) continue;
      for (const cell of cellsOf(one)) {
        const { bars, shares } = cells.get(cell) ?? { bars: 0, shares: 0 };
        cells.set(cell, one.exclusivity === 'non-exclusive' ? { bars, shares: shares + 1 } : { bars: bars + 1, shares });
      }
    }
    expect([...cells.entries()].filter(([, { bars, shares }]) => bars > 1 || (bars > 0 && shares > 0))).toEqual([]);
    const barred = (cell: string, exclusivity: string): boolean => {
      const { bars, shares } = cells.get(cell) ?? { bars: 0, shares: 0 };
      return bars > 0 || (exclusivity !== 'non-exclusive' && shares > 0);
    };
    for (const [i, one] of wishes.entries()) expect([i, answers[i]?.status === 201 || cellsOf(one).some((cell) => barred(cell, one.exclusivity))]).toEqual([i, true]);
    // What availability says is free is so, cell by cell.
    interface Free { readonly scope: { rights: string[]; territories: string[]; uses: string[]; languages: string[]; term: { from: string; until: string | null } } }
    const free = made(await other.get(`/works/${work}/availability`)) as { exclusive: Free[]; nonExclusive: Free[]; more: boolean };
    const has = (names: readonly string[], name: string): boolean => (names[0] === '*' || names[0] === 'WORLD' ? !names.includes(`-${name}`) : names.includes(name));
    const all = cellsOf({ ...AXES, from: 2030, years: 4 });
    for (const [boxes, exclusivity] of [[free.exclusive, 'exclusive'], [free.nonExclusive, 'non-exclusive']] as const) {
      const open = new Set(all.filter((cell) => {
        const [a = '', b = '', c = '', d = '', year = ''] = cell.split(' ');
        const at = `${year}-06-01T00:00:00.000Z`;
        return boxes.some(({ scope }) => has(scope.rights, a) && has(scope.territories, b) && has(scope.uses, c) && has(scope.languages, d) && scope.term.from <= at && (scope.term.until === null || at < scope.term.until));
      }));
      expect(all.filter((cell) => open.has(cell) === barred(cell, exclusivity))).toEqual([]);
    }
  });
});

describe('grants and assignments of one slice', () => {
  const HK = { ...SCOPE, territories: ['HK'], term: { from: '2025-01-01', to: null } };

  test.each([1, 2, 3])('who grants held it then, by the log (round %d)', async () => {
    const use = (i: number, exclusivity: string) => ({ exclusivity, scope: { ...SCOPE, territories: ['HK'], languages: [['en', 'ja', 'ko', 'fr', 'de', 'es', 'pt', 'it', 'ru', 'ar'][i % 10]] } });
    const mine = times(30, (i) => rights.offer(owner, work, licensee, use(i, i % 2 ? 'exclusive' : 'non-exclusive')));
    const assigned = rights.assign(owner, work, [buyer], HK);
    const theirs = times(30, (i) => rights.offer(buyer, work, other, use(i, i % 2 ? 'exclusive' : 'non-exclusive')));
    const [before, assignment, after] = await Promise.all([mine, assigned, theirs]);
    expect(assignment.status).toBe(201);
    for (const answer of [...before, ...after]) expect(['201', '409 LICENSING.SCOPE_CONFLICT', '422 LICENSING.BEYOND_TITLE']).toContain(outcomeOf(answer));
    const log = await logOf();
    const turn = log.findIndex(({ type }) => type === 'work.assigned');
    const wrong = log.flatMap(({ type, actor, subject }, i) => (type.endsWith('granted') && (actor === `acct:${owner.accountId}`) !== i < turn ? [`${type} ${subject} at ${i}, assigned at ${turn}`] : []));
    expect([turn > 0, wrong]).toEqual([true, []]);
    const granted = log.filter(({ type }) => type === 'licence.granted').map(({ body }) => body as { exclusivity: string; scope: { languages: string[] } });
    for (const language of new Set(granted.map(({ scope }) => scope.languages.join()))) {
      const grants = granted.filter(({ scope }) => scope.languages.join() === language);
      expect(grants.length === 1 || grants.every(({ exclusivity }) => exclusivity === 'non-exclusive')).toBe(true);
    }
  });

  test('twenty buyers of one slice: one has it', async () => {
    const buyers = [partner, licensee, buyer, other];
    const answers = await times(20, (i) => rights.assign(owner, work, [buyers[i % 4] as Client], HK));
    expect(tally(answers)).toEqual({ '201': 1, '422 LICENSING.BEYOND_TITLE': 19 });
    const { holdings } = made(await other.get(`/works/${work}/holdings`)) as { holdings: { holders: { account: string }[]; scope: { territories: string[] } }[] };
    expect(holdings.filter(({ holders }) => holders[0]?.account !== owner.accountId).map(({ scope }) => scope.territories)).toEqual([['HK']]);
  });

  test('slices that do not touch each other are all assigned, and cover the work', async () => {
    const languages = ['en', 'ja', 'ko', 'fr', 'de', 'es', 'pt', 'it', 'ru', 'ar'];
    const answers = await Promise.all(languages.map((language) => rights.assign(owner, work, [buyer], { ...HK, languages: [language] })));
    expect(tally(answers)).toEqual({ '201': 10 });
    const asked = await Promise.all([...languages, 'th'].map((language) => rights.ask(buyer, work, { territory: 'HK', language })));
    expect(asked).toEqual([...languages.map(() => ['permitted', 'holder']), ['forbidden', 'not-granted']]);
  });

  test('a consent that is withdrawn while it is used', async () => {
    for (let round = 0; round < 5; round++) {
      work = await rights.shared(owner, partner);
      const { seq } = made(await partner.post(`/works/${work}/consents`, { to: owner.accountId, act: 'licence', scope: SCOPE }));
      const [granted, withdrawn] = await Promise.all([rights.offer(owner, work, licensee, exclusive), partner.post(`/works/${work}/consents/${String(seq)}/withdrawal`, {})]);
      expect([[201, 422].includes(granted.status), withdrawn.status]).toEqual([true, 201]);
      const types = (await logOf()).map(({ type }) => type);
      if (granted.status === 201) expect(types.indexOf('work.licence-granted')).toBeLessThan(types.indexOf('work.consent-withdrawn'));
    }
  });

  test('a work that is withdrawn meanwhile', async () => {
    for (let round = 0; round < 5; round++) {
      work = await rights.deposit(owner);
      const [withdrawn, ...grants] = await Promise.all([
        owner.post(`/works/${work}/withdrawal`, { reason: 'mistake' }), ...Array.from({ length: 20 }, (_, i) => rights.offer(owner, work, licensee, i % 5 ? {} : { exclusivity: 'sole', scope: { ...SCOPE, uses: ['print'] } })),
      ]);
      expect(withdrawn.status).toBe(201);
      for (const answer of grants) expect(['201', '409 LICENSING.SCOPE_CONFLICT', '409 WORKS.WITHDRAWN']).toContain(outcomeOf(answer));
      const log = await logOf();
      const turn = log.findIndex(({ type }) => type === 'work.withdrawn');
      expect(log.slice(turn).filter(({ type }) => type.endsWith('granted')).map(({ type, body }) => [type, body['exclusivity']])).toEqual([]);
    }
  });
});

describe('ends', () => {
  test('the same box is granted anew after the old licence has ended, never before', async () => {
    for (let round = 0; round < 5; round++) {
      work = await rights.deposit(owner);
      const licence = await rights.license(owner, work, licensee, { ...exclusive, scope: { ...SCOPE, term: { from: '2030-01-01', to: '2031-12-31' } } });
      made(await owner.post(`/licences/${licence}/termination`, { ground: 'mutual', rescind: true }));
      const [ended, ...grants] = await Promise.all([
        licensee.post(`/licences/${licence}/termination`, { ground: 'mutual', rescind: true }), ...Array.from({ length: 20 }, () => rights.offer(owner, work, other, { ...exclusive, scope: { ...SCOPE, term: { from: '2030-01-01', to: '2031-12-31' } } })),
      ]);
      expect([ended.status, grants.filter(({ status }) => status === 201).length <= 1, grants.every(({ status }) => [201, 409].includes(status))]).toEqual([201, true, true]);
      const types = (await rights.chain(owner, work)).slice(1);
      expect(types).toEqual(['work.licence-granted', 'work.licence-ended', ...(grants.some(({ status }) => status === 201) ? ['work.licence-granted'] : [])]);
    }
  });

  test('nothing is sublicensed from what has ended', async () => {
    for (let round = 0; round < 5; round++) {
      work = await rights.deposit(owner);
      const parent = await rights.license(owner, work, licensee, { ...exclusive, sublicensing: true });
      made(await owner.post(`/licences/${parent}/termination`, { ground: 'mutual' }));
      const [ended, ...subs] = await Promise.all([
        licensee.post(`/licences/${parent}/termination`, { ground: 'mutual' }),
        ...Array.from({ length: 20 }, (_, i) => licensee.post(`/licences/${parent}/sublicences`, { licensee: other.accountId, ...(i % 4 ? { exclusivity: 'non-exclusive', scope: SCOPE } : { exclusivity: 'sole', scope: { ...SCOPE, languages: ['en'] } }) })),
      ]);
      expect(ended.status).toBe(201);
      for (const answer of subs) expect(['201', '409 LICENSING.SCOPE_CONFLICT', '422 LICENSING.BEYOND_PARENT']).toContain(outcomeOf(answer));
      const log = await logOf();
      const turn = log.findIndex(({ type, subject }) => type === 'licence.terminated' && subject === parent);
      expect([turn > 0, log.slice(turn).filter(({ type }) => type.endsWith('granted'))]).toEqual([true, []]);
      // Whoever was granted one before was told.
      const told = await Promise.all(subs.flatMap(({ status, body }) => (status === 201 ? [rights.notices(other, String(body['number']))] : [])));
      for (const kinds of told) expect(kinds.at(-1)).toBe('licence-parent-ended');
    }
  });

  test('accepted, declined and withdrawn at once: one of them', async () => {
    for (let round = 0; round < 5; round++) {
      const number = String(made(await rights.offer(owner, work, licensee, { scope: { ...SCOPE, uses: [['print', 'film', 'games', 'news', 'internal'][round]] }, ...exclusive }))['number']);
      const answers = await Promise.all([
        licensee.post(`/licences/${number}/acceptance`, {}), licensee.post(`/licences/${number}/termination`, { ground: 'declined' }), owner.post(`/licences/${number}/termination`, { ground: 'withdrawn' }), licensee.post(`/licences/${number}/acceptance`, {}),
      ]);
      expect(tally(answers)).toEqual({ '201': 1, '409 LICENSING.NOT_IN_THIS_STATE': 3 });
      const { body } = await licensee.get(`/licences/${number}`);
      expect([body['standing'], await rights.chain(owner, number)]).toEqual(answers[0]?.status === 201 || answers[3]?.status === 201 ? ['in-force', ['licence.granted', 'licence.accepted']] : ['void', ['licence.granted', 'licence.terminated']]);
    }
  });

  test('both propose and agree at once: it ends once, and never by one of them', async () => {
    for (let round = 0; round < 5; round++) {
      work = await rights.deposit(owner);
      const number = await rights.license(owner, work, licensee, exclusive);
      const answers = await times(10, (i) => (i % 2 ? owner : licensee).post(`/licences/${number}/termination`, { ground: 'mutual' }));
      for (const answer of answers) expect(['201', '409 LICENSING.NOT_IN_THIS_STATE']).toContain(outcomeOf(answer));
      const chain = (await logOf()).filter(({ subject }) => subject === number);
      const ends = chain.filter(({ type }) => type === 'licence.terminated');
      expect(ends.length).toBeLessThanOrEqual(1);
      for (const { actor } of ends) expect(chain.some((one) => one.type === 'licence.termination-proposed' && one.actor !== actor)).toBe(true);
      if (ends.length === 1) expect(chain.at(-1)?.type).toBe('licence.terminated');
    }
  });
});

test('a whole work is assigned while it is licensed, in twenty works at once', async () => {
  const works = await times(20, () => rights.deposit(owner));
  const answers = await Promise.all(works.flatMap((one) => [rights.offer(owner, one, licensee, exclusive), rights.assign(owner, one, [buyer], WHOLE), rights.offer(owner, one, licensee, { scope: { ...SCOPE, uses: ['film'] } })]));
  for (const answer of answers) expect(['201', '422 LICENSING.BEYOND_TITLE']).toContain(outcomeOf(answer));
  for (const one of works) {
    work = one;
    const log = await logOf();
    const turn = log.findIndex(({ type }) => type === 'work.assigned');
    expect([turn > 0, log.slice(turn + 1)]).toEqual([true, []]);
  }
});
