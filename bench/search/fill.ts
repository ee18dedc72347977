import { randomBytes, randomUUID } from 'node:crypto';
import type { Client } from 'pg';
import type { TitleFacts } from '../../src/lib/rights/index.js';
import { toSearchColumns } from '../../src/modules/works/to-search-columns.js';
import { seeded } from '../rights/boxes.js';
import { type CatalogueWork, chineseTitles } from './catalogue.js';

export interface FilledWork extends CatalogueWork {
  readonly id: bigint;
  readonly depositedAt: Date;
}

const AT_ONCE = 2_000;
/** Deposited in the order of the catalogue, again and again, one a minute; every so many'th has a Chinese title. */
const CHINESE_EVERY = 4;
const SELLERS = 200;
const BEGIN = Date.UTC(2026, 0, 1);
const FACTS: TitleFacts = { category: 'fine-art', ownership: 'individual', rights: 'all', completedOn: '2020-05-01', firstPublishedOn: null };

/** Rows of works as deposits make them, and licences of some of them, straight into the database: nothing else is read by a search. @param admin may do without triggers. */
export async function fillWorks(admin: Client, catalogue: readonly CatalogueWork[], count: number, progress: (text: string) => void): Promise<FilledWork[]> {
  const [works, sellers, random, chinese]: [FilledWork[], string[], () => number, () => string] = [[], Array.from({ length: SELLERS }, () => randomUUID()), seeded(20_261_121), chineseTitles(20_261_122)];
  await admin.query('SET session_replication_role = replica');
  for (let begin = 0; begin < count; begin += AT_ONCE) {
    const batch = Array.from({ length: Math.min(AT_ONCE, count - begin) }, (_, i): FilledWork => {
      const n = begin + i;
      const entry = catalogue[n % catalogue.length] as CatalogueWork;
      return { ...entry, title: n % CHINESE_EVERY === 0 ? chinese() : entry.title, id: randomBytes(8).readBigUInt64BE() >> 4n, depositedAt: new Date(BEGIN + n * 60_000) };
    });
    const columns = batch.map((work) => toSearchColumns(work.title, work.artists, { ...FACTS, category: work.category }));
    await admin.query(
      `INSERT INTO work (work_id, account_id, category, visibility, title, deposited_at, words, rights, protected_until)
       SELECT u.id, u.account, u.category, 'public', u.title, u.at, u.words::tsvector, u.rights, u.until
         FROM unnest($1::bigint[], $2::uuid[], $3::text[], $4::text[], $5::timestamptz[], $6::text[], $7::integer[], $8::timestamptz[]) AS u(id, account, category, title, at, words, rights, until)`,
      [batch.map(({ id }) => String(id)), batch.map(() => sellers[Math.floor(random() * SELLERS)]), batch.map(({ category }) => category), batch.map(({ title }) => title), batch.map(({ depositedAt }) => depositedAt),
        columns.map(({ words }) => words), columns.map(({ rights }) => rights), columns.map(({ protectedUntil }) => protectedUntil)],
    );
    works.push(...batch);
    progress(`filled ${works.length} of ${count} works`);
  }
  await licenseSome(admin);
  await admin.query('SET session_replication_role = origin');
  return works;
}

/** One work in ten is licensed exclusively, in China; one in five to somebody, for one use. */
async function licenseSome(admin: Client): Promise<void> {
  await admin.query(
    `INSERT INTO licence (licence_id, work_id, exclusivity, seat, rights, territories, uses, languages, term, grantor_id, licensee_id, granted_at, accepted_at)
     SELECT work_id, work_id, CASE WHEN bars THEN 'exclusive' ELSE 'non-exclusive' END, CASE WHEN bars THEN '{[0,)}'::int8multirange ELSE int8multirange(int8range(n, n + 1)) END,
            '{[0,2),[7,8)}', CASE WHEN bars THEN '{[156,157)}'::int4multirange ELSE '{[0,1024)}' END, CASE WHEN bars THEN '{[0,1024)}'::int4multirange ELSE '{[0,1)}' END, '{[0,1024)}',
            tstzrange(deposited_at, now() + interval '1 year'), account_id, account_id, now(), now()
       FROM (SELECT w.*, row_number() OVER (ORDER BY work_id) AS n, work_id % 10 = 0 AS bars FROM work w WHERE work_id % 10 IN (0, 3, 7)) w`);
}
