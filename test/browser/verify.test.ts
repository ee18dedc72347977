import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { type Client, joinAs } from '../support/http-client.js';
import { startApplication, type TestApplication } from '../support/start-application.js';
import { minimalForm } from '../support/work-forms.js';
import { seriousFindings } from './support/axe.js';
import { builtPage } from './support/built-page.js';
import { beforeBrowser, inBrowser, keepScreenshot, launchChromium } from './support/chromium.js';

// The verifier as people meet it: in a real browser, which alone does the verifying.

const SIZES = { desktop: { width: 1280, height: 800 }, phone: { width: 360, height: 740 } } as const;
type Size = keyof typeof SIZES;

let service: TestApplication;
let browser: Browser;
let directory: string | undefined;
let number: string;
const files = { photo: '', other: '', bundle: '', verifier: '', certificate: '' };
const contexts: BrowserContext[] = [];

beforeBrowser(async () => {
  directory = await mkdtemp(join(tmpdir(), 'zhengben-browser-'));
  [service, browser] = await Promise.all([startApplication({ chain: true, page: await builtPage() }), launchChromium()]);
  const creator = await joinAs(service, 'creator');
  const photo = randomBytes(3_000_000);
  number = await deposit(creator, photo);
  Object.assign(files, { photo: 'night.jpg', other: 'other.jpg', bundle: `${number}.zbproof.json`, verifier: 'verify.html', certificate: 'certificate.pdf' });
  for (const name of Object.keys(files) as (keyof typeof files)[]) files[name] = join(directory as string, files[name]);
  await writeFile(files.photo, photo);
  await writeFile(files.other, Buffer.concat([photo.subarray(1), Buffer.from([0])]));
  await writeFile(files.bundle, JSON.stringify((await creator.get(`/works/${number}/proof`)).body));
  await writeFile(files.certificate, new Uint8Array(await (await fetch(`${service.url}/api/v1/works/${number}/certificate.pdf`)).arrayBuffer()));
  await writeFile(files.verifier, await (await fetch(`${service.url}/verify.html`)).text());
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await service?.stop();
  if (directory !== undefined) await rm(directory, { recursive: true, force: true });
});
jest.setTimeout(60_000);
afterEach(async () => {
  for (const context of contexts.splice(0)) await context.close();
});

async function deposit(creator: Client, photo: Buffer): Promise<string> {
  const form = new FormData();
  form.set('work', JSON.stringify({ ...minimalForm, title: '珠江夜航' }));
  form.append('files', new Blob([photo], { type: 'image/jpeg' }), 'night.jpg');
  const { body } = await creator.post('/works', form, { prefer: 'wait=10' });
  await creator.events(`/works/${String(body['number'])}/events`);
  return String(body['number']);
}

/** A page as somebody opens it. What the page itself complains of fails the test. */
async function open(path: string, { size = 'desktop', language = 'zh' }: { size?: Size; language?: 'zh' | 'en' } = {}): Promise<{ page: Page; context: BrowserContext; complaints: string[] }> {
  const context = await browser.newContext({ viewport: SIZES[size], locale: language === 'zh' ? 'zh-CN' : 'en-GB' });
  contexts.push(context);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => { if (message.type() === 'error') complaints.push(message.text()); });
  await page.goto(path.startsWith('file:') ? path : `${service.url}${path}${language === 'en' ? '?lang=en' : ''}`);
  await page.locator('h1').waitFor();
  return { page, context, complaints };
}

async function drop(page: Page, ...paths: string[]): Promise<void> {
  await page.locator('input[type=file]').setInputFiles(paths);
}

/** What the report on the page says, by codes. */
async function reportOf(page: Page): Promise<{ verdict: string | null; subject: string | null; results: Record<string, string> }> {
  const report = page.locator('[data-verdict]');
  await report.waitFor({ timeout: 20_000 });
  const results = await report.locator('[data-check]').evaluateAll((lines) => Object.fromEntries(lines.map((line) => [line.getAttribute('data-check') ?? '', line.getAttribute('data-result') ?? ''])));
  return { verdict: await report.getAttribute('data-verdict'), subject: await report.getAttribute('data-subject'), results };
}

const ALL_PASS = {
  content: 'pass', disclosures: 'pass', 'chain-of-entries': 'pass', inclusion: 'pass', 'checkpoint-signature': 'pass', signatures: 'skipped', 'anchor-root': 'pass', 'anchor-on-chain': 'pass',
};

inBrowser('a file and its proof are verified here; nothing of the file is sent', async () => {
  const { page, complaints } = await open('/verify');
  const sent: number[] = [];
  page.on('request', (request) => sent.push(request.postDataBuffer()?.length ?? 0));
  await drop(page, files.photo, files.bundle);
  expect(await reportOf(page)).toEqual({ verdict: 'verified', subject: number, results: ALL_PASS });
  expect(Math.max(0, ...sent)).toBeLessThan(1_000);
  expect(complaints).toEqual([]);
});

inBrowser('another file is refuted, and one bad key', async () => {
  const { page } = await open('/verify');
  await drop(page, files.other, files.bundle);
  expect(await reportOf(page)).toMatchObject({ verdict: 'refuted', results: { ...ALL_PASS, content: 'fail' } });
  await keepScreenshot(page, 'verify-refuted-desktop-zh');

  const own = await open('/verify');
  await own.page.locator('details.trust summary').click();
  await own.page.locator('details.trust textarea').fill('test.example/log+00000000+AbCd');
  await own.page.locator('details.trust button[type=submit]').click();
  await own.page.locator('.fault').waitFor();
  const { verifierKeyOf } = await strangersKey();
  await own.page.locator('details.trust textarea').fill(verifierKeyOf);
  await own.page.locator('details.trust button[type=submit]').click();
  await drop(own.page, files.photo, files.bundle);
  expect(await reportOf(own.page)).toMatchObject({ verdict: 'refuted', results: { 'checkpoint-signature': 'fail', 'anchor-on-chain': 'pass' } });
});

/** A key of the same name that is not the log's. */
async function strangersKey(): Promise<{ verifierKeyOf: string }> {
  const { formatSignerKey, parseSignerKey, formatVerifierKey } = await import('../../src/lib/note/index.js');
  return { verifierKeyOf: formatVerifierKey(parseSignerKey(formatSignerKey('test.example/log', randomBytes(32))).verifierKey) };
}

inBrowser('a certificate brings its proof along; the page offers it for download', async () => {
  const { page, complaints } = await open('/verify');
  await drop(page, files.certificate, files.photo);
  expect(await reportOf(page)).toEqual({ verdict: 'verified', subject: number, results: ALL_PASS });
  const linked = await open(`/verify/${number}`);
  await reportOf(linked.page);
  const [download] = await Promise.all([linked.page.waitForEvent('download'), linked.page.locator('a[href$="certificate.pdf"]').click()]);
  expect(download.suggestedFilename()).toBe(`${number}.pdf`);
  expect(complaints).toEqual([]);
});

inBrowser('a file alone finds its work and leads to its proof', async () => {
  const { page, complaints } = await open('/verify');
  await drop(page, files.photo);
  await page.locator('.found li').filter({ hasText: number }).getByRole('button').click();
  expect(await reportOf(page)).toEqual({ verdict: 'verified', subject: number, results: ALL_PASS });
  expect(complaints).toEqual([]);
});

inBrowser('a link by number verifies; a number that is none says so', async () => {
  const { page } = await open(`/verify/${number}`);
  expect(await reportOf(page)).toMatchObject({ verdict: 'verified', results: { ...ALL_PASS, content: 'skipped' } });
  const { page: none } = await open('/verify/ZB-0000-0000-0000-0');
  await none.locator('.problem code', { hasText: 'WORKS.NOT_FOUND' }).waitFor({ state: 'attached' });
  await none.locator('.problem > p').first().filter({ hasText: /\p{Script=Han}{5}/u }).waitFor();
});

inBrowser('with the network cut the page still loads and verifies, and says what it could not ask', async () => {
  const { page, context } = await open('/verify');
  await page.evaluate('navigator.serviceWorker.ready.then(() => undefined)');
  await page.reload();
  await page.evaluate("new Promise((done) => navigator.serviceWorker.controller ? done() : navigator.serviceWorker.addEventListener('controllerchange', () => done()))");
  await context.setOffline(true);
  await page.reload();
  await page.locator('.offline p').waitFor();
  await drop(page, files.photo, files.bundle);
  expect(await reportOf(page)).toMatchObject({ verdict: 'unconfirmed', results: { ...ALL_PASS, 'anchor-on-chain': 'skipped' } });
  await keepScreenshot(page, 'verify-offline-desktop-zh');
});

inBrowser('verify.html runs from a disk, with the trust that one types', async () => {
  const { page, complaints } = await open(pathToFileURL(files.verifier).href);
  await page.locator('details.trust textarea').fill((await readFile(files.bundle, 'utf8').then((text) => JSON.parse(text) as { logKey: string })).logKey);
  await page.locator('details.trust input').first().fill(`31337:${service.config.chain.contract}`);
  await page.locator('details.trust input').last().fill(service.chain!.url);
  await page.locator('details.trust button[type=submit]').click();
  await drop(page, files.photo, files.bundle);
  expect(await reportOf(page)).toEqual({ verdict: 'verified', subject: number, results: ALL_PASS });
  expect(complaints).toEqual([]);
  await keepScreenshot(page, 'verifier-desktop-zh');
});

describe.each(['desktop', 'phone'] as const)('%s', (size) => {
  describe.each(['zh', 'en'] as const)('%s', (language) => {
    inBrowser('start and verification are accessible, fit the screen and are kept as pictures', async () => {
      const { page, complaints } = await open('/', { size, language });
      await page.locator('.rows li', { hasText: number }).waitFor();
      expect(await page.locator('html').getAttribute('lang')).toBe(language === 'zh' ? 'zh-CN' : 'en');
      expect(await seriousFindings(page)).toEqual([]);
      expect(await overflow(page)).toBeLessThanOrEqual(0);
      await keepScreenshot(page, `start-${size}-${language}`);

      await page.locator('.rows li a').first().click();
      expect((await reportOf(page)).verdict).toBe('verified');
      expect(await seriousFindings(page)).toEqual([]);
      expect(await overflow(page)).toBeLessThanOrEqual(0);
      await keepScreenshot(page, `verify-${size}-${language}`);
      await page.emulateMedia({ media: 'print' });
      await keepScreenshot(page, `verify-print-${size}-${language}`);
      expect(complaints).toEqual([]);
    });
  });
});

/** By how many pixels the page is wider than the screen. */
function overflow(page: Page): Promise<number> {
  return page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
}

inBrowser('one click to the other language, and it stays', async () => {
  const { page } = await open('/verify');
  await page.locator('button.language').click();
  await expect(page.locator('html').getAttribute('lang')).resolves.toBe('en');
  await page.reload();
  await page.locator('h1').waitFor();
  expect(await page.locator('html').getAttribute('lang')).toBe('en');
});
