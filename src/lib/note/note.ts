import { base64ToBytes, bytesToBase64, concatBytes, encodeUtf8 } from '../bytes/index.js';
import { VerificationError } from '../errors/index.js';
import { isKeyName, type NoteSigner, type VerifierKey, verifyEd25519 } from './keys.js';

// C2SP signed-note: text, blank line, signature lines.
const SIGNATURE_PREFIX = '\u2014 ';
const KEY_ID_LENGTH = 4;
/** Both are what golang.org/x/mod/sumdb/note accepts; without them a note is work for as long as its sender likes. */
const MAX_SIGNATURES = 100;
const MAX_NOTE_UNITS = 1_000_000;

export interface OpenedNote {
  /** What was signed, with its final newline. */
  readonly text: string;
  /** The told keys whose signatures stand, each once; never empty. */
  readonly verified: VerifierKey[];
  /** Signatures by keys one was not told of: witnesses, later keys. They prove nothing here. */
  readonly unknown: number;
}

/** Signs a text that ends in a newline. Throws NOTE.MALFORMED on a text that no reader would accept. */
export function signNote(text: string, signers: readonly NoteSigner[]): string {
  assertNoteText(text);
  const message = encodeUtf8(text);
  return joinNote(text, signers.map((signer) => ({ name: signer.name, keyId: signer.keyId, signature: signer.sign(message) })));
}

/** The note of a text and signatures over its UTF-8: the inverse of {@link splitNote}. Throws NOTE.MALFORMED on what no reader would accept. */
export function joinNote(text: string, signatures: readonly NoteSignature[]): string {
  assertNoteText(text);
  if (signatures.length === 0 || signatures.length > MAX_SIGNATURES) throw malformed(`${signatures.length} signatures`);
  const lines = signatures.map(({ name, keyId, signature }) => {
    if (!isKeyName(name)) throw malformed('a key name that cannot stand on a signature line');
    return `${SIGNATURE_PREFIX}${name} ${bytesToBase64(concatBytes(uint32(keyId), signature))}\n`;
  });
  return `${text}\n${lines.join('')}`;
}

/**
 * The text of a note, once a told key vouches for it. Signatures of other keys are ignored (C2SP signed-note, «Signatures»), so that
 * witnesses can add theirs. Throws NOTE.MALFORMED; NOTE.INVALID_SIGNATURE when any signature by a told key is wrong;
 * NOTE.NO_KNOWN_SIGNATURE when none is there.
 */
export function openNote(note: string, keys: readonly VerifierKey[]): OpenedNote {
  const { text, signatures } = splitNote(note);
  const message = encodeUtf8(text);
  const verified = new Set<VerifierKey>();
  let unknown = 0;
  for (const { name, keyId, signature } of signatures) {
    const key = keys.find((candidate) => candidate.name === name && candidate.keyId === keyId);
    if (key === undefined) {
      unknown++;
    } else if (verifyEd25519(key.publicKey, message, signature)) {
      verified.add(key);
    } else {
      throw new VerificationError('NOTE.INVALID_SIGNATURE', `the signature by ${name} is wrong`);
    }
  }
  if (verified.size === 0) throw new VerificationError('NOTE.NO_KNOWN_SIGNATURE', 'no told key signed this note');
  return { text, verified: [...verified], unknown };
}

export interface NoteSignature {
  readonly name: string;
  readonly keyId: number;
  readonly signature: Uint8Array;
}

/** The parts of a note, nothing verified. Throws NOTE.MALFORMED. */
export function splitNote(note: string): { text: string; signatures: NoteSignature[] } {
  if (note.length > MAX_NOTE_UNITS) throw malformed('too long');
  // The last blank line separates: the text may hold others.
  const blank = note.lastIndexOf('\n\n');
  if (blank < 0 || !note.endsWith('\n')) throw malformed('no signatures');
  const text = note.slice(0, blank + 1);
  assertNoteText(text);
  const lines = note.slice(blank + 2, -1).split('\n');
  if (lines.length > MAX_SIGNATURES) throw malformed(`${lines.length} signatures`);
  return { text, signatures: lines.map(parseSignatureLine) };
}

function parseSignatureLine(line: string): NoteSignature {
  if (!line.startsWith(SIGNATURE_PREFIX)) throw malformed('a line that is no signature');
  const [name = '', encoded = '', ...more] = line.slice(SIGNATURE_PREFIX.length).split(' ');
  if (!isKeyName(name) || more.length > 0) throw malformed('a line that is no signature');
  const bytes = decode(encoded);
  if (bytes.length <= KEY_ID_LENGTH) throw malformed('a signature too short');
  const keyId = new DataView(bytes.buffer, bytes.byteOffset, KEY_ID_LENGTH).getUint32(0);
  return { name, keyId, signature: bytes.subarray(KEY_ID_LENGTH) };
}

function decode(encoded: string): Uint8Array {
  try {
    return base64ToBytes(encoded);
  } catch (cause) {
    throw new VerificationError('NOTE.MALFORMED', 'a signature that is not base 64', { cause });
  }
}

function assertNoteText(text: string): void {
  // oxlint-disable-next-line no-control-regex -- control characters are what is refused
  if (!text.endsWith('\n') || /[\u0000-\u0009\u000b-\u001f]|\p{Cs}/u.test(text)) throw malformed('a text that cannot be signed');
}

function uint32(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);
}

function malformed(detail: string): VerificationError {
  return new VerificationError('NOTE.MALFORMED', `not a signed note: ${detail}`);
}
