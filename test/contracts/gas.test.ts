import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { accounts, type AnchorContract, deployed, type Outcome, request } from './chain.js';
import { UNIFORM_LEAF, uniformConsistency, uniformInclusion, uniformRoot } from './uniform-tree.js';

jest.setTimeout(120_000);

const SNAPSHOT = join(__dirname, 'gas-snapshot.json');
const LIMIT_AT_A_MILLION = 80_000;
const MILLION = 1_000_000;

let owner = '';
let anchorer = '';
beforeAll(async () => {
  [, owner = '', anchorer = ''] = await accounts();
});

async function anchorTo(contract: AnchorContract, oldSize: number, newSize: number): Promise<number> {
  const proof = oldSize === 0 ? [] : uniformConsistency(BigInt(oldSize), BigInt(newSize));
  const outcome: Outcome = await contract.send(anchorer, 'anchor', newSize, uniformRoot(BigInt(newSize)), proof);
  if (!outcome.ok) throw new Error(`${oldSize} → ${newSize}: ${outcome.error}`);
  return outcome.gasUsed;
}

async function anchorOnce(oldSize: number, newSize: number): Promise<number> {
  const contract = await deployed({ owner, anchorer });
  await anchorTo(contract, 0, oldSize);
  return anchorTo(contract, oldSize, newSize);
}

/** Rough gas of an anchor beyond what all of them cost: 560 for an element and its hash in the new tree, 280 for a hash in the old one. */
function proofCost(oldSize: number, newSize: number): number {
  const skipped = 31 - Math.clz32(oldSize & -oldSize);
  const node = (oldSize - 1) >> skipped;
  const levels = 32 - Math.clz32(node ^ ((newSize - 1) >> skipped));
  const elements = (node === 0 ? 0 : 1) + levels + ones(node >> levels);
  return 560 * elements + 280 * ones(node);
}

function ones(n: number): number {
  let count = 0;
  for (let rest = n; rest !== 0; rest &= rest - 1) count++;
  return count;
}

/** Of all old sizes the one with the dearest anchor. */
function dearestBefore(newSize: number): number {
  let [dearest, most] = [1, 0];
  for (let oldSize = 1; oldSize < newSize; oldSize++) {
    const cost = proofCost(oldSize, newSize);
    if (cost > most) [dearest, most] = [oldSize, cost];
  }
  return dearest;
}

async function measure(): Promise<Record<string, number>> {
  const gas: Record<string, number> = {};
  const contract = await deployed({ owner, anchorer });
  gas['deploy'] = contract.deploymentGas;
  gas['anchor: first, 1 leaf'] = await anchorTo(contract, 0, 1);
  gas['anchor: 1 → 2'] = await anchorTo(contract, 1, 2);
  const cases: [number, number][] = [
    [9_000, 10_000], [MILLION - 1, MILLION], [MILLION, MILLION + 500], [dearestBefore(MILLION), MILLION],
    [2 ** 20 - 1, 2 ** 20], [2 ** 20 - 1, 2 ** 20 + 1], [2 ** 30 - 1, 2 ** 30 + 1],
  ];
  for (const [oldSize, newSize] of cases) gas[`anchor: ${oldSize} → ${newSize}`] = await anchorOnce(oldSize, newSize);

  const million = await deployed({ owner, anchorer });
  await anchorTo(million, 0, MILLION);
  const data = million.encode('verifyInclusion', UNIFORM_LEAF, 999_999, MILLION, uniformRoot(BigInt(MILLION)), uniformInclusion(999_999n, BigInt(MILLION)));
  gas['verifyInclusion as a transaction: leaf 999999 of 1000000'] = Number(await request<string>('eth_estimateGas', { from: owner, to: million.address, data }));
  return gas;
}

test('gas is as in gas-snapshot.json (UPDATE_GAS_SNAPSHOT=1 writes it anew)', async () => {
  const measured = await measure();
  if (process.env['UPDATE_GAS_SNAPSHOT'] === '1') writeFileSync(SNAPSHOT, `${JSON.stringify(measured, null, 2)}\n`);
  expect(measured).toEqual(JSON.parse(readFileSync(SNAPSHOT, 'utf8')));
});

test('an anchor at a million leaves costs at most 80,000 gas, whatever the old size', async () => {
  for (const newSize of [MILLION, 2 ** 20, 2 ** 20 + 1]) {
    const gas = await anchorOnce(dearestBefore(newSize), newSize);
    expect([newSize, gas <= LIMIT_AT_A_MILLION]).toEqual([newSize, true]);
  }
});
