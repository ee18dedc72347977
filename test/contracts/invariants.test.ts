import * as fc from 'fast-check';
import { accounts, type AnchorContract, deployed, type Outcome, ZERO_ADDRESS, ZERO_HASH } from './chain.js';
import { LogTree, randomLeaves } from './log-tree.js';
import { flipBit } from './mutations.js';

const deep = process.env['DEEP'] === '1';
const seed = Number(process.env['FUZZ_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const RUNS = deep ? 120 : 8;
const ACTORS = 5;
const LEAVES = 2_000;

process.stderr.write(`contract invariants: FUZZ_SEED=${seed}, ${RUNS} sequences${deep ? '' : ' (DEEP=1 for all)'}\n`);

/** Two logs that share their first 7 leaves: the second is what an operator who changed his mind would like to anchor. */
const leaves = randomLeaves(`${seed}`, LEAVES);
const LOGS = [new LogTree(leaves), new LogTree([...leaves.slice(0, 7), ...randomLeaves(`${seed}/other`, LEAVES - 7)])] as const;
const SHARED = 7;

type Operation =
  | { do: 'anchor'; by: number; log: 0 | 1; step: number; proof: 'genuine' | 'empty' | 'flipped' | 'long' }
  | { do: 'setAnchorer'; by: number; to: number }
  | { do: 'transferOwnership'; by: number; to: number }
  | { do: 'acceptOwnership'; by: number }
  | { do: 'renounceOwnership'; by: number };

const actor = fc.nat(ACTORS - 1);
// Half of all is done by whoever may do it, so that sequences get somewhere.
const by = fc.oneof(fc.constant(-1), actor);
const operation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 8, arbitrary: fc.record({
    do: fc.constant('anchor' as const), by, log: fc.constantFrom<0 | 1>(0, 0, 0, 1), step: fc.integer({ min: -3, max: 60 }),
    proof: fc.constantFrom<'genuine' | 'empty' | 'flipped' | 'long'>('genuine', 'genuine', 'genuine', 'empty', 'flipped', 'long'),
  }) },
  fc.record({ do: fc.constant('setAnchorer' as const), by, to: fc.integer({ min: -1, max: ACTORS - 1 }) }),
  fc.record({ do: fc.constant('transferOwnership' as const), by, to: fc.integer({ min: -1, max: ACTORS - 1 }) }),
  fc.record({ do: fc.constant('acceptOwnership' as const), by }),
  fc.record({ do: fc.constant('renounceOwnership' as const), by }),
);

/** What the contract must be like; accounts in lower case. */
interface Model {
  owner: string; pendingOwner: string; anchorer: string;
  /** Index of the log anchored so far; −1 as long as both fit. */
  log: number;
  readonly anchored: { size: number; root: string }[];
}

const hex = (bytes: Uint8Array): string => `0x${Buffer.from(bytes).toString('hex')}`;

/** Carries the operation out and says which error it must end with, `null` for none. The model moves along. */
async function perform(contract: AnchorContract, model: Model, operation: Operation, actors: readonly string[]): Promise<[Outcome, string | null]> {
  const entitled = { anchor: model.anchorer, acceptOwnership: model.pendingOwner }[operation.do as string] ?? model.owner;
  const from = operation.by === -1 && entitled !== ZERO_ADDRESS ? entitled : (actors[Math.max(operation.by, 0)] as string);

  if (operation.do === 'anchor') {
    const head = model.anchored.at(-1)?.size ?? 0;
    const size = Math.min(Math.max(head + operation.step, 0), LEAVES);
    const log = LOGS[operation.log];
    const genuine = head > 0 && size > head ? log.consistency(head, size) : [];
    const first = genuine[0];
    const proof = {
      genuine, empty: [], long: [...genuine, new Uint8Array(32)],
      flipped: first === undefined ? [new Uint8Array(32)] : genuine.with(0, flipBit(first, 9) as typeof first),
    }[operation.proof];
    const root = hex(log.root(size));
    const honest = proof.length === genuine.length && operation.proof !== 'flipped'
      && (model.log === operation.log || (model.log === -1 && model.anchored.every((checkpoint) => checkpoint.size <= SHARED)));
    const outcome = await contract.send(from, 'anchor', size, root, proof);
    if (from !== model.anchorer) return [outcome, 'CheckpointAnchorNotAnchorer'];
    if (size <= head) return [outcome, 'CheckpointAnchorNotLarger'];
    if (!honest) return [outcome, 'CheckpointAnchorInconsistent'];
    model.anchored.push({ size, root });
    if (size > SHARED) model.log = operation.log;
    return [outcome, null];
  }

  if (operation.do === 'acceptOwnership') {
    const outcome = await contract.send(from, 'acceptOwnership');
    if (from !== model.pendingOwner) return [outcome, 'OwnableUnauthorizedAccount'];
    [model.owner, model.pendingOwner] = [from, ZERO_ADDRESS];
    return [outcome, null];
  }

  if (operation.do === 'renounceOwnership') {
    return [await contract.send(from, 'renounceOwnership'), from === model.owner ? 'CheckpointAnchorOwnerRequired' : 'OwnableUnauthorizedAccount'];
  }

  const to = operation.to === -1 ? ZERO_ADDRESS : (actors[operation.to] as string);
  const outcome = await contract.send(from, operation.do, to);
  if (from !== model.owner) return [outcome, 'OwnableUnauthorizedAccount'];
  if (operation.do === 'setAnchorer') {
    if (to !== ZERO_ADDRESS && (to === model.owner || to === model.pendingOwner)) return [outcome, 'CheckpointAnchorOwnerIsAnchorer'];
    model.anchorer = to;
  } else {
    if (to !== ZERO_ADDRESS && to === model.anchorer) return [outcome, 'CheckpointAnchorOwnerIsAnchorer'];
    model.pendingOwner = to;
  }
  return [outcome, null];
}

async function assertInvariants(contract: AnchorContract, model: Model): Promise<void> {
  const read = async (method: string, ...args: unknown[]) => (await contract.read(method, ...args)).map((value) => (typeof value === 'string' ? value.toLowerCase() : value));
  const { size, root } = model.anchored.at(-1) ?? { size: 0, root: ZERO_HASH };
  const [headSize, headRoot, headTime] = await read('head');
  expect([headSize, headRoot, headTime === 0n]).toEqual([BigInt(size), root, size === 0]);
  expect(await read('owner')).toEqual([model.owner]);
  expect(await read('pendingOwner')).toEqual([model.pendingOwner]);
  expect(await read('anchorer')).toEqual([model.anchorer]);
  expect(model.owner === model.anchorer || model.owner === ZERO_ADDRESS).toBe(false);
}

test('no sequence of operations rewrites what is anchored or gives anyone a right that is not theirs', async () => {
  const actors = (await accounts()).slice(0, ACTORS).map((address) => address.toLowerCase());
  let anchors = 0;
  await fc.assert(fc.asyncProperty(fc.array(operation, { minLength: 20, maxLength: 60 }), async (operations) => {
    const [owner = '', anchorer = ''] = actors;
    const contract = await deployed({ owner, anchorer });
    const model: Model = { owner, anchorer, pendingOwner: ZERO_ADDRESS, log: -1, anchored: [] };
    for (const operation of operations) {
      const [outcome, error] = await perform(contract, model, operation, actors);
      expect({ operation, error: outcome.ok ? null : outcome.error }).toEqual({ operation, error });
      await assertInvariants(contract, model);
    }
    // What was anchored stays anchored, and of one size never a second root.
    for (const { size, root } of model.anchored) {
      expect((await contract.read('anchoredAt', size, root))[0]).toBeGreaterThan(0n);
      for (const other of LOGS.map((log) => hex(log.root(size))).filter((candidate) => candidate !== root)) {
        expect(await contract.read('anchoredAt', size, other)).toEqual([0n]);
      }
    }
    anchors += model.anchored.length;
  }), { seed, numRuns: RUNS });
  expect(anchors).toBeGreaterThan(RUNS); // else the sequences went nowhere and showed nothing
}, 600_000);
