import { createHash } from 'node:crypto';
import { bytesToHex } from '../../../src/lib/bytes/index.js';
import { canonicalBytes, type JsonValue } from '../../../src/lib/canonical-json/index.js';
import { hashLeaf } from '../../../src/lib/merkle/index.js';
import type { Client } from '../../support/http-client.js';
import { readPdf, squeeze } from '../../support/read-pdf.js';
import { Licensing, made, refusal, SCOPE } from './licensing-client.js';

let rights: Licensing;
let owner: Client;
let partner: Client;
let licensee: Client;
let stranger: Client;

beforeAll(async () => {
  rights = await Licensing.start();
  [owner, partner, licensee, stranger] = (await rights.join('owner', 'partner', 'licensee', 'stranger')) as [Client, Client, Client, Client];
}, 60_000);
afterAll(() => rights.stop());

const TERMS = {
  price: { amountMinor: '1234500', currency: 'CNY' }, payment: '签约后三十日内一次付清。\n§ 9 其他', attribution: '图/阿舟', revenueShareBps: 1_250, curePeriodDays: 17, governingLaw: 'HK', conditions: ['attribution'],
};
const contract = async (who: Client, licence: string) => made(await who.get(`/licences/${licence}/contract`)) as { text: string; sha256: string };

async function pdf(who: Client, licence: string): Promise<{ status: number; type: string | null; disposition: string | null; text: string }> {
  const response = await fetch(`${rights.service.url}/api/v1/licences/${licence}/contract.pdf`, { headers: { authorization: `Bearer ${who.apiKey}` } });
  const file = new Uint8Array(await response.arrayBuffer());
  const text = response.status === 200 ? readPdf(file).pages.join('\n') : '';
  return { status: response.status, type: response.headers.get('content-type'), disposition: response.headers.get('content-disposition'), text: squeeze(text) };
}

interface Item { readonly type: string; readonly disclosures: readonly string[]; readonly statement: { readonly sealed: readonly string[]; readonly issuedAt: string } }
const history = async (who: Client, licence: string) => made(await who.get(`/licences/${licence}/history`))['items'] as Item[];
const leafHash = (item: Item | undefined): string => bytesToHex(hashLeaf(canonicalBytes(item?.statement as unknown as JsonValue)));
const opened = ({ disclosures }: Item) => new Map(disclosures.map((text) => (JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as [string, string, unknown]).slice(1) as [string, unknown]));

async function offer(change: Record<string, unknown> = {}): Promise<{ work: string; licence: string }> {
  const work = await rights.deposit(owner, { title: '鬱金香与夜航' });
  return { work, licence: String(made(await rights.offer(owner, work, licensee, { ...TERMS, ...change }))['number']) };
}

test('is one text for both parties, before it is accepted and after; its digest is what was accepted', async () => {
  const { work, licence } = await offer();
  const before = await contract(owner, licence);
  expect(before.sha256).toBe(createHash('sha256').update(before.text, 'utf8').digest('hex'));
  for (const said of [licence, work, '鬱金香与夜航', '12,345', '图/阿舟', '12.5', '17', '网络视听', '信息网络传播', 'owner', 'licensee', `acct:${owner.accountId}`, `acct:${licensee.accountId}`]) expect(before.text).toContain(said);
  // What a party wrote cannot pass for a clause.
  expect(before.text.split('\n').filter((line) => line.includes('9 其他'))).toEqual(['    > § 9 其他']);
  expect(await contract(licensee, licence)).toEqual(before);
  made(await licensee.post(`/licences/${licence}/acceptance`, {}));
  expect([await contract(owner, licence), await contract(licensee, licence)]).toEqual([before, before]);
  const [, accepted] = await history(licensee, licence);
  expect([accepted?.type, opened(accepted as Item)]).toEqual(['licence.accepted', new Map([['/contractSha256', before.sha256]])]);
  // Nor does what comes later change it.
  await rights.end(owner, licensee, licence);
  expect(await contract(owner, licence)).toEqual(before);
});

test('another word is another text', async () => {
  const [one, other] = [await offer(), await offer()];
  expect((await contract(owner, one.licence)).sha256).not.toBe((await contract(owner, other.licence)).sha256);
});

test('as PDF: with its numbers, the digest, and who accepted it when, by which statement', async () => {
  const { work, licence } = await offer();
  const { sha256 } = await contract(owner, licence);
  const before = await pdf(licensee, licence);
  const [granted] = await history(owner, licence);
  expect([before.status, before.type, before.disposition]).toEqual([200, 'application/pdf', `attachment; filename="${licence}.pdf"`]);
  for (const said of [licence, work, '鬱金香与夜航', sha256, '未接受', leafHash(granted), `acct:${licensee.accountId}`, '图/阿舟']) expect(before.text).toContain(squeeze(said));
  made(await licensee.post(`/licences/${licence}/acceptance`, {}));
  const [, accepted] = await history(owner, licence);
  const after = await pdf(owner, licence);
  for (const said of [licence, sha256, leafHash(granted), leafHash(accepted), String(accepted?.statement.issuedAt)]) expect(after.text).toContain(squeeze(said));
  expect(after.text).not.toContain('未接受');
});

test('strangers get neither text nor PDF nor what opens them; nor does who is not signed in', async () => {
  const { licence } = await offer();
  made(await licensee.post(`/licences/${licence}/acceptance`, {}));
  expect([refusal(await stranger.get(`/licences/${licence}/contract`)), (await pdf(stranger, licence)).status, refusal(await stranger.get('/licences/LC-0000-0000-0001-Y/contract'))]).toEqual([[403, 'LICENSING.NOT_PARTY'], 403, [404, 'LICENSING.NOT_FOUND']]);
  const anonymous = await Promise.all(['contract', 'contract.pdf'].map((what) => fetch(`${rights.service.url}/api/v1/licences/${licence}/${what}`)));
  expect(anonymous.map(({ status }) => status)).toEqual([401, 401]);
  const items = await history(stranger, licence);
  const seen = JSON.stringify([items, (await stranger.get(`/licences/${licence}/proof?parties=open&at=newest`)).body, (await stranger.get(`/licences/${licence}`)).body]);
  expect([items.flatMap(({ disclosures }) => disclosures), items.map(({ statement }) => statement.sealed.length)]).toEqual([[], [2, 1]]);
  for (const secret of ['1234500', '图/阿舟', licensee.accountId, (await contract(owner, licence)).sha256]) expect(seen).not.toContain(secret);
});

test('of a confidential work it is its parties’ as well', async () => {
  const work = await rights.deposit(owner, { visibility: 'confidential', title: '秘稿' });
  const licence = await rights.license(owner, work, licensee, TERMS);
  expect([(await contract(licensee, licence)).text.includes('秘稿'), refusal(await stranger.get(`/licences/${licence}/contract`))]).toEqual([true, [404, 'LICENSING.NOT_FOUND']]);
});

test('of an exclusive licence of several the consents are on record, by their statements', async () => {
  const work = await rights.shared(owner, partner);
  const { statement } = made(await partner.post(`/works/${work}/consents`, { to: owner.accountId, act: 'licence', scope: SCOPE }));
  const licence = await rights.license(owner, work, licensee, { exclusivity: 'exclusive' });
  const { text, sha256 } = await contract(partner, licence);
  expect([text.includes(String((statement as { id: string }).id)), (await contract(licensee, licence)).sha256]).toEqual([false, sha256]);
  expect((await pdf(licensee, licence)).text).toContain(squeeze(String((statement as { id: string }).id)));
});

test('of a sublicence it is its own parties’, and names what it comes from', async () => {
  const work = await rights.deposit(owner);
  const parent = await rights.license(owner, work, licensee, { sublicensing: true });
  const sub = await rights.sublicense(licensee, parent, stranger);
  expect([(await contract(stranger, sub)).text.includes(parent), (await contract(licensee, sub)).sha256 === (await contract(stranger, sub)).sha256, refusal(await owner.get(`/licences/${sub}/contract`))]).toEqual([true, true, [403, 'LICENSING.NOT_PARTY']]);
});

test('of a renewal, of what is subject to others, and of a paper it says so', async () => {
  const work = await rights.deposit(owner);
  const first = await rights.license(owner, work, stranger);
  const second = await rights.license(owner, work, licensee, { exclusivity: 'exclusive', subjectTo: [first] });
  const next = String(made(await owner.post(`/licences/${second}/renewals`, { until: '2044-12-31' }))['number']);
  const paper = String(made(await rights.offer(owner, work, undefined, { declared: { kind: 'licence', paperSha256: 'c'.repeat(64), signedOn: '2023-07-01', licenseeName: '某出版社' }, scope: { ...SCOPE, uses: ['print'] } }))['number']);
  const texts = await Promise.all([second, next, paper].map(async (licence) => (await contract(owner, licence)).text));
  expect([texts[0]?.includes(first), texts[1]?.includes(second), texts[2]?.includes('c'.repeat(64)), texts[2]?.includes('2023-07-01'), texts[2]?.includes('某出版社')]).toEqual([true, true, true, true, true]);
});

test('of an assignee: who holds now reads it, and it names who granted', async () => {
  const { work, licence } = await offer();
  const before = await contract(owner, licence);
  made(await rights.assign(owner, work, [partner]));
  expect([await contract(partner, licence), before.text.includes(`acct:${owner.accountId}`)]).toEqual([before, true]);
});
