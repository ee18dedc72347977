import { Client } from 'pg';
import { readCatalogue } from '../../../bench/search/catalogue.js';
import { seeded } from '../../../bench/rights/boxes.js';
import { toIndexWords, toQueryWords } from '../../../src/lib/search-text/index.js';
import { createTestDatabase, type TestDatabase } from '../../support/index.js';

// What lib/search-text writes, as PostgreSQL reads it.

const DEEP = process.env['DEEP'] === '1';
const seed = Number(process.env['SEARCH_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const random = seeded(seed);
const upTo = (most: number): number => Math.floor(random() * (most + 1));

let database: TestDatabase;
let db: Client;

beforeAll(async () => {
  console.log(`SEARCH_SEED=${seed}`);
  database = await createTestDatabase();
  db = new Client({ connectionString: database.serviceUrl });
  await db.connect();
}, 60_000);
afterAll(async () => {
  await db.end();
  await database.drop();
});

const indexed = (text: string): string => toIndexWords([{ text, weight: 'A' }]);

/** For each pair whether the text is found. */
async function found(pairs: readonly (readonly [text: string, query: string])[]): Promise<boolean[]> {
  const { rows } = await db.query<{ hit: boolean }>('SELECT u.words::tsvector @@ u.query::tsquery AS hit FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS u(words, query, n) ORDER BY n',
    [pairs.map(([text]) => indexed(text)), pairs.map(([, query]) => toQueryWords(query) ?? '')]);
  return rows.map(({ hit }) => hit);
}

/** Few letters, so that much is found by chance. */
const LETTERS = ['珠', '江', '夜', '航', 'ガ', 'ラ', '한', '𠮷', 'a', 'b', '1', ' ', '·'];
const draw = (length: number): string => Array.from({ length }, () => LETTERS[upTo(LETTERS.length - 1)]).join('');
const runs = (text: string): string[] => text.match(/[珠江夜航ガラ한𠮷]+|[ab1]+/gu) ?? [];

test('found is what holds every run of the query: a word as a whole, of a script without blanks any part; and nothing else', async () => {
  const pairs: [string, string][] = [];
  while (pairs.length < (DEEP ? 200_000 : 5_000)) {
    const text = draw(upTo(14));
    const signs = [...text];
    const begin = upTo(signs.length);
    const part = signs.slice(begin, begin + 1 + upTo(5)).join('');
    // Some are parts of the text, to be found on purpose; some as if its blanks were none, not to be found by chance.
    const query = [draw(1 + upTo(5)), part, part, part.replaceAll(/[ ·]/g, '')][upTo(3)] ?? '';
    if (toQueryWords(query) !== null) pairs.push([text, query]);
  }
  const expected = pairs.map(([text, query]) => runs(query).every((asked) => runs(text).some((run) => (/[ab1]/.test(asked) ? run === asked : run.includes(asked)))));
  const hits = await found(pairs);
  expect(pairs.filter((_, i) => hits[i] !== expected[i])).toEqual([]);
  expect([expected.filter(Boolean).length > pairs.length / 10, expected.filter((one) => !one).length > pairs.length / 10]).toEqual([true, true]);
}, 120_000);

test('whatever is typed, PostgreSQL reads what is made of it', async () => {
  const texts = Array.from({ length: DEEP ? 20_000 : 1_000 }, () => Array.from({ length: upTo(60) }, () => {
    const code = upTo(random() < 0.5 ? 0x2ff : 0x10ffff);
    return code === 0 || (code >= 0xd800 && code < 0xe000) ? '夜' : String.fromCodePoint(code);
  }).join(''));
  const pairs = texts.flatMap((text) => (toQueryWords(text) === null ? [] : [[text, text] as const]));
  // Also that all of a text finds it.
  const hits = await found(pairs);
  expect(pairs.filter((_, i) => !hits[i])).toEqual([]);
  expect(await found([['\ufdfa'.repeat(500), '\ufdfa'.repeat(200)]])).toEqual([true]);
}, 60_000);

const directory = process.env['REAL_DATA_DIR'];
// Without it, aloud: a silent skip looks like a pass.
if (directory === undefined) process.stderr.write('search: the catalogue skipped, REAL_DATA_DIR is not set\n');

(directory === undefined ? describe.skip : describe)('a museum\'s catalogue (REAL_DATA_DIR)', () => {
  test('every title is found by itself, and by any of its words', async () => {
    const all = await readCatalogue(directory);
    expect(all).toHaveLength(69_202);
    const titles = DEEP ? all : Array.from({ length: 2_000 }, () => all[upTo(all.length - 1)]!);
    const pairs = titles.flatMap(({ title, artists }): [string, string][] => {
      const words = title.match(/[\p{L}\p{N}]+/gu) ?? [];
      return [[title, title.slice(0, 200)], ...words.slice(0, 5).map((word): [string, string] => [title, word.toUpperCase()]), [artists.join(' '), artists[0] ?? '']];
    }).filter(([, query]) => toQueryWords(query) !== null);
    const hits = await found(pairs);
    // Where 200 characters end within a word, that word is another one.
    expect(pairs.filter(([text, query], i) => !hits[i] && (text.length <= 200 || query.length < 200))).toEqual([]);
  }, 120_000);
});
