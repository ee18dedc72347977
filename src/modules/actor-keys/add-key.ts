import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { z } from 'zod';
import { actorSignatureSchema } from '../../lib/statement/index.js';
import { runIdempotently } from '../../platform/http/index.js';
import { AppendStatement } from '../log/index.js';
import { alreadyAdded, tooManyKeys } from './actor-keys.errors.js';
import { hashRequest, type KeyAnswer, toKeyAnswer } from './key-act.js';
import { insertKey } from './key-rows.js';
import { TakeSignature } from './take-signature.js';

const MOST_KEYS = 20;

const proof = actorSignatureSchema.pick({ nonce: true, expiresAt: true, value: true })
  .meta({ description: 'The key’s signature of the act: type account.key-added, actor and subject acct: and the account’s id, body {scheme, key}, nothing sealed' });
export const newKeySchema = z.discriminatedUnion('scheme', [
  z.strictObject({ scheme: z.literal('ed25519'), key: z.string().regex(/^[0-9a-f]{64}$/).meta({ description: 'The public key, lower-case hex' }), proof }),
  z.strictObject({ scheme: z.literal('eip191'), key: z.string().regex(/^0x[0-9a-f]{40}$/).meta({ description: 'The wallet’s address, lower case' }), proof }),
]);
export type NewKey = z.output<typeof newKeySchema>;

/** Adds a key to an account, for whoever shows that they can sign with it. */
@Injectable()
export class AddKey {
  constructor(@InjectDataSource() private readonly dataSource: DataSource, private readonly append: AppendStatement, private readonly take: TakeSignature) {}

  /** @throws DomainError `ACTOR_KEYS.INVALID_PROOF`, `ACTOR_KEYS.EXPIRED`, `ACTOR_KEYS.NONCE_USED`, `ACTOR_KEYS.ALREADY_ADDED`, `ACTOR_KEYS.TOO_MANY`. */
  async execute(accountId: string, added: NewKey, idempotencyKey: string | null): Promise<KeyAnswer> {
    const { scheme, key, proof: { nonce, expiresAt, value } } = added;
    const subject = `acct:${accountId}`;
    const act = { type: 'account.key-added', subject, body: { scheme, key }, sealed: [] };
    const { body } = await runIdempotently(this.dataSource, { accountId, key: idempotencyKey, payloadHash: hashRequest(act.type, { ...added }) }, async (tx) => {
      // The chain's head is the queue: two requests at once cannot both be the last one allowed.
      await this.append.lock(tx, [subject]);
      const standing: { key: string }[] = await tx.query('SELECT key FROM account_key WHERE account_id = $1 AND revoked_at IS NULL', [accountId]);
      if (standing.some((one) => one.key === key)) throw alreadyAdded();
      if (standing.length >= MOST_KEYS) throw tooManyKeys(MOST_KEYS);
      const at = new Date();
      await this.take.takeProof(tx, { accountId, act, signature: { scheme, by: key, nonce, expiresAt, value }, at }, '/proof');
      const appended = await this.append.execute(tx, { ...act, actor: subject }, [], at);
      await insertKey(tx, { accountId, scheme, key, addedSeq: appended.seq, addedAt: at });
      return { status: 201, body: toKeyAnswer(key, appended) };
    });
    return body;
  }
}
