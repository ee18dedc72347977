import { formatWorkNumber, parseWorkNumber } from '../../lib/statement/index.js';
import type { Tx } from '../../platform/database/index.js';
import { writePoint } from '../../platform/fault-points/index.js';
import type { Projection, RecoveredStatement } from '../log/index.js';
import { handOnClaims } from './hand-on-claims.js';

interface LoggedContent {
  readonly mediaType: string;
  readonly byteLength: number;
  readonly sha256: string;
  readonly sm3?: string;
  readonly deposit: 'held' | 'declared';
}

/**
 * Works, contents, first claims, amendments and withdrawals, from statements that a restored database had lost. Titles and names were sealed: they are
 * gone (null), until their owners say them again. A held file counts as held when it is still on disk.
 * @param heldLength how many bytes the blob of that digest has on disk; null when it is not there.
 */
export function recoverWorks(heldLength: (sha256: string) => Promise<number | null>): Projection {
  return async (statements) => {
    const onDisk = new Set<string>();
    for (const content of statements.flatMap(contentsOf)) {
      if (content.deposit === 'held' && (await heldLength(content.sha256)) === content.byteLength) onDisk.add(content.sha256);
    }
    return async (tx) => {
      for (const recovered of statements) await recoverOne(tx, recovered, onDisk);
    };
  };
}

async function recoverOne(tx: Tx, recovered: RecoveredStatement, onDisk: ReadonlySet<string>): Promise<void> {
  const { statement } = recovered;
  const workId = parseWorkNumber(statement.subject)?.id;
  if (workId === undefined || formatWorkNumber(workId) !== statement.subject) return;
  if (statement.type === 'work.deposited') await recoverDeposit(tx, workId, recovered, onDisk);
  else if (statement.type === 'work.amended') await recoverAmendment(tx, workId, recovered);
  else if (statement.type === 'work.withdrawn') await recoverWithdrawal(tx, workId, recovered);
}

async function recoverDeposit(tx: Tx, workId: bigint, recovered: RecoveredStatement, onDisk: ReadonlySet<string>): Promise<void> {
  const { body, actor, issuedAt } = recovered.statement;
  const accountId = actor.replace(/^acct:/, '');
  await writePoint('recover.work', () =>
    tx.query('INSERT INTO work (work_id, account_id, category, visibility, title, deposited_at) VALUES ($1, $2, $3, $4, NULL, $5)',
      [workId.toString(), accountId, body['category'], body['visibility'], issuedAt]));
  const contents = contentsOf(recovered);
  const held = contents.filter(({ sha256, deposit }) => deposit === 'held' && onDisk.has(sha256));
  if (held.length > 0) {
    await writePoint('recover.blobs', () =>
      tx.query(
        `INSERT INTO blob (sha256, byte_length) SELECT DISTINCT decode(b.sha256, 'hex'), b.byte_length FROM unnest($1::text[], $2::bigint[]) AS b(sha256, byte_length) ORDER BY 1
         ON CONFLICT (sha256) DO UPDATE SET touched_at = now()`,
        [held.map(({ sha256 }) => sha256), held.map(({ byteLength }) => byteLength)],
      ));
  }
  for (const [position, { sha256, sm3, byteLength, mediaType, deposit }] of contents.entries()) {
    await writePoint('recover.content', () =>
      tx.query(
        `INSERT INTO content (work_id, position, sha256, sm3, byte_length, media_type, blob_sha256)
         VALUES ($1, $2, decode($3, 'hex'), decode($4, 'hex'), $5, $6, CASE WHEN $7 THEN decode($3, 'hex') END)`,
        [workId.toString(), position, sha256, sm3 ?? null, byteLength, mediaType, deposit === 'held' && onDisk.has(sha256)],
      ));
    if (body['visibility'] !== 'public' || byteLength === 0) continue;
    // What was claimed after the backup was restored came later than this.
    await writePoint('recover.claims', async () => {
      await tx.query(`DELETE FROM first_claim WHERE sha256 = decode($1, 'hex') AND held = $2 AND claimed_at > $3`, [sha256, deposit === 'held', issuedAt]);
      await tx.query(`INSERT INTO first_claim (sha256, held, work_id, account_id, claimed_at) VALUES (decode($1, 'hex'), $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
        [sha256, deposit === 'held', workId.toString(), accountId, issuedAt]);
    });
  }
}

async function recoverAmendment(tx: Tx, workId: bigint, { statement }: RecoveredStatement): Promise<void> {
  const replaces: readonly unknown[] = Array.isArray(statement.body['replaces']) ? statement.body['replaces'] : [];
  const category = replaces.includes('category') ? (statement.body['category'] ?? null) : null;
  await writePoint('recover.amendment', () =>
    // What it is found by follows when the service starts.
    tx.query('UPDATE work SET words = NULL, category = coalesce($2, category), title = CASE WHEN $3 THEN NULL ELSE title END WHERE work_id = $1', [workId.toString(), category, replaces.includes('title')]));
}

async function recoverWithdrawal(tx: Tx, workId: bigint, { statement }: RecoveredStatement): Promise<void> {
  await writePoint('recover.withdrawal', async () => {
    await tx.query('UPDATE work SET withdrawn_at = $2 WHERE work_id = $1', [workId.toString(), statement.issuedAt]);
    await handOnClaims(tx, workId.toString());
  });
}

/** Of a confidential deposit they are sealed whole, and gone. */
function contentsOf({ statement }: RecoveredStatement): readonly LoggedContent[] {
  const { contents } = statement.body;
  return statement.type === 'work.deposited' && Array.isArray(contents) ? (contents as unknown as LoggedContent[]) : [];
}
