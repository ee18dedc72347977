import { Inject, Injectable } from '@nestjs/common';
import { DataSource, IsNull } from 'typeorm';
import { z } from 'zod';
import { decodeCursor, type Page, toPage } from '../../platform/http/index.js';
import { ApiKeyEntity } from './api-key.entity.js';
import type { ApiKeyAnswer } from './identity.schemas.js';

/** The keys of an account that are not revoked, oldest first; never their text. */
@Injectable()
export class ListApiKeys {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  async execute(accountId: string, { cursor, limit }: { cursor?: string | undefined; limit: number }): Promise<Page<ApiKeyAnswer>> {
    const query = this.dataSource.getRepository(ApiKeyEntity).createQueryBuilder('k').where({ accountId, revokedAt: IsNull() }).orderBy('k.apiKeyId').limit(limit + 1);
    if (cursor !== undefined) query.andWhere('k.apiKeyId > :after', { after: decodeCursor(z.uuid(), cursor) });
    return toPage(await query.getMany(), limit, toApiKeyAnswer, (key) => key.apiKeyId);
  }
}

function toApiKeyAnswer({ apiKeyId, name, scopes, createdAt, lastUsedAt }: ApiKeyEntity): ApiKeyAnswer {
  return { id: apiKeyId, name, scopes, createdAt: createdAt.toISOString(), lastUsedAt: lastUsedAt?.toISOString() ?? null };
}
