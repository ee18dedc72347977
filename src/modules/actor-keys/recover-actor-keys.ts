import type { ActorSignature } from '../../lib/statement/index.js';
import type { Tx } from '../../platform/database/index.js';
import type { Projection, RecoveredStatement } from '../log/index.js';
import { endKey, insertKey, useNonce } from './key-rows.js';

/** Keys of accounts, and the nonces of what they signed, from statements that a restored database had lost. Nonces of the proofs that keys were added by are in no log. */
export function recoverActorKeys(): Projection {
  return async (statements) => async (tx) => {
    for (const recovered of statements) await recoverOne(tx, recovered);
  };
}

async function recoverOne(tx: Tx, { statement: { subject, seq, type, body, issuedAt, signatures } }: RecoveredStatement): Promise<void> {
  const at = new Date(issuedAt);
  for (const { by, nonce } of signatures ?? []) await useNonce(tx, by, nonce, at);
  if (!subject.startsWith('acct:')) return;
  const [accountId, key] = [subject.slice('acct:'.length), String(body['key'])];
  if (type === 'account.key-added') await insertKey(tx, { accountId, scheme: body['scheme'] as ActorSignature['scheme'], key, addedSeq: seq, addedAt: at });
  else if (type === 'account.key-revoked') await endKey(tx, { accountId, key }, at);
}
