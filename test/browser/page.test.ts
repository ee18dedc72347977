import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { startApplication, type TestApplication } from '../support/start-application.js';
import { builtPage } from './support/built-page.js';

const ROOT = join(__dirname, '../..');
/** Of all script that the first page loads before any route's own. */
const MOST_GZIP_BYTES = 250 * 1024;

let service: TestApplication;
beforeAll(async () => {
  service = await startApplication({ page: await builtPage() });
}, 120_000);
afterAll(() => service?.stop());

const ask = (path: string, headers: Record<string, string> = {}): Promise<Response> => fetch(`${service.url}${path}`, { headers });
const asPerson = (path: string): Promise<Response> => ask(path, { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' });

test('the page stands at / and at each address of its own, with a strict policy', async () => {
  for (const path of ['/', '/verify', '/verify/ZB-0000-0000-0000-0', '/no/such/page']) {
    const response = await asPerson(path);
    expect([path, response.status, response.headers.get('content-type')]).toEqual([path, 200, 'text/html; charset=utf-8']);
    expect(response.headers.get('cache-control')).toBe('no-cache');
    const policy = Object.fromEntries((response.headers.get('content-security-policy') ?? '').split(';').map((part) => part.trim().split(/\s+(.*)/)));
    expect(policy).toMatchObject({ 'default-src': "'self'", 'script-src': "'self' 'wasm-unsafe-eval'", 'worker-src': "'self'", 'object-src': "'none'", 'frame-ancestors': "'none'", 'base-uri': "'none'" });
    expect(await response.text()).not.toMatch(/<script(?![^>]*\ssrc=)[^>]*>|\son[a-z]+=/);
  }
});

test('what is not there is 404, for people under the API and for programs everywhere', async () => {
  for (const path of ['/api/v1/nothing', '/log/nothing', '/health/nothing']) expect([path, (await asPerson(path)).status]).toEqual([path, 404]);
  for (const path of ['/verify', '/assets/none.js', '/../package.json', '/%2e%2e/package.json', '/..%2f..%2fpackage.json', '/index.html.gz/x']) {
    const response = await ask(path, { accept: 'application/json' });
    expect([path, response.status, ((await response.json()) as { code: string }).code]).toEqual([path, 404, 'HTTP.NOT_FOUND']);
  }
});

test('parts named by their digest are kept for good, compressed and whole', async () => {
  const html = await (await asPerson('/')).text();
  const [, script] = /<script type="module" crossorigin src="([^"]+)"/.exec(html) ?? [];
  const plain = await ask(script ?? '', { 'accept-encoding': 'identity' });
  expect([plain.status, plain.headers.get('cache-control')]).toEqual([200, 'public, max-age=31536000, immutable']);
  const text = await plain.text();
  for (const encoding of ['br', 'gzip']) {
    const response = await ask(script ?? '', { 'accept-encoding': encoding });
    expect([response.headers.get('content-encoding'), await response.text()]).toEqual([encoding, text]);
  }
});

test('the verifier is offered as a file to keep', async () => {
  const response = await ask('/verify.html');
  expect([response.status, response.headers.get('content-disposition')]).toEqual([200, 'attachment; filename="zhengben-verify.html"']);
  const html = await response.text();
  // Nothing is loaded from anywhere: neither by its tags nor by what its script begins with.
  const tags = html.replaceAll(/(<(script|style)[^>]*>)[\s\S]*?<\/\2>/g, '$1');
  expect(tags).toContain('<script');
  expect(tags).not.toMatch(/(?:src|href)=/);
});

test('the first page loads at most 250 KiB of script', async () => {
  const html = await readFile(join(ROOT, 'dist/web/index.html'), 'utf8');
  const scripts = [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+\.js)"/g)].map(([, path]) => path ?? '');
  expect(scripts.length).toBeGreaterThan(1);
  const sizes = await Promise.all(scripts.map(async (path) => gzipSync(await readFile(join(ROOT, 'dist/web', path))).length));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  console.log(`script before any route's own: ${total} bytes gzip of ${MOST_GZIP_BYTES}`);
  expect(total).toBeLessThanOrEqual(MOST_GZIP_BYTES);
});

test('the client is what the routes say', async () => {
  await expect(promisify(execFile)(process.execPath, [join(ROOT, 'tools/generate-openapi.mjs'), '--check'], { cwd: ROOT })).resolves.toMatchObject({ stderr: '' });
}, 60_000);

test('the service answers /verify/trust with its own key and contract', async () => {
  const trust = (await (await ask('/api/v1/verify/trust')).json()) as { logKeys: string[]; contract: unknown; rpcUrl: unknown };
  expect(trust).toEqual({ logKeys: [(await (await ask('/log/vkey')).text()).trim()], contract: { chainId: 31_337, address: service.config.chain.contract }, rpcUrl: null });
});
