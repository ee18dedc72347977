import { bytesToHex, equalBytes } from '../../../lib/bytes/index.js';
import { parseReceipt } from '../../../lib/note/index.js';
import { computeDisclosureDigest, parseStatement, type Statement } from '../../../lib/statement/index.js';
import { hashEntry, type NoteVerifier } from '../../../platform/tlog/index.js';
import type { Findings } from './findings.js';

/** A row of `statement` with its disclosures, and all of it as the database has it. */
export interface StatementRow {
  readonly ordinal: string;
  readonly subject: string;
  readonly seq: number;
  readonly type: string;
  readonly prev: Buffer | null;
  readonly bytes: Buffer;
  readonly leaf_hash: Buffer;
  /** With microseconds: the receipt has milliseconds, and nothing below them. */
  readonly accepted_at: string;
  readonly receipt: string;
  readonly disclosures: string[] | null;
}

export const STATEMENT_COLUMNS = `s.ordinal, s.subject, s.seq, s.type, s.prev, s.bytes, s.leaf_hash, s.receipt, d.disclosures,
  to_char(s.accepted_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS accepted_at`;

export interface CheckedStatement {
  /** Computed from the bytes. */
  readonly leafHash: Buffer;
  /** Until when the log promised to merge it; null when its receipt cannot be read. */
  readonly mergeBy: string | null;
}

/** Everything that one row says, against its bytes and the log's signature. */
export function checkStatement(row: StatementRow, origin: string | null, verifier: NoteVerifier, findings: Findings): CheckedStatement {
  const where = `statement ${row.subject}/${row.seq}`;
  const leafHash = hashEntry(row.bytes);
  if (!leafHash.equals(row.leaf_hash)) findings.add('statement', where, `leaf_hash is ${bytesToHex(row.leaf_hash)}, its bytes give ${bytesToHex(leafHash)}`);
  const statement = parse(row, where, findings);
  if (statement) {
    compare(where, 'subject', row.subject, statement.subject, findings);
    compare(where, 'seq', row.seq, statement.seq, findings);
    compare(where, 'type', row.type, statement.type, findings);
    compare(where, 'prev', row.prev === null ? null : bytesToHex(row.prev), statement.prev, findings);
    checkDisclosures(row, statement, findings);
  }
  return { leafHash, mergeBy: checkReceipt(row, where, leafHash, origin, verifier, findings) };
}

function parse(row: StatementRow, where: string, findings: Findings): Statement | null {
  try {
    return parseStatement(row.bytes);
  } catch (error) {
    findings.add('statement', where, `its bytes are no statement: ${(error as Error).message}`);
    return null;
  }
}

function compare(where: string, column: string, stored: unknown, said: unknown, findings: Findings): void {
  if (stored !== said) findings.add('statement', where, `${column} is ${String(stored)}, its bytes say ${String(said)}`);
}

function checkDisclosures(row: StatementRow, statement: Statement, findings: Findings): void {
  const sealed = new Set(statement.sealed);
  for (const disclosure of row.disclosures ?? []) {
    if (!sealed.delete(digestOf(disclosure))) findings.add('disclosure', `statement_disclosure ${row.subject}/${row.seq}`, 'a disclosure opens nothing that the statement seals, or stands there twice');
  }
}

function digestOf(disclosure: string): string {
  try {
    return computeDisclosureDigest(disclosure);
  } catch {
    return ''; // not even text: opens nothing
  }
}

function checkReceipt(row: StatementRow, where: string, leafHash: Buffer, origin: string | null, verifier: NoteVerifier, findings: Findings): string | null {
  try {
    const { text, unknown } = verifier.open(row.receipt);
    const receipt = parseReceipt(text);
    if (unknown > 0) findings.add('receipt', where, 'its receipt has a signature by a key that is not the log’s');
    if (origin !== null && receipt.origin !== origin) findings.add('receipt', where, `its receipt is of the log «${receipt.origin}»`);
    if (!equalBytes(receipt.leafHash, leafHash)) findings.add('receipt', where, 'its receipt is for another leaf hash');
    if (row.accepted_at !== `${receipt.acceptedAt.slice(0, -1)}000Z`) findings.add('receipt', where, `accepted_at is ${row.accepted_at}, its receipt says ${receipt.acceptedAt}`);
    return receipt.mergeBy;
  } catch (error) {
    findings.add('receipt', where, `its receipt does not verify: ${(error as Error).message}`);
    return null;
  }
}
