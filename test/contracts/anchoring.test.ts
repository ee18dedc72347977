import { accounts, type AnchorContract, deployed, request, ZERO_ADDRESS, ZERO_HASH } from './chain.js';
import { flipBit } from './mutations.js';
import { UNIFORM_LEAF, uniformConsistency, uniformInclusion, uniformRoot } from './uniform-tree.js';

jest.setTimeout(120_000);

const MAX = 2n ** 64n - 1n;
const hex = (bytes: Uint8Array): string => `0x${Buffer.from(bytes).toString('hex')}`;

let owner = '';
let anchorer = '';
let stranger = '';
let contract: AnchorContract;

beforeEach(async () => {
  [, owner = '', anchorer = '', stranger = ''] = await accounts();
  contract = await deployed({ owner, anchorer });
});

function anchor(size: bigint, proof: readonly Uint8Array[] = [], { from = anchorer, root = uniformRoot(size) as Uint8Array } = {}) {
  return contract.send(from, 'anchor', size, root, proof);
}

describe('CheckpointAnchor: anchor', () => {
  test('the first checkpoint takes an empty proof; head, anchoredAt and the event tell of it', async () => {
    const outcome = await anchor(5n);
    expect(outcome).toMatchObject({ ok: true, logs: [{ name: 'CheckpointAnchored', args: [5n, hex(uniformRoot(5n)), 0n] }] });
    const { timestamp } = await request<{ timestamp: string }>('eth_getBlockByNumber', 'latest', false);
    expect(await contract.read('head')).toEqual([5n, hex(uniformRoot(5n)), BigInt(timestamp)]);
    expect(await contract.read('anchoredAt', 5, uniformRoot(5n))).toEqual([BigInt(timestamp)]);
    expect(await contract.read('anchoredAt', 5, uniformRoot(4n))).toEqual([0n]);
    expect(await contract.read('anchoredAt', 4, uniformRoot(5n))).toEqual([0n]);
  });

  test('the first checkpoint takes no proof that is not empty, and no empty tree', async () => {
    expect(await anchor(5n, [new Uint8Array(32)])).toMatchObject({ error: 'CheckpointAnchorInconsistent', args: [0n, 5n] });
    expect(await anchor(0n, [], { root: new Uint8Array(32) })).toMatchObject({ error: 'CheckpointAnchorNotLarger', args: [0n, 0n] });
  });

  test('later checkpoints keep the earlier ones', async () => {
    const sizes = [1n, 2n, 3n, 7n, 8n, 9n, 64n, 100n];
    for (const [i, size] of sizes.entries()) {
      const previous = sizes[i - 1] ?? 0n;
      const proof = previous === 0n ? [] : uniformConsistency(previous, size);
      expect(await anchor(size, proof)).toMatchObject({ ok: true, logs: [{ args: [size, hex(uniformRoot(size)), previous] }] });
    }
    const times = await Promise.all(sizes.map(async (size) => (await contract.read('anchoredAt', size, uniformRoot(size)))[0] as bigint));
    expect(times.every((time, i) => time > 0n && time >= (times[i - 1] ?? 0n))).toBe(true);
  });

  test('an equal, zero or lower size is refused, whatever the proof', async () => {
    await anchor(5n);
    for (const size of [0n, 1n, 4n, 5n]) {
      for (const proof of [[], [uniformRoot(1n)], uniformConsistency(3n, 5n)]) {
        expect(await anchor(size, proof, { root: uniformRoot(5n) })).toMatchObject({ error: 'CheckpointAnchorNotLarger', args: [5n, size] });
      }
    }
  });

  test('an old size that is a power of two leaves the old root out of the proof', async () => {
    await anchor(4n);
    const proof = uniformConsistency(4n, 7n);
    expect(await anchor(7n, [uniformRoot(4n), ...proof])).toMatchObject({ error: 'CheckpointAnchorInconsistent', args: [4n, 7n] });
    expect(await anchor(7n, proof)).toMatchObject({ ok: true });
  });

  test('only the anchorer anchors: not the owner, the deployer or a stranger', async () => {
    const [deployer = ''] = await accounts();
    for (const from of [owner, deployer, stranger]) {
      expect(await anchor(1n, [], { from })).toMatchObject({ error: 'CheckpointAnchorNotAnchorer' });
    }
    expect(await contract.read('head')).toEqual([0n, ZERO_HASH, 0n]);
  });

  test('sizes go up to 2^64 − 1 and no further', async () => {
    await anchor(2n ** 63n - 1n);
    for (const size of [2n ** 63n, 2n ** 63n + 1n, MAX - 1n, MAX]) {
      const [head] = await contract.read('head');
      const proof = uniformConsistency(head as bigint, size);
      expect(await anchor(size, [...proof, new Uint8Array(32)])).toMatchObject({ error: 'CheckpointAnchorInconsistent' });
      expect(await anchor(size, proof)).toMatchObject({ ok: true });
    }
    expect(await anchor(MAX, [])).toMatchObject({ error: 'CheckpointAnchorNotLarger', args: [MAX, MAX] });
    expect(await contract.read('head')).toEqual([MAX, hex(uniformRoot(MAX)), expect.any(BigInt)]);
  });

  test('the longest proof has 65 elements', async () => {
    await anchor(3n);
    const proof = uniformConsistency(3n, MAX);
    expect(proof).toHaveLength(65);
    expect(await anchor(MAX, proof)).toMatchObject({ ok: true });
  });

  test('with too little gas for its hashes it reverts and anchors nothing', async () => {
    const [head, next] = [2n ** 20n - 1n, 2n ** 20n + 1n];
    await anchor(head);
    const proof = uniformConsistency(head, next);
    const before = await request<string>('evm_snapshot');
    const needed = await anchor(next, proof);
    if (!needed.ok) throw new Error(needed.error);
    await request('evm_revert', before);
    for (let gas = needed.gasUsed - 28_000; gas < needed.gasUsed; gas += 509) {
      expect([gas, await contract.succeedsWithGas(gas, anchorer, 'anchor', next, uniformRoot(next), proof)]).toEqual([gas, false]);
    }
    expect(await contract.read('head')).toEqual([head, hex(uniformRoot(head)), expect.any(BigInt)]);
  });
});

describe('CheckpointAnchor: verifyInclusion', () => {
  test('true for a leaf of an anchored tree, also of an older one', async () => {
    await anchor(5n);
    await anchor(11n, uniformConsistency(5n, 11n));
    for (const size of [5n, 11n]) {
      for (let index = 0n; index < size; index++) {
        expect(await contract.read('verifyInclusion', UNIFORM_LEAF, index, size, uniformRoot(size), uniformInclusion(index, size))).toEqual([true]);
      }
    }
  });

  test('a tree of one leaf has an empty proof', async () => {
    await anchor(1n);
    expect(await contract.read('verifyInclusion', UNIFORM_LEAF, 0, 1, UNIFORM_LEAF, [])).toEqual([true]);
    expect(await contract.read('verifyInclusion', UNIFORM_LEAF, 0, 1, UNIFORM_LEAF, [UNIFORM_LEAF])).toEqual([false]);
    expect(await contract.read('verifyInclusion', flipBit(UNIFORM_LEAF, 7), 0, 1, UNIFORM_LEAF, [])).toEqual([false]);
  });

  test('false for a tree that is not anchored, however right the proof', async () => {
    await anchor(5n);
    expect(await contract.read('verifyInclusion', UNIFORM_LEAF, 0, 4, uniformRoot(4n), uniformInclusion(0n, 4n))).toEqual([false]);
    // The proof of leaf 0 is the same in trees of 7 and 8 leaves, and so is this root: only the anchored size counts.
    expect(await contract.read('verifyInclusion', UNIFORM_LEAF, 0, 6, uniformRoot(5n), uniformInclusion(0n, 5n))).toEqual([false]);
  });

  test('false for an index outside the tree, even where the hashes fit', async () => {
    // The first root is taken on trust: this one is a node's hash, said to be of a tree of one leaf.
    await anchor(1n, [], { root: uniformRoot(2n) });
    expect(await contract.read('verifyInclusion', UNIFORM_LEAF, 1, 1, uniformRoot(2n), [UNIFORM_LEAF])).toEqual([false]);
  });

  test('false, never an error, outside the tree and at the end of the numbers', async () => {
    await anchor(MAX);
    const ask = (index: bigint, size: bigint, proof: Uint8Array[]) => contract.read('verifyInclusion', UNIFORM_LEAF, index, size, uniformRoot(MAX), proof);
    expect(await ask(MAX - 1n, MAX, uniformInclusion(MAX - 1n, MAX))).toEqual([true]);
    expect(await ask(0n, MAX, uniformInclusion(0n, MAX))).toEqual([true]);
    expect(await ask(MAX, MAX, uniformInclusion(MAX - 1n, MAX))).toEqual([false]);
    expect(await ask(0n, 0n, [])).toEqual([false]);
    expect(await ask(MAX, 0n, [])).toEqual([false]);
  });
});

describe('CheckpointAnchor: roles', () => {
  test('the owner hands anchoring on, and can stop it', async () => {
    expect(await contract.send(owner, 'setAnchorer', stranger)).toMatchObject({ ok: true, logs: [{ name: 'AnchorerChanged' }] });
    expect(await anchor(1n)).toMatchObject({ error: 'CheckpointAnchorNotAnchorer' });
    expect(await anchor(1n, [], { from: stranger })).toMatchObject({ ok: true });
    expect(await contract.send(owner, 'setAnchorer', ZERO_ADDRESS)).toMatchObject({ ok: true });
    expect(await anchor(2n, uniformConsistency(1n, 2n), { from: stranger })).toMatchObject({ error: 'CheckpointAnchorNotAnchorer' });
    expect(await contract.read('head')).toEqual([1n, hex(uniformRoot(1n)), expect.any(BigInt)]);
  });

  test('nobody else hands it on', async () => {
    for (const from of [anchorer, stranger]) {
      expect(await contract.send(from, 'setAnchorer', stranger)).toMatchObject({ error: 'OwnableUnauthorizedAccount' });
    }
  });

  test('ownership moves in two steps, and never to the anchorer', async () => {
    expect(await contract.send(owner, 'transferOwnership', anchorer)).toMatchObject({ error: 'CheckpointAnchorOwnerIsAnchorer' });
    expect(await contract.send(owner, 'transferOwnership', stranger)).toMatchObject({ ok: true });
    expect(await contract.read('owner')).not.toEqual([stranger]);
    expect(await contract.send(owner, 'setAnchorer', stranger)).toMatchObject({ error: 'CheckpointAnchorOwnerIsAnchorer' });
    expect(await contract.send(owner, 'setAnchorer', owner)).toMatchObject({ error: 'CheckpointAnchorOwnerIsAnchorer' });
    expect(await contract.send(anchorer, 'acceptOwnership')).toMatchObject({ error: 'OwnableUnauthorizedAccount' });
    expect(await contract.send(stranger, 'acceptOwnership')).toMatchObject({ ok: true });
    expect(await contract.send(owner, 'setAnchorer', owner)).toMatchObject({ error: 'OwnableUnauthorizedAccount' });
    expect(await contract.send(stranger, 'setAnchorer', owner)).toMatchObject({ ok: true });
  });

  test('ownership is never given up', async () => {
    expect(await contract.send(owner, 'renounceOwnership')).toMatchObject({ error: 'CheckpointAnchorOwnerRequired' });
    expect(await contract.send(stranger, 'renounceOwnership')).toMatchObject({ error: 'OwnableUnauthorizedAccount' });
  });
});
