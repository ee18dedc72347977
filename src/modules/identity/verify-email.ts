import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { transact } from '../../platform/database/index.js';
import { takeToken } from './take-token.js';

/** @throws DomainError IDENTITY.INVALID_TOKEN */
@Injectable()
export class VerifyEmail {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  execute(token: string): Promise<void> {
    return transact(this.dataSource, async (tx) => {
      const accountId = await takeToken(tx, token, 'verify-email');
      await tx.query('UPDATE account SET email_verified_at = coalesce(email_verified_at, now()) WHERE account_id = $1', [accountId]);
    });
  }
}
