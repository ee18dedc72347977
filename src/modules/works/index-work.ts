import { formatWorkNumber } from '../../lib/statement/index.js';
import type { DepositBody } from '../../lib/statement/index.js';
import type { Tx } from '../../platform/database/index.js';
import { writePoint } from '../../platform/fault-points/index.js';
import type { ChainEntry } from '../log/index.js';
import { projectWork } from './project-work.js';
import { toSearchColumns } from './to-search-columns.js';
import { toTitleFacts } from './title-facts.js';

type Said = Pick<ChainEntry, 'type' | 'bytes' | 'disclosures'>;

interface Credited { readonly creditedAs?: string }

/**
 * Makes a work found by what its statements say now, and by nothing else: after whatever changed that, in the same transaction. Of acts that race, such as an amendment and an erasure, the
 * last one to hold the work's row sees what all others have done, and has the last word.
 * @param workId decimal.
 */
export async function indexWork(tx: Tx, workId: string): Promise<void> {
  await tx.query('SELECT 1 FROM work WHERE work_id = $1 FOR NO KEY UPDATE', [workId]);
  const entries: Said[] = await tx.query(
    `SELECT s.type, s.bytes, coalesce((SELECT d.disclosures FROM statement_disclosure d WHERE d.subject = s.subject AND d.seq = s.seq), '{}') AS disclosures
       FROM statement s WHERE s.subject = $1 AND s.type IN ('work.deposited', 'work.amended') ORDER BY s.seq`, [formatWorkNumber(BigInt(workId))]);
  // As strangers see it: also of a confidential work, whose owner alone finds it, nothing else is searched.
  const body = projectWork(entries as unknown as readonly ChainEntry[], false) as unknown as DepositBody & { title?: string; authors?: readonly Credited[] };
  const credited = (body.authors ?? []).flatMap((author: Credited) => author.creditedAs ?? []);
  // No statement at all: a row that something else than a deposit made.
  const { words, rights, protectedUntil } = entries.length === 0 ? { words: '', rights: 0, protectedUntil: null } : toSearchColumns(body.title ?? null, credited, toTitleFacts(body));
  await writePoint('index.work', () => tx.query('UPDATE work SET words = $2::tsvector, rights = $3, protected_until = $4 WHERE work_id = $1', [workId, words, rights, protectedUntil]));
}
