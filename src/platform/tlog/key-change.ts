import { bytesToHex } from '../../lib/bytes/index.js';
import { parseVerifierKey } from '../../lib/note/index.js';
import { actorMessage, verifyActorSignature } from '../../lib/proof/index.js';
import { parseStatement } from '../../lib/statement/index.js';

export interface KeyChange {
  /** vkeys. */
  readonly from: string;
  readonly to: string;
  /** Until then both sign checkpoints. */
  readonly until: string;
}

const TYPE = 'log.key-changed';
const TYPE_BYTES = Buffer.from(`"type":"${TYPE}"`);

/**
 * The rotation that an entry tells of, when both of its keys have signed the statement: the old one, so that no one else gives the log a new key, and the
 * new one, so that nobody names a key that is not theirs. Null for every other entry; never throws.
 */
export function parseKeyChange(entry: Uint8Array): KeyChange | null {
  if (!Buffer.from(entry.buffer, entry.byteOffset, entry.length).includes(TYPE_BYTES)) return null;
  try {
    const statement = parseStatement(entry);
    const { type, subject, actor, body, sealed, signatures = [] } = statement;
    const change = { from: String(body['from']), to: String(body['to']), until: String(body['until']) };
    const [from, to] = [parseVerifierKey(change.from), parseVerifierKey(change.to)];
    if (type !== TYPE || subject !== 'log' || from.name !== to.name) return null;
    const isSignedBy = (publicKey: Uint8Array): boolean => signatures.some((signature) => {
      const { by, scheme, nonce, expiresAt } = signature;
      return scheme === 'ed25519' && by === bytesToHex(publicKey) && verifyActorSignature(signature, actorMessage({ origin: from.name, actor, type, subject, nonce, expiresAt, body, sealed }));
    });
    return isSignedBy(from.publicKey) && isSignedBy(to.publicKey) ? change : null;
  } catch {
    return null; // a title, say, that holds those words; a log may hold anything
  }
}
