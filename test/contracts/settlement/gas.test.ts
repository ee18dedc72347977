import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Outcome, request, ZERO_ADDRESS } from '../chain.js';
import { Stage } from './stage.js';

jest.setTimeout(120_000);

const SNAPSHOT = join(__dirname, 'gas-snapshot.json');
/** Of one transaction; a release goes through all payees. */
const LIMIT_OF_32_PAYEES = 1_500_000;

function gasOf(outcome: Outcome): number {
  if (!outcome.ok) throw new Error(outcome.error);
  return outcome.gasUsed;
}

/** Calldata is priced by its zero bytes: what is random or of this moment would move the figures. */
async function measure(): Promise<Record<string, number>> {
  const stage = await Stage.open();
  const gas: Record<string, number> = { deploy: stage.settlement.deploymentGas };
  const token = await stage.token('TestToken', 'Test', 'TEST', 6);
  const start = 4_000_000_000n;
  await request('evm_setNextBlockTimestamp', `0x${start.toString(16)}`);
  await request('evm_mine');
  const many = Array.from({ length: 32 }, (_, i) => `0x${(0x11n ** 17n + BigInt(i)).toString(16).padStart(40, '7')}`);
  const cases = [
    ['native, 2 payees', {}], ['token, 2 payees', { token: token.address }], ['native, 2 payees again', {}],
    ['native, 32 payees', { payees: many, shareBps: [10_000 - 31 * 311, ...Array.from({ length: 31 }, () => 311)], amount: 1_000_003n }],
  ] as const;
  for (const [name, change] of cases) {
    const order = await stage.order({ deadline: start + 86_400n, ...change });
    gas[`fund: ${name}`] = gasOf(await stage.fund(order));
    gas[`release: ${name}`] = gasOf(await stage.settlement.send(stage.settler, 'release', order));
  }
  gas['withdraw: native'] = gasOf(await stage.settlement.send(stage.seller, 'withdraw', ZERO_ADDRESS));
  gas['withdraw: token'] = gasOf(await stage.settlement.send(stage.seller, 'withdraw', token.address));
  const order = await stage.order({ deadline: start + 86_400n });
  await stage.fund(order);
  gas['refund: native'] = gasOf(await stage.settlement.send(stage.settler, 'refund', order.orderId));
  return gas;
}

test('gas is as in gas-snapshot.json (UPDATE_GAS_SNAPSHOT=1 writes it anew)', async () => {
  const measured = await measure();
  if (process.env['UPDATE_GAS_SNAPSHOT'] === '1') writeFileSync(SNAPSHOT, `${JSON.stringify(measured, null, 2)}\n`);
  expect(measured).toEqual(JSON.parse(readFileSync(SNAPSHOT, 'utf8')));
  expect(measured['release: native, 32 payees']).toBeLessThan(LIMIT_OF_32_PAYEES);
});
