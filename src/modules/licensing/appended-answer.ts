import { bytesToHex } from '../../lib/bytes/index.js';
import type { AppendedStatement } from '../log/index.js';

/** What an act about rights answers: its statement, and the signed promise that it will be in the log. */
export interface AppendedAnswer {
  readonly subject: string;
  readonly seq: number;
  readonly statement: { readonly id: string; readonly leafHash: string };
  readonly receipt: string;
}

export function toAnswer({ subject, seq, id, leafHash, receipt }: AppendedStatement): AppendedAnswer {
  return { subject, seq, statement: { id, leafHash: bytesToHex(leafHash) }, receipt };
}
