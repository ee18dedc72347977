import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { encodeUtf8 } from '../../lib/bytes/index.js';
import { VerificationError } from '../../lib/errors/index.js';
import { parseVerifierKey, splitNote } from '../../lib/note/index.js';

/** DER of an Ed25519 SubjectPublicKeyInfo up to its 32 bytes (RFC 8410, section 4). */
const SPKI_ED25519 = Buffer.from('302a300506032b6570032100', 'hex');

export interface VerifiedNote {
  readonly text: string;
  /** The vkeys whose signatures stand; never empty. */
  readonly verified: readonly string[];
  /** Signatures by keys one was not told of. */
  readonly unknown: number;
}

/** Opens signed notes as `openNote` of src/lib/note does, with native Ed25519: a whole log has millions of signatures. */
export class NoteVerifier {
  private readonly keys: { readonly vkey: string; readonly name: string; readonly keyId: number; readonly key: KeyObject }[] = [];

  /** @throws VerificationError NOTE.INVALID_KEY. */
  constructor(vkeys: readonly string[]) {
    for (const vkey of vkeys) this.add(vkey);
  }

  get vkeys(): readonly string[] {
    return this.keys.map(({ vkey }) => vkey);
  }

  /** From now on this key counts as well. */
  add(vkey: string): void {
    if (this.keys.some((known) => known.vkey === vkey)) return;
    const { name, keyId, publicKey } = parseVerifierKey(vkey);
    this.keys.push({ vkey, name, keyId, key: createPublicKey({ key: Buffer.concat([SPKI_ED25519, publicKey]), format: 'der', type: 'spki' }) });
  }

  /** @throws VerificationError NOTE.MALFORMED, NOTE.INVALID_SIGNATURE, NOTE.NO_KNOWN_SIGNATURE. */
  open(note: string): VerifiedNote {
    const { text, signatures } = splitNote(note);
    const message = encodeUtf8(text);
    const verified = new Set<string>();
    let unknown = 0;
    for (const { name, keyId, signature } of signatures) {
      const known = this.keys.find((key) => key.name === name && key.keyId === keyId);
      if (!known) unknown++;
      else if (signature.length === 64 && verify(null, message, known.key, signature)) verified.add(known.vkey);
      else throw new VerificationError('NOTE.INVALID_SIGNATURE', `the signature by ${name} is wrong`);
    }
    if (verified.size === 0) throw new VerificationError('NOTE.NO_KNOWN_SIGNATURE', 'no told key signed this note');
    return { text, verified: [...verified], unknown };
  }
}
