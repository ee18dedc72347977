import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readPdf, squeeze } from '../../support/read-pdf.js';
import { zhengben } from '../../support/program.js';
import { type Client, joinAs } from '../../support/http-client.js';
import { startApplication, type TestApplication } from '../../support/start-application.js';
import { declaredContent, minimalForm } from '../../support/work-forms.js';

let service: TestApplication;
let owner: Client;
let stranger: Client;
let directory: string;

beforeAll(async () => {
  [service, directory] = await Promise.all([startApplication({ chain: true }), mkdtemp(join(tmpdir(), 'zhengben-certificate-'))]);
  [owner, stranger] = await Promise.all([joinAs(service, 'owner'), joinAs(service, 'stranger')]);
}, 60_000);
afterAll(async () => {
  await service.stop();
  await rm(directory, { recursive: true, force: true });
});

async function register(form: Record<string, unknown>): Promise<string> {
  const { status, body } = await owner.post('/works', { ...minimalForm, contents: [declaredContent()], ...form }, { prefer: 'wait=10' });
  expect(status).toBe(201);
  return String(body['number']);
}

async function certificateOf(number: string, who: Client | null = null, query = ''): Promise<{ response: Response; bytes: Uint8Array }> {
  const response = await fetch(`${service.url}/api/v1/works/${number}/certificate.pdf${query}`, { headers: who === null ? {} : { authorization: `Bearer ${who.apiKey}` } });
  return { response, bytes: new Uint8Array(await response.arrayBuffer()) };
}

function textOf(bytes: Uint8Array): { text: string; pages: number } {
  const { pages } = readPdf(bytes);
  return { text: squeeze(pages.join('')), pages: pages.length };
}

test('one page says what was deposited, since when it is proved, and what that does not prove; its proof is attached and verifies', async () => {
  const number = await register({ title: '珠江夜航' });
  await owner.events(`/works/${number}/events`);
  const { response, bytes } = await certificateOf(number);
  expect([response.status, response.headers.get('content-type'), response.headers.get('content-disposition')]).toEqual([200, 'application/pdf', `attachment; filename="${number}.pdf"`]);
  const { text, pages } = textOf(bytes);
  expect(pages).toBe(1);
  const work = (await owner.get(`/works/${number}`)).body as { contents: { sha256: string }[]; statement: { leafHash: string }; anchor: { transactionHash: string; contract: string } };
  for (const said of ['作品存证证书', 'Depositcertificate', number, '珠江夜航', work.contents[0]!.sha256, work.statement.leafHash, work.anchor.transactionHash, work.anchor.contract]) expect(text).toContain(said.replaceAll(' ', ''));
  expect(text).not.toMatch(/(?<!不是)作品登记证书/);

  const path = join(directory, 'certificate.pdf');
  await writeFile(path, bytes);
  const vkey = (await (await fetch(`${service.url}/log/vkey`)).text()).trim();
  const verified = await zhengben('verify', path, '--log-key', vkey, '--contract', `31337:${service.config.chain.contract}`, '--rpc', service.chain!.url, '--json');
  expect([verified.exitCode, (JSON.parse(verified.stdout) as { verdict: string; subject: string }).subject]).toEqual([0, number]);
}, 60_000);

test('the same work has the same certificate, to the byte', async () => {
  const number = await register({});
  await owner.events(`/works/${number}/events`);
  const [one, two] = [await certificateOf(number), await certificateOf(number)];
  expect(Buffer.compare(one.bytes, two.bytes)).toBe(0);
}, 60_000);

test('names of owners stand in it only when its owner opens them', async () => {
  const number = await register({ owners: [{ name: '欧阳秋实', kind: 'person', shareBps: 10_000 }] });
  await owner.events(`/works/${number}/events`);
  expect(textOf((await certificateOf(number, owner)).bytes).text).not.toContain('欧阳秋实');
  expect(textOf((await certificateOf(number, owner, '?disclose=/owners/0/name')).bytes).text).toContain('欧阳秋实');
  expect((await certificateOf(number, stranger, '?disclose=/owners/0/name')).response.status).toBe(403);
}, 60_000);

test('of a confidential work strangers have none; what is sealed stays so', async () => {
  const number = await register({ title: '未公开的剧本', visibility: 'confidential' });
  await owner.events(`/works/${number}/events`);
  expect((await certificateOf(number, stranger)).response.status).toBe(404);
  const { text } = textOf((await certificateOf(number, owner)).bytes);
  expect(text).not.toContain('未公开的剧本');
  expect(textOf((await certificateOf(number, owner, '?disclose=/title')).bytes).text).toContain('未公开的剧本');
}, 60_000);

test('a work with everything that is long still has one page, with what it does not prove', async () => {
  const number = await register({
    title: '长'.repeat(500), authors: Array.from({ length: 50 }, (_, i) => ({ name: `作者${'甲'.repeat(150)}${i}`, signedAs: 'real-name' })), contents: Array.from({ length: 40 }, () => declaredContent()),
  });
  await owner.events(`/works/${number}/events`);
  const { text, pages } = textOf((await certificateOf(number)).bytes);
  expect(pages).toBe(1);
  for (const said of ['本证书不证明', '本证书证明', '声明摘要', '证明时间']) expect(text).toContain(said);
}, 60_000);

test('a withdrawn work says so; one that is not logged yet has none yet', async () => {
  const number = await register({});
  await owner.post(`/works/${number}/withdrawal`, { reason: 'mistake' }, { prefer: 'wait=10' });
  await owner.events(`/works/${number}/events`);
  const withdrawn = await certificateOf(number, owner, '?at=newest');
  expect(textOf(withdrawn.bytes).text).toContain('withdrawnbyitsdepositor');
  expect((await certificateOf('ZB-0000-0000-0000-0')).response.status).toBe(404);
}, 60_000);

test('a PDF without a proof is not used as one', async () => {
  const path = join(directory, 'other.pdf');
  await writeFile(path, '%PDF-1.7\nnothing\n%%EOF\n');
  expect((await zhengben('verify', path)).exitCode).toBe(2);
});
