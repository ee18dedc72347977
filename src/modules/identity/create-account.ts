import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { transact } from '../../platform/database/index.js';
import { uuidv7 } from '../../platform/random/index.js';
import { enqueueJob } from '../../platform/jobs/index.js';
import type { Locale } from './account.entity.js';
import { sendAlreadyRegistered, sendVerification } from './identity.jobs.js';
import type { CreateAccountBody } from './identity.schemas.js';
import { hashPassword } from './passwords.js';
import { assertWithinLimits } from './throttle.js';

/**
 * Opens an account. Answers alike whether the address has one already: only its holder learns of it, by mail.
 * @throws DomainError HTTP.TOO_MANY_REQUESTS after 100 sign-ups from one address within an hour.
 */
@Injectable()
export class CreateAccount {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  async execute({ email, password, displayName, locale }: Omit<CreateAccountBody, 'locale'> & { locale: Locale }, ip: string): Promise<void> {
    await assertWithinLimits(this.dataSource, [{ key: `sign-up:ip:${ip}`, most: 100, windowSeconds: 3_600 }]);
    const passwordHash = await hashPassword(password);
    await transact(this.dataSource, async (tx) => {
      const created: unknown[] = await tx.query(
        `INSERT INTO account (account_id, email, display_name, password_hash, locale) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (email) DO NOTHING RETURNING account_id`,
        [uuidv7(), email, displayName, passwordHash, locale],
      );
      await enqueueJob(tx, created.length > 0 ? sendVerification : sendAlreadyRegistered, { email });
    });
  }
}
