import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { DomainError } from '../../lib/errors/index.js';
import { AccountEntity } from './account.entity.js';
import { sessionExpiry } from './credentials.js';
import type { SessionAnswer, SignInBody } from './identity.schemas.js';
import { verifyPassword } from './passwords.js';
import { toAccountAnswer } from './read-account.js';
import { createSecret, hashSecret } from './secrets.js';
import { assertWithinLimits, forgetAttempts } from './throttle.js';

const WINDOW_SECONDS = 15 * 60;

/**
 * Opens a session. Unknown address and wrong password are answered alike, and take alike.
 * @throws DomainError IDENTITY.INVALID_CREDENTIALS; HTTP.TOO_MANY_REQUESTS after 10 attempts for an account from one address, 100 for an
 * account or from an address, within 15 minutes. The first is low; the second is high, so that a stranger does not lock the holder out.
 */
@Injectable()
export class SignIn {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  async execute({ email, password }: SignInBody, ip: string): Promise<SessionAnswer & { secret: string }> {
    const pair = `sign-in:pair:${email} ${ip}`;
    await assertWithinLimits(this.dataSource, [
      { key: pair, most: 10, windowSeconds: WINDOW_SECONDS },
      { key: `sign-in:email:${email}`, most: 100, windowSeconds: WINDOW_SECONDS },
      { key: `sign-in:ip:${ip}`, most: 100, windowSeconds: WINDOW_SECONDS },
    ]);
    const account = await this.dataSource
      .getRepository(AccountEntity)
      .createQueryBuilder('account')
      .addSelect('account.passwordHash')
      .where('account.email = :email', { email })
      .getOne();
    if (!(await verifyPassword(account?.passwordHash ?? null, password)) || !account) {
      throw new DomainError('IDENTITY.INVALID_CREDENTIALS', 'The e-mail address or the password is wrong');
    }
    const secret = createSecret();
    const expiresAt = sessionExpiry();
    await this.dataSource.query('INSERT INTO session (token_hash, account_id, expires_at) VALUES ($1, $2, $3)', [hashSecret(secret), account.accountId, expiresAt]);
    await forgetAttempts(this.dataSource, [pair]);
    return { secret, expiresAt: expiresAt.toISOString(), account: toAccountAnswer(account) };
  }
}
