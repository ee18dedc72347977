import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { DomainError } from '../../lib/errors/index.js';
import { transact, type Tx } from '../../platform/database/index.js';
import { uuidv7 } from '../../platform/random/index.js';
import { AccountEntity } from './account.entity.js';
import { ApiKeyEntity } from './api-key.entity.js';
import { API_KEY_PREFIX } from './credentials.js';
import type { CreateApiKeyBody, CreatedApiKeyAnswer } from './identity.schemas.js';
import { createSecret, hashSecret } from './secrets.js';

const MOST_KEYS = 50;

/**
 * Makes an API key; its text is in the answer and nowhere else. For that reason this does not take an `Idempotency-Key`: a stored answer would hold it.
 * @throws DomainError IDENTITY.TOO_MANY_API_KEYS
 */
@Injectable()
export class CreateApiKey {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  execute(accountId: string, body: CreateApiKeyBody): Promise<CreatedApiKeyAnswer> {
    return transact(this.dataSource, async (tx) => {
      // The account's row is the queue: two requests at once cannot both be the last one allowed.
      await tx.getRepository(AccountEntity).createQueryBuilder('account').setLock('pessimistic_write').where({ accountId }).getOneOrFail();
      const count = await tx.getRepository(ApiKeyEntity).createQueryBuilder('k').where('k.accountId = :accountId AND k.revokedAt IS NULL', { accountId }).getCount();
      if (count >= MOST_KEYS) throw new DomainError('IDENTITY.TOO_MANY_API_KEYS', `An account has at most ${MOST_KEYS} API keys; revoke one first`);
      return insertApiKey(tx, accountId, body, `${API_KEY_PREFIX}${createSecret()}`);
    });
  }
}

export async function insertApiKey(tx: Tx, accountId: string, { name, scopes }: { name: string; scopes: readonly string[] }, key: string): Promise<CreatedApiKeyAnswer> {
  const id = uuidv7();
  const createdAt = new Date();
  await tx.getRepository(ApiKeyEntity).insert({ apiKeyId: id, accountId, name, scopes: [...scopes], keyHash: hashSecret(key), createdAt });
  return { id, key, name, scopes: [...scopes], createdAt: createdAt.toISOString() };
}
