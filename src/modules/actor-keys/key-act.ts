import { hash } from 'node:crypto';
import { bytesToHex } from '../../lib/bytes/index.js';
import { canonicalize, type JsonValue } from '../../lib/canonical-json/index.js';
import type { AppendedStatement } from '../log/index.js';

/** What a change of keys answers: its statement, and the signed promise that it will be in the log. */
export interface KeyAnswer {
  readonly key: string;
  readonly subject: string;
  readonly seq: number;
  readonly statement: { readonly id: string; readonly leafHash: string };
  readonly receipt: string;
}

export function toKeyAnswer(key: string, { subject, seq, id, leafHash, receipt }: AppendedStatement): KeyAnswer {
  return { key, subject, seq, statement: { id, leafHash: bytesToHex(leafHash) }, receipt };
}

/** The same for the same request, however it was spelled. */
export function hashRequest(act: string, payload: JsonValue): Buffer {
  return hash('sha256', canonicalize({ act, payload }), 'buffer');
}
