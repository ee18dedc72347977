import { randomBytes } from 'node:crypto';
import { Client as PostgresClient } from 'pg';
import { seeded } from '../../../bench/rights/boxes.js';
import { IndexBacklog } from '../../../src/modules/works/index-backlog.js';
import { SearchGate } from '../../../src/modules/works/search-gate.js';
import { searchQuery } from '../../../src/modules/works/search-query.js';
import { SearchWorks } from '../../../src/modules/works/search-works.js';
import { type Client, clientOf } from '../../support/http-client.js';
import { Licensing, made, SCOPE } from '../licensing/licensing-client.js';
import { eventually } from './support.js';

// What is found by its words and by what is free of it, in which order, and what is counted. That nothing confidential is found: reading.test.ts and the e2e test.

const seed = Number(process.env['SEARCH_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const random = seeded(seed);

let rig: Licensing;
let creator: Client;
let licensee: Client;
let other: Client;
let stranger: Client;

beforeAll(async () => {
  console.log(`SEARCH_SEED=${seed}`);
  rig = await Licensing.start();
  [creator, licensee, other] = (await rig.join('creator', 'licensee', 'other')) as [Client, Client, Client];
  stranger = clientOf(rig.service.url, null);
}, 60_000);
afterAll(() => rig.stop());

interface Found {
  readonly items: { number: string; title: string | null }[];
  readonly nextCursor: string | null;
  readonly facets?: { counted: number; complete: boolean; categories: Record<string, number>; rights: Record<string, number> };
}

async function search(query: Readonly<Record<string, string>>, who = stranger): Promise<Found> {
  const { status, body } = await who.get(`/works?${new URLSearchParams(query).toString()}`);
  if (status !== 200) throw new Error(JSON.stringify(body));
  return body as unknown as Found;
}

const numbers = async (query: Readonly<Record<string, string>>, who = stranger): Promise<string[]> => (await search(query, who)).items.map(({ number }) => number);
/** A word that nothing else holds. */
const tag = (): string => `x${randomBytes(6).toString('hex')}`;

interface Indexed { work_id: string; words: string; rights: number; protected_until: Date | null }
const indexedOf = (accountId: string): Promise<Indexed[]> => rig.query<Indexed>('SELECT work_id, words::text, rights, protected_until FROM work WHERE account_id = $1 ORDER BY work_id', [accountId]);

/** Lets everything of an account be indexed anew, from its statements. */
async function reindex(accountId: string): Promise<void> {
  await rig.query('UPDATE work SET words = NULL, rights = NULL, protected_until = NULL WHERE account_id = $1', [accountId]);
  rig.service.app.get(IndexBacklog, { strict: false }).onApplicationBootstrap();
  await eventually(async () => (await rig.query('SELECT 1 FROM work WHERE words IS NULL')).length === 0);
}

describe('by words', () => {
  test('of the title: Chinese from one sign on, any case and width, words in any order, signs for nothing', async () => {
    const t = tag();
    const titles = [`${t} 珠江夜航`, `${t} 江夜`, `${t} 100% Cotton`, `${t} 1000 Cotton`, `${t} Under_score`, `${t} ÜBER`];
    const [night, river, percent, thousand, under, uber] = await Promise.all(titles.map((title) => rig.deposit(creator, { title })));
    const find = async (q: string): Promise<unknown[]> => (await numbers({ q: `${t} ${q}` })).toSorted();
    const all = (...some: unknown[]): unknown[] => some.toSorted();
    expect(await find('夜航')).toEqual([night]);
    expect(await find('江夜')).toEqual(all(night, river));
    expect(await find('航')).toEqual([night]);
    expect(await find('夜')).toEqual(all(night, river));
    expect(await find('航夜')).toEqual([]);
    expect(await find('珠江 夜航')).toEqual([night]);
    expect(await find("COTTON'; --")).toEqual(all(percent, thousand));
    expect(await find('cotton 100%')).toEqual([percent]);
    expect(await find('cottons')).toEqual(all(percent, thousand));
    expect(await find('score under')).toEqual([under]);
    expect(await find('ｕｂｅｒ')).toEqual([uber]);
    expect(await find('über'.normalize('NFD'))).toEqual([uber]);
    expect(await find('cott')).toEqual([]);
  });

  test('of credited names, and of no others', async () => {
    const t = tag();
    const authors = [{ name: '林舟', creditedAs: '阿舟', signedAs: 'pseudonym' }, { name: 'Ann Secret', signedAs: 'anonymous' }, { name: 'Bertha Open', signedAs: 'real-name' }];
    const number = await rig.deposit(creator, { title: t, authors });
    for (const [q, hits] of [['阿舟', [number]], ['bertha', [number]], ['林舟', []], ['林', []], ['secret', []], ['ann', []]] as const) expect([q, await numbers({ q: `${t} ${q}` })]).toEqual([q, hits]);
  });

  test('of a confidential work: by nobody but its owner among their own, and by what strangers could see of a public one', async () => {
    const t = tag();
    const number = await rig.deposit(creator, { title: `${t} 绝密`, visibility: 'confidential' });
    for (const who of [stranger, licensee, creator]) expect((await search({ q: t, facets: 'true' }, who)).facets).toMatchObject({ counted: 0 });
    expect(await numbers({ q: `${t} 绝密`, account: 'me' }, creator)).toEqual([number]);
    expect(await numbers({ q: `${t} 阿舟`, account: 'me' }, creator)).toEqual([number]);
    expect(await numbers({ q: `${t} 林舟`, account: 'me' }, creator)).toEqual([]);
  });

  test('what is amended or erased is found no more, at once; what is said instead is', async () => {
    const t = tag();
    const number = await rig.deposit(creator, { title: `${t} before`, category: 'literary' });
    made(await creator.post(`/works/${number}/amendments`, { title: `${t} after`, category: 'software' }));
    expect([await numbers({ q: `${t} before` }), await numbers({ q: `${t} after`, right: 'rental' })]).toEqual([[], [number]]);
    made(await creator.post(`/works/${number}/amendments`, { authors: [{ name: '新人', signedAs: 'real-name' }] }));
    expect([await numbers({ q: `${t} 阿舟` }), await numbers({ q: `${t} 新人` })]).toEqual([[], [number]]);
    expect((await creator.delete(`/works/${number}/disclosures?pointer=/authors/0/creditedAs`)).status).toBe(204);
    expect([await numbers({ q: `${t} 新人` }), await numbers({ q: t })]).toEqual([[], [number]]);
    expect((await creator.delete(`/works/${number}/disclosures?pointer=/title`)).status).toBe(204);
    expect(await numbers({ q: t })).toEqual([]);
    expect(await rig.query('SELECT work_id FROM work WHERE words::text LIKE $1', [`%${t}%`])).toEqual([]);
  });

  test('amendments and erasures that race leave what the statements say', async () => {
    const [racer] = (await rig.join('racer')) as [Client];
    const works = await Promise.all(Array.from({ length: 4 }, () => rig.deposit(racer, { title: tag() })));
    await Promise.all(works.flatMap((number) => [
      ...[1, 2, 3].map((n) => racer.post(`/works/${number}/amendments`, { title: `${tag()} ${n}`, authors: [{ name: `name ${n}`, signedAs: 'real-name' }] })),
      ...['/title', '/authors/0/creditedAs', '/title'].map((pointer) => racer.delete(`/works/${number}/disclosures?pointer=${pointer}`)),
    ]));
    const before = await indexedOf(racer.accountId);
    await reindex(racer.accountId);
    expect(before).toEqual(await indexedOf(racer.accountId));
  });

  test('an amendment that waits behind an erasure brings nothing of what was erased back', async () => {
    const [racer] = (await rig.join('racer')) as [Client];
    const t = tag();
    const number = await rig.deposit(racer, { title: t });
    const locker = new PostgresClient({ connectionString: rig.service.database.adminUrl });
    await locker.connect();
    const waiting = async (count: number): Promise<unknown> =>
      eventually(async () => (await rig.query(`SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`)).length === count);
    try {
      await locker.query('BEGIN');
      await locker.query('SELECT 1 FROM work WHERE account_id = $1 FOR UPDATE', [racer.accountId]);
      const erased = racer.delete(`/works/${number}/disclosures?pointer=/title`);
      await waiting(1);
      const amended = racer.post(`/works/${number}/amendments`, { authors: [{ name: '新人', signedAs: 'real-name' }] });
      await waiting(2);
      await locker.query('COMMIT');
      expect([(await erased).status, (await amended).status]).toEqual([204, 201]);
    } finally {
      await locker.end();
    }
    expect(await indexedOf(racer.accountId)).toMatchObject([{ words: expect.not.stringContaining(t) }]);
    expect(await numbers({ q: '新人', account: racer.accountId })).toEqual([number]);
  });

  test('what has no words yet, as after a recovery, is taken up, and then as if it had been deposited so', async () => {
    const [collector] = (await rig.join('collector')) as [Client];
    await Promise.all([{}, { visibility: 'confidential' }, { category: 'software', rights: ['reproduction', 'rental'] }, { ownership: 'legal-entity' }, { rights: 'none', noRightsBasis: 'public-domain' },
      { ownership: 'legal-entity', visibility: 'confidential', publication: { state: 'published', firstPublishedOn: '2021-01-01' } }, ...Array.from({ length: 55 }, () => ({}))]
      .map((change) => rig.deposit(collector, { title: tag(), ...change })));
    const deposited = await indexedOf(collector.accountId);
    await reindex(collector.accountId);
    expect(deposited).toHaveLength(61);
    expect(await indexedOf(collector.accountId)).toEqual(deposited);
    expect(new Set(deposited.map(({ rights }) => rights)).size).toBe(3);
    expect(deposited.every(({ rights, protected_until }) => (rights === 0) === (protected_until === null))).toBe(true);
  });
});

describe('by what is free', () => {
  const RIGHT = { right: 'network-dissemination', territory: 'CN', use: 'streaming' };
  const free = (q: string, more: Record<string, string> = {}): Promise<string[]> => numbers({ q, ...RIGHT, ...more });

  test('nobody was granted any of it: for an exclusive licence too; a licence of it, for a non-exclusive one only; an exclusive or sole one, for none', async () => {
    const t = tag();
    const [work, sole] = [await rig.deposit(creator, { title: t }), await rig.deposit(creator, { title: t })];
    expect([(await free(t)).length, (await free(t, { exclusive: 'true' })).length]).toEqual([2, 2]);
    const licence = await rig.license(creator, work, licensee);
    await rig.license(creator, sole, licensee, { exclusivity: 'sole' });
    expect([await free(t), await free(t, { exclusive: 'true' })]).toEqual([[work], []]);
    // Beside what was granted, along each of the dimensions; and all of a dimension is not free when a part of it is taken.
    for (const beside of [{ right: 'reproduction' }, { territory: 'FR' }, { use: 'print' }] as Record<string, string>[]) expect([beside, (await free(t, { ...beside, exclusive: 'true' })).length]).toEqual([beside, 2]);
    for (const dimension of ['right', 'territory', 'use'] as const) {
      const { [dimension]: _, ...point } = RIGHT;
      expect([dimension, await numbers({ q: t, ...point, exclusive: 'true' })]).toEqual([dimension, []]);
    }
    expect([await numbers({ q: t, exclusive: 'true' }), await numbers({ q: t, exclusive: 'false' })]).toEqual([[], expect.arrayContaining([work, sole])]);
    await rig.end(creator, licensee, licence);
    expect(await free(t, { exclusive: 'true' })).toEqual([work]);
  });

  test('what is taken later is not free from now on; what was taken, and what is granted on from a licence, takes nothing', async () => {
    const t = tag();
    const [later, over] = [await rig.deposit(creator, { title: t }), await rig.deposit(creator, { title: t })];
    await rig.license(creator, later, licensee, { exclusivity: 'exclusive', scope: { ...SCOPE, term: { from: '2090-01-01', to: '2090-12-31' } } });
    await rig.license(creator, over, licensee, { exclusivity: 'exclusive', scope: { ...SCOPE, term: { from: '2021-01-01', to: '2021-12-31' } } });
    expect([await free(t), await free(t, { exclusive: 'true' })]).toEqual([[over], [over]]);
    const parent = await rig.license(creator, over, licensee, { sublicensing: true });
    await rig.sublicense(licensee, parent, other);
    expect([await free(t), await free(t, { exclusive: 'true' })]).toEqual([[over], []]);
    // The sublicence goes on, and stands in no owner's way.
    await rig.end(creator, licensee, parent);
    expect(await free(t, { exclusive: 'true' })).toEqual([over]);
  });

  test('only what is protected, was not withdrawn, and has the right', async () => {
    const t = tag();
    const dead = await rig.deposit(creator, { title: t });
    const [withdrawn, bare, software] = [await rig.deposit(creator, { title: t }), await rig.deposit(creator, { title: t, rights: 'none', noRightsBasis: 'folklore' }), await rig.deposit(creator, { title: t, category: 'software', rights: ['rental'] })];
    made(await creator.post(`/works/${withdrawn}/withdrawal`, { reason: 'mistake' }));
    expect([await free(t), await numbers({ q: t, right: 'rental' }), (await numbers({ q: t, exclusive: 'true' })).toSorted()]).toEqual([[dead], [software], [dead, software].toSorted()]);
    // The author's death is told to the holding.
    await rig.license(creator, dead, licensee, { scope: { ...SCOPE, territories: ['FR'] } });
    expect(await free(t)).toEqual([dead]);
    await rig.query(`SELECT fix_term($1, now() - interval '1 day')`, [(await rig.query<{ work_id: string }>(`SELECT work_id FROM work WHERE title = $1 AND withdrawn_at IS NULL AND category = 'literary' AND rights <> 0`, [t]))[0]?.work_id]);
    expect(await free(t)).toEqual([]);
    const { facets } = await search({ q: t, facets: 'true' });
    expect([bare, facets]).toEqual([bare, { counted: 4, complete: true, categories: { literary: 3, software: 1 }, rights: expect.objectContaining({ rental: 1, 'network-dissemination': 1 }) }]);
  });
});

describe('in which order, and how many', () => {
  test('when there are more than are counted, as many as are counted, and that there are more', async () => {
    const t = tag();
    for (const category of ['music', 'software', 'literary', 'literary']) await rig.deposit(creator, { title: t, category, rights: category === 'software' ? ['rental'] : ['reproduction'] });
    const counted = async (most: number): Promise<unknown> => (await new SearchWorks(rig.service.app.get(SearchGate, { strict: false }), most).execute(searchQuery.parse({ q: t, facets: 'true', limit: '1' }), null)).facets;
    expect(await counted(4)).toEqual({ counted: 4, complete: true, categories: { literary: 2, software: 1, music: 1 }, rights: { reproduction: 3, rental: 1 } });
    expect(await counted(3)).toEqual({ counted: 3, complete: false, categories: { literary: 2, software: 1 }, rights: { reproduction: 2, rental: 1 } });
    expect(await counted(1)).toEqual({ counted: 1, complete: false, categories: { literary: 1 }, rights: { reproduction: 1 } });
  });

  test('by relevance: the title before the names, the shorter title before the longer; pages hold each work once', async () => {
    const t = tag();
    const form = (title: string, name = '林舟'): Record<string, unknown> => ({ title, authors: [{ name, signedAs: 'real-name' }] });
    const exact = await rig.deposit(creator, form(t));
    const long = await rig.deposit(creator, form(`${t} with many other words beside it`));
    const named = await rig.deposit(creator, form('Untitled', t));
    const ties = [];
    for (let i = 0; i < 7; i++) ties.push(await rig.deposit(creator, form(`${t} ${i}`)));
    expect(await numbers({ q: t, sort: 'relevance' })).toEqual([exact, ...ties.toReversed(), long, named]);
    for (const sort of ['relevance', 'newest']) {
      const seen: string[] = [];
      let cursor: string | null = null;
      do {
        const page: Found = await search({ q: t, sort, limit: '3', ...(cursor === null ? {} : { cursor }) });
        seen.push(...page.items.map(({ number }) => number));
        cursor = page.nextCursor;
      } while (cursor !== null);
      expect([sort, seen]).toEqual([sort, await numbers({ q: t, sort, limit: '100' })]);
      expect(seen).toHaveLength(10);
    }
    const { nextCursor } = await search({ q: t, sort: 'relevance', limit: '3' });
    expect((await stranger.get(`/works?q=${t}&sort=newest&cursor=${nextCursor}`)).body['code']).toBe('HTTP.INVALID_CURSOR');
  });

  test('random works and searches: what a plain look through all of them finds, in its order, and as many of each kind', async () => {
    const t = tag();
    const one = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)] as T;
    const signs = (): string => Array.from({ length: 1 + Math.floor(random() * 3) }, () => one(['珠', '江', '夜'])).join('');
    const works = [];
    for (let i = 0; i < (process.env['DEEP'] === '1' ? 300 : 40); i++) {
      const [title, category] = [`${t} ${signs()} ${one(['red', 'blue'])}`, one(['literary', 'software', 'music'])];
      works.unshift({ title, category, number: await rig.deposit(creator, { title, category }) });
    }
    for (let i = 0; i < (process.env['DEEP'] === '1' ? 1_000 : 60); i++) {
      const [sign, word, category] = [signs(), one(['red', 'blue', '']), one(['literary', 'software', 'music', ''])];
      const hits = works.filter(({ title, ...work }) => title.includes(sign) && title.includes(word) && (category === '' || work.category === category));
      const { items, facets } = await search({ q: `${t} ${word} ${sign}`, ...(category === '' ? {} : { category }), limit: '100', facets: 'true' });
      expect([sign, word, category, items.map(({ number }) => number)]).toEqual([sign, word, category, hits.slice(0, 100).map(({ number }) => number)]);
      const categories: Record<string, number> = {};
      for (const hit of hits) categories[hit.category] = (categories[hit.category] ?? 0) + 1;
      expect(facets).toMatchObject({ counted: hits.length, complete: true, categories });
    }
  }, 300_000);
});
