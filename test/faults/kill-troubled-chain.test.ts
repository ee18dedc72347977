import { createTestDatabase, startTestChain, type TestChain, type TestDatabase } from '../support/index.js';
import { FaultRig } from './support/fault-rig.js';
import { KillHarness } from './support/kill-harness.js';
import { seeded } from './support/seeded.js';
import { TroubledChain } from './support/troubled-chain.js';

const deep = process.env['DEEP'] === '1';
const random = seeded();

let chain: TestChain;
let database: TestDatabase;
let rig: FaultRig;
let harness: KillHarness;
let trouble: TroubledChain;

beforeAll(async () => {
  [chain, database] = await Promise.all([startTestChain(), createTestDatabase()]);
  rig = await FaultRig.open({ serviceUrl: database.serviceUrl, adminUrl: database.adminUrl, chainUrl: chain.url });
  harness = await KillHarness.open(rig);
  trouble = new TroubledChain(rig);
  await harness.start();
}, 120_000);
afterAll(async () => {
  await harness?.watch.end();
  await rig?.close();
  await chain?.stop();
  await database?.drop();
});

/** The tree is anchored, and then it is not. */
async function reorganise(): Promise<void> {
  await harness.play();
  await harness.quiet();
  await trouble.reorganise(async () => {
    await harness.play();
    await harness.quiet();
  });
  await harness.quiet();
}

async function overtake(): Promise<void> {
  await trouble.overtake(() => harness.play());
  await harness.quiet();
}

/** The writes that only trouble brings, and what brings it. */
const TROUBLES: Readonly<Record<string, () => Promise<void>>> = {
  'anchor.reopen': reorganise,
  'anchor.store-replacement': overtake,
  'anchor.end': overtake,
  'anchor.adopt': overtake,
};

test('a kill while the anchorer mends what the chain has undone', async () => {
  const points = Object.keys(TROUBLES).flatMap((name) => [`${name}:before`, `${name}:after`]);
  const aims = deep ? points : random.shuffled(points).slice(0, 2);
  let killed = 0;
  for (const aim of aims) {
    await harness.killAt(aim, TROUBLES[aim.replace(/:\w+$/, '')] ?? reorganise, random.seed);
    killed++;
  }
  console.log(`killed ${killed} of ${aims.length}${deep ? '' : ` (drawn from ${points.length} points)`}; FAULT_SEED=${random.seed}`);
  expect(killed).toBe(aims.length);
  await harness.stop();
}, deep ? 600_000 : 120_000);
