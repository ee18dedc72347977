import { Injectable } from '@nestjs/common';
import { formatWorkNumber } from '../../../lib/statement/index.js';
import type { Tx } from '../../../platform/database/index.js';
import { AppendStatement } from '../../log/index.js';
import { type End, EndLicence, toEndBody } from './end-licence.js';
import { FindLicence } from './find-licence.js';

/** Voids a licence whose price was taken back, as a part of a wider act: as if it had never been granted. */
@Injectable()
export class RescindLicence {
  constructor(private readonly findLicence: FindLicence, private readonly append: AppendStatement, private readonly end: EndLicence) {}

  /**
   * The chains that it is said in: their heads are locked before the licence.
   * @throws DomainError `LICENSING.NOT_FOUND`.
   */
  async headsOf(tx: Tx, licenceId: bigint): Promise<string[]> {
    const { number, work, exclusivity, parentId } = await this.findLicence.lockless(tx, licenceId);
    return exclusivity === 'non-exclusive' ? [number] : [number, parentId === null ? work : formatWorkNumber(parentId, 'LC')];
  }

  /** @param actor who says it, as the statement has it. @returns false for one that is void already. @throws DomainError `LICENSING.NOT_FOUND`. */
  async within(tx: Tx, licenceId: bigint, actor: string): Promise<boolean> {
    await this.append.lock(tx, await this.headsOf(tx, licenceId));
    const licence = await this.findLicence.lock(tx, await this.findLicence.lockless(tx, licenceId), null, true);
    if (licence.voidedAt !== null) return false;
    const end: End = { ground: 'unpaid', effectiveAt: new Date(), void: true };
    const appended = await this.append.execute(tx, { type: 'licence.terminated', subject: licence.number, about: [licence.work], actor, body: toEndBody(end), sealed: [] }, []);
    await this.end.execute(tx, licence, appended, end, licence.grantorId);
    return true;
  }
}
