import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import type { Box, Exclusivity } from '../../../lib/rights/index.js';
import { formatWorkNumber, parseWorkNumber, type WorkNumber } from '../../../lib/statement/index.js';
import type { Tx } from '../../../platform/database/index.js';
import { BOX_COLUMNS, type BoxRow, fromBoxRow, toBoxParameters } from '../box-columns.js';
import { licenceNotFound } from '../licensing.errors.js';
import { boxFrom, holdersFrom, readSlices, type Slice } from '../title/read-slices.js';
import { ReadTitle } from '../title/read-title.js';
import type { Side } from './licence-event.js';

export interface Licence {
  readonly licenceId: bigint;
  readonly number: WorkNumber;
  readonly work: WorkNumber;
  /** Decimal. */
  readonly workId: string;
  readonly parentId: bigint | null;
  readonly exclusivity: Exclusivity;
  readonly box: Box;
  readonly sublicensing: boolean;
  readonly toAnyone: boolean;
  readonly declared: boolean;
  readonly conditions: readonly string[];
  readonly grantorId: string | null;
  readonly licenseeId: string | null;
  /** There is a licensee who has not opened yet, after a recovery, that it is them. */
  readonly licenseeSealed: boolean;
  readonly grantedAt: Date;
  readonly acceptedAt: Date | null;
  readonly doubtedAt: Date | null;
  readonly voidedAt: Date | null;
}

export interface FoundLicence extends Licence {
  /** As what the caller reads it. */
  readonly isGrantor: boolean;
  readonly isLicensee: boolean;
  /** Holds of its scope from now on. */
  readonly isHolder: boolean;
  /** Who acts for the granting side: the grantor, while they hold of its scope, and then whoever does. */
  readonly above: readonly string[];
  readonly isAbove: boolean;
  /** Whom the caller speaks for, the first first: for the granting side of their own licence only who is all of it. */
  readonly sides: readonly Side[];
  /** Any of these. */
  readonly isParty: boolean;
}

export interface LicenceRow extends BoxRow {
  licence_id: string;
  work_id: string;
  parent_id: string | null;
  exclusivity: Exclusivity;
  sublicensing: boolean;
  to_anyone: boolean;
  declared: boolean;
  conditions: string[];
  grantor_id: string | null;
  licensee_id: string | null;
  licensee_sealed: boolean;
  granted_at: Date;
  accepted_at: Date | null;
  doubted_at: Date | null;
  voided_at: Date | null;
}

export const LICENCE_COLUMNS = `licence_id, work_id, parent_id, exclusivity, sublicensing, to_anyone, declared, conditions, grantor_id, licensee_id, licensee_sealed, granted_at, accepted_at, doubted_at, voided_at, ${BOX_COLUMNS}`;

export function fromLicenceRow(row: LicenceRow): Licence {
  return {
    licenceId: BigInt(row.licence_id), number: formatWorkNumber(BigInt(row.licence_id), 'LC'), work: formatWorkNumber(BigInt(row.work_id)), workId: row.work_id,
    parentId: row.parent_id === null ? null : BigInt(row.parent_id), exclusivity: row.exclusivity, box: fromBoxRow(row), sublicensing: row.sublicensing, toAnyone: row.to_anyone, declared: row.declared,
    conditions: row.conditions, grantorId: row.grantor_id, licenseeId: row.licensee_id, licenseeSealed: row.licensee_sealed, grantedAt: row.granted_at, acceptedAt: row.accepted_at, doubtedAt: row.doubted_at, voidedAt: row.voided_at,
  };
}

/** Finds a licence by its number as typed. Its parties see it, and whoever may know of the work; who the parties are only they learn. */
@Injectable()
export class FindLicence {
  constructor(@InjectDataSource() private readonly db: DataSource, private readonly title: ReadTitle) {}

  /** @throws DomainError `LICENSING.NOT_FOUND`, also for a licence of a work that the caller may not know of. */
  async execute(typed: string, accountId: string | null): Promise<FoundLicence> {
    const parsed = parseWorkNumber(typed, 'LC');
    const licence = parsed && (await this.byId(this.db, parsed.id));
    if (!licence) throw licenceNotFound();
    const work = await this.title.findOrNull(licence.work, accountId);
    if (work === null && (accountId === null || (licence.licenseeId !== accountId && licence.grantorId !== accountId))) throw licenceNotFound();
    const slices = licence.parentId === null ? (work ?? (await this.title.findForInsider(licence.work))).slices : [];
    return toFound(licence, slices, accountId);
  }

  /**
   * The same as the last act left it, whose chain's head the caller has locked: nobody assigns of its scope until the transaction ends.
   * @param alsoGrants whether nobody grants from it until then either.
   */
  async lock(tx: Tx, { licenceId, workId, parentId, box }: Licence, accountId: string | null, alsoGrants: boolean): Promise<FoundLicence> {
    if (parentId === null) {
      await tx.query(
        `SELECT 1 FROM holding WHERE work_id = $1 AND replaced_seq IS NULL AND rights && $2 AND territories && $3 AND uses && $4 AND languages && $5 AND term && $6 ORDER BY holding_id FOR SHARE`,
        [workId, ...toBoxParameters(boxFrom(box, Date.now()))]);
    }
    // Holdings before licences (DESIGN invariant 10).
    if (alsoGrants) await tx.query('SELECT 1 FROM licence WHERE licence_id = $1 FOR UPDATE', [licenceId.toString()]);
    const licence = await this.byId(tx, licenceId);
    if (licence === null) throw licenceNotFound();
    return toFound(licence, parentId === null ? await readSlices(tx, workId) : [], accountId);
  }

  /** For who knows that there is one. @throws DomainError `LICENSING.NOT_FOUND`. */
  async lockless(db: Pick<DataSource, 'query'>, licenceId: bigint): Promise<Licence> {
    const licence = await this.byId(db, licenceId);
    if (licence === null) throw licenceNotFound();
    return licence;
  }

  async byId(db: Pick<DataSource, 'query'>, licenceId: bigint): Promise<Licence | null> {
    const [row]: LicenceRow[] = await db.query(`SELECT ${LICENCE_COLUMNS} FROM licence WHERE licence_id = $1`, [licenceId.toString()]);
    return row ? fromLicenceRow(row) : null;
  }
}

/** @param slices of its work; none of a sublicence, whose grantor is another licence's licensee. */
function toFound(licence: Licence, slices: readonly Slice[], accountId: string | null): FoundLicence {
  const holders = holdersFrom(slices, licence.box, Date.now());
  const grantorHolds = licence.parentId !== null || (licence.grantorId !== null && holders.includes(licence.grantorId));
  const above = grantorHolds ? [licence.grantorId].flatMap((id) => id ?? []) : holders;
  const is = (id: string | null): boolean => accountId !== null && id === accountId;
  const [isGrantor, isLicensee, isHolder, isAbove] = [is(licence.grantorId), is(licence.licenseeId), holders.some(is), above.some(is)];
  const sides: Side[] = [...(isLicensee ? ['licensee' as const] : []), ...(isAbove && (!isLicensee || above.every(is)) ? ['grantor' as const] : [])];
  return { ...licence, isGrantor, isLicensee, isHolder, above, isAbove, sides, isParty: isGrantor || isLicensee || isHolder };
}
