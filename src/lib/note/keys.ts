import { ed25519 } from '@noble/curves/ed25519.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { base64ToBytes, bytesToBase64, concatBytes, encodeUtf8, equalBytes, hexToBytes } from '../bytes/index.js';
import { VerificationError } from '../errors/index.js';

/** C2SP signed-note, signature type 0x01. */
const ED25519 = 0x01;
const KEY_LENGTH = 32;
const SIGNER_PREFIX = 'PRIVATE+KEY+';

/** An Ed25519 key that notes are verified with. `keyId` is an unsigned 32-bit number; with the name it selects the key. */
export interface VerifierKey {
  readonly name: string;
  readonly keyId: number;
  readonly publicKey: Uint8Array;
}

/** Whoever can sign a note's text: a key in memory, or a module that keeps it elsewhere. */
export interface NoteSigner {
  readonly name: string;
  readonly keyId: number;
  /** The signature alone (64 bytes for Ed25519), without the key id. */
  sign(message: Uint8Array): Uint8Array;
}

export interface Ed25519Signer extends NoteSigner {
  readonly verifierKey: VerifierKey;
}

/** Whether a name can stand on a signature line: not empty, no Unicode space, no plus sign, no control character. */
export function isKeyName(name: string): boolean {
  // oxlint-disable-next-line no-control-regex -- control characters are what is refused
  return name.length > 0 && !/[\u0000-\u0020\u007f-\u00a0+]|\p{Z}|\p{Cs}/u.test(name);
}

/** A `name+id+base64` verifier key (vkey). Throws NOTE.INVALID_KEY, also when the id does not belong to the key. */
export function parseVerifierKey(vkey: string): VerifierKey {
  const { name, keyId, key } = parseKey(vkey);
  const parsed = toVerifierKey(name, key);
  if (parsed.keyId !== keyId) throw keyError('the key id does not belong to this name and key');
  return parsed;
}

/** Inverse of {@link parseVerifierKey}. */
export function formatVerifierKey(key: VerifierKey): string {
  return formatKey(key.name, key.keyId, key.publicKey);
}

/** A signer over an Ed25519 seed (RFC 8032, 32 bytes). Throws NOTE.INVALID_KEY on another length or an impossible name. */
export function createEd25519Signer(name: string, seed: Uint8Array): Ed25519Signer {
  if (seed.length !== KEY_LENGTH) throw keyError(`a seed of ${seed.length} bytes`);
  const secret = Uint8Array.from(seed);
  const verifierKey = toVerifierKey(name, ed25519.getPublicKey(secret));
  return { name, keyId: verifierKey.keyId, verifierKey, sign: (message) => ed25519.sign(message, secret) };
}

/** `PRIVATE+KEY+name+id+base64`, as golang.org/x/mod/sumdb/note writes it. Throws NOTE.INVALID_KEY; the message never quotes the key. */
export function parseSignerKey(skey: string): Ed25519Signer {
  if (!skey.startsWith(SIGNER_PREFIX)) throw keyError('not a private key');
  const { name, keyId, key } = parseKey(skey.slice(SIGNER_PREFIX.length));
  const signer = createEd25519Signer(name, key);
  if (signer.keyId !== keyId) throw keyError('the key id does not belong to this name and key');
  return signer;
}

/** Inverse of {@link parseSignerKey}. What it returns is secret. */
export function formatSignerKey(name: string, seed: Uint8Array): string {
  return SIGNER_PREFIX + formatKey(name, createEd25519Signer(name, seed).keyId, seed);
}

function toVerifierKey(name: string, publicKey: Uint8Array): VerifierKey {
  if (!isKeyName(name)) throw keyError('a name that cannot stand on a signature line');
  const digest = sha256(concatBytes(encodeUtf8(name), Uint8Array.of(0x0a, ED25519), publicKey));
  const keyId = new DataView(digest.buffer, digest.byteOffset, 4).getUint32(0);
  return { name, keyId, publicKey: Uint8Array.from(publicKey) };
}

function formatKey(name: string, keyId: number, key: Uint8Array): string {
  return `${name}+${keyId.toString(16).padStart(8, '0')}+${bytesToBase64(concatBytes(Uint8Array.of(ED25519), key))}`;
}

function parseKey(text: string): { name: string; keyId: number; key: Uint8Array } {
  // Base 64 may hold plus signs, a name and an id may not: the first two separate.
  const afterName = text.indexOf('+');
  const afterId = text.indexOf('+', afterName + 1);
  if (afterName < 0 || afterId !== afterName + 9 || !isKeyName(text.slice(0, afterName))) throw keyError('not of the form name+id+key');
  const [id, bytes] = decodeKeyParts(text.slice(afterName + 1, afterId), text.slice(afterId + 1));
  if (bytes[0] !== ED25519 || bytes.length !== 1 + KEY_LENGTH) throw keyError('not an Ed25519 key');
  return { name: text.slice(0, afterName), keyId: new DataView(id.buffer, id.byteOffset).getUint32(0), key: bytes.subarray(1) };
}

function decodeKeyParts(id: string, key: string): [Uint8Array, Uint8Array] {
  try {
    return [hexToBytes(id), base64ToBytes(key)];
  } catch (cause) {
    throw new VerificationError('NOTE.INVALID_KEY', 'the key is not encoded as it must be', { cause });
  }
}

function keyError(detail: string): VerificationError {
  return new VerificationError('NOTE.INVALID_KEY', detail);
}

/** Whether this key's Ed25519 signature over the message is right (RFC 8032, the strict equation). Never throws. */
export function verifyEd25519(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (signature.length !== 64 || publicKey.length !== KEY_LENGTH) return false;
  return ed25519.verify(signature, message, publicKey, { zip215: false });
}

/** Whether two verifier keys are one. */
export function equalKeys(a: VerifierKey, b: VerifierKey): boolean {
  return a.name === b.name && a.keyId === b.keyId && equalBytes(a.publicKey, b.publicKey);
}
