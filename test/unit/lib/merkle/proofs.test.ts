import * as fc from 'fast-check';
import { bytesToHex } from '../../../../src/lib/bytes/index.js';
import {
  appendLeaves, assembleProof, computeRoot, type ConsistencyClaim, decomposeTree, EMPTY_ROOT, type Hash, hashLeaf, type InclusionClaim,
  type NodeId, planConsistencyProof, planInclusionProof, verifyConsistency, verifyInclusion,
} from '../../../../src/lib/merkle/index.js';
import { codeOf } from '../code-of.js';
import { naiveConsistency, naiveLeaf, naivePath, naiveRoot } from './naive-tree.js';

const MAX = 300;
const deep = process.env['DEEP'] === '1';

const data = Array.from({ length: MAX }, (_, i) => Uint8Array.of(i & 0xff, i >> 8, 7));
const leaves = data.map((bytes) => hashLeaf(bytes));
const nodes = new Map<string, Hash>();
const key = ({ level, index }: NodeId): string => `${level}/${index}`;
leaves.forEach((hash, index) => nodes.set(key({ level: 0, index }), hash));
appendLeaves(0, [], leaves, (level, index, hash) => {
  if (nodes.has(key({ level, index }))) throw new Error('a node came twice');
  nodes.set(key({ level, index }), hash);
});
const lookup = (node: NodeId): Hash => {
  const hash = nodes.get(key(node));
  if (hash === undefined) throw new Error(`no complete node ${key(node)}`);
  return hash;
};
const roots = Array.from({ length: MAX + 1 }, (_, size) => computeRoot(leaves.slice(0, size)));
const root = (size: number): Hash => roots[size] as Hash;
const hexes = (hashes: readonly Uint8Array[]): string[] => hashes.map(bytesToHex);

const inclusion = (leafIndex: number, treeSize: number): InclusionClaim => ({
  leafHash: leaves[leafIndex] as Hash, leafIndex, treeSize, rootHash: root(treeSize), proof: assembleProof(planInclusionProof(leafIndex, treeSize), lookup),
});
const consistency = (oldSize: number, newSize: number): ConsistencyClaim => ({
  oldSize, oldRoot: root(oldSize), newSize, newRoot: root(newSize), proof: assembleProof(planConsistencyProof(oldSize, newSize), lookup),
});

/** Sizes around every power of two, and some between: with DEEP=1 all of them. */
const sizes = Array.from({ length: MAX }, (_, i) => i + 1).filter((n) => deep || n <= 20 || n % 37 === 0 || [31, 32, 33, 63, 64, 65, 127, 128, 129, 255, 256, 257, 299, 300].includes(n));

/** Which bits of each hash are flipped: every `step`-th from `first` on. */
interface Bits { first: number; step: number }

function* flips(bytes: Uint8Array, { first, step }: Bits): Generator<Uint8Array> {
  for (let bit = first; bit < bytes.length * 8; bit += step) {
    const flipped = Uint8Array.from(bytes);
    flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
    yield flipped;
  }
}
function* proofFlips(proof: readonly Uint8Array[], bits: Bits): Generator<Uint8Array[]> {
  for (const [i, hash] of proof.entries()) for (const flipped of flips(hash, bits)) yield proof.with(i, flipped);
  for (let i = 0; i <= proof.length; i++) {
    yield proof.toSpliced(i, 0, EMPTY_ROOT);
    if (i < proof.length) yield proof.toSpliced(i, 1);
    if (i < proof.length) yield proof.with(i, (proof[i] as Uint8Array).slice(0, 31));
  }
}
/** One bit of a number, up to the 53rd. */
function* numberFlips(n: number): Generator<number> {
  for (let power = 1; power <= 2 ** 52; power *= 2) yield Math.floor(n / power) % 2 === 1 ? n - power : n + power;
}

function* mutatedInclusion(claim: InclusionClaim, bits: Bits): Generator<InclusionClaim> {
  for (const leafHash of flips(claim.leafHash, bits)) yield { ...claim, leafHash };
  for (const rootHash of flips(claim.rootHash, bits)) yield { ...claim, rootHash };
  for (const proof of proofFlips(claim.proof, bits)) yield { ...claim, proof };
  for (const leafIndex of numberFlips(claim.leafIndex)) yield { ...claim, leafIndex };
}
function* mutatedConsistency(claim: ConsistencyClaim, bits: Bits): Generator<ConsistencyClaim> {
  for (const oldRoot of flips(claim.oldRoot, bits)) yield { ...claim, oldRoot };
  for (const newRoot of flips(claim.newRoot, bits)) yield { ...claim, newRoot };
  for (const proof of proofFlips(claim.proof, bits)) yield { ...claim, proof };
}

test('the model agrees on roots', () => {
  expect(hexes(leaves)).toEqual(hexes(data.map(naiveLeaf)));
  for (const size of [0, ...sizes]) expect(bytesToHex(root(size))).toBe(bytesToHex(naiveRoot(leaves.slice(0, size))));
});

test('every proof of every tree to 300 leaves is the model’s, and verifies', () => {
  let [count, modelled] = [0, 0];
  const different: [number, number][] = [];
  for (let n = 1; n <= MAX; n++) {
    const isModelled = sizes.includes(n);
    for (let m = 0; m < n; m += isModelled ? 1 : 5) {
      const [included, consistent] = [inclusion(m, n), consistency(m + 1, n)];
      verifyInclusion(included);
      verifyConsistency(consistent);
      count += 2;
      // The model is quadratic: a part of the grid unless DEEP=1.
      if (deep || (isModelled && (m % 41 === 0 || m >= n - 2 || n <= 20))) {
        const ours = [hexes(included.proof), hexes(consistent.proof)].join();
        const model = [hexes(naivePath(m, leaves.slice(0, n))), hexes(naiveConsistency(m + 1, leaves.slice(0, n)))].join();
        if (ours !== model) different.push([m, n]);
        modelled++;
      }
    }
  }
  expect(different).toEqual([]);
  expect([count > 20_000, modelled > 250]).toEqual([true, true]);
}, 600_000);

test('every single changed bit fails', () => {
  let count = 0;
  const survivors: string[] = [];
  for (const n of deep ? sizes : [1, 2, 3, 4, 7, 8, 11, 65, 300]) {
    const step = deep ? 1 : Math.max(1, Math.floor(n / 2));
    for (let m = 0; m < n; m += step) {
      // All pairs with all bits would be a quarter of a billion proofs: DEEP=1 takes all pairs, and of large trees two bits of each hash, others each time.
      const bits = deep && n > 24 ? { first: (7 * n + m) % 128, step: 128 } : { first: 0, step: 1 };
      for (const claim of mutatedInclusion(inclusion(m, n), bits)) {
        count++;
        if (codeOf(() => verifyInclusion(claim)) === 'ok') survivors.push(`inclusion ${m} in ${n}: ${JSON.stringify(claim)}`);
      }
      for (const claim of mutatedConsistency(consistency(m + 1, n), bits)) {
        count++;
        if (codeOf(() => verifyConsistency(claim)) === 'ok') survivors.push(`consistency ${m + 1} to ${n}: ${JSON.stringify(claim)}`);
      }
    }
  }
  expect(survivors).toEqual([]);
  expect(count).toBeGreaterThan(30_000);
}, 7_200_000);

test('a changed size of the old tree fails', () => {
  const survivors: string[] = [];
  for (const n of sizes) {
    for (let m = 1; m <= n; m += Math.max(1, Math.floor(n / 3))) {
      for (const oldSize of numberFlips(m)) {
        if (codeOf(() => verifyConsistency({ ...consistency(m, n), oldSize })) === 'ok') survivors.push(`${oldSize} for ${m} to ${n}`);
      }
    }
  }
  expect(survivors).toEqual([]);
});

// The size of the tree is no input of RFC 6962 hashing: leaf 0 has one and the same path in trees of 5 and of 6 leaves. What binds a size to a root is
// the signed checkpoint, and the contract, never the proof.
test('a changed size of the tree fails unless the leaf’s path has the same turns', () => {
  const turns = (leaf: number, size: number): string =>
    planInclusionProof(leaf, size).map(([first]) => ((first?.index ?? 0) * 2 ** (first?.level ?? 0) < leaf ? 'L' : 'R')).join('');
  const surprises: string[] = [];
  for (const n of sizes) {
    for (let m = 0; m < n; m += Math.max(1, Math.floor(n / 3))) {
      for (const treeSize of numberFlips(n)) {
        const isSame = treeSize > m && turns(m, treeSize) === turns(m, n);
        if ((codeOf(() => verifyInclusion({ ...inclusion(m, n), treeSize })) === 'ok') !== isSame) surprises.push(`${treeSize} for leaf ${m} in ${n}`);
      }
    }
  }
  expect(surprises).toEqual([]);
});

test('random trees, random proofs', () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: MAX }), fc.nat(), fc.array(fc.uint8Array({ minLength: 32, maxLength: 32 }), { maxLength: 12 }), (n, seed, proof) => {
    const honest = hexes(inclusion(seed % n, n).proof).join();
    fc.pre(hexes(proof).join() !== honest);
    expect(codeOf(() => verifyInclusion({ ...inclusion(seed % n, n), proof }))).not.toBe('ok');
  }), { numRuns: 300 });
});

test('appending in any parts gives one tree', () => {
  fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 8 }), (parts) => {
    let state = { size: 0, frontier: [] as Hash[], root: EMPTY_ROOT };
    const seen = new Map<string, string>();
    for (const part of parts) {
      const next = appendLeaves(state.size, state.frontier, leaves.slice(state.size, state.size + part), (level, index, hash) => {
        expect(seen.has(key({ level, index }))).toBe(false);
        seen.set(key({ level, index }), bytesToHex(hash));
      });
      state = next;
    }
    expect(bytesToHex(state.root)).toBe(bytesToHex(root(state.size)));
    expect(hexes(state.frontier)).toEqual(hexes(decomposeTree(state.size).map(lookup)));
    for (const [id, hex] of seen) expect(hex).toBe(bytesToHex(nodes.get(id) as Hash));
    const complete = Array.from({ length: 9 }, (_, i) => Math.floor(state.size / 2 ** (i + 1))).reduce((sum, n) => sum + n, 0);
    expect(seen.size).toBe(complete);
  }), { numRuns: 60 });
});

test('sizes beyond 32 bits', () => {
  const size = 2 ** 40 + 3;
  expect(decomposeTree(size)).toEqual([{ level: 40, index: 0 }, { level: 1, index: 2 ** 39 }, { level: 0, index: 2 ** 40 + 2 }]);
  expect(planInclusionProof(2 ** 40 + 2, size)).toEqual([[{ level: 1, index: 2 ** 39 }], [{ level: 40, index: 0 }]]);
  expect(planInclusionProof(5, Number.MAX_SAFE_INTEGER)).toHaveLength(53);
  expect(planConsistencyProof(2 ** 40, size)).toEqual([[{ level: 1, index: 2 ** 39 }, { level: 0, index: 2 ** 40 + 2 }]]);
});

test('what is out of range', () => {
  expect([
    codeOf(() => planInclusionProof(1, 1)), codeOf(() => planInclusionProof(-1, 1)), codeOf(() => planInclusionProof(0.5, 1)),
    codeOf(() => planConsistencyProof(2, 1)), codeOf(() => decomposeTree(2 ** 53)), codeOf(() => appendLeaves(3, [], [], () => undefined)),
    codeOf(() => verifyConsistency({ ...consistency(1, 2), oldSize: 0 })),
  ]).toEqual([
    'MERKLE.INVALID_INDEX', 'MERKLE.INVALID_INDEX', 'MERKLE.INVALID_INDEX', 'MERKLE.INVALID_SIZE', 'MERKLE.INVALID_SIZE', 'MERKLE.INVALID_SIZE', 'MERKLE.INVALID_SIZE',
  ]);
  expect(planConsistencyProof(0, 7)).toEqual([]);
});
