import { type Box, containsBox, type Scope, toBox } from '../../../lib/rights/index.js';
import { formatWorkNumber, type Statement } from '../../../lib/statement/index.js';
import type { Tx } from '../../../platform/database/index.js';
import { statementOf } from '../../works/index.js';
import { insertFirstHolding } from '../title/insert-holding.js';
import { readFirstTitle, type TitleEntry } from '../title/title-facts.js';

/** An account as statements name it. */
export const accountOf = (actor: unknown): string => String(actor).replace(/^acct:/, '');

type Row = TitleEntry & { readonly seq: number };

/**
 * The first holding, when no act has made it a row yet: as the deposit and the amendments before the act say, which is what the act was judged by.
 * An act that was refused is in no log, but had opened the title as it stood then: so where the act lies outside, an earlier one that holds it is taken.
 * @param act the first statement about the work's rights. @param box what it is about; null: all.
 */
export async function openTitle(tx: Tx, workId: string, { subject, seq, issuedAt }: Pick<Statement, 'subject' | 'seq' | 'issuedAt'>, box: Box | null): Promise<void> {
  const number = formatWorkNumber(BigInt(workId));
  const [opened] = await tx.query<unknown[]>('SELECT 1 FROM holding WHERE work_id = $1 AND cut_from IS NULL', [workId]);
  if (opened) return;
  const rows: Row[] = await tx.query(
    `SELECT s.seq, s.type, s.bytes, coalesce(d.disclosures, '{}') AS disclosures FROM statement s LEFT JOIN statement_disclosure d USING (subject, seq)
      WHERE s.subject = $1 AND s.type IN ('work.deposited', 'work.amended') AND CASE WHEN $2::integer IS NULL THEN s.accepted_at <= $3 ELSE s.seq < $2 END ORDER BY s.seq`,
    [number, subject === number ? seq : null, issuedAt]);
  const [deposited] = rows;
  if (!deposited || deposited.seq !== 0) return;
  const { actor, issuedAt: madeAt } = statementOf(deposited);
  const titles = rows.map((_, i) => readFirstTitle(rows.slice(0, rows.length - i), accountOf(actor)));
  const title = titles.find((one) => one !== null && (box === null || containsBox(one.box, box))) ?? titles[0];
  if (title) await insertFirstHolding(tx, { workId, ...title, madeSeq: 0, madeAt: new Date(madeAt) });
}

export function boxOf(scope: unknown): Box {
  const { box } = toBox(scope as Scope);
  if (box === null) throw new Error('a scope in the log cannot be read');
  return box;
}
