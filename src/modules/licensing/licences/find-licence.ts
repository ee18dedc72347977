import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { type Box, boxesOverlap, type Exclusivity } from '../../../lib/rights/index.js';
import { formatWorkNumber, parseWorkNumber, type WorkNumber } from '../../../lib/statement/index.js';
import { BOX_COLUMNS, type BoxRow, fromBoxRow } from '../box-columns.js';
import { licenceNotFound } from '../licensing.errors.js';
import { ReadTitle, type TitledWork } from '../title/read-title.js';

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
  readonly grantedAt: Date;
  readonly acceptedAt: Date | null;
  readonly doubtedAt: Date | null;
  readonly voidedAt: Date | null;
}

export interface FoundLicence extends Licence {
  /** As what the caller reads it. */
  readonly isGrantor: boolean;
  readonly isLicensee: boolean;
  /** Holds of its scope today. */
  readonly isHolder: boolean;
  /** Who acts for the granting side: the grantor, while they hold of its scope, and then whoever does. */
  readonly above: readonly string[];
  readonly isAbove: boolean;
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
  granted_at: Date;
  accepted_at: Date | null;
  doubted_at: Date | null;
  voided_at: Date | null;
}

export const LICENCE_COLUMNS = `licence_id, work_id, parent_id, exclusivity, sublicensing, to_anyone, declared, conditions, grantor_id, licensee_id, granted_at, accepted_at, doubted_at, voided_at, ${BOX_COLUMNS}`;

export function fromLicenceRow(row: LicenceRow): Licence {
  return {
    licenceId: BigInt(row.licence_id), number: formatWorkNumber(BigInt(row.licence_id), 'LC'), work: formatWorkNumber(BigInt(row.work_id)), workId: row.work_id,
    parentId: row.parent_id === null ? null : BigInt(row.parent_id), exclusivity: row.exclusivity, box: fromBoxRow(row), sublicensing: row.sublicensing, toAnyone: row.to_anyone, declared: row.declared,
    conditions: row.conditions, grantorId: row.grantor_id, licenseeId: row.licensee_id, grantedAt: row.granted_at, acceptedAt: row.accepted_at, doubtedAt: row.doubted_at, voidedAt: row.voided_at,
  };
}

/** Finds a licence by its number as typed. Its parties see it, and whoever may know of the work; who the parties are only they learn. */
@Injectable()
export class FindLicence {
  constructor(@InjectDataSource() readonly db: DataSource, private readonly title: ReadTitle) {}

  /** @throws DomainError `LICENSING.NOT_FOUND`, also for a licence of a work that the caller may not know of. */
  async execute(typed: string, accountId: string | null): Promise<FoundLicence> {
    const parsed = parseWorkNumber(typed, 'LC');
    const licence = parsed && (await this.byId(this.db, parsed.id));
    if (!licence) throw licenceNotFound();
    const isLicensee = accountId !== null && licence.licenseeId === accountId;
    const work = await this.title.find(licence.work, accountId).catch(() => null);
    const isGrantor = accountId !== null && licence.grantorId === accountId;
    if (work === null && !isLicensee && !isGrantor) throw licenceNotFound();
    const holders = licence.parentId === null ? holdersOf(licence, work ?? (await this.title.findForInsider(licence.work))) : [];
    const isHolder = accountId !== null && holders.includes(accountId);
    const grantorHolds = licence.parentId !== null || (licence.grantorId !== null && holders.includes(licence.grantorId));
    const above = grantorHolds ? [licence.grantorId].flatMap((id) => id ?? []) : holders;
    return { ...licence, isGrantor, isLicensee, isHolder, above, isAbove: accountId !== null && above.includes(accountId), isParty: isGrantor || isLicensee || isHolder };
  }

  async byId(db: Pick<DataSource, 'query'>, licenceId: bigint): Promise<Licence | null> {
    const [row]: LicenceRow[] = await db.query(`SELECT ${LICENCE_COLUMNS} FROM licence WHERE licence_id = $1`, [licenceId.toString()]);
    return row ? fromLicenceRow(row) : null;
  }
}

/** Whether what an account did to the licence was done by the caller's side of it. Slices change hands: that they were other people says nothing. */
export function isOwnSide({ licenseeId, isLicensee }: FoundLicence, { actorId }: { readonly actorId: string | null }): boolean {
  return (actorId === licenseeId) === isLicensee;
}

/** Who holds of its scope today. */
function holdersOf(licence: Licence, work: TitledWork): string[] {
  return work.slices.filter((slice) => boxesOverlap(slice.box, licence.box)).flatMap(({ holders }) => holders.map((holder) => holder.accountId));
}
