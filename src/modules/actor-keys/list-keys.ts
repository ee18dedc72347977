import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import type { ActorSignature } from '../../lib/statement/index.js';

export interface KeyView {
  readonly scheme: ActorSignature['scheme'];
  readonly key: string;
  readonly addedAt: string;
}

/** The keys of an account that stand, the oldest first. */
@Injectable()
export class ListKeys {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  async execute(accountId: string): Promise<{ items: KeyView[] }> {
    const rows: { scheme: ActorSignature['scheme']; key: string; added_at: Date }[] = await this.dataSource.query(
      'SELECT scheme, key, added_at FROM account_key WHERE account_id = $1 AND revoked_at IS NULL ORDER BY added_seq', [accountId]);
    return { items: rows.map(({ scheme, key, added_at: addedAt }) => ({ scheme, key, addedAt: addedAt.toISOString() })) };
  }
}
