import { toHash } from '../../../lib/merkle/index.js';
import type { Tx } from '../../../platform/database/index.js';
import { writePoint } from '../../../platform/fault-points/index.js';
import type { LogKeys } from '../log-keys.js';
import { type LogHead, placeLeaves } from '../place-leaves.js';
import type { RecoveredStatement } from './recovered-statement.js';

/** Inserts those statements of a batch that the database does not have. @param now when their new receipts are given. */
export async function insertMissing(tx: Tx, missing: readonly RecoveredStatement[], keys: LogKeys, now: Date): Promise<void> {
  if (missing.length === 0) return;
  await writePoint('recover.statements', () =>
    tx.query(
      `INSERT INTO statement (subject, seq, type, prev, bytes, accepted_at, receipt)
       SELECT s.subject, s.seq, s.type, decode(s.prev, 'hex'), decode(s.bytes, 'hex'), s.accepted_at, s.receipt
         FROM unnest($1::text[], $2::integer[], $3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::text[]) WITH ORDINALITY AS s(subject, seq, type, prev, bytes, accepted_at, receipt, place)
        ORDER BY s.place`,
      [
        missing.map(({ statement }) => statement.subject), missing.map(({ statement }) => statement.seq), missing.map(({ statement }) => statement.type),
        missing.map(({ statement }) => statement.prev), missing.map(({ bytes }) => Buffer.from(bytes).toString('hex')), missing.map(({ statement }) => statement.issuedAt),
        // The receipt that was handed out is lost here; this one promises the same leaf, which is in the log already.
        missing.map(({ leafHash, statement }) => keys.signReceipt(toHash(leafHash), new Date(statement.issuedAt), now)),
      ],
    ));
  const chained = missing.filter(({ statement }) => statement.seq > 0);
  if (chained.length === 0) return;
  await writePoint('recover.heads', () =>
    tx.query(
      `INSERT INTO subject_head (subject, seq, leaf_hash)
       SELECT DISTINCT ON (s.subject) s.subject, s.seq, s.leaf_hash FROM statement s WHERE s.subject = ANY ($1::text[]) ORDER BY s.subject, s.seq DESC
       ON CONFLICT (subject) DO UPDATE SET seq = EXCLUDED.seq, leaf_hash = EXCLUDED.leaf_hash WHERE subject_head.seq < EXCLUDED.seq`,
      [[...new Set(chained.map(({ statement }) => statement.subject))].toSorted()],
    ));
}

/** Gives a batch its places and moves the head; the root is checked by the caller at the end, and by every later batch on the way. */
export async function placeBatch(tx: Tx, head: LogHead, statements: readonly RecoveredStatement[]): Promise<LogHead> {
  const rows: { ordinal: string }[] = await tx.query(
    `SELECT s.ordinal FROM unnest($1::text[], $2::integer[]) WITH ORDINALITY AS w(subject, seq, place) JOIN statement s ON s.subject = w.subject AND s.seq = w.seq ORDER BY w.place`,
    [statements.map(({ statement }) => statement.subject), statements.map(({ statement }) => statement.seq)],
  );
  const appended = await placeLeaves(tx, head, rows.map(({ ordinal }) => ordinal), Buffer.concat(statements.map(({ leafHash }) => leafHash)));
  return { treeSize: appended.size, rootHash: appended.root };
}
