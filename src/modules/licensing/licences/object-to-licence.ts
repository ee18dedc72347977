import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { paragraphs } from '../../../lib/api-schema/index.js';
import type { Tx } from '../../../platform/database/index.js';
import type { AppendedAnswer } from '../appended-answer.js';
import { toBoxParameters } from '../box-columns.js';
import { notHolder, notInThisState } from '../licensing.errors.js';
import { boxFrom, holdersFrom, readSlices } from '../title/read-slices.js';
import { ActOnLicence } from './act-on-licence.js';
import { FindLicence, type Licence } from './find-licence.js';
import { markDoubt, standingObjections } from './licence-event.js';

export const objectionSchema = z.strictObject({ reason: paragraphs(4_000) });

/** So often one account may object to one licence, taking it back in between. */
const MOST_OBJECTIONS = 20;

/** A co-owner objects to what another one licensed without them, with a reason (Copyright Law Art. 14). The licence stands; what it permits is unclear until they take it back. */
@Injectable()
export class ObjectToLicence {
  constructor(private readonly findLicence: FindLicence, private readonly act: ActOnLicence) {}

  /** By who held of its scope when it was granted, and holds still. @throws DomainError `LICENSING.NOT_FOUND`, `LICENSING.NOT_HOLDER`, `LICENSING.NOT_IN_THIS_STATE`. */
  async execute(typed: string, accountId: string, reason: string, idempotencyKey: string | null): Promise<AppendedAnswer> {
    const found = await this.findLicence.execute(typed, accountId);
    return this.act.execute(found, { act: 'objected', accountId, idempotencyKey, payload: { reason } }, async ({ licence, events }, tx) => {
      if (!licence.isHolder || licence.isGrantor || !(await hasHeld(tx, licence, accountId))) throw notHolder();
      if (licence.exclusivity !== 'non-exclusive') throw notInThisState('All holders consented to this licence.');
      if (licence.isLicensee) throw notInThisState('The licence is your own: decline it, or end it with the other party.');
      if (standingObjections(events).some(({ actorId }) => actorId === accountId)) throw notInThisState('Your objection stands already.');
      if (events.filter(({ kind, actorId }) => kind === 'objected' && actorId === accountId).length >= MOST_OBJECTIONS) throw notInThisState('You have objected to this licence so often that you may not again.');
      return { kind: 'objected', body: {}, sealed: { reason }, notice: 'licence-objected', apply: (inner) => markDoubt(inner, licence.licenceId) };
    });
  }

  /**
   * By who objected; when they hold nothing of its scope any more, by anyone who does.
   * @param objection seq of the objection's statement. @throws DomainError as {@link execute}.
   */
  async withdraw(typed: string, accountId: string, objection: number, idempotencyKey: string | null): Promise<AppendedAnswer> {
    const found = await this.findLicence.execute(typed, accountId);
    return this.act.execute(found, { act: 'objection-withdrawn', accountId, idempotencyKey, payload: { objection } }, async ({ licence, events }, tx) => {
      const standing = standingObjections(events).find(({ seq }) => seq === objection);
      const holders = holdersFrom(await readSlices(tx, licence.workId), licence.box, Date.now());
      const isLeft = standing !== undefined && licence.isHolder && (standing.actorId === null || !holders.includes(standing.actorId));
      if (standing === undefined || (standing.actorId !== accountId && !isLeft)) throw notInThisState('No such objection of yours stands.');
      return { kind: 'objection-withdrawn', body: { objection }, notice: 'licence-objection-withdrawn', apply: (inner) => markDoubt(inner, licence.licenceId) };
    });
  }
}

/** Whether the account held of the licence's scope when it was granted: who buys a share takes it with its licences. */
async function hasHeld(tx: Tx, { workId, box, grantedAt }: Licence, accountId: string): Promise<boolean> {
  const [row]: { held: boolean }[] = await tx.query(
    `SELECT EXISTS (SELECT 1 FROM holding h JOIN holding_holder o USING (holding_id)
       WHERE h.work_id = $1 AND o.account_id = $2 AND h.made_at <= $3 AND (h.replaced_at IS NULL OR h.replaced_at > $3)
         AND h.rights && $4 AND h.territories && $5 AND h.uses && $6 AND h.languages && $7 AND h.term && $8) AS held`,
    [workId, accountId, grantedAt, ...toBoxParameters(boxFrom(box, grantedAt.getTime()))]);
  return row?.held === true;
}
