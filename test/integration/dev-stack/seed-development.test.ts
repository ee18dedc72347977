import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { type DemoSeeds, seedDevelopment } from '../../../src/seed-development.js';
import { createDemoAccount } from '../../../src/modules/identity/index.js';
import { type Client, clientOf } from '../../support/http-client.js';
import { startApplication, type TestApplication } from '../../support/start-application.js';
import { made } from '../licensing/licensing-client.js';
import { query } from '../works/support.js';

// Pictures are drawn and money is confirmed each time: more than a test usually does.
jest.setTimeout(180_000);

let service: TestApplication;
beforeAll(async () => {
  service = await startApplication();
}, 120_000);
afterAll(() => service.stop());

async function seed(signal = new AbortController().signal): Promise<{ seeds: DemoSeeds; seller: Client; buyer: Client }> {
  const demo = await createDemoAccount(service.app, service.config);
  const seeds = await seedDevelopment(service.app, service.config, demo, { ownerUrl: service.database.ownerUrl, url: service.url, signal });
  return { seeds, seller: clientOf(service.url, demo.apiKey), buyer: clientOf(service.url, seeds.buyer.apiKey) };
}

async function counts(): Promise<Record<string, number>> {
  const [row] = await query<Record<string, number>>(service, `
    SELECT (SELECT count(*)::int FROM work) AS works, (SELECT count(*)::int FROM listing) AS listings, (SELECT count(*)::int FROM statement) AS statements, (SELECT count(*)::int FROM account) AS accounts,
           (SELECT count(*)::int FROM bank_movement) AS movements, (SELECT count(*)::int FROM transfer) AS transfers, (SELECT count(*)::int FROM operator WHERE dismissed_at IS NULL) AS operators`);
  return row ?? {};
}
const ALL = { works: 4, listings: 5, statements: 4, accounts: 4, movements: 1, transfers: 1, operators: 2 };
const itemsOf = async (who: Client, path: string) => made(await who.get(path))['items'] as Record<string, unknown>[];

test('works with pictures, listings of each kind that can be bought, a buyer with money, two operators; each says that it is a demo', async () => {
  const { seeds, seller, buyer } = await seed();
  expect([await counts(), seeds.works, seeds.listings, seeds.operators.length]).toEqual([ALL, 4, 5, 2]);
  const works = await itemsOf(buyer, '/works');
  for (const { number, title } of works) {
    expect(title).toMatch(/演示.*demo/);
    const { contents } = made(await buyer.get(`/works/${String(number)}`)) as { contents: { sha256: string; mediaType: string }[] };
    const preview = await fetch(`${service.url}/api/v1/works/${String(number)}/contents/${String(contents[0]?.sha256)}/preview`);
    expect([preview.status, (await sharp(Buffer.from(await preview.arrayBuffer())).metadata()).format]).toEqual([200, 'webp']);
  }
  const listings = await itemsOf(buyer, '/listings');
  expect(listings.map(({ kind, state, pricing, quantity }) => [kind, pricing, quantity, state].join(' ')).toSorted()).toEqual([
    'assignment fixed 1 open', 'exclusive-licence fixed 1 open', 'exclusive-licence negotiable 1 open', 'licence fixed  open', 'licence fixed 50 open']);
  // What is left of the money is enough for all that has a fixed price.
  const fixed = listings.filter(({ pricing }) => pricing === 'fixed');
  const bought = await Promise.all(fixed.map(({ number, price }) => buyer.post('/orders', { listing: number, max: price })));
  expect(bought.map(({ body }) => body['state']).toSorted()).toEqual(['funded', 'settled', 'settled', 'settled']);
  expect((await seller.get('/orders?role=seller')).status).toBe(200);
  const signedIn = await clientOf(service.url, null).post('/sessions', { email: seeds.operators[1]?.email, password: seeds.operators[1]?.password });
  expect(signedIn.status).toBe(201);
});

test('at the next start nothing is made again, though it was changed or the record is lost', async () => {
  const { seller } = await seed();
  const open = (await itemsOf(seller, '/listings')).find(({ state }) => state === 'open');
  made(await seller.post(`/listings/${String(open?.['number'])}/withdrawal`, {}));
  const before = await counts();
  await seed();
  expect(await counts()).toEqual(before);
  // The record is lost: the idempotency keys still know.
  await rm(join(service.config.dataDir, 'demo-seeds.json'));
  await seed();
  expect(await counts()).toEqual(before);
});

test('a record that cannot be read is not taken for an empty one', async () => {
  const [file, before] = [join(service.config.dataDir, 'demo-seeds.json'), await counts()];
  await writeFile(file, '{');
  await expect(seed()).rejects.toThrow('demo-seeds.json');
  expect([await counts(), await readFile(file, 'utf8')]).toEqual([before, '{']);
});

test('what was interrupted anywhere goes on at the next start, and is made once', async () => {
  await service.stop();
  service = await startApplication();
  const seedOfTest = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
  console.log(`SEED=${seedOfTest}`);
  let state = seedOfTest;
  const random = (): number => (state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0) / 2 ** 32;
  let interrupted = 0;
  for (let patience = 300; ; patience *= 2) {
    try {
      await seed(AbortSignal.timeout(Math.ceil(patience * (0.5 + random()))));
      break;
    } catch (error) {
      // A process that died answers nobody; this one may still be at what was asked before.
      expect(`${(error as Error).name} ${(error as Error).message}`).toMatch(/TimeoutError|HTTP.IDEMPOTENCY_IN_FLIGHT/);
      interrupted++;
    }
  }
  expect(interrupted).toBeGreaterThan(0);
  await seed();
  expect(await counts()).toEqual(ALL);
}, 180_000);
