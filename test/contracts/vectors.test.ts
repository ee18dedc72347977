import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeUtf8, hexToBytes } from '../../src/lib/bytes/index.js';
import { computeRoot, hashLeaf, verifyConsistency, verifyInclusion } from '../../src/lib/merkle/index.js';
import { describeConformance, readVectors } from '../conformance/vectors.js';
import { accounts, deployed } from './chain.js';

jest.setTimeout(120_000);

interface Vectors {
  readonly roots: readonly { treeSize: number; rootHash: string }[];
  readonly inclusion: readonly { leafIndex: number; treeSize: number; proof: string[] }[];
  readonly consistency: readonly { oldSize: number; newSize: number; proof: string[] }[];
}

const vectors = JSON.parse(readFileSync(join(__dirname, '../vectors/rfc6962.json'), 'utf8')) as Vectors;
const roots = new Map(vectors.roots.map(({ treeSize, rootHash }) => [treeSize, rootHash]));
const rootOf = (size: number): string => roots.get(size) ?? '';
const leafHash = (index: number): Uint8Array => hashLeaf(encodeUtf8(`zhengben/leaf/${index}`));

/** Items by their tree size, so that each tree is anchored once. */
function groupBy<T>(items: readonly T[], key: (item: T) => number): Map<number, T[]> {
  const groups = new Map<number, T[]>();
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return groups;
}

describe('the vectors of the independent generator', () => {
  let owner = '';
  let anchorer = '';
  beforeAll(async () => {
    [, owner = '', anchorer = ''] = await accounts();
  });

  test('are all there', () => {
    expect([vectors.roots.length, vectors.inclusion.length, vectors.consistency.length]).toEqual([109, 240, 249]);
  });

  test('src/lib computes their roots and accepts their proofs', () => {
    const leaves = Array.from({ length: 300 }, (_, i) => hashLeaf(encodeUtf8(`zhengben/leaf/${i}`)));
    for (const { treeSize, rootHash } of vectors.roots.filter((root) => root.treeSize <= leaves.length)) {
      expect(computeRoot(leaves.slice(0, treeSize))).toEqual(hexToBytes(rootHash));
    }
    for (const { leafIndex, treeSize, proof } of vectors.inclusion) {
      verifyInclusion({ leafHash: leafHash(leafIndex), leafIndex, treeSize, rootHash: hexToBytes(rootOf(treeSize)), proof: proof.map(hexToBytes) });
    }
    for (const { oldSize, newSize, proof } of vectors.consistency) {
      verifyConsistency({ oldSize, oldRoot: hexToBytes(rootOf(oldSize)), newSize, newRoot: hexToBytes(rootOf(newSize)), proof: proof.map(hexToBytes) });
    }
  });

  test('the contract accepts every consistency proof, and none without its last element', async () => {
    for (const [oldSize, group] of groupBy(vectors.consistency, (vector) => vector.oldSize)) {
      const contract = await deployed({ owner, anchorer });
      expect(await contract.send(anchorer, 'anchor', oldSize, `0x${rootOf(oldSize)}`, [])).toMatchObject({ ok: true });
      for (const { newSize, proof } of group) {
        const attempt = (elements: string[]) => contract.call(anchorer, 'anchor', newSize, `0x${rootOf(newSize)}`, elements.map((hex) => `0x${hex}`));
        expect({ oldSize, newSize, outcome: await attempt(proof) }).toMatchObject({ outcome: { ok: true } });
        expect({ oldSize, newSize, outcome: await attempt(proof.slice(0, -1)) }).toMatchObject({ outcome: { ok: false, error: 'CheckpointAnchorInconsistent' } });
      }
    }
  });

  test('the contract confirms every leaf, and none at another index', async () => {
    for (const [treeSize, group] of groupBy(vectors.inclusion, (vector) => vector.treeSize)) {
      const contract = await deployed({ owner, anchorer });
      await contract.send(anchorer, 'anchor', treeSize, `0x${rootOf(treeSize)}`, []);
      for (const { leafIndex, proof } of group) {
        const confirm = (index: number) => contract.read('verifyInclusion', leafHash(leafIndex), index, treeSize, `0x${rootOf(treeSize)}`, proof.map((hex) => `0x${hex}`));
        expect({ leafIndex, treeSize, answer: await confirm(leafIndex) }).toEqual({ leafIndex, treeSize, answer: [true] });
        expect({ leafIndex, treeSize, answer: await confirm(leafIndex + 1) }).toEqual({ leafIndex, treeSize, answer: [false] });
      }
    }
  });
});

interface ConformanceCase { id: string; wantErr: boolean; proof: string[] | null }
interface Conformance {
  readonly inclusion: readonly (ConformanceCase & { leafIdx: number; treeSize: number; root: string; leafHash: string })[];
  readonly consistency: readonly (ConformanceCase & { size1: number; size2: number; root1: string; root2: string })[];
}

describeConformance('merkle-rfc6962', () => {
  const { inclusion, consistency } = readVectors<Conformance>('merkle-rfc6962', 'all.json');
  const decode = (base64: string) => Buffer.from(base64, 'base64');
  const fits = (hashes: readonly Buffer[]) => hashes.every((hash) => hash.length === 32); // the ABI has no other
  let asked = 0;

  test('the contract agrees on consistency', async () => {
    const [, owner = '', anchorer = ''] = await accounts();
    for (const vector of consistency) {
      const [oldRoot, newRoot] = [decode(vector.root1), decode(vector.root2)];
      const proof = (vector.proof ?? []).map(decode);
      // The contract has no old tree of 0 leaves and takes no equal size: such vectors are not for it.
      if (vector.size1 < 1 || !Number.isSafeInteger(vector.size1) || !Number.isSafeInteger(vector.size2) || vector.size1 === vector.size2 || !fits([oldRoot, newRoot, ...proof])) continue;
      asked++;
      const contract = await deployed({ owner, anchorer });
      await contract.send(anchorer, 'anchor', vector.size1, oldRoot, []);
      const outcome = await contract.call(anchorer, 'anchor', vector.size2, newRoot, proof);
      expect({ id: vector.id, ok: outcome.ok }).toEqual({ id: vector.id, ok: !vector.wantErr });
    }
    expect(asked).toBeGreaterThan(60);
  });

  test('the contract agrees on inclusion', async () => {
    const [, owner = '', anchorer = ''] = await accounts();
    asked = 0;
    for (const vector of inclusion) {
      const [leaf, root] = [decode(vector.leafHash), decode(vector.root)];
      const proof = (vector.proof ?? []).map(decode);
      // (Indexes about 2^64 are no numbers of JSON; anchoring.test.ts has its own.)
      if (vector.treeSize < 1 || vector.leafIdx < 0 || !Number.isSafeInteger(vector.leafIdx) || !Number.isSafeInteger(vector.treeSize) || !fits([leaf, root, ...proof])) continue;
      asked++;
      const contract = await deployed({ owner, anchorer });
      await contract.send(anchorer, 'anchor', vector.treeSize, root, []);
      const [answer] = await contract.read('verifyInclusion', leaf, vector.leafIdx, vector.treeSize, root, proof);
      expect({ id: vector.id, answer }).toEqual({ id: vector.id, answer: !vector.wantErr });
    }
    expect(asked).toBeGreaterThan(60);
  });
});
