import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LogFollower } from '../../../src/cli/mirror/follow-log.js';
import { MirrorStore } from '../../../src/cli/mirror/mirror-store.js';
import { decodeEntries, entriesPath, parseTilePath, tilePath } from '../../../src/lib/merkle/index.js';
import { fsckLog } from '../../../src/modules/log/index.js';
import { ReadTile } from '../../../src/modules/log/read-tile.js';
import { openLogSource } from '../../../src/platform/tlog/index.js';
import { LogRig } from './support/log-rig.js';

let rig: LogRig;
let directory: string;

beforeAll(async () => {
  [rig, directory] = await Promise.all([LogRig.start(), mkdtemp(join(tmpdir(), 'zhengben-partials-'))]);
});
afterAll(async () => {
  await rig.stop();
  await rm(directory, { recursive: true, force: true });
});

async function growTo(size: number): Promise<void> {
  await rig.sayMany(size - (await rig.reader.published().then((published) => published?.treeSize ?? 0)));
  await rig.publish();
}

/** Partial tiles at level 0 that lie there, of hashes and of entries alike. */
function widthsOf(root: string, index: number): number[] {
  return Array.from({ length: 255 }, (_, i) => i + 1).filter((width) => {
    const [tile, entries] = [tilePath(0, index, width), entriesPath(index, width)].map((path) => existsSync(join(root, path)));
    expect(tile).toBe(entries);
    return tile;
  });
}

async function mirrored(): Promise<void> {
  const follower = await LogFollower.open(await openLogSource(rig.logDir), new MirrorStore(join(directory, 'mirror')), [rig.key.vkey], { say: () => undefined });
  await follower.step();
}

test('partial tiles stay until their full tile is there, and fsck and mirrors take several of one tile as they are', async () => {
  for (const size of [3, 40, 200]) {
    await growTo(size);
    await mirrored();
  }
  expect(widthsOf(rig.logDir, 0)).toEqual([3, 40, 200]);
  expect(widthsOf(join(directory, 'mirror'), 0)).toEqual([3, 40, 200]);
  expect(await fsckLog({ dataSource: rig.dataSource, files: rig.tiles, vkeys: rig.keys.vkeys })).toMatchObject({ ok: true });

  for (const size of [258, 300]) {
    await growTo(size);
    await mirrored();
  }
  for (const root of [rig.logDir, join(directory, 'mirror')]) {
    expect([existsSync(join(root, `${tilePath(0, 0)}.p`)), existsSync(join(root, `${entriesPath(0)}.p`))]).toEqual([false, false]);
    expect(widthsOf(root, 1)).toEqual([2, 44]);
  }
  expect(await fsckLog({ dataSource: rig.dataSource, files: rig.tiles, vkeys: rig.keys.vkeys })).toMatchObject({ ok: true });
});

test('a partial tile of any width is served from files: of its own, or the beginning of a wider one', async () => {
  const asked: string[] = [];
  const dataSource = new Proxy(rig.dataSource, {
    get: (target, name) => name === 'query' ? (sql: string, parameters?: unknown[]) => {
      asked.push(sql);
      return target.query(sql, parameters);
    } : Reflect.get(target, name) as unknown,
  });
  const read = new ReadTile(rig.tiles, dataSource);
  const full = { tile: (await rig.tiles.get(tilePath(0, 0)))!, entries: decodeEntries((await rig.tiles.get(entriesPath(0)))!) };
  for (const [index, width] of [[0, 3], [0, 100], [0, 255], [1, 2], [1, 30], [1, 44]] as const) {
    const hashes = await read.execute(parseTilePath(tilePath(0, index, width))!);
    const entries = await read.execute(parseTilePath(entriesPath(index, width))!);
    expect([hashes?.length, decodeEntries(entries!).length]).toEqual([width * 32, width]);
    if (index === 0) expect([Buffer.from(hashes!).equals(full.tile.subarray(0, width * 32)), decodeEntries(entries!)]).toEqual([true, full.entries.slice(0, width)]);
  }
  expect(new Set(asked)).toEqual(new Set(['SELECT published_size FROM log_head']));
  expect(await read.execute(parseTilePath(tilePath(0, 1, 45))!)).toBeNull();
  expect(await read.execute(parseTilePath(tilePath(0, 2, 1))!)).toBeNull();
});

test('only when a file is lost does it come from the database', async () => {
  const [tile, entries] = [(await rig.tiles.get(tilePath(0, 1, 44)))!, (await rig.tiles.get(entriesPath(1, 44)))!];
  await rig.tiles.remove(`${tilePath(0, 1)}.p`);
  await rig.tiles.remove(`${entriesPath(1)}.p`);
  const read = new ReadTile(rig.tiles, rig.dataSource);
  expect(tile.equals((await read.execute(parseTilePath(tilePath(0, 1, 44))!))!)).toBe(true);
  expect(entries.equals((await read.execute(parseTilePath(entriesPath(1, 44))!))!)).toBe(true);
});
