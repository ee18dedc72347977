import { randomBytes } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { bytesToHex } from '../../lib/bytes/index.js';
import { type Ed25519Signer, formatVerifierKey } from '../../lib/note/index.js';
import { actorMessage } from '../../lib/proof/index.js';
import type { ActorSignature } from '../../lib/statement/index.js';
import { transact } from '../../platform/database/index.js';
import { type KeyChange, parseKeyChange } from '../../platform/tlog/index.js';
import type { Act } from './compose-statement.js';
import { AppendStatement } from './append-statement.js';
import type { LogKeys } from './log-keys.js';

const OVERLAP_MS = 30 * 86_400_000;
const SIGNATURE_LASTS_MS = 3_600_000;

/** The subject of what a log says of itself. */
export const LOG_SUBJECT = 'log';

/** An act of the log itself, signed by the given keys of it. */
export function signLogAct(origin: string, type: string, body: Act['body'], signers: readonly Ed25519Signer[], now: Date): Act {
  const actor = `log:${origin}`;
  const expiresAt = new Date(now.getTime() + SIGNATURE_LASTS_MS).toISOString();
  const signatures = signers.map((signer): ActorSignature => {
    const nonce = randomBytes(16).toString('base64url');
    const message = actorMessage({ origin, actor, type, subject: LOG_SUBJECT, nonce, expiresAt, body, sealed: [] });
    return { scheme: 'ed25519', by: bytesToHex(signer.verifierKey.publicKey), nonce, expiresAt, value: bytesToHex(signer.sign(message)) };
  });
  return { type, subject: LOG_SUBJECT, actor, body, sealed: [], signatures };
}

/**
 * Logs that the log's key changes: `log.key-changed`, signed by the old key and the new. From then on both keys are to sign checkpoints, until 30 days later.
 * @param keys of the log as they are now, the old key the current one.
 * @returns the change; that of the first time when it was logged before.
 */
export async function rotateKey(dataSource: DataSource, keys: LogKeys, old: Ed25519Signer, next: Ed25519Signer, now = new Date()): Promise<KeyChange> {
  if (formatVerifierKey(old.verifierKey) !== keys.vkey) throw new RangeError('the old key is not the current one');
  if (next.name !== old.name) throw new RangeError(`the new key is named «${next.name}», the log is «${old.name}»: a log keeps its name`);
  if (next.keyId === old.keyId) throw new RangeError('the new key is the old one');
  const change: KeyChange = { from: keys.vkey, to: formatVerifierKey(next.verifierKey), until: new Date(now.getTime() + OVERLAP_MS).toISOString() };
  return transact(dataSource, async (tx) => {
    const [last]: { bytes: Buffer }[] = await tx.query(`SELECT bytes FROM statement WHERE subject = $1 AND type = 'log.key-changed' ORDER BY seq DESC LIMIT 1`, [LOG_SUBJECT]);
    const logged = last ? parseKeyChange(last.bytes) : null;
    if (logged?.from === change.from && logged.to === change.to) return logged;
    await new AppendStatement(keys).execute(tx, signLogAct(keys.origin, 'log.key-changed', { ...change }, [old, next], now), [], now);
    return change;
  });
}
