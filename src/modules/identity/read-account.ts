import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { DomainError } from '../../lib/errors/index.js';
import { AccountEntity } from './account.entity.js';
import type { AccountAnswer } from './identity.schemas.js';

@Injectable()
export class ReadAccount {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  /** @throws DomainError HTTP.UNAUTHENTICATED when the account is gone since the caller was recognised. */
  async execute(accountId: string): Promise<AccountAnswer> {
    const account = await this.dataSource.getRepository(AccountEntity).findOneBy({ accountId });
    if (!account) throw new DomainError('HTTP.UNAUTHENTICATED', 'Sign in first');
    return toAccountAnswer(account);
  }
}

export function toAccountAnswer({ accountId, email, displayName, emailVerifiedAt, locale, noticeMails, createdAt }: AccountEntity): AccountAnswer {
  return { id: accountId, email, displayName, emailVerified: emailVerifiedAt !== null, locale, noticeMails, createdAt: createdAt.toISOString() };
}
