import { LANGUAGE_CODES, RIGHT_CODES, TERRITORY_CODES, USE_CODES } from '../../../src/lib/rights/index.js';
import { parseWorkNumber } from '../../../src/lib/statement/index.js';
import type { Client } from '../../support/http-client.js';
import { seeded } from '../../unit/lib/rights/realistic.js';
import { Licensing, made, SCOPE } from './licensing-client.js';

interface View {
  readonly exclusive: { scope: { territories: string[] } }[];
  readonly nonExclusive: { scope: { territories: string[] } }[];
  readonly taken: { exclusivity: string }[];
  readonly more: boolean;
  readonly incomplete: string[];
}

let rights: Licensing;
let owner: Client;
let taker: Client;
let work: string;

beforeAll(async () => {
  rights = await Licensing.start();
  [owner, taker] = (await rights.join('owner', 'taker')) as [Client, Client];
}, 60_000);
afterAll(() => rights?.stop());
beforeEach(async () => {
  work = await rights.deposit(owner);
});

const read = async (): Promise<View> => made(await taker.get(`/works/${work}/availability`)) as unknown as View;

test('of a few grants all is said', async () => {
  await rights.license(owner, work, taker);
  const { exclusive, nonExclusive, taken, more, incomplete } = await read();
  expect([exclusive.length > 1, nonExclusive.length, taken.map(({ exclusivity }) => exclusivity), more, incomplete]).toEqual([true, 1, ['non-exclusive'], false, []]);
});

test('a dozen grants of ragged sets make an answer of bounded length that says so; what bars nobody leaves the other list whole', async () => {
  const random = seeded(7);
  const ragged = (codes: ReadonlyMap<string, number>, among = [...codes.keys()]): string[] => among.filter((_, i) => i === 0 || random() < 0.5);
  const held = ['reproduction', 'distribution', 'performance', 'broadcasting', 'network-dissemination', 'filming', 'adaptation', 'translation', 'compilation', 'other-economic'];
  for (let i = 0; i < 12; i++) {
    made(await rights.offer(owner, work, taker, {
      scope: { rights: ragged(RIGHT_CODES, held), territories: ragged(TERRITORY_CODES), uses: ragged(USE_CODES), languages: ragged(LANGUAGE_CODES), term: { from: `20${25 + i}-01-01`, to: `20${40 + i}-12-31` } },
    }));
  }
  const answer = await taker.get(`/works/${work}/availability`);
  const view = made(answer) as unknown as View;
  expect([view.more, view.incomplete.includes('exclusive'), view.incomplete.includes('nonExclusive'), view.nonExclusive.length]).toEqual([true, true, false, 1]);
  expect([view.exclusive.length > 0, view.exclusive.length <= 200, JSON.stringify(view).length < 2_000_000]).toEqual([true, true, true]);
});

test('of more grants than are read, what bars others is read all the same', async () => {
  await rights.license(owner, work, taker, { exclusivity: 'exclusive', scope: { ...SCOPE, territories: ['JP'] } });
  await rights.license(owner, work, taker);
  // A best-seller, without its ten thousand statements.
  await rights.query(
    `INSERT INTO licence (licence_id, work_id, exclusivity, seat, rights, territories, uses, languages, term, grantor_id, licensee_id, granted_at, accepted_at)
     SELECT l.licence_id + n, l.work_id, l.exclusivity, int8multirange(int8range(1000000 + n, 1000001 + n)), l.rights, l.territories, l.uses, l.languages, l.term, l.grantor_id, l.licensee_id, l.granted_at, l.accepted_at
       FROM licence l, generate_series(1, 10001) AS n WHERE l.exclusivity = 'non-exclusive' AND l.work_id = $1`, [parseWorkNumber(work)?.id.toString()]);
  const { exclusive, nonExclusive, taken, more, incomplete } = await read();
  expect([more, incomplete, exclusive, nonExclusive.length > 0, taken.map(({ exclusivity }) => exclusivity).includes('exclusive')]).toEqual([true, ['exclusive', 'taken'], [], true, true]);
}, 120_000);
