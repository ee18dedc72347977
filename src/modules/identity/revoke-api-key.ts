import { Inject, Injectable } from '@nestjs/common';
import { DataSource, IsNull } from 'typeorm';
import { DomainError } from '../../lib/errors/index.js';
import { ApiKeyEntity } from './api-key.entity.js';
import { CredentialsCache } from './credentials-cache.js';

/** Ends a key: at once in this process, within 5 seconds in others. @throws DomainError IDENTITY.API_KEY_NOT_FOUND, also for the keys of others. */
@Injectable()
export class RevokeApiKey {
  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(CredentialsCache) private readonly cache: CredentialsCache,
  ) {}

  async execute(accountId: string, apiKeyId: string): Promise<void> {
    const { affected } = await this.dataSource.getRepository(ApiKeyEntity).update({ apiKeyId, accountId, revokedAt: IsNull() }, { revokedAt: new Date() });
    if (affected === 0) throw new DomainError('IDENTITY.API_KEY_NOT_FOUND', 'You have no such API key');
    this.cache.forgetApiKey(apiKeyId);
  }
}
