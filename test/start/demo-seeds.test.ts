import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Checkout, leftRunning, makeCheckout, type Running, startService } from '../support/checkout.js';
import { createTestDatabase, type TestDatabase } from '../support/index.js';

jest.setTimeout(300_000);

const ENV = { PORT: '0', ANCHOR_INTERVAL: '0.5' };
let checkout: Checkout;
const services: Running[] = [];
beforeEach(async () => {
  checkout = await makeCheckout();
});
afterEach(async () => {
  for (const service of services.splice(0)) if (service.child.exitCode === null && service.child.signalCode === null) await service.stop('SIGKILL');
  await checkout.remove();
});

async function started(env: Record<string, string>): Promise<{ service: Running; listings: () => Promise<number> }> {
  const service = startService(checkout, { ...ENV, ...env });
  services.push(service);
  await service.prints(/for the tour in the README/);
  const url = await service.url();
  return { service, listings: async () => ((await (await fetch(`${url}/api/v1/listings`)).json()) as { items: unknown[] }).items.length };
}

test('are made and printed at the first start, and printed again at the next', async () => {
  const first = await started({});
  const banner = /demo market {2}4 works and 5 listings[^]*demo buyer +(\S+) +password (\S+)\n[^]*operator +operator-1\S+[^]*operator +operator-2/;
  const [, email, password] = banner.exec(first.service.stdout) ?? [];
  expect([await first.listings(), email, first.service.stderr]).toEqual([5, 'buyer@zhengben.example', '']);
  expect(readFileSync(join(checkout.directory, '.data/demo.env'), 'utf8')).toMatch(/^BUYER_KEY='zb_[\w-]{43}'$/m);
  expect(await first.service.stop()).toBe(0);
  const second = await started({});
  expect([await second.listings(), second.service.stdout.includes(`password ${password}`)]).toEqual([5, true]);
  expect(await second.service.stop()).toBe(0);
  expect(leftRunning(checkout)).toEqual([]);
});

test('another word than on and off is refused before anything starts', async () => {
  const refused = startService(checkout, { ...ENV, DEMO_SEEDS: 'perhaps' });
  services.push(refused);
  expect([await refused.exited, refused.stderr.includes('DEMO_SEEDS')]).toEqual([78, true]);
});

test('never go into a database that was given', async () => {
  const database: TestDatabase = await createTestDatabase();
  try {
    const { service, listings } = await started({ DATABASE_URL: database.serviceUrl, DEMO_SEEDS: 'on' });
    expect([await listings(), service.stdout.includes('demo market'), existsSync(join(checkout.directory, '.data/demo-seeds.json'))]).toEqual([0, false, false]);
    expect(await service.stop()).toBe(0);
  } finally {
    await database.drop();
  }
});
