import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { isAlive, waitForExit } from '../../../../src/dev-stack/processes.js';
import { blobPath } from '../../../../src/platform/blobs/index.js';
import type { PreviewError, PreviewPoolOptions } from '../../../../src/platform/previews/index.js';
import { pictureOf, pngBomb } from '../../../support/pictures.js';
import { startProgram } from '../../../support/program.js';
import { MARK, placeBlob, previewsIn, type PreviewRig } from './support.js';

const HOUR_MS = 3_600_000;
const rigs: PreviewRig[] = [];
let dataDir: string;

// Warnings of what could not be kept are expected.
beforeAll(() => Logger.overrideLogger(false));
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'zhengben-previews-'));
});
afterEach(async () => {
  for (const { pool } of rigs.splice(0)) pool.stop();
  await rm(dataDir, { recursive: true, force: true });
});

function rigOf(options?: PreviewPoolOptions): PreviewRig {
  const rig = previewsIn(dataDir, options);
  rigs.push(rig);
  return rig;
}

const small = (sha256: string, keep = true) => ({ sha256, longSide: 320, mark: MARK, keep }) as const;
const codeOf = (outcome: Promise<unknown>): Promise<string> => outcome.then(() => 'made', (error: PreviewError) => error.code);

async function made({ metrics }: PreviewRig): Promise<Record<string, number>> {
  const counter = await metrics.getSingleMetric('zhengben_previews_total')?.get();
  return Object.fromEntries((counter?.values ?? []).map(({ labels, value }) => [labels['outcome'], value]));
}

async function kept(): Promise<string[]> {
  const entries = await readdir(join(dataDir, 'previews'), { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

test('is made once, however many ask at once and afterwards, and after a restart', async () => {
  const sha256 = await placeBlob(dataDir, await pictureOf('jpeg'));
  const rig = rigOf();
  const all = await Promise.all(Array.from({ length: 20 }, () => rig.previews.read(small(sha256))));
  expect(all.every((image) => image.equals(all[0] as Buffer))).toBe(true);
  await rig.previews.read(small(sha256));
  expect(await made(rig)).toEqual({ made: 1 });
  const restarted = rigOf();
  expect((await restarted.previews.read(small(sha256))).equals(all[0] as Buffer)).toBe(true);
  expect(await made(restarted)).toEqual({});
});

test('each size and each mark has its own', async () => {
  const sha256 = await placeBlob(dataDir, await pictureOf('png'));
  const rig = rigOf();
  const images = await Promise.all([small(sha256), { ...small(sha256), longSide: 1280 as const }, { ...small(sha256), mark: 'ZB-0000-0000-0000-0' }].map((request) => rig.previews.read(request)));
  expect(new Set(images.map((image) => image.toString('latin1'))).size).toBe(3);
  expect(await kept()).toHaveLength(3);
  await expect(rig.previews.read({ ...small(sha256), mark: '../../x' })).rejects.toThrow('not a mark');
});

test('without room it is made and not kept; what cannot be kept is made all the same', async () => {
  const sha256 = await placeBlob(dataDir, await pictureOf('webp'));
  const rig = rigOf();
  await rig.previews.read(small(sha256, false));
  expect(await kept()).toEqual([]);
  await writeFile(join(dataDir, 'previews'), 'a file where the directory should be');
  await expect(rig.previews.read(small(sha256))).rejects.toMatchObject({ code: 'ENOTDIR' });
  await rm(join(dataDir, 'previews'));
  await mkdir(join(dataDir, 'previews'));
  await writeFile(join(dataDir, 'previews', '.tmp'), 'the same');
  expect((await rig.previews.read(small(sha256))).length).toBeGreaterThan(0);
});

test('of what is no picture none is made, whatever it is called; nothing is started for it', async () => {
  const rig = rigOf();
  const heads = ['<!doctype html><script>1</script>', '<svg xmlns="http://www.w3.org/2000/svg"/>', '%PDF-1.7', '', 'RIFF    WAVEfmt ', '    ftypisom    mp42', '    ftypheic    mif1'];
  for (const bytes of [...heads.map((head) => Buffer.from(head)), await pictureOf('gif', 8, 8), await pictureOf('tiff', 8, 8)]) {
    expect(await codeOf(rig.previews.read(small(await placeBlob(dataDir, bytes))))).toBe('format');
  }
  expect(await made(rig)).toEqual({});
  expect(await kept()).toEqual([]);
});

test('a hostile file takes its time once, in any process, and is tried again after an hour', async () => {
  const sha256 = await placeBlob(dataDir, pngBomb(4_000, 4_000));
  const rig = rigOf({ timeoutMs: 50 });
  expect(await codeOf(rig.previews.read(small(sha256)))).toBe('too-costly');
  const other = rigOf();
  expect(await codeOf(other.previews.read({ ...small(sha256), longSide: 1280 }))).toBe('too-costly');
  expect([await made(rig), await made(other)]).toEqual([{ 'too-costly': 1 }, {}]);
  const [refusal = ''] = await kept();
  const { reason, at } = JSON.parse(await readFile(refusal, 'utf8')) as { reason: string; at: string };
  await writeFile(refusal, JSON.stringify({ reason, at: new Date(Date.parse(at) - HOUR_MS - 1).toISOString() }));
  expect(await codeOf(other.previews.read(small(sha256)))).toBe('made');
});

test('an interruption is not held against the file', async () => {
  const sha256 = await placeBlob(dataDir, pngBomb(7_000, 7_000));
  const rig = rigOf();
  const first = codeOf(rig.previews.read(small(sha256)));
  while (rig.pool.processIds.length === 0) await sleep(5);
  process.kill(rig.pool.processIds[0] as number, 'SIGKILL');
  expect(await first).toBe('interrupted');
  expect(await codeOf(rig.previews.read(small(sha256)))).toBe('made');
});

test('goes with its blob: at once it is not served, and the sweep removes it, other recipes and what was left half-written', async () => {
  const rig = rigOf();
  const [gone, stays] = [await placeBlob(dataDir, await pictureOf('jpeg')), await placeBlob(dataDir, await pictureOf('jpeg', 640, 480, 2))];
  await Promise.all([gone, stays].map((sha256) => rig.previews.read(small(sha256))));
  await rm(blobPath(dataDir, gone));
  expect(await codeOf(rig.previews.read(small(gone)))).toBe('absent');
  const [old, leftover] = [join(dataDir, 'previews', '0', 'ab'), join(dataDir, 'previews', '.tmp', 'half')];
  await mkdir(old, { recursive: true });
  await writeFile(join(old, 'x.webp'), 'old');
  await writeFile(leftover, 'half');
  await utimes(leftover, new Date(), new Date(Date.now() - 2 * HOUR_MS));
  expect(await rig.previews.sweep()).toBe(1);
  const files = await kept();
  expect([files.length, files.every((path) => path.includes(stays)), existsSync(old), existsSync(leftover)]).toEqual([1, true, false, false]);
  expect(await rig.previews.sweep()).toBe(0);
});

test('a service that is killed leaves no process behind', async () => {
  // Children are looked up in /proc.
  if (process.platform !== 'linux') return;
  const sha256 = await placeBlob(dataDir, pngBomb(7_000, 7_000));
  const service = startProgram('test/unit/platform/previews/make-preview.ts', [dataDir, sha256], { PATH: process.env['PATH'] });
  let pid = Number.NaN;
  while (Number.isNaN(pid)) {
    await sleep(5);
    const children = (await readFile(`/proc/${service.pid}/task/${service.pid}/children`, 'utf8')).trim();
    const command = children === '' ? '' : await readFile(`/proc/${children}/cmdline`, 'utf8');
    // Past the shell, and past Node's own start.
    if (command.includes('memoryBytes') && !command.startsWith('/bin/sh')) pid = Number(children);
  }
  await sleep(300);
  expect(isAlive(pid)).toBe(true);
  service.kill('SIGKILL');
  expect(await waitForExit(pid, 1_000)).toBe(true);
  expect(await kept()).toEqual([]);
});

test.each(['file.write:before', 'file.write:after', 'file.rename:before', 'file.rename:after'])('a process that dies at %s leaves a whole preview or none', async (point) => {
  const sha256 = await placeBlob(dataDir, await pictureOf('jpeg'));
  const { PATH } = process.env;
  const child = startProgram('test/unit/platform/previews/make-preview.ts', [dataDir, sha256], { PATH, NODE_ENV: 'test', FAULT_POINT: point });
  const signal = await new Promise((resolve) => child.once('close', (_code, by) => resolve(by)));
  expect(signal).toBe('SIGKILL');
  const named = (await kept()).filter((path) => !path.includes('.tmp'));
  expect(named).toHaveLength(point === 'file.rename:after' ? 1 : 0);
  const rig = rigOf();
  const image = await rig.previews.read(small(sha256));
  expect(image.readUInt32LE(4) + 8).toBe(image.length);
  expect(await made(rig)).toEqual(point === 'file.rename:after' ? {} : { made: 1 });
});
