import * as fc from 'fast-check';
import { decodeEntries, encodeEntries, entriesPath, parseTilePath, type Tile, tilePath, tilesBetween } from '../../../../src/lib/merkle/index.js';
import { codeOf } from '../code-of.js';

test('paths as the specification spells them', () => {
  expect([tilePath(0, 1_234_067), tilePath(5, 0, 1), tilePath(0, 1067, 12), entriesPath(273, 112)]).toEqual([
    'tile/0/x001/x234/067', 'tile/5/000.p/1', 'tile/0/x001/067.p/12', 'tile/entries/273.p/112',
  ]);
});

test('paths come back', () => {
  const tile = fc.record({ level: fc.integer({ min: 0, max: 63 }), index: fc.maxSafeNat(), width: fc.integer({ min: 1, max: 256 }) });
  fc.assert(fc.property(tile, ({ level, index, width }) => {
    expect(parseTilePath(tilePath(level, index, width))).toEqual({ kind: 'tile', level, index, width });
    expect(parseTilePath(entriesPath(index, width))).toEqual({ kind: 'entries', level: 0, index, width });
  }));
});

test.each([
  'tile/0/1', 'tile/00/001', 'tile/64/001', 'tile/0/x000/001', 'tile/0/001/001', 'tile/0/x001', 'tile/0/001.p/0', 'tile/0/001.p/256', 'tile/0/001.p/01',
  'tile/0/001/', '/tile/0/001', 'tile/0/001?x', 'tile/entries/../../etc', 'tile/-1/001', 'tile/0/x999/x999/x999/x999/x999/999', 'checkpoint', '', 'tile/0/001\n',
])('%j names no tile', (path) => expect(parseTilePath(path)).toBeNull());

test.each([[64, 0, 1], [0, -1, 1], [0, 0, 0], [0, 0, 257], [0, 0.5, 1]])('no path for level %d, index %d, width %d', (level, index, width) => {
  expect(codeOf(() => tilePath(level, index, width))).toBe('MERKLE.INVALID_TILE');
});

test('the example of the specification: 70,000 leaves', () => {
  const tiles = tilesBetween(0, 70_000);
  expect(tiles).toHaveLength(273 + 1 + 1 + 1 + 1);
  expect(tiles.filter((tile) => tile.width < 256)).toEqual([{ level: 0, index: 273, width: 112 }, { level: 1, index: 1, width: 17 }, { level: 2, index: 0, width: 1 }]);
});

test('a tree of 256 leaves: one full tile and a partial one above', () => {
  expect(tilesBetween(255, 256)).toEqual([{ level: 0, index: 0, width: 256 }, { level: 1, index: 0, width: 1 }]);
  expect(tilesBetween(256, 256)).toEqual([]);
  expect(codeOf(() => tilesBetween(2, 1))).toBe('MERKLE.INVALID_SIZE');
});

test('whatever the steps, every tile that a tree of the size has was written on the way', () => {
  fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 70_000 }), { maxLength: 6 }), (steps) => {
    let size = 0;
    const written = new Set<string>();
    const path = (tile: Tile): string => tilePath(tile.level, tile.index, tile.width);
    for (const step of steps) {
      for (const tile of tilesBetween(size, size + step)) written.add(path(tile));
      size += step;
    }
    expect(tilesBetween(0, size).map(path).filter((name) => !written.has(name))).toEqual([]);
  }), { numRuns: 50 });
});

describe('entry bundles', () => {
  test('come back', () => {
    fc.assert(fc.property(fc.array(fc.uint8Array({ maxLength: 700 }), { maxLength: 20 }), (entries) => {
      expect(decodeEntries(encodeEntries(entries))).toEqual(entries);
    }));
  });
  test('the length comes first, big-endian', () => {
    expect(encodeEntries([Uint8Array.of(9), new Uint8Array(258)]).slice(0, 5)).toEqual(Uint8Array.of(0, 1, 9, 1, 2));
  });
  test('refused: truncated, too long, too many', () => {
    expect(codeOf(() => decodeEntries(Uint8Array.of(0, 2, 1)))).toBe('MERKLE.INVALID_ENTRIES');
    expect(codeOf(() => decodeEntries(Uint8Array.of(0)))).toBe('MERKLE.INVALID_ENTRIES');
    expect(codeOf(() => decodeEntries(new Uint8Array(2 * 257)))).toBe('MERKLE.INVALID_ENTRIES');
    expect(decodeEntries(new Uint8Array(2 * 256))).toHaveLength(256);
    expect(codeOf(() => encodeEntries([new Uint8Array(65_536)]))).toBe('MERKLE.INVALID_ENTRIES');
    expect(decodeEntries(encodeEntries([new Uint8Array(65_535)]))[0]).toHaveLength(65_535);
  });
});
