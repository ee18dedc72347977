import type { DataSource } from 'typeorm';
import { DomainError } from '../../lib/errors/index.js';
import type { Tx } from '../../platform/database/index.js';
import { hashSecret } from './secrets.js';

type Purpose = 'verify-email' | 'reset-password';

/** Looks whether a token is good and leaves it so: before work that costs something, `takeToken` decides. @throws DomainError IDENTITY.INVALID_TOKEN */
export async function assertToken(dataSource: DataSource, token: string, purpose: Purpose): Promise<void> {
  const found: unknown[] = await dataSource.query('SELECT 1 FROM one_time_token WHERE token_hash = $1 AND purpose = $2 AND expires_at > now()', [hashSecret(token), purpose]);
  if (found.length === 0) throw invalidToken();
}

/**
 * Uses a one-time token up, and with it every other of the same purpose and account. Deleting is what makes it one-time: of two
 * requests at once one finds nothing.
 * @returns whose it was. @throws DomainError IDENTITY.INVALID_TOKEN
 */
export async function takeToken(tx: Tx, token: string, purpose: Purpose): Promise<string> {
  const [rows]: [{ account_id: string }[], number] = await tx.query(
    'DELETE FROM one_time_token WHERE token_hash = $1 AND purpose = $2 AND expires_at > now() RETURNING account_id',
    [hashSecret(token), purpose],
  );
  const accountId = rows[0]?.account_id;
  if (accountId === undefined) throw invalidToken();
  await tx.query('DELETE FROM one_time_token WHERE account_id = $1 AND purpose = $2', [accountId, purpose]);
  return accountId;
}

function invalidToken(): DomainError {
  return new DomainError('IDENTITY.INVALID_TOKEN', 'The link was used before, or is too old: ask for a new one');
}
