import { Client as Postgres } from 'pg';
import { joinAsPerson } from '../../support/http-client.js';
import { startApplication, type TestApplication } from '../../support/start-application.js';
import { useCli } from '../log/support/cli.js';

jest.setTimeout(240_000);

const zhengben = useCli();
let service: TestApplication;

beforeAll(async () => {
  service = await startApplication();
});
afterAll(() => service?.stop());

const run = (...args: string[]) => zhengben(['operator', ...args], { NODE_ENV: 'production', DATABASE_URL: service.database.serviceUrl, DATABASE_MIGRATION_URL: service.database.ownerUrl });

test('appoints the holder of a verified address, lists and dismisses; at once, and as the owner of the schema alone', async () => {
  const { person } = await joinAsPerson(service, 'operator');
  const owner = new Postgres({ connectionString: service.database.ownerUrl });
  await owner.connect();
  const { rows: [account] } = await owner.query<{ email: string }>('SELECT email FROM account WHERE account_id = $1', [person.accountId]);
  const email = account?.email ?? '';
  const mayConfirm = async () => (await person.get('/ledger/movements')).status;

  expect(await run('appoint', 'nobody@example.com')).toMatchObject({ code: 1 });
  // Whoever joined with it may be somebody else.
  expect(await run('appoint', email)).toMatchObject({ code: 1 });
  expect(await mayConfirm()).toBe(403);
  await owner.query('UPDATE account SET email_verified_at = now() WHERE account_id = $1', [person.accountId]);
  await owner.end();

  expect([await run('appoint', email.toUpperCase()), await mayConfirm()]).toMatchObject([{ code: 0 }, 200]);
  expect((await run('list')).stdout).toContain(person.accountId);
  expect([await run('dismiss', email), await mayConfirm()]).toMatchObject([{ code: 0 }, 403]);
  expect(await run('dismiss', email)).toMatchObject({ code: 1 });
  expect([await run('appoint', email), await mayConfirm()]).toMatchObject([{ code: 0 }, 200]);
  expect(await zhengben(['operator', 'appoint', email], { NODE_ENV: 'production', DATABASE_URL: service.database.serviceUrl })).toMatchObject({ code: 2 });
  expect((await zhengben(['operator', 'dismiss', email], { NODE_ENV: 'production', DATABASE_MIGRATION_URL: service.database.serviceUrl })).code).not.toBe(0);
});
