import type { Tx } from '../../platform/database/index.js';
import { writePoint } from '../../platform/fault-points/index.js';
import { findAccountByEmail, findKnownAccounts } from '../identity/index.js';

export interface Operator {
  readonly accountId: string;
  readonly email: string;
  readonly displayName: string;
  readonly appointedAt: Date;
}

/**
 * Makes an account an operator; one that is stays one.
 * @param tx as the owner of the schema: the service's role may not.
 * @returns `unknown` when nobody has the address; `unverified` when whoever joined with it has not shown that it is theirs: else anyone could join as a colleague who is to be appointed.
 */
export async function appointOperator(tx: Tx, email: string): Promise<'appointed' | 'serving' | 'unknown' | 'unverified'> {
  const account = await findAccountByEmail(tx, email);
  if (!account) return 'unknown';
  if (!account.isVerified) return 'unverified';
  const appointed: unknown[] = await writePoint('operators.appoint', () =>
    tx.query('INSERT INTO operator (account_id) VALUES ($1) ON CONFLICT (account_id) WHERE dismissed_at IS NULL DO NOTHING RETURNING 1', [account.accountId]));
  return appointed.length > 0 ? 'appointed' : 'serving';
}

/** Ends it; what the operator has decided stays. @param tx as the owner of the schema. @returns false when the address has no operator. */
export async function dismissOperator(tx: Tx, email: string): Promise<boolean> {
  const account = await findAccountByEmail(tx, email);
  const [, dismissed]: [unknown, number] = await writePoint('operators.dismiss', () =>
    tx.query('UPDATE operator SET dismissed_at = clock_timestamp() WHERE account_id = $1 AND dismissed_at IS NULL', [account?.accountId ?? null]));
  return dismissed > 0;
}

/** Those who serve, the longest first. */
export async function listOperators(db: Pick<Tx, 'query'>): Promise<Operator[]> {
  const rows = await db.query<{ account_id: string; appointed_at: Date }[]>('SELECT account_id, appointed_at FROM operator WHERE dismissed_at IS NULL ORDER BY appointed_at, account_id');
  const accounts = await findKnownAccounts(db, rows.map((row) => row.account_id));
  return rows.flatMap(({ account_id: accountId, appointed_at: appointedAt }) => {
    const account = accounts.get(accountId);
    return account ? [{ accountId, email: account.email, displayName: account.displayName, appointedAt }] : [];
  });
}
