import { DataSource } from 'typeorm';
import { hashLeaf } from '../../../src/lib/merkle/index.js';
import { parseStatement } from '../../../src/lib/statement/index.js';
import { recoverRights } from '../../../src/modules/licensing/index.js';
import { recoverWorks } from '../../../src/modules/works/index.js';
import { dataSourceOptions, transact } from '../../../src/platform/database/index.js';
import { createTestDatabase, type TestDatabase } from '../../support/index.js';
import { joinAs } from '../../support/http-client.js';
import { startApplication, type TestApplication } from '../../support/start-application.js';
import { declaredContent, minimalForm } from '../../support/work-forms.js';
import { query } from '../works/support.js';

let service: TestApplication;
let database: TestDatabase;
let recovered: DataSource;

beforeAll(async () => {
  [service, database] = await Promise.all([startApplication(), createTestDatabase()]);
  recovered = await new DataSource(dataSourceOptions(database.serviceUrl, 2, () => undefined)).initialize();
}, 60_000);
afterAll(async () => {
  await recovered.destroy();
  await database.drop();
  await service.stop();
});

test('from the log alone come back the holdings and licences that were there, and with them what they bar; to whom is gone', async () => {
  const [owner, licensee] = await Promise.all([joinAs(service, 'owner'), joinAs(service, 'licensee')]);
  const scope = { rights: ['reproduction'], territories: ['WORLD', '-US'], uses: ['print'], languages: ['zh-Hans'], term: { from: '2030-01-01', to: '2031-12-31' } };
  for (const form of [minimalForm, { ...minimalForm, category: 'audiovisual' }]) {
    const { body } = await owner.post('/works', { ...form, contents: [declaredContent()] });
    const grants = [['exclusive', scope], ['non-exclusive', { ...scope, uses: ['e-book'] }], ['non-exclusive', { ...scope, uses: ['e-book'] }]] as const;
    for (const [exclusivity, of] of grants) {
      expect((await owner.post(`/works/${String(body['number'])}/licences`, { licensee: licensee.accountId, exclusivity, scope: of })).status).toBe(201);
    }
  }
  const rows = await query<{ subject: string; seq: number; type: string; prev: Buffer | null; bytes: Buffer; accepted_at: Date; receipt: string }>(service, 'SELECT subject, seq, type, prev, bytes, accepted_at, receipt FROM statement ORDER BY ordinal');
  const statements = rows.map(({ bytes }, i) => ({ statement: parseStatement(bytes), bytes, leafHash: Buffer.from(hashLeaf(bytes)), leafIndex: i }));
  const apply = await Promise.all([recoverWorks(async () => null), recoverRights()].map((projection) => projection(statements)));
  await transact(recovered, async (tx) => {
    for (const row of rows) await tx.query('INSERT INTO statement (subject, seq, type, prev, bytes, accepted_at, receipt) VALUES ($1, $2, $3, $4, $5, $6, $7)', Object.values(row));
    for (const one of apply) await one(tx, true);
  });
  const licences = `SELECT licence_id, work_id, exclusivity, seat @> 0::bigint AS bars, rights::text, territories::text, uses::text, languages::text, term::text, grantor_id, granted_at FROM licence ORDER BY licence_id`;
  const holdings = `SELECT work_id, rights::text, territories::text, uses::text, languages::text, term::text, made_seq, (SELECT array_agg(o.account_id || ' ' || o.share_bps) FROM holding_holder o WHERE o.holding_id = h.holding_id) AS holders FROM holding h ORDER BY work_id`;
  expect([(await recovered.query<unknown[]>(licences)).length, await recovered.query(licences), await recovered.query(holdings)]).toEqual([6, await query(service, licences), await query(service, holdings)]);
  expect(await recovered.query('SELECT DISTINCT licensee_id FROM licence')).toEqual([{ licensee_id: null }]);
});
