import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { JobRegistry } from '../../../src/platform/jobs/index.js';
import { PreviewPool } from '../../../src/platform/previews/index.js';
import { type Client, joinAs } from '../../support/http-client.js';
import { pictureOf, pngBomb, pngOfGreatPromise, snapshotWithPlace } from '../../support/pictures.js';
import { startApplication, type TestApplication } from '../../support/start-application.js';
import { declaredContent, minimalForm } from '../../support/work-forms.js';
import { filePart, formPart, joinWithScopes, upload } from './support.js';

// What others than the depositor see of a held file: a small re-encoded picture, or nothing.

let service: TestApplication;
let creator: Client;
let other: Client;
let seed = 100;

beforeAll(async () => {
  service = await startApplication();
  [creator, other] = await Promise.all([joinAs(service, 'creator'), joinAs(service, 'other')]);
}, 60_000);
afterAll(() => service.stop());

interface Seen {
  readonly status: number;
  readonly code: unknown;
  readonly reason: unknown;
  readonly headers: Headers;
  readonly image: Buffer;
}

const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const picture = (): Promise<Buffer> => pictureOf('jpeg', 800, 600, seed++);

async function deposit(bytes: Uint8Array, change: Record<string, unknown> = {}, type = 'image/jpeg'): Promise<string> {
  const { status, body } = await upload(service, creator, [formPart(change), filePart(bytes, 'night.jpg', type)]);
  if (status !== 201) throw new Error(JSON.stringify(body));
  return String(body['number']);
}

async function look(number: string, sha256: string, who: Client | null = null, { size = '', headers = {} }: { size?: string; headers?: Record<string, string> } = {}): Promise<Seen> {
  const authorization: Record<string, string> = who === null ? {} : { authorization: `Bearer ${who.apiKey}` };
  const response = await fetch(`${service.url}/api/v1/works/${number}/contents/${sha256}/preview${size}`, { headers: { ...authorization, ...headers } });
  const image = Buffer.from(await response.arrayBuffer());
  const problem = response.headers.get('content-type')?.startsWith('application/problem+json') ? (JSON.parse(image.toString('utf8')) as Record<string, unknown>) : {};
  return { status: response.status, code: problem['code'], reason: problem['reason'], headers: response.headers, image };
}

const refusalOf = async (seen: Promise<Seen>): Promise<unknown[]> => {
  const { status, code, reason } = await seen;
  return reason === undefined ? [status, code] : [status, code, reason];
};
const NOT_FOUND = [404, 'WORKS.NOT_FOUND'];

test('anyone sees a public work’s picture in two sizes, without what the camera wrote into it', async () => {
  const bytes = await snapshotWithPlace();
  const number = await deposit(bytes);
  const small = await look(number, digestOf(bytes));
  const large = await look(number, digestOf(bytes), null, { size: '?size=1280' });
  for (const [{ status, headers, image }, longSide] of [[small, 320], [large, 600]] as const) {
    expect([status, headers.get('content-type'), headers.get('cache-control'), headers.get('x-content-type-options')]).toEqual([200, 'image/webp', 'public, max-age=300', 'nosniff']);
    const { format, height, exif, xmp, icc } = await sharp(image).metadata();
    expect({ format, height, exif, xmp, icc }).toEqual({ format: 'webp', height: longSide, exif: undefined, xmp: undefined, icc: undefined });
    expect(image.includes('Secret')).toBe(false);
  }
  const again = await look(number, digestOf(bytes), null, { headers: { 'if-none-match': small.headers.get('etag') ?? '' } });
  expect([again.status, again.image.length]).toEqual([304, 0]);
  expect(await refusalOf(look(number, digestOf(bytes), null, { size: '?size=5000' }))).toEqual([400, 'HTTP.INVALID_PARAMETER']);
});

test('a confidential work’s picture is seen by who deposited it and who holds rights in it; for others there is nothing', async () => {
  const bytes = await picture();
  const number = await deposit(bytes, { visibility: 'confidential' });
  const [nobody, unknown] = [await look(number, digestOf(bytes)), await look('ZB-0000-0000-0000-0', digestOf(bytes))];
  expect(await Promise.all([nobody, unknown].map((seen) => refusalOf(Promise.resolve(seen))))).toEqual([NOT_FOUND, NOT_FOUND]);
  expect(await refusalOf(look(number, digestOf(bytes), other))).toEqual(NOT_FOUND);
  expect(await refusalOf(look(number, digestOf(bytes), await joinWithScopes(service, ['works:write'])))).toEqual(NOT_FOUND);
  const own = await look(number, digestOf(bytes), creator);
  expect([own.status, own.headers.get('cache-control')]).toEqual([200, 'private, no-cache']);
  const scope = { rights: ['network-dissemination'], territories: ['HK'], uses: ['*'], languages: ['*'], term: { from: '2026-05-01', to: null } };
  expect((await creator.post(`/works/${number}/assignments`, { scope, to: [{ account: other.accountId, shareBps: 10_000 }] })).status).toBe(201);
  const held = await look(number, digestOf(bytes), other);
  expect([held.status, held.headers.get('cache-control'), held.image.equals(own.image)]).toEqual([200, 'private, no-cache', true]);
  expect(await refusalOf(look(number, digestOf(bytes)))).toEqual(NOT_FOUND);
});

test('a withdrawn work’s is seen by its depositor alone', async () => {
  const bytes = await picture();
  const number = await deposit(bytes);
  expect((await look(number, digestOf(bytes))).status).toBe(200);
  expect((await creator.post(`/works/${number}/withdrawal`, { reason: 'mistake' })).status).toBe(201);
  expect(await refusalOf(look(number, digestOf(bytes)))).toEqual(NOT_FOUND);
  expect(await refusalOf(look(number, digestOf(bytes), other))).toEqual(NOT_FOUND);
  const own = await look(number, digestOf(bytes), creator);
  expect([own.status, own.headers.get('cache-control')]).toEqual([200, 'private, no-cache']);
});

test('there is none of a digest without a file, of another work’s file, and of what is no digest', async () => {
  const [bytes, secret] = [await picture(), await picture()];
  const [number, content] = [await deposit(bytes), declaredContent()];
  await deposit(secret, { visibility: 'confidential' });
  const declared = String((await creator.post('/works', { ...minimalForm, contents: [content] })).body['number']);
  expect(await refusalOf(look(declared, content.sha256))).toEqual(NOT_FOUND);
  for (const sha256 of [digestOf(secret), digestOf(bytes).toUpperCase(), '..%2f..%2flog', '0']) expect([sha256, await refusalOf(look(number, sha256))]).toEqual([sha256, NOT_FOUND]);
});

test('hostile files are refused one by one, and the service goes on', async () => {
  const whole = await picture();
  const cases: [string, Buffer, string][] = [
    ['a page that calls itself a picture', Buffer.from('<!doctype html><script>alert(1)</script>'), 'format'],
    ['a drawing with a script', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'), 'format'],
    ['an animation', await pictureOf('gif', 20, 20), 'format'],
    ['a picture cut off', whole.subarray(0, 3 * whole.length / 4), 'damaged'],
    ['a bomb of 900 megapixels', pngOfGreatPromise(30_000, 30_000), 'too-large'],
  ];
  for (const [what, bytes, reason] of cases) {
    const number = await deposit(bytes, {}, 'image/png');
    for (const attempt of [1, 2]) expect([what, attempt, ...(await refusalOf(look(number, digestOf(bytes))))]).toEqual([what, attempt, 415, 'WORKS.NO_PREVIEW', reason]);
  }
  // What a picture is called is no matter either.
  expect((await look(await deposit(whole, {}, 'text/html'), digestOf(whole))).status).toBe(200);
  expect((await fetch(`${service.url}/health/ready`)).status).toBe(200);
});

test('too many at once are told to come back, and nothing else is held up', async () => {
  const bytes = await picture();
  const [number, pool] = [await deposit(bytes), service.app.get(PreviewPool, { strict: false })];
  const path = join(service.config.dataDir, 'slow.png');
  await writeFile(path, pngBomb(7_000, 7_000));
  const file = await open(path, 'r');
  const slow = Array.from({ length: 34 }, () => pool.make(file, { format: 'png', longSide: 320, mark: 'X' }).catch((error: { code: string }) => error.code));
  const seen = await look(number, digestOf(bytes));
  expect([seen.status, seen.code, seen.headers.get('retry-after')]).toEqual([503, 'HTTP.UNAVAILABLE', '2']);
  const started = performance.now();
  expect((await creator.post('/works', { ...minimalForm, contents: [declaredContent()] })).status).toBe(201);
  expect(performance.now() - started).toBeLessThan(2_000);
  pool.stop();
  expect(new Set(await Promise.all(slow))).toEqual(new Set(['stopped']));
  await file.close();
  expect((await look(number, digestOf(bytes))).status).toBe(200);
});

test('it goes with the file: at once it is not served, and the daily sweep erases it', async () => {
  const bytes = await picture();
  const [number, sha256] = [await deposit(bytes), digestOf(bytes)];
  expect((await look(number, sha256)).status).toBe(200);
  const kept = join(service.config.dataDir, 'previews', '1', sha256.slice(0, 2), sha256);
  expect(existsSync(kept)).toBe(true);
  await rm(join(service.config.dataDir, 'blobs', sha256.slice(0, 2), sha256));
  expect(await refusalOf(look(number, sha256))).toEqual(NOT_FOUND);
  await mkdir(join(service.config.dataDir, 'previews', '0'));
  expect(service.app.get(JobRegistry).cron()).toContainEqual({ name: 'previews.sweep', pattern: expect.stringMatching(/^\d+ \d+ \* \* \*$/) });
  await service.app.get(JobRegistry).entries().get('previews.sweep')?.({}, { attempt: 1, signal: undefined });
  expect([existsSync(kept), existsSync(join(service.config.dataDir, 'previews', '0'))]).toEqual([false, false]);
});
