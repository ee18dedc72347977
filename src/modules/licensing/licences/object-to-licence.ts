import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { paragraphs } from '../../../lib/api-schema/index.js';
import type { AppendedAnswer } from '../appended-answer.js';
import { notInThisState, notHolder } from '../licensing.errors.js';
import { ActOnLicence } from './act-on-licence.js';
import { toBoxParameters } from '../box-columns.js';
import { FindLicence, type Licence } from './find-licence.js';
import { markDoubt } from './licence-event.js';

export const objectionSchema = z.strictObject({ reason: paragraphs(4_000) });

/** A co-owner objects to what another one licensed without them, with a reason (Copyright Law Art. 14). The licence stands; what it permits is unclear until they take it back. */
@Injectable()
export class ObjectToLicence {
  constructor(private readonly findLicence: FindLicence, private readonly act: ActOnLicence) {}

  /** @throws DomainError `LICENSING.NOT_FOUND`, `LICENSING.NOT_HOLDER`, `LICENSING.NOT_IN_THIS_STATE`. */
  async execute(typed: string, accountId: string, reason: string, idempotencyKey: string | null): Promise<AppendedAnswer> {
    const found = await this.findLicence.execute(typed, accountId);
    if (!found.isHolder || found.isGrantor || found.parentId !== null || !(await this.heldThen(found, accountId))) throw notHolder();
    return this.act.execute(found, { kind: 'objected', accountId, idempotencyKey, payload: { reason }, body: {}, sealed: { reason }, notice: 'licence-objected' }, async (tx, { licence }) => {
      if (licence.exclusivity !== 'non-exclusive') throw notInThisState('All holders consented to this licence.');
      if (licence.voidedAt !== null) throw notInThisState('The licence is void.');
      await markDoubt(tx, licence.licenceId);
    });
  }

  /** @param objection seq of the objection's statement. @throws DomainError as {@link execute}. */
  async withdraw(typed: string, accountId: string, objection: number, idempotencyKey: string | null): Promise<AppendedAnswer> {
    const found = await this.findLicence.execute(typed, accountId);
    return this.act.execute(found, { kind: 'objection-withdrawn', accountId, idempotencyKey, payload: { objection }, body: { objection }, notice: 'licence-objection-withdrawn' }, async (tx, { licence, events }) => {
      const stands = events.some((event) => event.kind === 'objected' && event.seq === objection && event.actorId === accountId)
        && !events.some((event) => event.kind === 'objection-withdrawn' && event.detail['objection'] === objection);
      if (!stands) throw notInThisState('No such objection of yours stands.');
      await markDoubt(tx, licence.licenceId);
    });
  }

  /** Whether the account held of its scope when it was granted: who buys a share takes it with its licences. */
  private async heldThen({ workId, box, grantedAt }: Licence, accountId: string): Promise<boolean> {
    const [row]: { held: boolean }[] = await this.findLicence.db.query(
      `SELECT EXISTS (SELECT 1 FROM holding h JOIN holding_holder o USING (holding_id)
         WHERE h.work_id = $1 AND o.account_id = $2 AND h.made_at <= $3 AND (h.replaced_at IS NULL OR h.replaced_at > $3)
           AND h.rights && $4 AND h.territories && $5 AND h.uses && $6 AND h.languages && $7 AND h.term && $8) AS held`,
      [workId, accountId, grantedAt, ...toBoxParameters(box)]);
    return row?.held === true;
  }
}
