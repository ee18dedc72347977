import type { ActorSignature } from '../../lib/statement/index.js';
import type { Tx } from '../../platform/database/index.js';
import { writePoint } from '../../platform/fault-points/index.js';

export interface AccountKey {
  readonly accountId: string;
  readonly scheme: ActorSignature['scheme'];
  readonly key: string;
  /** Of the statement that added it, in the account's chain. */
  readonly addedSeq: number;
  readonly addedAt: Date;
}

export async function insertKey(tx: Tx, { accountId, scheme, key, addedSeq, addedAt }: AccountKey): Promise<void> {
  await writePoint('actor-key.add', () =>
    tx.query('INSERT INTO account_key (account_id, added_seq, scheme, key, added_at) VALUES ($1, $2, $3, $4, $5)', [accountId, addedSeq, scheme, key, addedAt]));
}

export async function endKey(tx: Tx, { accountId, key }: Pick<AccountKey, 'accountId' | 'key'>, revokedAt: Date): Promise<void> {
  await writePoint('actor-key.revoke', () =>
    tx.query('UPDATE account_key SET revoked_at = greatest($3, added_at) WHERE account_id = $1 AND key = $2 AND revoked_at IS NULL', [accountId, key, revokedAt]));
}

/** Of two who use a nonce at once, one waits here for the other. @returns false when the key had used it before. */
export async function useNonce(tx: Tx, key: string, nonce: string, usedAt: Date): Promise<boolean> {
  const used = await writePoint('actor-key.use-nonce', (): Promise<unknown[]> =>
    tx.query('INSERT INTO used_nonce (key, nonce, used_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING 1', [key, nonce, usedAt]));
  return used.length > 0;
}
