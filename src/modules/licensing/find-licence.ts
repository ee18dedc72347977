import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { type Box, type Exclusivity } from '../../lib/rights/index.js';
import { formatWorkNumber, parseWorkNumber, type WorkNumber } from '../../lib/statement/index.js';
import { FindWork, type FoundWork } from '../works/index.js';
import { BOX_COLUMNS, type BoxRow, fromBoxRow } from './box-columns.js';
import { licenceNotFound } from './licensing.errors.js';

export interface FoundLicence {
  readonly number: WorkNumber;
  readonly work: WorkNumber;
  readonly exclusivity: Exclusivity;
  readonly box: Box;
  readonly sublicensing: boolean;
  readonly grantorId: string;
  readonly licenseeId: string | null;
  readonly grantedAt: Date;
  readonly voidedAt: Date | null;
  /** Whether the caller granted it or was granted it. */
  readonly isParty: boolean;
}

interface Row extends BoxRow {
  work_id: string;
  exclusivity: Exclusivity;
  sublicensing: boolean;
  grantor_id: string;
  licensee_id: string | null;
  granted_at: Date;
  voided_at: Date | null;
}

/** Finds a licence by its number as typed. Its parties see it, and whoever may know of the work; who the parties are only they learn. */
@Injectable()
export class FindLicence {
  constructor(@InjectDataSource() private readonly dataSource: DataSource, private readonly findWork: FindWork) {}

  /** @throws DomainError `LICENSING.NOT_FOUND`, also for a licence of a work that the caller may not know of. */
  async execute(typed: string, accountId: string | null): Promise<FoundLicence> {
    const parsed = parseWorkNumber(typed, 'LC');
    const [row]: Row[] = parsed === null ? [] : await this.dataSource.query(
      `SELECT work_id, exclusivity, sublicensing, grantor_id, licensee_id, granted_at, voided_at, ${BOX_COLUMNS} FROM licence WHERE licence_id = $1`, [parsed.id.toString()]);
    if (parsed === null || !row) throw licenceNotFound();
    const isParty = accountId !== null && (row.grantor_id === accountId || row.licensee_id === accountId);
    const work = formatWorkNumber(BigInt(row.work_id));
    if (!isParty && (await this.mayKnow(work, accountId)) === null) throw licenceNotFound();
    return {
      number: parsed.number, work, isParty, exclusivity: row.exclusivity, box: fromBoxRow(row), sublicensing: row.sublicensing,
      grantorId: row.grantor_id, licenseeId: row.licensee_id, grantedAt: row.granted_at, voidedAt: row.voided_at,
    };
  }

  private mayKnow(work: WorkNumber, accountId: string | null): Promise<FoundWork | null> {
    return this.findWork.execute(work, accountId).catch(() => null);
  }
}
