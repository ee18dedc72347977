import { randomUUID } from 'node:crypto';
import type { Client } from 'pg';

/** The two-row design: a balance a row, debited and credited in place; the same columns, keys and checks otherwise. */
export const NAIVE_TABLES = `
  CREATE TABLE naive_account (account_id bigint PRIMARY KEY, owner_id uuid NOT NULL, currency text COLLATE "C" NOT NULL, balance numeric(78) NOT NULL CHECK (balance >= 0)) WITH (fillfactor = 70);
  CREATE TABLE naive_transfer (transfer_id uuid PRIMARY KEY, kind text COLLATE "C" NOT NULL, subject text COLLATE "C" NOT NULL, made_at timestamptz NOT NULL DEFAULT now());
  CREATE INDEX ON naive_transfer (subject);
  CREATE TABLE naive_posting (transfer_id uuid NOT NULL, leg smallint NOT NULL, account_id bigint NOT NULL, currency text COLLATE "C" NOT NULL, amount numeric(78) NOT NULL CHECK (amount <> 0),
    ordinal bigint GENERATED ALWAYS AS IDENTITY, PRIMARY KEY (transfer_id, leg));
  CREATE INDEX ON naive_posting (account_id, ordinal)`;

/** One transfer, statement by statement, as a service with an ORM does it; the rows in the order of their ids, so that none deadlock. */
export async function transferInSteps(client: Client, from: number, to: number): Promise<void> {
  const id = randomUUID();
  await client.query('BEGIN');
  for (const account of [from, to].toSorted((a, b) => a - b)) {
    await client.query({ name: 'update', text: 'UPDATE naive_account SET balance = balance + $2 WHERE account_id = $1', values: [account, account === from ? -1 : 1] });
  }
  await client.query({ name: 'transfer', text: `INSERT INTO naive_transfer (transfer_id, kind, subject) VALUES ($1, 'settlement', 'bench')`, values: [id] });
  await client.query({ name: 'postings', text: `INSERT INTO naive_posting (transfer_id, leg, account_id, currency, amount) VALUES ($1, 1, $2, 'CNY', -1), ($1, 2, $3, 'CNY', 1)`, values: [id, from, to] });
  await client.query('COMMIT');
}

/** The same in one message and one round trip: the locks are held no longer than the server needs. Nobody writes services so, but then the client is in nobody's way. */
export async function transferInOneMessage(client: Client, from: number, to: number): Promise<void> {
  const id = randomUUID();
  const updates = [from, to].toSorted((a, b) => a - b).map((account) => `UPDATE naive_account SET balance = balance + ${account === from ? -1 : 1} WHERE account_id = ${account}`).join('; ');
  await client.query(`BEGIN; ${updates}; INSERT INTO naive_transfer (transfer_id, kind, subject) VALUES ('${id}', 'settlement', 'bench');
    INSERT INTO naive_posting (transfer_id, leg, account_id, currency, amount) VALUES ('${id}', 1, ${from}, 'CNY', -1), ('${id}', 2, ${to}, 'CNY', 1); COMMIT`);
}

/** Many in one transaction: one UPDATE of the sums, one INSERT a table. */
export async function transferMany(client: Client, pairs: readonly (readonly [number, number])[]): Promise<void> {
  const sums = new Map<number, number>();
  for (const [from, to] of pairs) {
    sums.set(from, (sums.get(from) ?? 0) - 1);
    sums.set(to, (sums.get(to) ?? 0) + 1);
  }
  const ids = pairs.map(() => randomUUID());
  await client.query('BEGIN');
  await client.query({ name: 'lock-many', text: 'SELECT 1 FROM naive_account WHERE account_id = ANY ($1) ORDER BY account_id FOR NO KEY UPDATE', values: [[...sums.keys()]] });
  await client.query({ name: 'update-many', text: 'UPDATE naive_account a SET balance = balance + d.amount FROM unnest($1::bigint[], $2::numeric[]) AS d(id, amount) WHERE a.account_id = d.id', values: [[...sums.keys()], [...sums.values()]] });
  await client.query({ name: 'transfer-many', text: `INSERT INTO naive_transfer (transfer_id, kind, subject) SELECT id, 'settlement', 'bench' FROM unnest($1::uuid[]) AS id`, values: [ids] });
  await client.query({
    name: 'postings-many',
    text: `INSERT INTO naive_posting (transfer_id, leg, account_id, currency, amount)
           SELECT t.id, l.leg, CASE l.leg WHEN 1 THEN t.debtor ELSE t.creditor END, 'CNY', CASE l.leg WHEN 1 THEN -1 ELSE 1 END FROM unnest($1::uuid[], $2::bigint[], $3::bigint[]) AS t(id, debtor, creditor) CROSS JOIN (VALUES (1), (2)) AS l(leg)`,
    values: [ids, pairs.map(([from]) => from), pairs.map(([, to]) => to)],
  });
  await client.query('COMMIT');
}
