import * as fc from 'fast-check';
import { toHash } from '../../src/lib/merkle/index.js';
import { accounts, deployed } from './chain.js';
import { flipBit, mutateProof } from './mutations.js';
import { LogTree, randomLeaves } from './log-tree.js';

const deep = process.env['DEEP'] === '1';
const seed = Number(process.env['FUZZ_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const LEAVES = 100_000;
const TREES = deep ? 4 : 1;
const PAIRS = deep ? 25 : 6;

process.stderr.write(`contract fuzz: FUZZ_SEED=${seed}, ${TREES} × ${PAIRS} cases${deep ? '' : ' (DEEP=1 for all)'}\n`);

/** Sizes of every magnitude, and those next to powers of two, where proofs change their shape. */
function sizes(max: number): fc.Arbitrary<number> {
  const powers = Array.from({ length: 17 }, (_, k) => 2 ** k).flatMap((power) => [power - 1, power, power + 1]).filter((n) => n >= 1 && n <= max);
  return fc.oneof(fc.integer({ min: 1, max }), fc.integer({ min: 1, max: Math.min(max, 300) }), fc.constantFrom(...powers));
}

const bitsOfSample = fc.uniqueArray(fc.integer({ min: 0, max: 255 }), { minLength: 1, maxLength: deep ? 8 : 2 });

describe('CheckpointAnchor against mutated proofs', () => {
  let owner = '';
  let anchorer = '';
  beforeAll(async () => {
    [, owner = '', anchorer = ''] = await accounts();
  });

  describe.each(Array.from({ length: TREES }, (_, t) => t))('tree %i', (t) => {
    let tree: LogTree;
    beforeAll(() => {
      tree = new LogTree(randomLeaves(`${seed}/${t}`, LEAVES));
    }, 60_000);

    test('a genuine consistency proof is accepted, every mutated one refused', async () => {
      const pairs = fc.tuple(sizes(LEAVES), sizes(LEAVES)).filter(([a, b]) => a !== b).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
      await fc.assert(fc.asyncProperty(pairs, bitsOfSample, async ([oldSize, newSize], bits) => {
        const contract = await deployed({ owner, anchorer });
        await contract.send(anchorer, 'anchor', oldSize, tree.root(oldSize), []);
        const [proof, newRoot] = [tree.consistency(oldSize, newSize), tree.root(newSize)];
        const refused = { ok: false, error: 'CheckpointAnchorInconsistent' };
        expect(await contract.call(anchorer, 'anchor', newSize, newRoot, proof)).toMatchObject({ ok: true });
        for (const { what, proof: mutated } of mutateProof(proof, bits)) {
          expect({ what, outcome: await contract.call(anchorer, 'anchor', newSize, newRoot, mutated) }).toMatchObject({ what, outcome: refused });
        }
        for (const bit of bits) expect(await contract.call(anchorer, 'anchor', newSize, flipBit(newRoot, bit), proof)).toMatchObject(refused);
        expect(await contract.call(anchorer, 'anchor', newSize, tree.root(oldSize), proof)).toMatchObject(refused);
      }), { seed: seed + t, numRuns: PAIRS, endOnFailure: true });
    }, 600_000);

    test('a genuine inclusion proof is confirmed, every mutated one is not', async () => {
      const places = sizes(LEAVES).chain((size) => fc.tuple(fc.constant(size), fc.oneof(fc.nat(size - 1), fc.constantFrom(0, size - 1))));
      await fc.assert(fc.asyncProperty(places, bitsOfSample, async ([treeSize, leafIndex], bits) => {
        const contract = await deployed({ owner, anchorer });
        const [root, leaf, proof] = [tree.root(treeSize), tree.leafHash(leafIndex), tree.inclusion(leafIndex, treeSize)];
        await contract.send(anchorer, 'anchor', treeSize, root, []);
        const ask = async (change: { leaf?: Uint8Array; index?: number; size?: number; root?: Uint8Array; proof?: readonly Uint8Array[] }) => {
          const asked = { leaf, index: leafIndex, size: treeSize, root, proof, ...change };
          return (await contract.read('verifyInclusion', asked.leaf, asked.index, asked.size, asked.root, asked.proof))[0];
        };
        expect(await ask({})).toBe(true);
        for (const { what, proof: mutated } of mutateProof(proof, bits)) expect({ what, answer: await ask({ proof: mutated }) }).toEqual({ what, answer: false });
        for (const bit of bits) {
          expect(await ask({ leaf: flipBit(leaf, bit) })).toBe(false);
          expect(await ask({ root: flipBit(root, bit) })).toBe(false);
        }
        for (let bit = 1; bit <= treeSize; bit *= 2) expect(await ask({ index: Math.floor(leafIndex / bit) % 2 === 0 ? leafIndex + bit : leafIndex - bit })).toBe(false);
        for (const size of [treeSize - 1, treeSize + 1]) expect(await ask({ size })).toBe(false);
      }), { seed: seed + t, numRuns: PAIRS, endOnFailure: true });
    }, 600_000);
  });

  test('a rewritten past is refused, with the best proof its author can make', async () => {
    const leaves = randomLeaves(`${seed}`, 300);
    const genuine = new LogTree(leaves);
    const cases = fc.tuple(fc.integer({ min: 2, max: 300 }), fc.nat(), fc.nat()).map(([newSize, a, b]) => {
      const oldSize = 1 + (a % (newSize - 1));
      return { newSize, oldSize, rewritten: b % oldSize };
    });
    await fc.assert(fc.asyncProperty(cases, async ({ newSize, oldSize, rewritten }) => {
      const contract = await deployed({ owner, anchorer });
      await contract.send(anchorer, 'anchor', oldSize, genuine.root(oldSize), []);
      const forged = new LogTree(leaves.with(rewritten, toHash(new Uint8Array(32))));
      expect(await contract.call(anchorer, 'anchor', newSize, forged.root(newSize), forged.consistency(oldSize, newSize)))
        .toMatchObject({ ok: false, error: 'CheckpointAnchorInconsistent' });
    }), { seed, numRuns: deep ? 400 : 40, endOnFailure: true });
  }, 600_000);
});
