import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import type { LicenceTerms, Reservation } from '../../../lib/licence-terms/index.js';
import { formatWorkNumber, parseWorkNumber, type WorkNumber } from '../../../lib/statement/index.js';
import { termsNotFound } from '../licensing.errors.js';
import { fromLicenceRow, type Licence, LICENCE_COLUMNS, type LicenceRow } from '../licences/find-licence.js';
import { ReadTitle, type TitledWork } from '../title/read-title.js';
import { isHeldBy } from './still-held.js';

/** Terms that are offered, or a reservation. */
export interface OfferedTerms {
  readonly termsId: bigint;
  readonly number: WorkNumber;
  readonly work: WorkNumber;
  readonly accountId: string;
  readonly preset: string | null;
  readonly terms: LicenceTerms | Reservation;
  /** Of open terms: the licence to anyone that they are. */
  readonly licence: WorkNumber | null;
  readonly offeredAt: Date;
  readonly expiresAt: Date | null;
  readonly withdrawnAt: Date | null;
}

/** With the slices of its work. */
export type FoundTerms = OfferedTerms & Pick<TitledWork, 'slices'>;

interface Row {
  terms_id: string;
  work_id: string;
  account_id: string;
  preset: string | null;
  terms: LicenceTerms | Reservation;
  licence_id: string | null;
  offered_at: Date;
  expires_at: Date | null;
  withdrawn_at: Date | null;
}

const COLUMNS = 'terms_id, work_id, account_id, preset, terms, licence_id, offered_at, expires_at, withdrawn_at';

/** So many open licences of one work are looked at. */
const MOST_OPEN = 50;

/** Finds offers to license, which whoever may know of the work sees. */
@Injectable()
export class FindTerms {
  constructor(@InjectDataSource() private readonly dataSource: DataSource, private readonly title: ReadTitle) {}

  /** @throws DomainError `LICENSING.TERMS_NOT_FOUND`. */
  async execute(typed: string, accountId: string | null): Promise<FoundTerms> {
    const parsed = parseWorkNumber(typed, 'LT');
    const [row]: Row[] = parsed === null ? [] : await this.dataSource.query(`SELECT ${COLUMNS} FROM licence_terms WHERE terms_id = $1`, [parsed.id.toString()]);
    if (!row) throw termsNotFound();
    const terms = toTerms(row);
    const work = await this.title.findOrNull(terms.work, accountId);
    if (work === null) throw termsNotFound();
    const { slices } = work;
    return { ...terms, slices };
  }

  /** Those of a work that stand: their authors still hold of what they are about. @throws DomainError `WORKS.NOT_FOUND`. */
  async standing(typed: string, accountId: string | null, now = new Date()): Promise<{ work: WorkNumber; terms: OfferedTerms[] }> {
    const { number, work, slices } = await this.title.find(typed, accountId);
    const rows: Row[] = await this.dataSource.query(
      `SELECT ${COLUMNS} FROM licence_terms WHERE work_id = $1 AND withdrawn_at IS NULL AND (expires_at IS NULL OR expires_at > $2) ORDER BY offered_at, terms_id`, [work.workId, now]);
    return { work: number, terms: rows.map(toTerms).filter(({ terms, accountId: author }) => isHeldBy(terms, slices, author, now.getTime())) };
  }

  /** What anyone is licensed of a work now, by whatever offer; the earliest first. */
  async openLicences(work: WorkNumber, now = new Date()): Promise<Licence[]> {
    const rows: LicenceRow[] = await this.dataSource.query(
      `SELECT ${LICENCE_COLUMNS} FROM licence WHERE work_id = $1 AND to_anyone AND voided_at IS NULL AND term @> $2::timestamptz ORDER BY granted_at, licence_id LIMIT ${MOST_OPEN}`, [parseWorkNumber(work)?.id.toString(), now]);
    return rows.map(fromLicenceRow);
  }
}

function toTerms(row: Row): OfferedTerms {
  return {
    termsId: BigInt(row.terms_id), number: formatWorkNumber(BigInt(row.terms_id), 'LT'), work: formatWorkNumber(BigInt(row.work_id)), accountId: row.account_id, preset: row.preset, terms: row.terms,
    licence: row.licence_id === null ? null : formatWorkNumber(BigInt(row.licence_id), 'LC'), offeredAt: row.offered_at, expiresAt: row.expires_at, withdrawnAt: row.withdrawn_at,
  };
}

/** Whether the price is not for this reader: it was served with the offer while that stood, and is the author's again. */
export function isPriceWithheld({ terms, withdrawnAt, accountId }: OfferedTerms, readerId: string | null): boolean {
  return withdrawnAt !== null && accountId !== readerId && 'price' in terms && terms.price !== null;
}

/** As it is answered; without a price where that is withheld. */
export function toTermsView(found: OfferedTerms, readerId: string | null): Record<string, unknown> {
  const { number, work, accountId, preset, licence, offeredAt, expiresAt, withdrawnAt } = found;
  const { price, ...open } = { price: undefined, ...found.terms };
  const terms = price === undefined || isPriceWithheld(found, readerId) ? open : found.terms;
  return {
    number, work, offeredBy: accountId, preset, terms, licence, offeredAt: offeredAt.toISOString(), expiresAt: expiresAt?.toISOString() ?? null, withdrawnAt: withdrawnAt?.toISOString() ?? null,
    links: { self: `/api/v1/licence-terms/${number}` },
  };
}
