import { DataSource } from 'typeorm';
import { hashLeaf } from '../../../src/lib/merkle/index.js';
import { parseStatement } from '../../../src/lib/statement/index.js';
import { recoverWorks } from '../../../src/modules/works/index.js';
import { dataSourceOptions, transact } from '../../../src/platform/database/index.js';
import { createTestDatabase, type TestDatabase } from '../../support/index.js';
import { joinAs } from '../../support/http-client.js';
import { startApplication, type TestApplication } from '../../support/start-application.js';
import { declaredContent, minimalForm } from '../../support/work-forms.js';
import { query } from './support.js';

let service: TestApplication;
let database: TestDatabase;
let recovered: DataSource;

beforeAll(async () => {
  [service, database] = await Promise.all([startApplication(), createTestDatabase()]);
  recovered = await new DataSource(dataSourceOptions(database.adminUrl, 2, () => undefined)).initialize();
}, 60_000);
afterAll(async () => {
  await recovered.destroy();
  await database.drop();
  await service.stop();
});

test('after a withdrawal the claims that are recovered are those that the service had: the heir\'s, and of what nobody else has none', async () => {
  const [shared, own] = [declaredContent(), declaredContent()];
  const [first, rival, third] = await Promise.all(['first', 'rival', 'third'].map((name) => joinAs(service, name)));
  const deposited = await first!.post('/works', { ...minimalForm, contents: [shared, own] });
  for (const client of [rival!, third!]) expect((await client.post('/works', { ...minimalForm, claim: 'rival', contents: [shared] })).status).toBe(201);
  expect((await first!.post(`/works/${String(deposited.body['number'])}/withdrawal`, { reason: 'mistake' })).status).toBe(201);

  const rows = await query<{ bytes: Buffer }>(service, 'SELECT bytes FROM statement ORDER BY accepted_at, seq');
  const apply = await recoverWorks(async () => null)(rows.map(({ bytes }, i) => ({ statement: parseStatement(bytes), bytes, leafHash: Buffer.from(hashLeaf(bytes)), leafIndex: i })));
  await transact(recovered, (tx) => apply(tx, true));
  const claims = `SELECT encode(sha256, 'hex') AS sha256, held, work_id, account_id FROM first_claim ORDER BY 1, 2`;
  expect(await recovered.query(claims)).toEqual(await query(service, claims));
  expect(await recovered.query(claims)).toEqual([{ sha256: shared.sha256, held: false, work_id: expect.any(String), account_id: rival!.accountId }]);
});
