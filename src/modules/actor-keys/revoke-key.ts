import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { runIdempotently } from '../../platform/http/index.js';
import { AppendStatement } from '../log/index.js';
import { keyUnknown } from './actor-keys.errors.js';
import { hashRequest, type KeyAnswer, toKeyAnswer } from './key-act.js';
import { endKey } from './key-rows.js';

/** Ends a key. What it has signed stays signed; it may be added again. */
@Injectable()
export class RevokeKey {
  constructor(@InjectDataSource() private readonly dataSource: DataSource, private readonly append: AppendStatement) {}

  /** @throws DomainError `ACTOR_KEYS.UNKNOWN`, also for the keys of others. */
  async execute(accountId: string, key: string, idempotencyKey: string | null): Promise<KeyAnswer> {
    const [subject, type] = [`acct:${accountId}`, 'account.key-revoked'];
    const { body } = await runIdempotently(this.dataSource, { accountId, key: idempotencyKey, payloadHash: hashRequest(type, { key }) }, async (tx) => {
      await this.append.lock(tx, [subject]);
      // Waits for what is being signed with it: that is committed, and in the log, before this is said.
      const [standing] = await tx.query<unknown[]>('SELECT 1 FROM account_key WHERE account_id = $1 AND key = $2 AND revoked_at IS NULL FOR UPDATE', [accountId, key]);
      if (!standing) throw keyUnknown();
      const appended = await this.append.execute(tx, { type, subject, actor: subject, body: { key }, sealed: [] }, []);
      await endKey(tx, { accountId, key }, appended.acceptedAt);
      return { status: 201, body: toKeyAnswer(key, appended) };
    });
    return body;
  }
}
