import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { appendLeaves, computeRoot, hashLeaf, toHash } from '../../../../src/lib/merkle/index.js';
import { hashEntry, type RebuiltTile, TileTree } from '../../../../src/platform/tlog/index.js';

const leaves = Array.from({ length: 1_000 }, () => randomBytes(32));

test('gives the same roots as the incremental tree, at every size up to 1000', () => {
  const tree = new TileTree();
  let grown = appendLeaves(0, [], [], () => undefined);
  expect(tree.root().equals(computeRoot([]))).toBe(true);
  for (const leaf of leaves) {
    tree.append(leaf);
    grown = appendLeaves(grown.size, grown.frontier, [toHash(leaf)], () => undefined);
    expect(tree.root().equals(grown.root)).toBe(true);
  }
});

test('resumed from its tiles at any size it goes on as if it had never stopped; its nodes are those of the incremental tree', async () => {
  await fc.assert(fc.asyncProperty(fc.integer({ min: 0, max: 70_000 }), fc.integer({ min: 0, max: 600 }), async (before, more) => {
    const tiles = new Map<string, Buffer>();
    const keep = (tile: RebuiltTile): void => void tiles.set(`${tile.level}/${tile.index}`, tile.bytes);
    const nodes = new Map<string, Buffer>();
    const first = new TileTree(keep);
    const all = Array.from({ length: before + more }, (_, i) => leaves[(i * 7) % leaves.length] as Buffer);
    appendLeaves(0, [], all.map(toHash), (level, index, hash) => nodes.set(`${level}/${index}`, Buffer.from(hash)));
    for (const leaf of all.slice(0, before)) first.append(leaf);
    first.partials().forEach(keep);
    const seen: RebuiltTile[] = [];
    const second = await TileTree.resume(before, async (level, index, width) => (tiles.get(`${level}/${index}`) as Buffer).subarray(0, width * 32), (tile) => seen.push(tile));
    expect(second.root().equals(first.root())).toBe(true);
    for (const leaf of all.slice(before)) second.append(leaf);
    expect(second.root().equals(computeRoot(all.map(toHash)))).toBe(true);
    for (const tile of [...seen, ...second.partials()]) {
      for (let height = 1; height <= 8; height++) {
        for (let place = 0; place < tile.nodesAt(height); place++) {
          expect(nodes.get(`${tile.level * 8 + height}/${tile.index * 2 ** (8 - height) + place}`)?.equals(tile.node(height, place))).toBe(true);
        }
      }
    }
  }), { numRuns: 8 });
});

test('hashes an entry as RFC 6962 says, empty or as long as one can be', () => {
  for (const length of [0, 1, 100, 65_535]) {
    const entry = randomBytes(length);
    expect(hashEntry(entry).equals(hashLeaf(entry))).toBe(true);
  }
});
