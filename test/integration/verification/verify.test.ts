import { createHash, randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { LogReader } from '../../../src/modules/log/index.js';
import { MOST_PROOF_BYTES } from '../../../src/platform/http/index.js';
import { type Client, clientOf, joinAs } from '../../support/http-client.js';
import { startApplication, type TestApplication } from '../../support/start-application.js';
import { minimalForm } from '../../support/work-forms.js';
import { multipart, open, partOf, type Part, type RawAnswer, readAnswer, send } from '../works/raw-http.js';
import { eventually, filePart, formPart, multipartHeaders, upload } from '../works/support.js';

const VERIFY = '/api/v1/verify';
const MAX_FILE_BYTES = 200_000;
let service: TestApplication;
let creator: Client;
let rival: Client;
let stranger: Client;

beforeAll(async () => {
  service = await startApplication({ chain: true, env: { MAX_FILE_BYTES: String(MAX_FILE_BYTES), MAX_FILES: '3' } });
  [creator, rival] = await Promise.all([joinAs(service, 'creator'), joinAs(service, 'rival')]);
  stranger = clientOf(service.url, null);
}, 60_000);
afterAll(() => service.stop());

const digest = (algorithm: 'sha256' | 'sm3', bytes: Uint8Array): string => createHash(algorithm).update(bytes).digest('hex');
const photo = (): Buffer => randomBytes(1_000);

async function hold(client: Client, bytes: Uint8Array, changes: Record<string, unknown> = {}): Promise<string> {
  const { status, body } = await upload(service, client, [formPart(changes), filePart(bytes)]);
  if (status !== 201) throw new Error(JSON.stringify(body));
  return String(body['number']);
}

async function declare(client: Client, bytes: Uint8Array, changes: Record<string, unknown> = {}): Promise<string> {
  const contents = [{ name: 'night.jpg', mediaType: 'image/jpeg', byteLength: bytes.length, sha256: digest('sha256', bytes), sm3: digest('sm3', bytes) }];
  const { status, body } = await client.post('/works', { ...minimalForm, ...changes, contents });
  if (status !== 201) throw new Error(JSON.stringify(body));
  return String(body['number']);
}

interface Found { number: string; title: string | null; claim: string | null; deposit: string; withdrawnAt: string | null; visibility: string }

async function worksOf(client: Client, body: unknown): Promise<Found[]> {
  const answer = await client.post('/verify', body);
  expect(answer.status).toBe(200);
  return (answer.body['contents'] as { works: Found[] }[])[0]?.works ?? [];
}

async function send200(client: Client, parts: readonly Part[]): Promise<RawAnswer> {
  const answer = await sendParts(client, parts);
  expect(answer.status).toBe(200);
  return answer;
}

/** @returns how many chains of statements were being read at once, at most, until it is called. */
function watchChains(): () => number {
  const reader = service.app.get(LogReader, { strict: false });
  const chain = reader.chain.bind(reader);
  let [running, most] = [0, 0];
  const spy = jest.spyOn(reader, 'chain').mockImplementation((subject) => {
    most = Math.max(most, ++running);
    return chain(subject).finally(() => running--);
  });
  return () => {
    spy.mockRestore();
    return most;
  };
}

async function sendParts(client: Client, parts: readonly Part[]): Promise<RawAnswer> {
  const headers = multipartHeaders(client);
  if (client.apiKey === '') delete headers['Authorization'];
  const answer = await send(service.url, { path: VERIFY, headers, body: multipart(parts) });
  if (answer === null) throw new Error('no answer');
  return answer;
}

describe('contents', () => {
  test('a file, its SHA-256 and its SM3 all lead to the work; the file is not kept', async () => {
    const bytes = photo();
    const number = await hold(creator, bytes);
    await eventually(async () => (await stranger.get(`/works/${number}`)).body['status'] === 'final');
    const answer = await send200(stranger, [filePart(bytes, 'mine.jpg')]);
    expect(answer.body).toEqual({
      proof: null,
      contents: [{
        name: 'mine.jpg', byteLength: 1_000, sha256: digest('sha256', bytes), sm3: digest('sm3', bytes), more: false,
        works: [{
          number, title: minimalForm.title, visibility: 'public', isOwner: false, sha256: digest('sha256', bytes), deposit: 'held', claim: 'first',
          depositedAt: expect.stringMatching(/Z$/), withdrawnAt: null, status: 'final', leafIndex: expect.any(Number),
          timeline: { acceptedAt: expect.any(String), loggedAt: expect.any(String), anchoredAt: expect.any(String), finalAt: expect.any(String) },
          links: expect.objectContaining({ proof: `/api/v1/works/${number}/proof` }),
        }],
      }],
    });
    expect(await worksOf(stranger, { sha256: digest('sha256', bytes).toUpperCase() })).toMatchObject([{ number }]);
    expect(await worksOf(stranger, { sm3: digest('sm3', bytes) })).toMatchObject([{ number }]);
    expect(await worksOf(stranger, { sha256: digest('sm3', bytes) })).toEqual([]);

    const unknown = photo();
    const several = await send200(stranger, [filePart(unknown, 'unknown.jpg'), filePart(bytes), filePart('', 'empty')]);
    expect((several.body['contents'] as { name: string; works: unknown[] }[]).map(({ name, works }) => [name, works.length])).toEqual([['unknown.jpg', 0], ['night.jpg', 1], ['empty', 0]]);
    expect(await readdir(join(service.config.dataDir, 'staging'))).toEqual([]);
    await expect(readdir(join(service.config.dataDir, 'blobs', digest('sha256', unknown).slice(0, 2), digest('sha256', unknown).slice(2, 4)))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('claims in order of time: declared before held, rival, further; a withdrawal hands the claim on', async () => {
    const bytes = photo();
    const query = { sha256: digest('sha256', bytes) };
    const declared = await declare(creator, bytes);
    expect(await worksOf(stranger, query)).toMatchObject([{ number: declared, claim: 'first', deposit: 'declared' }]);
    const held = await hold(rival, bytes);
    const second = await hold(creator, bytes, { claim: 'rival' });
    const own = await hold(rival, bytes);
    expect((await worksOf(stranger, query)).map(({ number, claim, deposit }) => [number, claim, deposit])).toEqual([
      [declared, 'further', 'declared'], [held, 'first', 'held'], [second, 'rival', 'held'], [own, 'further', 'held'],
    ]);

    expect((await rival.post(`/works/${held}/withdrawal`, { reason: 'mistake' })).status).toBe(201);
    expect((await worksOf(stranger, query)).map(({ number, claim }) => [number, claim])).toEqual([[declared, 'further'], [held, null], [second, 'first'], [own, 'further']]);
    // Whoever comes now meets the heir.
    const third = await joinAs(service, 'third');
    const refused = await upload(service, third, [formPart(), filePart(bytes)]);
    expect(refused).toMatchObject({ status: 409, body: { code: 'WORKS.ALREADY_CLAIMED', claims: [{ work: second }] } });

    for (const [client, number] of [[creator, second], [rival, own], [creator, declared]] as const) await client.post(`/works/${number}/withdrawal`, { reason: 'other' });
    expect((await worksOf(stranger, query)).map(({ claim }) => claim)).toEqual([null, null, null, null]);
    expect((await upload(service, third, [formPart(), filePart(bytes)])).status).toBe(201);
  });

  test('confidential works show themselves to their owner only', async () => {
    const bytes = photo();
    const number = await hold(creator, bytes, { visibility: 'confidential' });
    for (const body of [{ sha256: digest('sha256', bytes) }, { sm3: digest('sm3', bytes) }]) {
      expect(await worksOf(creator, body)).toMatchObject([{ number, visibility: 'confidential', claim: null }]);
      expect(await worksOf(rival, body)).toEqual([]);
      expect(await worksOf(stranger, body)).toEqual([]);
    }
    expect((await send200(rival, [filePart(bytes)])).body['contents']).toMatchObject([{ works: [] }]);
  });

  test('an erased title is not shown; the work is', async () => {
    const bytes = photo();
    const number = await hold(creator, bytes, { title: '夜' });
    await creator.delete(`/works/${number}/disclosures?pointer=/title`);
    expect(await worksOf(stranger, { sha256: digest('sha256', bytes) })).toMatchObject([{ number, title: null }]);
  });

  test('more works than one answer names', async () => {
    const bytes = photo();
    await Promise.all(Array.from({ length: 51 }, () => declare(creator, bytes)));
    const atOnce = watchChains();
    const { body } = await send200(stranger, [filePart(bytes), filePart(bytes), filePart(bytes)]);
    // However much is asked for: other requests need connections too.
    expect(atOnce()).toBe(8);
    for (const content of body['contents'] as { works: Found[]; more: boolean }[]) {
      expect([content.works.length, content.more, content.works.filter(({ claim }) => claim === 'first').length]).toEqual([50, true, 1]);
      expect(new Set(content.works.map(({ number }) => number)).size).toBe(50);
    }
  });
});

describe('bundles', () => {
  let bytes: Buffer;
  let bundle: Record<string, unknown>;
  const results = (body: Record<string, unknown>): Record<string, string> =>
    Object.fromEntries(((body['proof'] as { report: { checks: { check: string; result: string }[] } }).report.checks).map(({ check, result }) => [check, result]));
  const verdict = (body: Record<string, unknown>): string => (body['proof'] as { report: { verdict: string } }).report.verdict;

  beforeAll(async () => {
    bytes = photo();
    const number = await hold(creator, bytes);
    await eventually(async () => (await stranger.get(`/works/${number}`)).body['status'] === 'final');
    bundle = (await stranger.get(`/works/${number}/proof`)).body;
  });

  test('as JSON, as its own media type, as a part with its files: verified, and it says whose word that is', async () => {
    const vkey = (await (await fetch(`${service.url}/log/vkey`)).text()).trim();
    const alone = await stranger.post('/verify', bundle);
    expect(verdict(alone.body)).toBe('verified');
    expect(alone.body['proof']).toMatchObject({ trust: { vouchedBy: 'this-service', logKeys: [vkey], contract: { chainId: 31_337, address: service.config.chain.contract } }, notice: expect.stringContaining('zhengben verify') });
    expect(alone.body['contents']).toEqual([]);
    expect(verdict((await stranger.post('/verify', bundle, { 'content-type': 'application/vnd.zhengben.proof+json' })).body)).toBe('verified');

    const text = JSON.stringify(bundle, null, 2);
    for (const part of [{ name: 'bundle', body: text }, { name: 'bundle', filename: 'x.zbproof.json', type: 'application/octet-stream', body: text }]) {
      const { body } = await send200(stranger, [part, filePart(bytes)]);
      expect([verdict(body), results(body)['content'], (body['contents'] as { works: unknown[] }[])[0]?.works.length]).toEqual(['verified', 'pass', 1]);
    }
    const other = await send200(stranger, [filePart(photo()), { name: 'bundle', body: text }]);
    expect([verdict(other.body), results(other.body)['content']]).toEqual(['refuted', 'fail']);
  });

  test('an altered one is refuted, with 200: that is the answer', async () => {
    const altered = structuredClone(bundle) as { chains: { entries: { statement: { issuedAt: string } }[] }[] };
    altered.chains[0]!.entries[0]!.statement.issuedAt = '2020-01-01T00:00:00.000Z';
    const answer = await stranger.post('/verify', altered);
    expect([answer.status, verdict(answer.body), results(answer.body)['inclusion']]).toEqual([200, 'refuted', 'fail']);
  });

  test('what is no bundle, or more than is checked for everyone, is refused with a reason', async () => {
    const entry = ((bundle['chains'] as { entries: unknown[] }[])[0])?.entries[0] as { statement: Record<string, unknown> };
    const chain = { subject: bundle['subject'], complete: true, entries: Array.from({ length: 600 }, () => ({ ...entry, proof: 'x', disclosures: [], statement: {} })) };
    const signed = { ...entry, statement: { ...entry.statement, signatures: Array.from({ length: 51 }, () => ({})) } };
    const cases: [unknown, number, string][] = [
      [{ format: 'zhengben-proof/1' }, 400, 'VERIFICATION.BUNDLE_INVALID'], [{ format: 'zhengben-proof/2', ...bundle, extra: 1 }, 400, 'VERIFICATION.BUNDLE_INVALID'], [{ format: {} }, 400, 'VERIFICATION.BUNDLE_INVALID'],
      [{ ...bundle, logKey: 'x'.repeat(MOST_PROOF_BYTES) }, 413, 'HTTP.PAYLOAD_TOO_LARGE'], [{ ...bundle, chains: [chain] }, 413, 'VERIFICATION.BUNDLE_TOO_LARGE'], [{ ...bundle, chains: [{ ...chain, entries: [signed] }] }, 413, 'VERIFICATION.BUNDLE_TOO_LARGE'],
    ];
    for (const [body, status, code] of cases) {
      expect(await stranger.post('/verify', body, { 'content-type': 'application/vnd.zhengben.proof+json' })).toMatchObject({ status, body: { code } });
    }
    // What is too long is not even parsed: it would be refused as no JSON.
    expect(await sendParts(stranger, [{ name: 'bundle', body: 'x'.repeat(MOST_PROOF_BYTES + 1) }])).toMatchObject({ status: 413, body: { code: 'VERIFICATION.BUNDLE_TOO_LARGE' } });
    expect(await sendParts(stranger, [{ name: 'bundle', body: '{' }])).toMatchObject({ status: 400, body: { code: 'VERIFICATION.BUNDLE_INVALID' } });
    expect(await sendParts(stranger, [{ name: 'bundle', body: '{"format":1,"format":1}' }])).toMatchObject({ status: 400, body: { code: 'VERIFICATION.BUNDLE_INVALID' } });
  });

  test('a chain that is down leaves the check undone', async () => {
    await service.chain?.stop();
    const started = Date.now();
    const { body } = await stranger.post('/verify', bundle);
    expect([verdict(body), results(body)['anchor-on-chain'], results(body)['checkpoint-signature']]).toEqual(['unconfirmed', 'skipped', 'pass']);
    expect(JSON.stringify(body)).not.toContain(new URL(service.chain?.url ?? '').host);
    expect(Date.now() - started).toBeLessThan(12_000);
  });
});

describe('bad input', () => {
  test.each([[{}], [[]], [null], ['text'], [{ sha256: 'x' }], [{ sha256: 'a'.repeat(65) }], [{ sha256: 5 }], [{ sha256: 'a'.repeat(64), sm3: 'a'.repeat(64) }], [{ md5: 'a'.repeat(32) }]])('%j is nothing to verify', async (body) => {
    expect(await stranger.post('/verify', body)).toMatchObject({ status: 400, body: { code: 'VERIFICATION.NOTHING_TO_VERIFY' } });
  });

  test('no body, another media type, JSON that is none', async () => {
    expect((await stranger.post('/verify')).status).toBe(400);
    expect(await stranger.post('/verify', 'x', { 'content-type': 'text/plain' })).toMatchObject({ status: 415 });
    expect(await send(service.url, { path: VERIFY, headers: { 'Content-Type': 'application/json' }, body: '{"sha256":"a","sha256":"b"}' })).toMatchObject({ status: 400, body: { code: 'HTTP.INVALID_JSON' } });
  });

  test('multipart: no part, wrong parts, too many and too large files, two bundles, an upload that breaks off', async () => {
    const bundle = { name: 'bundle', body: '{}' };
    const files = Array.from({ length: 4 }, (_, i) => filePart(photo(), `${i}`));
    const cases: [Part[], number, string][] = [
      [[], 400, 'VERIFICATION.NOTHING_TO_VERIFY'],
      [[{ name: 'file', filename: 'a', body: 'x' }], 400, 'VERIFICATION.FORM_INVALID'],
      [[{ name: 'work', body: '{}' }, filePart(photo())], 400, 'VERIFICATION.FORM_INVALID'],
      [files, 413, 'VERIFICATION.TOO_MANY_FILES'],
      [[...files, filePart('x', 'fifth')], 413, 'VERIFICATION.TOO_MANY_FILES'],
      [[filePart(randomBytes(MAX_FILE_BYTES + 1))], 413, 'VERIFICATION.FILE_TOO_LARGE'],
      [[bundle, bundle], 400, 'VERIFICATION.FORM_INVALID'],
      [[bundle, { ...bundle, filename: 'b.json' }], 400, 'VERIFICATION.FORM_INVALID'],
    ];
    for (const [parts, status, code] of cases) {
      const answer = await sendParts(stranger, parts);
      expect([parts.map(({ name }) => name), answer.status, answer.body['code']]).toEqual([parts.map(({ name }) => name), status, code]);
    }
    const broken = await send(service.url, { path: VERIFY, headers: multipartHeaders(creator), body: multipart([filePart(photo())], { end: false }) });
    expect(broken).toMatchObject({ status: 400, body: { code: 'VERIFICATION.UPLOAD_INTERRUPTED' } });
  });

  test('a second bundle is refused when it begins, not when all of them are in memory', async () => {
    const bundle = { name: 'bundle', filename: 'x.zbproof.json', body: '{}' };
    for (const first of [bundle, { name: 'bundle', body: '{}' }]) {
      const socket = await open(service.url, { path: VERIFY, headers: { ...multipartHeaders(creator), Connection: 'close', 'Content-Length': '100000000' } });
      const answer = readAnswer(socket);
      socket.write(multipart([first, bundle], { end: false }).subarray(0, -2));
      expect(await answer).toMatchObject({ status: 400, body: { code: 'VERIFICATION.FORM_INVALID', detail: 'Send one bundle at a time.' } });
    }
  });

  test('a sender that vanishes does no harm', async () => {
    const socket = await open(service.url, { path: VERIFY, headers: { ...multipartHeaders(creator), 'Content-Length': '100000' } });
    const answer = readAnswer(socket);
    socket.write(partOf(filePart(randomBytes(50_000))).subarray(0, 40_000));
    setTimeout(() => socket.destroy(), 50);
    await answer;
    expect((await stranger.post('/verify', { sha256: 'a'.repeat(64) })).status).toBe(200);
  });
});

test('whoever asks too often is told to wait', async () => {
  const limited = await startApplication({ env: { RATE_LIMIT_PER_MINUTE: '5' } });
  try {
    const anyone = clientOf(limited.url, null);
    const answers = [];
    for (let i = 0; i < 7; i++) answers.push(await anyone.post('/verify', { sha256: 'a'.repeat(64) }));
    expect(answers.slice(0, 5).map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect(answers.at(-1)).toMatchObject({ status: 429, body: { code: 'HTTP.TOO_MANY_REQUESTS' } });
    expect(answers.at(-1)?.headers.get('retry-after')).toMatch(/^\d+$/);
  } finally {
    await limited.stop();
  }
});
