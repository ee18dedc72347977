import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { CredentialsCache } from './credentials-cache.js';
import { hashSecret } from './secrets.js';

/** Ends a session: at once in this process, within 5 seconds in others. */
@Injectable()
export class SignOut {
  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(CredentialsCache) private readonly cache: CredentialsCache,
  ) {}

  async execute(secret: string): Promise<void> {
    await this.dataSource.query('DELETE FROM session WHERE token_hash = $1', [hashSecret(secret)]);
    this.cache.forgetCredential(secret);
  }
}
