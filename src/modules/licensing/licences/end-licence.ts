import { Injectable } from '@nestjs/common';
import { formatWorkNumber } from '../../../lib/statement/index.js';
import type { Tx } from '../../../platform/database/index.js';
import { writePoint } from '../../../platform/fault-points/index.js';
import { AppendStatement, type AppendedStatement } from '../../log/index.js';
import { sendNotices } from '../../notices/index.js';
import { notInThisState } from '../licensing.errors.js';
import type { Licence } from './find-licence.js';
import { insertLicenceEvent } from './licence-event.js';

export interface End {
  /** `unpaid`: what it was bought for is gone again. */
  readonly ground: 'mutual' | 'breach' | 'declined' | 'withdrawn' | 'unpaid';
  readonly effectiveAt: Date;
  /** From the beginning: as if it had never been granted. */
  readonly void: boolean;
  /** Seq of the proposal that the other side agreed to. */
  readonly proposal?: number;
}

export type EndBody = Readonly<{ ground: End['ground']; effectiveAt: string; void: boolean; proposal?: number }>;

/** As the licence's own statement has it. */
export function toEndBody({ ground, effectiveAt, void: isVoid, proposal }: End): EndBody {
  return { ground, effectiveAt: effectiveAt.toISOString(), void: isVoid, ...(proposal === undefined ? {} : { proposal }) };
}

/**
 * What an end does to a licence as it stands: of one that has not begun nothing is left.
 * @throws DomainError `LICENSING.NOT_IN_THIS_STATE` when it is over by then.
 */
export function planEnd({ box, voidedAt }: Pick<Licence, 'box' | 'voidedAt'>, end: End): End {
  if (voidedAt !== null || box.term.until <= end.effectiveAt.getTime()) throw notInThisState('The licence has ended already, or ends before that.');
  return { ...end, void: end.void || end.effectiveAt.getTime() <= box.term.from };
}

/** Cuts the term of a licence, or voids it. The grant stands in its statement as it was; what was granted further down is graded, not voided: its parties are told. */
@Injectable()
export class EndLicence {
  constructor(private readonly append: AppendStatement) {}

  /** After the statement in the licence's own chain. @param end as {@link planEnd} has it. */
  async execute(tx: Tx, licence: Licence, appended: AppendedStatement, end: End, actorId: string | null): Promise<void> {
    await this.note(tx, licence, end, actorId, appended.acceptedAt);
    await applyEnd(tx, licence, end, { seq: appended.seq, actorId, at: appended.acceptedAt });
    const below: { account: string; number: string }[] = await tx.query(
      `WITH RECURSIVE below AS (SELECT licence_id, grantor_id, licensee_id FROM licence WHERE parent_id = $1 AND voided_at IS NULL
         UNION ALL SELECT l.licence_id, l.grantor_id, l.licensee_id FROM licence l JOIN below b ON l.parent_id = b.licence_id WHERE l.voided_at IS NULL)
       SELECT DISTINCT a.account, b.licence_id AS number FROM below b, LATERAL (VALUES (b.grantor_id), (b.licensee_id)) AS a(account) WHERE a.account IS NOT NULL`, [licence.licenceId.toString()]);
    await sendNotices(tx, below.map(({ account, number }) => ({ accountId: account, kind: 'licence-parent-ended', subject: formatWorkNumber(BigInt(number), 'LC') })));
  }

  /** What barred others ends where it stood as well. */
  private async note(tx: Tx, licence: Licence, end: End, actorId: string | null, now: Date): Promise<void> {
    if (licence.exclusivity === 'non-exclusive') return;
    // Seqs are of the licence's own chain.
    const { proposal: _, ...body } = toEndBody(end);
    if (licence.parentId === null) {
      await this.append.execute(tx, { type: 'work.licence-ended', subject: licence.work, about: [licence.number], actor: `party:${licence.number}`, body, sealed: [] }, [], now);
      return;
    }
    const parent = formatWorkNumber(licence.parentId, 'LC');
    const noted = await this.append.execute(tx, { type: 'licence.sublicence-ended', subject: parent, about: [licence.number, licence.work], actor: `party:${licence.number}`, body, sealed: [] }, [], now);
    await insertLicenceEvent(tx, licence.parentId, { seq: noted.seq, kind: 'sublicence-ended', actorId, happenedAt: now, detail: { sublicence: licence.number } });
  }
}

/** The rows of an end; recovery does the same from the statement. */
export async function applyEnd(tx: Tx, { licenceId, box }: Pick<Licence, 'licenceId' | 'box'>, end: End, { seq, actorId, at }: { seq: number; actorId: string | null; at: Date }): Promise<void> {
  await insertLicenceEvent(tx, licenceId, { seq, kind: 'terminated', actorId, happenedAt: at, detail: toEndBody(end) }, box.term);
  await writePoint('licence.end', () => end.void
    ? tx.query('UPDATE licence SET voided_at = $2 WHERE licence_id = $1', [licenceId.toString(), at])
    : tx.query('UPDATE licence SET term = tstzrange(lower(term), $2) WHERE licence_id = $1', [licenceId.toString(), end.effectiveAt]));
}
