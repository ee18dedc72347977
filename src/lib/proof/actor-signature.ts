import { secp256k1 } from '@noble/curves/secp256k1.js';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { bytesToHex, concatBytes, encodeUtf8, hexToBytes } from '../bytes/index.js';
import { canonicalBytes } from '../canonical-json/index.js';
import { verifyEd25519 } from '../note/index.js';
import type { ActorSignature, Statement } from '../statement/index.js';
import { attempt } from './entries.js';

/** What an actor signs: the act, without what only the log decides (id, seq, prev, issuedAt). `subject` is null while it has no number yet. */
export interface SignedAct {
  /** The log's origin, so that a signature for one log is none for another. */
  readonly origin: string;
  readonly actor: string;
  readonly type: string;
  readonly subject: string | null;
  readonly nonce: string;
  readonly expiresAt: string;
  readonly body: Statement['body'];
  readonly sealed: readonly string[];
}

/** RFC 8785 bytes of the act. An ed25519 key signs them as they are, a wallet as an ERC-191 personal message. */
export function actorMessage(act: SignedAct): Uint8Array {
  const { origin, actor, type, subject, nonce, expiresAt, body, sealed } = act;
  return canonicalBytes({ 'zhengben-signature': 1, origin, actor, type, subject, nonce, expiresAt, body, sealed: [...sealed] });
}

/**
 * Whether the key that the signature names made it. `by`: an Ed25519 public key, 64 hexadecimal digits, with a `value` of 128; or for eip191 an
 * address, 0x and 40 digits, with a `value` of 0x and 130 digits (r, s, v). All lower case. Never throws on any input.
 */
export function verifyActorSignature({ scheme, by, value }: Pick<ActorSignature, 'scheme' | 'by' | 'value'>, message: Uint8Array): boolean {
  if (scheme === 'ed25519') {
    if (!/^[0-9a-f]{64}$/.test(by) || !/^[0-9a-f]{128}$/.test(value)) return false;
    return verifyEd25519(hexToBytes(by), message, hexToBytes(value));
  }
  return recoverEip191Address(message, value) === by;
}

/** The address whose wallet signed the message (ERC-191 version 0x45, «personal_sign»), or null when no key can have. */
export function recoverEip191Address(message: Uint8Array, value: string): string | null {
  if (!/^0x[0-9a-f]{130}$/.test(value)) return null;
  const bytes = hexToBytes(value.slice(2));
  // Wallets write 27 or 28; some libraries 0 or 1.
  const v = bytes[64] as number;
  const recovery = v >= 27 ? v - 27 : v;
  if (recovery > 1) return null;
  const digest = keccak_256(concatBytes(encodeUtf8(`\u0019Ethereum Signed Message:\n${message.length}`), message));
  const point = recoverPoint(concatBytes(Uint8Array.of(recovery), bytes.subarray(0, 64)), digest);
  return point === null ? null : `0x${bytesToHex(keccak_256(point.subarray(1)).subarray(12))}`;
}

function recoverPoint(signature: Uint8Array, digest: Uint8Array): Uint8Array | null {
  try {
    return secp256k1.Point.fromBytes(secp256k1.recoverPublicKey(signature, digest, { prehash: false })).toBytes(false);
  } catch {
    // The curve library throws plain errors on r or s out of range and on points that are none: no key made this signature.
    return null;
  }
}

/** Tries the act with the statement's subject and, for the first of a chain, without: who founds a chain does not know its number yet. */
export function verifyStatementSignature(statement: Statement, signature: ActorSignature, origin: string): boolean {
  const subjects = statement.seq === 0 ? [statement.subject, null] : [statement.subject];
  return subjects.some((subject) => {
    const { actor, type, body, sealed } = statement;
    const message = attempt(() => actorMessage({ origin, actor, type, subject, nonce: signature.nonce, expiresAt: signature.expiresAt, body, sealed }));
    return message !== null && verifyActorSignature(signature, message);
  });
}
