import { mkdtemp, open, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import sharp from 'sharp';
import { recogniseImage } from '../../../../src/platform/previews/image-format.js';
import { type PreviewError, PreviewPool } from '../../../../src/platform/previews/index.js';
import { pictureOf, pngBomb, pngOfGreatPromise, snapshotWithPlace } from '../../../support/pictures.js';

const MIB = 1024 ** 2;
const MARK = 'ZB-7K3M-9Q4D-W2XC-V';
const pools: PreviewPool[] = [];
let directory: string;
let files = 0;
/** Takes its child more than a second. */
let slow: Buffer;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'zhengben-previews-'));
  slow = pngBomb(7_000, 7_000);
});
afterAll(async () => {
  for (const pool of pools) pool.stop();
  await rm(directory, { recursive: true, force: true });
});

function poolOf(options: ConstructorParameters<typeof PreviewPool>[0] = {}): PreviewPool {
  const pool = new PreviewPool(options);
  pools.push(pool);
  return pool;
}

async function make(pool: PreviewPool, bytes: Buffer, { longSide = 320, format = recogniseImage(bytes) ?? 'jpeg' } = {}): Promise<Buffer> {
  const path = join(directory, String(files++));
  await writeFile(path, bytes);
  const file = await open(path, 'r');
  try {
    return await pool.make(file, { format, longSide, mark: MARK });
  } finally {
    await file.close();
  }
}

const codeOf = (outcome: Promise<unknown>): Promise<string> => outcome.then(() => 'made', (error: PreviewError) => error.code);
const until = async (holds: () => boolean): Promise<void> => {
  for (const end = Date.now() + 10_000; !holds(); await sleep(2)) if (Date.now() > end) throw new Error('it did not come about');
};

test.each(['jpeg', 'png', 'webp', 'avif'] as const)('a picture as %s becomes a WebP of the size asked for', async (format) => {
  const preview = await sharp(await make(poolOf(), await pictureOf(format))).metadata();
  expect(preview).toMatchObject({ format: 'webp', width: 320, height: 240 });
});

test('a smaller picture keeps its size, and one of a single pixel is one', async () => {
  const pool = poolOf();
  for (const [width, height] of [[200, 100], [1, 1], [1, 3_000]] as const) {
    const { width: w, height: h } = await sharp(await make(pool, await pictureOf('png', width, height))).metadata();
    expect([w, h]).toEqual([width, Math.min(height, 320)]);
  }
});

test('nothing of where, when and by whom it was taken is left; it stands upright, in sRGB', async () => {
  const original = await snapshotWithPlace();
  expect(original.includes('Secret Artist') && original.includes('Exif')).toBe(true);
  const preview = await make(poolOf(), original);
  const { exif, xmp, iptc, icc, orientation, space, width, height } = await sharp(preview).metadata();
  expect({ exif, xmp, iptc, icc, orientation, space, width, height }).toEqual({ exif: undefined, xmp: undefined, iptc: undefined, icc: undefined, orientation: undefined, space: 'srgb', width: 213, height: 320 });
  for (const trace of ['Secret', 'Exif', 'EXIF', 'ICCP', 'XMP ', 'xmpmeta']) expect([trace, preview.includes(trace)]).toEqual([trace, false]);
});

test('the mark is seen on black and on white, and leaves most of the picture alone', async () => {
  const pool = poolOf();
  for (const shade of [0, 255]) {
    const plain = await sharp({ create: { width: 1280, height: 800, channels: 3, background: { r: shade, g: shade, b: shade } } }).png().toBuffer();
    const pixels = await sharp(await make(pool, plain, { longSide: 1280 })).removeAlpha().raw().toBuffer();
    const changed = pixels.reduce((count, value) => count + (Math.abs(value - shade) > 40 ? 1 : 0), 0) / pixels.length;
    expect(changed).toBeGreaterThan(0.05);
    expect(changed).toBeLessThan(0.35);
  }
});

test('a truncated picture, and one that is not what it begins like, are refused', async () => {
  const pool = poolOf();
  const whole = await pictureOf('jpeg', 1_000, 800);
  const cases: [string, Buffer][] = [
    ['cut', whole.subarray(0, whole.length / 2)], ['its beginning alone', whole.subarray(0, 20)],
    ['a page', Buffer.from(`\xFF\xD8\xFF<html><script>alert(1)</script>${' '.repeat(500)}`, 'latin1')],
    ['another’s body', Buffer.concat([Buffer.from('\x89PNG\r\n\x1A\n', 'latin1'), whole])],
  ];
  for (const [what, bytes] of cases) expect([what, await codeOf(make(pool, bytes))]).toEqual([what, 'damaged']);
  // The decoder follows from the beginning, and no other is there: not even one that could read the file.
  expect(await codeOf(make(pool, whole, { format: 'png' }))).toBe('damaged');
});

test('more than 50 million pixels are refused before they are decoded', async () => {
  const started = performance.now();
  for (const [width, height] of [[10_000, 5_001], [30_000, 30_000]] as const) expect([width, height, await codeOf(make(poolOf(), pngOfGreatPromise(width, height)))]).toEqual([width, height, 'too-large']);
  expect(performance.now() - started).toBeLessThan(5_000);
  // Of these they are, and there is nothing.
  expect(await codeOf(make(poolOf(), pngOfGreatPromise(10_000, 5_000)))).toBe('damaged');
});

test('a decompression bomb that needs more memory than a child has ends its child alone', async () => {
  const pool = poolOf({ memoryBytes: 128 * MIB });
  expect(slow.length).toBeLessThan(MIB);
  const [bomb, other] = await Promise.all([codeOf(make(pool, slow)), codeOf(pictureOf('jpeg').then((picture) => make(pool, picture)))]);
  expect([bomb, other]).toEqual(['too-costly', 'made']);
});

test('what takes too long is killed, and its turn is over', async () => {
  const pool = poolOf({ timeoutMs: 300, mostAtOnce: 1 });
  const started = performance.now();
  expect(await Promise.all([codeOf(make(pool, slow)), codeOf(make(pool, slow))])).toEqual(['too-costly', 'too-costly']);
  expect(performance.now() - started).toBeLessThan(3_000);
  expect(pool.processIds).toEqual([]);
});

test('a child that somebody kills mid-way was interrupted: the next attempt gets the preview', async () => {
  const pool = poolOf();
  const first = codeOf(make(pool, slow));
  await until(() => pool.processIds.length === 1);
  await sleep(200);
  process.kill(pool.processIds[0] as number, 'SIGKILL');
  expect(await first).toBe('interrupted');
  expect(await codeOf(make(pool, await pictureOf('png')))).toBe('made');
});

test('a child that breaks by itself was too costly', async () => {
  const pool = poolOf();
  const first = codeOf(make(pool, slow));
  await until(() => pool.processIds.length === 1);
  process.kill(pool.processIds[0] as number, 'SIGSEGV');
  expect(await first).toBe('too-costly');
});

test('so many at once, so many wait, and who comes then is told so; stopping ends them all', async () => {
  const pool = poolOf({ mostAtOnce: 2, mostWaiting: 3 });
  const outcomes = Array.from({ length: 8 }, () => codeOf(make(pool, slow)));
  let most = 0;
  await until(() => {
    most = Math.max(most, pool.processIds.length);
    return most === 2;
  });
  const busy: string[] = [];
  for (const outcome of outcomes) void outcome.then((code) => code === 'busy' && busy.push(code));
  await until(() => busy.length === 3);
  expect(pool.processIds.length).toBe(2);
  pool.stop();
  expect((await Promise.all(outcomes)).toSorted()).toEqual(['busy', 'busy', 'busy', 'stopped', 'stopped', 'stopped', 'stopped', 'stopped']);
  expect(pool.processIds).toEqual([]);
});

test('a child gets no environment and no open file but its own, and cannot raise its limits', async () => {
  // Seen in /proc alone.
  if (process.platform !== 'linux') return;
  process.env['A_SECRET'] = 'of the service';
  const pool = poolOf();
  const outcome = codeOf(make(pool, slow));
  await until(() => pool.processIds.length === 1);
  const pid = String(pool.processIds[0]);
  // From the shell that sets the limits to Node itself.
  for (let name = ''; !name.includes('node'); name = await readlink(`/proc/${pid}/exe`)) await sleep(5);
  await sleep(150);
  const environment = await readFile(`/proc/${pid}/environ`, 'utf8');
  expect(environment).not.toContain('SECRET');
  expect(environment.split('\0').filter((entry) => entry !== '' && !/^(?:PWD|OLDPWD|SHLVL|_)=/.test(entry))).toEqual([]);
  const limits = await readFile(`/proc/${pid}/limits`, 'utf8');
  expect(limits).toMatch(/^Max data size +671088640 +671088640 /m);
  expect(limits).toMatch(/^Max cpu time +20 +21 /m);
  expect(limits).toMatch(/^Max file size +0 +0 /m);
  expect(limits).toMatch(/^Max core file size +0 +0 /m);
  expect(limits).toMatch(/^Max open files +64 +64 /m);
  expect((await readFile(`/proc/${pid}/oom_score_adj`, 'utf8')).trim()).toBe('1000');
  const targets = await Promise.all((await readdir(`/proc/${pid}/fd`)).map((fd) => readlink(`/proc/${pid}/fd/${fd}`).catch(() => '')));
  expect(targets.filter((target) => target.startsWith('/') && !target.startsWith('/dev/') && !target.startsWith(directory))).toEqual([]);
  pool.stop();
  expect(await outcome).toBe('stopped');
  delete process.env['A_SECRET'];
});
