import { Injectable } from '@nestjs/common';
import { actorMessage, type SignedAct, verifyActorSignature } from '../../lib/proof/index.js';
import type { ActorSignature } from '../../lib/statement/index.js';
import type { Tx } from '../../platform/database/index.js';
import { LogKeys } from '../log/index.js';
import { invalidProof, keyUnknown, nonceUsed, signatureExpired } from './actor-keys.errors.js';
import { useNonce } from './key-rows.js';

/** What is signed, but for what the service knows itself: its log, who acts, and the signature's own nonce and end. */
export type ActToSign = Pick<SignedAct, 'type' | 'subject' | 'body' | 'sealed'>;

export interface SignatureRequest {
  readonly accountId: string;
  readonly act: ActToSign;
  readonly signature: ActorSignature;
  /** When the statement will be issued: a verifier compares that with the signature's end. */
  readonly at: Date;
}

/** Takes an actor's signature for the statement that is appended in the same transaction. */
@Injectable()
export class TakeSignature {
  constructor(private readonly keys: LogKeys) {}

  /**
   * The key is kept from being revoked until the transaction ends, so that the log has the statement before the revocation.
   * @returns what goes into the statement's `signatures`; its `issuedAt` MUST be `at`.
   * @throws DomainError `ACTOR_KEYS.UNKNOWN`, `ACTOR_KEYS.EXPIRED`, `ACTOR_KEYS.INVALID_PROOF`, `ACTOR_KEYS.NONCE_USED`.
   */
  async execute(tx: Tx, { accountId, act, signature, at }: SignatureRequest): Promise<ActorSignature> {
    const [standing] = await tx.query<unknown[]>('SELECT 1 FROM account_key WHERE account_id = $1 AND scheme = $2 AND key = $3 AND revoked_at IS NULL FOR SHARE', [accountId, signature.scheme, signature.by]);
    if (!standing) throw keyUnknown();
    await this.takeProof(tx, { accountId, act, signature, at }, '/signature');
    return signature;
  }

  /** The same of a key that need not stand: the proof that whoever adds one has it. @param pointer where the signature stands in what was sent. */
  async takeProof(tx: Tx, { accountId, act: { type, subject, body, sealed }, signature, at }: SignatureRequest, pointer: string): Promise<void> {
    const { by, nonce, expiresAt } = signature;
    // Both are of one form, which sorts by time.
    if (expiresAt < at.toISOString()) throw signatureExpired(`${pointer}/expiresAt`);
    const message = actorMessage({ origin: this.keys.origin, actor: `acct:${accountId}`, type, subject, nonce, expiresAt, body, sealed });
    if (!verifyActorSignature(signature, message)) throw invalidProof(`${pointer}/value`);
    if (!(await useNonce(tx, by, nonce, at))) throw nonceUsed(`${pointer}/nonce`);
  }
}
