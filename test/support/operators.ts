import { Client as Postgres } from 'pg';
import { type Client, joinAsPerson, type Person } from './http-client.js';
import type { TestApplication } from './start-application.js';

export type TestOperator = Person & { readonly program: Client };

/** A new account whose address is verified, appointed as `zhengben operator appoint` does it: as the owner of the schema. */
export async function joinAsOperator(service: TestApplication, name = 'operator'): Promise<TestOperator> {
  const { person, program } = await joinAsPerson(service, name);
  await asOwner(service, async (owner) => {
    await owner.query('UPDATE account SET email_verified_at = now() WHERE account_id = $1', [person.accountId]);
    await owner.query('INSERT INTO operator (account_id) VALUES ($1)', [person.accountId]);
  });
  return { ...person, program };
}

export async function dismiss(service: TestApplication, { accountId }: Person): Promise<void> {
  await asOwner(service, (owner) => owner.query('UPDATE operator SET dismissed_at = clock_timestamp() WHERE account_id = $1 AND dismissed_at IS NULL', [accountId]));
}

/** Money of an account's, confirmed by an operator; under the threshold of four eyes. */
export async function fund(owner: Client, operator: Person, amountMinor: bigint, currency = 'CNY'): Promise<void> {
  const asked = await owner.post('/top-ups', { amountMinor: amountMinor.toString(), currency });
  const confirmed = await operator.post(`/top-ups/${String(asked.body['id'])}/confirmation`, { bankReference: `REF-${String(asked.body['id'])}` });
  if (confirmed.body['state'] !== 'confirmed') throw new Error(`${confirmed.status} ${JSON.stringify(confirmed.body)}`);
}

async function asOwner(service: TestApplication, act: (owner: Postgres) => Promise<unknown>): Promise<void> {
  const owner = new Postgres({ connectionString: service.database.ownerUrl });
  await owner.connect();
  try {
    await act(owner);
  } finally {
    await owner.end();
  }
}
