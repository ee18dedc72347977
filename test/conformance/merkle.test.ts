import { base64ToBytes, bytesToHex, hexToBytes } from '../../src/lib/bytes/index.js';
import { computeRoot, EMPTY_ROOT, hashLeaf, hashNode, verifyConsistency, verifyInclusion } from '../../src/lib/merkle/index.js';
import { codeOf } from '../unit/lib/code-of.js';
import { describeConformance, readVectors } from './vectors.js';

interface Case {
  id: string;
  wantErr: boolean;
  /** Where an implementation that insists on 32-byte hashes may differ from the one that made the vectors. */
  quirk?: string;
  proof: string[] | null;
}
interface InclusionCase extends Case { leafIdx: number; treeSize: number; root: string; leafHash: string }
interface ConsistencyCase extends Case { size1: number; size2: number; root1: string; root2: string }
type HashCase = { fn: 'emptyRoot'; want: string } | { fn: 'leafHash'; dataHex: string; want: string } | { fn: 'nodeHash'; leftHex: string; rightHex: string; want: string };
interface Vectors {
  inclusion: InclusionCase[];
  consistency: ConsistencyCase[];
  hash: HashCase[];
  tree: { leafInputsHex: string[]; rootBySizeHex: string[] };
}

describeConformance('merkle-rfc6962', () => {
  const vectors = readVectors<Vectors>('merkle-rfc6962', 'all.json');

  test('counts: the files are whole', () => {
    expect([vectors.inclusion.length, vectors.consistency.length, vectors.tree.rootBySizeHex.length]).toEqual([98, 98, 9]);
  });

  test.each(vectors.inclusion.map((v) => [v.id, v] as const))('%s', (_id, v) => {
    const code = codeOf(() => verifyInclusion({
      leafHash: base64ToBytes(v.leafHash), leafIndex: v.leafIdx, treeSize: v.treeSize, rootHash: base64ToBytes(v.root),
      proof: (v.proof ?? []).map(base64ToBytes),
    }));
    expect(code === 'ok').toBe(!v.wantErr);
  });

  test.each(vectors.consistency.map((v) => [v.id, v] as const))('%s', (_id, v) => {
    const code = codeOf(() => verifyConsistency({
      oldSize: v.size1, oldRoot: base64ToBytes(v.root1), newSize: v.size2, newRoot: base64ToBytes(v.root2),
      proof: (v.proof ?? []).map(base64ToBytes),
    }));
    // The one quirk is a pair of 12-byte roots; ours are 32 bytes or nothing.
    expect(code === 'ok').toBe(v.quirk === undefined ? !v.wantErr : false);
  });

  test('hashes of nothing, of leaves, of nodes', () => {
    const outcomes = vectors.hash.map((v) => {
      if (v.fn === 'emptyRoot') return bytesToHex(EMPTY_ROOT);
      if (v.fn === 'leafHash') return bytesToHex(hashLeaf(hexToBytes(v.dataHex)));
      return codeOf(() => hashNode(hexToBytes(v.leftHex), hexToBytes(v.rightHex)));
    });
    // The vector's node has parts of four bytes: we hash nodes of 32-byte parts only, and refuse these.
    expect(outcomes).toEqual(vectors.hash.map((v) => (v.fn === 'nodeHash' ? 'MERKLE.INVALID_HASH' : v.want)));
  });

  test('the roots of the trees of 0 to 8 leaves', () => {
    const leaves = vectors.tree.leafInputsHex.map((hex) => hashLeaf(hexToBytes(hex)));
    const roots = vectors.tree.rootBySizeHex.map((_, size) => bytesToHex(computeRoot(leaves.slice(0, size))));
    expect(roots).toEqual(vectors.tree.rootBySizeHex);
  });
});
