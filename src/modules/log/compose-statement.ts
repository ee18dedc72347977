import { createHash } from 'node:crypto';
import { encodeStatement, type Statement } from '../../lib/statement/index.js';
import type { JsonValue } from '../../lib/canonical-json/index.js';
import { bytesToHex } from '../../lib/bytes/index.js';
import { type Hash, toHash } from '../../lib/merkle/index.js';
import { uuidv7 } from '../../platform/random/index.js';

/** What an act says; its place in the subject's chain is added by whoever appends it. */
export interface Act {
  readonly type: string;
  readonly subject: string;
  readonly actor: string;
  readonly about?: readonly string[];
  readonly body: { readonly [member: string]: JsonValue };
  /** Digests of the sealed members, in any order. */
  readonly sealed: readonly string[];
  readonly signatures?: Statement['signatures'];
}

export interface Link {
  readonly seq: number;
  readonly prev: Hash | null;
}

export interface ComposedStatement {
  readonly id: string;
  readonly subject: string;
  readonly seq: number;
  readonly type: string;
  /** The canonical JSON, and its UTF-8. */
  readonly text: string;
  readonly bytes: Uint8Array;
  readonly leafHash: Hash;
}

const LEAF_PREFIX = Uint8Array.of(0);

/** RFC 6962, section 2.1, in native code. */
function hashLeafNatively(bytes: Uint8Array): Hash {
  return toHash(createHash('sha256').update(LEAF_PREFIX).update(bytes).digest());
}

/** The canonical bytes of a statement issued `now` at its place in a chain. @throws DomainError as {@link encodeStatement}. */
export function composeStatement(act: Act, link: Link, now: Date): ComposedStatement {
  const id = uuidv7(now.getTime());
  const { text, bytes, leafHash } = encodeStatement({
    zhengben: 1,
    type: act.type,
    id,
    subject: act.subject,
    seq: link.seq,
    prev: link.prev === null ? null : bytesToHex(link.prev),
    issuedAt: now.toISOString(),
    actor: act.actor,
    ...(act.about === undefined ? {} : { about: [...act.about] }),
    body: act.body,
    sealed: act.sealed.toSorted(),
    ...(act.signatures === undefined ? {} : { signatures: act.signatures }),
  }, hashLeafNatively);
  return { id, subject: act.subject, seq: link.seq, type: act.type, text, bytes, leafHash };
}
