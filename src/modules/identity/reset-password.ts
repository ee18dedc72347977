import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { transact } from '../../platform/database/index.js';
import { CredentialsCache } from './credentials-cache.js';
import { hashPassword } from './passwords.js';
import { assertToken, takeToken } from './take-token.js';
import { assertWithinLimits } from './throttle.js';

/**
 * Sets a new password by a mailed token and signs the account out everywhere. Who has the token reads the mailbox, so the address counts as verified.
 * @throws DomainError IDENTITY.INVALID_TOKEN; HTTP.TOO_MANY_REQUESTS after 100 attempts from one address within 15 minutes.
 */
@Injectable()
export class ResetPassword {
  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(CredentialsCache) private readonly cache: CredentialsCache,
  ) {}

  async execute(token: string, password: string, ip: string): Promise<void> {
    await assertWithinLimits(this.dataSource, [{ key: `reset-password:ip:${ip}`, most: 100, windowSeconds: 15 * 60 }]);
    // Hashing takes a core and 19 MiB for a while: nobody gets that for an invented token.
    await assertToken(this.dataSource, token, 'reset-password');
    const passwordHash = await hashPassword(password);
    const accountId = await transact(this.dataSource, async (tx) => {
      const accountId = await takeToken(tx, token, 'reset-password');
      await tx.query('UPDATE account SET password_hash = $2, email_verified_at = coalesce(email_verified_at, now()) WHERE account_id = $1', [accountId, passwordHash]);
      await tx.query('DELETE FROM session WHERE account_id = $1', [accountId]);
      return accountId;
    });
    this.cache.forgetSessions(accountId);
  }
}
