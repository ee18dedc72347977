import { randomBytes } from 'node:crypto';
import { type Client, joinAs } from '../support/http-client.js';
import { startApplication, type TestApplication } from '../support/start-application.js';
import { minimalForm } from '../support/work-forms.js';
import { parseVerdict, verifyVerdict } from '../../src/lib/verdict/index.js';
import { type Told, trustIn, Verifier } from './support.js';

// Three co-owners of a novel, and what becomes of its rights: each step by HTTP, what is free and who may do what asked after each of them.

let service: TestApplication;
let verifier: Verifier;
let trust: Required<Told>;
const people: Record<'lin' | 'chen' | 'wu' | 'studio' | 'agency' | 'reader' | 'publisher' | 'newcomer', Client> = {} as never;
let work: string;
const licences: string[] = [];

beforeAll(async () => {
  [service, verifier] = await Promise.all([startApplication({ chain: true }), Verifier.open()]);
  for (const name of ['lin', 'chen', 'wu', 'studio', 'agency', 'reader', 'publisher', 'newcomer'] as const) people[name] = await joinAs(service, name);
  trust = await trustIn(service);
}, 120_000);
afterAll(async () => {
  await service.stop();
  await verifier.close();
});

const TERM = { from: '2030-01-01', to: '2034-12-31' };
const film = (territories: string[]) => ({ rights: ['filming', 'network-dissemination'], territories, uses: ['film', 'streaming'], languages: ['*'], term: TERM });
const ebook = { rights: ['network-dissemination'], territories: ['CN'], uses: ['e-book'], languages: ['zh-Hans'], term: TERM };
const [CN, ABROAD] = [film(['CN']), film(['WORLD', '-CN'])];

const grant = (by: Client, to: Client, exclusivity: string, scope: unknown) => by.post(`/works/${work}/licences`, { licensee: to.accountId, exclusivity, scope });

async function granted(by: Client, to: Client, exclusivity: string, scope: unknown): Promise<string> {
  const { status, body } = await grant(by, to, exclusivity, scope);
  expect([status, body['code']]).toEqual([201, undefined]);
  const number = String(body['number']);
  expect((await to.post(`/licences/${number}/acceptance`, {})).status).toBe(201);
  licences.push(number);
  return number;
}

/** The verdict, once every reason of it was seen to verify; `null` in place of what is not asked. */
async function check(who: Client, question: Record<string, string> = {}): Promise<[string, string[]]> {
  const asked = new URLSearchParams({ work, right: 'filming', territory: 'CN', use: 'film', at: '2031-06-01T00:00:00Z', ...question });
  const { status, body } = await who.get(`/rights/check?${asked.toString()}`);
  expect(status).toBe(200);
  const verdict = parseVerdict(JSON.stringify(body));
  const report = await verifyVerdict(verdict, { logKeys: [trust.logKey] });
  expect(report.verdict).toBe('verified');
  expect(verdict.reasons.every(({ inclusion, receipt }) => inclusion !== null || receipt !== null)).toBe(true);
  return [verdict.verdict, verdict.reasons.map(({ rule }) => rule)];
}

async function availability(): Promise<{ exclusive: string[]; nonExclusive: string[]; taken: string[] }> {
  const { body } = await people.newcomer.get(`/works/${work}/availability`);
  const sentences = (member: string): string[] => (body[member] as { sentence: { zh: string } }[]).map(({ sentence }) => sentence.zh);
  return { exclusive: sentences('exclusive'), nonExclusive: sentences('nonExclusive'), taken: sentences('taken') };
}

const isFree = ({ exclusive }: { exclusive: string[] }, sentence: string): boolean => exclusive.some((free) => free.includes(sentence));

test('three co-owners deposit a novel; all of it is free, and theirs', async () => {
  const { lin, chen, wu, newcomer } = people;
  const owner = (client: Client, shareBps: number, name: string) => ({ name, kind: 'person', shareBps, account: client.accountId });
  const { status, body } = await lin.post('/works', {
    ...minimalForm, title: '三城记', category: 'literary', ownership: 'joint', owners: [owner(lin, 5_000, '林舟'), owner(chen, 3_000, '陈默'), owner(wu, 2_000, '吴越')],
    contents: [{ name: 'novel.txt', mediaType: 'text/plain', byteLength: 1_000, sha256: randomBytes(32).toString('hex') }],
  });
  expect(status).toBe(201);
  work = String(body['number']);
  const { body: title } = await newcomer.get(`/works/${work}/holdings`);
  const [holding] = title['holdings'] as { holders: { account: string; shareBps: number }[]; chainOfTitle: number[] }[];
  expect(holding?.holders.map(({ account, shareBps }) => [account, shareBps]).toSorted()).toEqual([[lin.accountId, 5_000], [chen.accountId, 3_000], [wu.accountId, 2_000]].toSorted());
  expect(holding?.chainOfTitle).toEqual([0]);
  expect([await check(lin), await check(wu), await check(newcomer)]).toEqual([['permitted', ['co-holder']], ['permitted', ['co-holder']], ['forbidden', ['not-granted']]]);
  const { exclusive, nonExclusive, taken } = await availability();
  expect([exclusive.length, nonExclusive.length, taken.length]).toEqual([1, 1, 0]);
});

let toStudio: string;

test('an exclusive film licence needs all of them', async () => {
  const { lin, chen, wu, studio, agency } = people;
  const alone = await grant(lin, studio, 'exclusive', CN);
  expect([alone.status, alone.body['code'], (alone.body['missing'] as string[]).toSorted()]).toEqual([422, 'LICENSING.CONSENT_MISSING', [chen.accountId, wu.accountId].toSorted()]);
  const consent = (by: Client) => by.post(`/works/${work}/consents`, { to: lin.accountId, act: 'licence', scope: film(['WORLD']) });
  expect((await consent(chen)).status).toBe(201);
  const lacking = await grant(lin, studio, 'exclusive', CN);
  expect([lacking.status, lacking.body['missing']]).toEqual([422, [wu.accountId]]);
  expect((await consent(wu)).status).toBe(201);
  toStudio = await granted(lin, studio, 'exclusive', CN);
  await granted(lin, agency, 'exclusive', ABROAD);
  expect([await check(studio), await check(agency), await check(agency, { territory: 'FR' }), await check(lin)]).toEqual([
    ['permitted', ['licence']], ['forbidden', ['not-granted']], ['permitted', ['licence']], ['forbidden', ['barred-by-exclusive']],
  ]);
  const now = await availability();
  expect([now.taken.length, isFree(now, '电影、网络视听 · 2030')]).toEqual([1, false]);
});

test('the same box again is refused, and says what is taken and not by whom', async () => {
  const { lin, studio, newcomer } = people;
  const again = await grant(lin, newcomer, 'exclusive', CN);
  expect([again.status, again.body['code'], (again.body['taken'] as { territories: string[] }[]).map(({ territories }) => territories)]).toEqual([409, 'LICENSING.SCOPE_CONFLICT', [['CN']]]);
  expect(JSON.stringify(again.body)).not.toContain(studio.accountId);
  expect((await grant(lin, newcomer, 'non-exclusive', CN)).status).toBe(409);
});

test('e-books go to many, by any of the owners; the others are told, and may object', async () => {
  const { lin, chen, wu, reader, publisher, newcomer } = people;
  const [byChen] = [await granted(chen, reader, 'non-exclusive', ebook), await granted(wu, publisher, 'non-exclusive', ebook), await granted(lin, newcomer, 'non-exclusive', ebook)];
  const asEbook = { right: 'network-dissemination', use: 'e-book', language: 'zh-Hans' };
  expect([await check(reader, asEbook), await check(lin, asEbook), await check(people.agency, asEbook)]).toEqual([['permitted', ['licence']], ['permitted', ['co-holder']], ['forbidden', ['not-granted']]]);
  const { body: notices } = await wu.get('/notices?unread=true');
  expect((notices['items'] as { kind: string; subject: string }[]).filter(({ kind }) => kind === 'licence-by-co-owner').map(({ subject }) => subject)).toContain(byChen);
  const objected = await wu.post(`/licences/${byChen}/objections`, { reason: '稿酬未分配' });
  expect([objected.status, await check(reader, asEbook)]).toEqual([201, ['unclear', ['in-dispute']]]);
  expect((await wu.post(`/licences/${byChen}/objections/${String(objected.body['seq'])}/withdrawal`, {})).status).toBe(201);
  expect(await check(reader, asEbook)).toEqual(['permitted', ['licence']]);
  // What many have, nobody can have alone.
  expect((await grant(lin, reader, 'exclusive', ebook)).status).toBe(422);
  expect((await grant(lin, people.agency, 'non-exclusive', ebook)).status).toBe(201);
});

test('a slice is assigned by all; who had licences of it keeps them, and who buys it holds it alone', async () => {
  const { lin, chen, wu, publisher, newcomer } = people;
  const audio = { rights: ['*'], territories: ['WORLD'], uses: ['audiobook'], languages: ['*'], term: { from: '2026-05-01', to: null } };
  const before = await granted(chen, newcomer, 'non-exclusive', { ...audio, rights: ['network-dissemination'], term: TERM });
  const assign = () => lin.post(`/works/${work}/assignments`, { scope: { ...audio, rights: ['reproduction', 'distribution', 'network-dissemination'] }, to: [{ account: publisher.accountId, shareBps: 10_000 }], price: { amountMinor: '1200000', currency: 'CNY' } });
  const alone = await assign();
  expect([alone.status, alone.body['code']]).toEqual([422, 'LICENSING.CONSENT_MISSING']);
  for (const by of [chen, wu]) {
    expect((await by.post(`/works/${work}/consents`, { to: lin.accountId, act: 'assignment', scope: audio, party: publisher.accountId })).status).toBe(201);
  }
  const assigned = await assign();
  expect(assigned.status).toBe(201);
  const { body: title } = await newcomer.get(`/works/${work}/holdings`);
  const sold = (title['holdings'] as { holders: { account: string }[]; chainOfTitle: number[] }[]).filter(({ holders }) => holders.some(({ account }) => account === publisher.accountId));
  expect(sold.map(({ holders, chainOfTitle }) => [holders.length, chainOfTitle])).toEqual([[1, [0, assigned.body['seq']]]]);
  const asAudio = { right: 'network-dissemination', use: 'audiobook' };
  expect([await check(publisher, asAudio), await check(lin, asAudio), await check(newcomer, asAudio)]).toEqual([['permitted', ['holder']], ['forbidden', ['not-granted']], ['permitted', ['licence']]]);
  // By what was known before, it was still theirs.
  const at = new Date(Date.parse(String((title['holdings'] as unknown[]).length > 0 ? (await newcomer.get(`/licences/${before}`)).body['acceptedAt'] : ''))).toISOString();
  expect(await check(lin, { ...asAudio, knownAt: at })).toEqual(['permitted', ['co-holder']]);
  const foreign = await grant(lin, newcomer, 'non-exclusive', { ...audio, rights: ['distribution'], term: TERM });
  expect([foreign.status, foreign.body['code']]).toEqual([422, 'LICENSING.BEYOND_TITLE']);
  await granted(publisher, people.reader, 'exclusive', { ...audio, rights: ['distribution'], term: TERM });
});

test('a licence ends by both parties, and what it barred is granted again', async () => {
  const { lin, studio, newcomer } = people;
  const known = new Date().toISOString();
  const effectiveAt = '2031-12-31T16:00:00.000Z';
  const proposed = await lin.post(`/licences/${toStudio}/termination`, { ground: 'mutual', effectiveAt });
  expect([proposed.status, proposed.body['ended'], (await grant(lin, newcomer, 'exclusive', CN)).status]).toEqual([201, false, 409]);
  const agreed = await studio.post(`/licences/${toStudio}/termination`, { ground: 'mutual', effectiveAt });
  expect([agreed.status, agreed.body['ended']]).toEqual([201, true]);
  expect([await check(studio), await check(studio, { at: '2032-06-01T00:00:00Z' }), await check(studio, { at: '2032-06-01T00:00:00Z', knownAt: known })]).toEqual([
    ['permitted', ['licence']], ['forbidden', ['licence-ended']], ['permitted', ['licence']],
  ]);
  expect((await grant(lin, newcomer, 'exclusive', CN)).status).toBe(409);
  await granted(lin, newcomer, 'exclusive', { ...CN, term: { from: '2032-01-01', to: '2034-12-31' } });
  expect([await check(newcomer, { at: '2032-06-01T00:00:00Z' }), await check(newcomer)]).toEqual([['permitted', ['licence']], ['forbidden', ['not-granted']]]);
});

test('every licence is proved by a bundle that the command verifies offline', async () => {
  const parties = Object.values(people);
  expect(licences.length).toBe(8);
  for (const [i, number] of licences.entries()) {
    const licensee = (await Promise.all(parties.map(async (one) => [one, (await one.get(`/licences/${number}`)).body['licensee']] as const))).find(([one, id]) => id === one.accountId)?.[0] as Client;
    for (const end = Date.now() + 30_000; (await licensee.get(`/licences/${number}`)).body['status'] !== 'final';) {
      if (Date.now() > end) throw new Error(`${number} is not anchored`);
      await new Promise((done) => setTimeout(done, 50));
    }
    const { body: bundle } = await licensee.get(`/licences/${number}/proof?parties=open`);
    const subjects = (bundle['chains'] as { subject: string }[]).map(({ subject }) => subject);
    expect(subjects).toEqual([number, work]);
    // The command in a process of its own for the first, the same code here for the others.
    const verified = i === 0 ? await verifier.run(bundle, [], trust) : await verifier.verify(bundle, [], trust);
    expect([number, verified.verdict, Object.values(verified.results).includes('fail')]).toEqual([number, 'verified', false]);
    // Nobody else's licence is in it.
    expect(JSON.stringify(bundle)).not.toMatch(new RegExp(licences.filter((other) => other !== number).join('|')));
  }
}, 120_000);
