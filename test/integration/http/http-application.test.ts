import { Agent, request as httpRequest } from 'node:http';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ModuleWithoutAuthenticator, startTestApp } from './test-app.js';

let app: NestFastifyApplication;
let url: string;
let lines: Record<string, unknown>[];

beforeAll(async () => {
  ({ app, url, lines } = await startTestApp());
});
afterAll(() => app.close());

const things = (path = '', init: RequestInit = {}) => fetch(`${url}/api/v1/things${path}`, init);
const post = (body: string, headers: Record<string, string> = {}) =>
  things('', { method: 'POST', body, headers: { authorization: 'Bearer good', 'content-type': 'application/json', ...headers } });
const problemOf = async (response: Response) => {
  expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  const problem = (await response.json()) as { status: number; code: string; requestId: string; errors?: { pointer: string }[]; type: string };
  expect(problem.status).toBe(response.status);
  expect(problem.requestId).toBe(response.headers.get('x-request-id'));
  expect(problem.type).toBe(`urn:zhengben:error:${problem.code}`);
  return problem;
};

describe('bodies and schemas', () => {
  test('a valid body arrives as the schema made it', async () => {
    const response = await post('{"title":"珠江"}');
    expect(response.status).toBe(201);
    expect(await response.json()).toEqual({ title: '珠江', tags: [] });
  });
  test('every fault is pointed at', async () => {
    const problem = await problemOf(await post('{"title":"","tags":["a",1],"nested":{"n":1.5},"x":1}'));
    expect(problem).toMatchObject({ status: 400, code: 'HTTP.INVALID_BODY' });
    expect(problem.errors?.map(({ pointer }) => pointer).toSorted()).toEqual(['', '/nested/n', '/tags/1', '/title']);
  });
  test.each([
    ['not JSON', '{"title":', 'HTTP.INVALID_JSON'],
    ['a doubled key', '{"title":"a","title":"b"}', 'HTTP.INVALID_JSON'],
    ['a lone surrogate', '{"title":"\\ud800"}', 'HTTP.INVALID_JSON'],
    ['no body', '', 'HTTP.INVALID_BODY'],
  ])('%s is refused', async (_, body, code) => {
    expect(await problemOf(await post(body))).toMatchObject({ status: 400, code });
  });
  test('invalid UTF-8 is refused', async () => {
    const response = await things('', { method: 'POST', body: Buffer.from([0x22, 0xff, 0x22]), headers: { authorization: 'Bearer good', 'content-type': 'application/json' } });
    expect(await problemOf(response)).toMatchObject({ status: 400, code: 'HTTP.INVALID_JSON' });
  });
  test('a query parameter is pointed at', async () => {
    const response = await things('?limit=99', { headers: { authorization: 'Bearer good' } });
    const problem = await problemOf(response);
    expect(problem).toMatchObject({ status: 400, code: 'HTTP.INVALID_PARAMETER', errors: [{ pointer: '/limit' }] });
  });
  test('too long: 413; another media type: 415; nothing there: 404; a malformed address: 400', async () => {
    expect(await problemOf(await post(`{"title":"${'x'.repeat(200_000)}"}`))).toMatchObject({ status: 413, code: 'HTTP.PAYLOAD_TOO_LARGE' });
    expect(await problemOf(await post('a=b', { 'content-type': 'application/x-www-form-urlencoded' }))).toMatchObject({ status: 415, code: 'HTTP.UNSUPPORTED_MEDIA_TYPE' });
    expect(await problemOf(await post('hi', { 'content-type': 'text/plain' }))).toMatchObject({ status: 415 });
    expect(await problemOf(await things('/no/such'))).toMatchObject({ status: 404, code: 'HTTP.NOT_FOUND' });
    expect(await problemOf(await things('/%zz'))).toMatchObject({ status: 400, code: 'HTTP.BAD_REQUEST' });
    expect(await problemOf(await things(`/slow/${'1'.repeat(400)}`))).toMatchObject({ status: 414, code: 'HTTP.URI_TOO_LONG' });
  });
  test('a refused upload gets its answer, and its connection serves the next request', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const headers = { 'content-type': 'multipart/form-data; boundary=x' };
    for (let n = 0; n < 3; n++) {
      expect(await send('POST', '/api/v1/things', headers, 'x'.repeat(6_000_000), agent)).toMatchObject({ status: 401, body: { code: 'HTTP.UNAUTHENTICATED' } });
    }
    for (let n = 0; n < 3; n++) {
      expect(await send('POST', '/api/v1/things/refused-upload', headers, 'x'.repeat(6_000_000), agent)).toMatchObject({ status: 422, body: { code: 'HTTP.UNPROCESSABLE' } });
    }
    agent.destroy();
  });
  test('a multipart body stays a stream for its handler', async () => {
    const form = new FormData();
    form.append('files', new Blob([new Uint8Array(300_000)]), 'a.bin');
    const response = await things('/upload', { method: 'POST', body: form });
    expect(response.status).toBe(201);
    expect(((await response.json()) as { bytes: number }).bytes).toBeGreaterThan(300_000);
  });
});

describe('access', () => {
  test.each([
    ['nothing', {}, 401, 'HTTP.UNAUTHENTICATED'],
    ['an unknown key', { authorization: 'Bearer bad' }, 401, 'HTTP.UNAUTHENTICATED'],
    ['a key without the scope', { authorization: 'Bearer reader' }, 403, 'HTTP.SCOPE_MISSING'],
    ['a cookie from another site', { cookie: 'alice', origin: 'https://evil.example' }, 403, 'HTTP.CROSS_ORIGIN'],
    ['a cookie from a sibling site', { cookie: 'alice', 'sec-fetch-site': 'same-site', origin: 'http://localhost:3000' }, 403, 'HTTP.CROSS_ORIGIN'],
    ['a cookie from who knows where', { cookie: 'alice' }, 403, 'HTTP.CROSS_ORIGIN'],
  ])('%s: refused', async (_, headers, status, code) => {
    const response = await send('POST', '/api/v1/things', headers as Record<string, string>, '{"title":"a"}');
    expect(response).toMatchObject({ status, body: { code } });
  });
  test.each([
    ['an API key', { authorization: 'Bearer good' }],
    ['a cookie and Origin', { cookie: 'alice', origin: 'http://localhost:3000' }],
    ['a cookie and Fetch Metadata', { cookie: 'alice', 'sec-fetch-site': 'same-origin' }],
  ])('%s: admitted', async (_, headers) => {
    expect(await send('POST', '/api/v1/things', headers as Record<string, string>, '{"title":"a"}')).toMatchObject({ status: 201 });
  });
  test('a route without scopes is closed to API keys and open to sessions', async () => {
    expect(await send('DELETE', '/api/v1/things/session-only', { authorization: 'Bearer good' })).toMatchObject({ status: 403, body: { code: 'HTTP.SESSION_REQUIRED' } });
    expect(await send('DELETE', '/api/v1/things/session-only', { cookie: 'alice', 'sec-fetch-site': 'same-origin' })).toMatchObject({ status: 204 });
  });
  test('a public route knows its caller, and tells a wrong key so', async () => {
    expect(await (await things('/public')).json()).toEqual({ caller: null });
    expect(await (await things('/public', { headers: { authorization: 'Bearer good' } })).json()).toEqual({ caller: 'bob' });
    expect((await things('/public', { headers: { authorization: 'Bearer bad' } })).status).toBe(401);
  });
  test('without an authenticator everything that is not public is closed', async () => {
    const other = await startTestApp({}, ModuleWithoutAuthenticator);
    try {
      expect((await fetch(`${other.url}/api/v1/things`, { headers: { authorization: 'Bearer good' } })).status).toBe(401);
      expect((await fetch(`${other.url}/api/v1/things/public`)).status).toBe(200);
    } finally {
      await other.app.close();
    }
  });
});

describe('errors', () => {
  test('a domain error keeps its members, which cannot overrule the standard ones', async () => {
    const response = await things('/refused');
    expect(response.headers.get('retry-after')).toBe('2');
    expect(await problemOf(response)).toMatchObject({ status: 503, code: 'HTTP.UNAVAILABLE', detail: 'closed for today', until: 'tomorrow' });
  });
  test('what nobody foresaw: 500, its stack in the log, nothing on the wire', async () => {
    const response = await things('/broken');
    const text = await response.text();
    expect(response.status).toBe(500);
    expect(JSON.parse(text)).toMatchObject({ code: 'INTERNAL' });
    expect(text).not.toContain('hunter2');
    const line = lines.find((line) => line['requestId'] === response.headers.get('x-request-id') && line['err'] !== undefined);
    expect(line?.['err']).toMatchObject({ message: 'the password is hunter2', stack: expect.stringContaining('test-app') });
  });
});

describe('headers, operations, documents', () => {
  test('what a caller is told as this caller is kept by nobody, errors too; a stranger\'s answer is left alone', async () => {
    const known = { authorization: 'Bearer good' };
    const cacheControl = async (path: string, headers: Record<string, string>) => (await things(path, { headers })).headers.get('cache-control');
    expect(await Promise.all([cacheControl('', known), cacheControl('/public', known), cacheControl('/refused', known)])).toEqual(Array.from({ length: 3 }, () => 'private, no-store'));
    expect(await cacheControl('/public', {})).toBeNull();
    expect((await fetch(`${url}/health/live`, { headers: known })).headers.get('cache-control')).toBe('no-store');
  });
  test('request ids: a sane one is kept, another is replaced by a UUIDv7', async () => {
    expect((await things('/public', { headers: { 'x-request-id': 'client-0001' } })).headers.get('x-request-id')).toBe('client-0001');
    const uuid = (await things('/public', { headers: { 'x-request-id': 'a b' } })).headers.get('x-request-id');
    expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
  test('security and rate headers stand on answers and on errors', async () => {
    for (const path of ['/public', '/broken', '/none', '/%zz']) {
      const { headers } = await things(path);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('strict-transport-security')).toBeNull();
    }
    expect((await things('/public')).headers.get('ratelimit')).toMatch(/^"default";r=\d+;t=\d+$/);
  });
  test('one log line a request, without its query', async () => {
    const id = (await things('/public?secret=1')).headers.get('x-request-id');
    const line = await waitFor(() => lines.find((line) => line['requestId'] === id));
    expect(line).toMatchObject({ method: 'GET', route: '/api/v1/things/public', path: '/api/v1/things/public', status: 200 });
  });
  test('and without a token that is all that it takes', async () => {
    const id = (await things('/secrets/hunter2')).headers.get('x-request-id');
    const line = await waitFor(() => lines.find((line) => line['requestId'] === id));
    expect([line['path'], JSON.stringify(line).includes('hunter2')]).toEqual(['/api/v1/things/secrets/:token', false]);
  });
  test('health and metrics', async () => {
    expect(await (await fetch(`${url}/health/live`)).json()).toEqual({ status: 'live' });
    expect(await (await fetch(`${url}/health/ready`)).json()).toEqual({ status: 'ready', checks: {} });
    expect(await (await fetch(`${url}/metrics`)).text()).toContain('zhengben_http_request_duration_seconds_count');
  });
  test('the OpenAPI document shows the schemas; its page loads nothing from elsewhere', async () => {
    const document = (await (await fetch(`${url}/api/openapi.json`)).json()) as { paths: Record<string, { post?: { requestBody?: { content: Record<string, { schema: unknown }> } } }> };
    expect(document.paths['/api/v1/things']?.post?.requestBody?.content['application/json']?.schema).toMatchObject({ properties: { title: { maxLength: 20 } }, required: ['title'] });
    const page = await fetch(`${url}/api/docs`);
    const html = await page.text();
    expect(html).not.toMatch(/(src|href)="https?:/);
    expect(html).not.toMatch(/<script(?![^>]*\ssrc=)[^>]*>/);
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self';");
    for (const [, asset] of html.matchAll(/(?:src|href)="([^"]+)"/g)) {
      const response = await fetch(new URL(asset!, `${url}/api/`));
      expect([response.status, (await response.text()).length > 100]).toEqual([200, true]);
    }
  });
});

test('a spent budget: 429 with Retry-After, each account and address for itself', async () => {
  const limited = await startTestApp({ limits: { fileBytes: 1, files: 1, formBytes: 32_768, requestsPerMinute: 3 } });
  const get = (headers: Record<string, string>) => fetch(`${limited.url}/api/v1/things/public`, { headers });
  try {
    for (let n = 0; n < 3; n++) expect((await get({})).status).toBe(200);
    const refused = await get({});
    expect(refused.headers.get('retry-after')).toBe('20');
    expect(await problemOf(refused)).toMatchObject({ status: 429, code: 'HTTP.TOO_MANY_REQUESTS' });
    expect((await get({ cookie: 'alice' })).status).toBe(200);
    expect((await get({ authorization: 'Bearer bad' })).status).toBe(429);
    expect((await fetch(`${limited.url}/health/live`)).status).toBe(200);
  } finally {
    await limited.app.close();
  }
});

test.each<[string, string[], (n: number) => string]>([
  ['nobody', [], (n) => `192.0.2.${n}`],
  ['the proxy', ['loopback'], (n) => `192.0.2.${n}, 203.0.113.7`],
])('what a client writes into X-Forwarded-For gains it nothing; trusted: %s', async (_, trustProxy, forwarded) => {
  const limited = await startTestApp({ trustProxy, limits: { fileBytes: 1, files: 1, formBytes: 32_768, requestsPerMinute: 3 } });
  const get = (address: string) => fetch(`${limited.url}/api/v1/things/public`, { headers: { 'x-forwarded-for': address } });
  try {
    for (let n = 0; n < 3; n++) expect((await get(forwarded(n))).status).toBe(200);
    expect((await get(forwarded(3))).status).toBe(429);
    expect((await get('203.0.113.8')).status).toBe(trustProxy.length === 0 ? 429 : 200);
  } finally {
    await limited.app.close();
  }
});

/** fetch() sets headers of its own (Sec-Fetch-*); this sends what is given. */
function send(method: string, path: string, headers: Record<string, string>, body?: string, agent?: Agent): Promise<{ status: number; body: unknown }> {
  return new Promise((done, fail) => {
    const request = httpRequest(`${url}${path}`, { method, agent, headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        done({ status: response.statusCode ?? 0, body: text === '' ? null : (JSON.parse(text) as unknown) });
      });
    });
    request.on('error', fail);
    request.end(body);
  });
}

async function waitFor<T>(probe: () => T | undefined): Promise<T> {
  for (let n = 0; n < 100; n++) {
    const value = probe();
    if (value !== undefined) return value;
    await new Promise((done) => setTimeout(done, 20));
  }
  throw new Error('it did not come');
}
