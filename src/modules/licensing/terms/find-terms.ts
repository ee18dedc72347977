import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import type { LicenceTerms, Reservation } from '../../../lib/licence-terms/index.js';
import { formatWorkNumber, parseWorkNumber, type WorkNumber } from '../../../lib/statement/index.js';
import { termsNotFound } from '../licensing.errors.js';
import { fromLicenceRow, type Licence, LICENCE_COLUMNS, type LicenceRow } from '../licences/find-licence.js';
import { ReadTitle } from '../title/read-title.js';

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
  async execute(typed: string, accountId: string | null): Promise<OfferedTerms> {
    const parsed = parseWorkNumber(typed, 'LT');
    const [row]: Row[] = parsed === null ? [] : await this.dataSource.query(`SELECT ${COLUMNS} FROM licence_terms WHERE terms_id = $1`, [parsed.id.toString()]);
    if (!row) throw termsNotFound();
    const terms = toTerms(row);
    await this.title.find(terms.work, accountId).catch(() => {
      throw termsNotFound();
    });
    return terms;
  }

  /** Those of a work that stand. @throws DomainError `WORKS.NOT_FOUND`. */
  async standing(typed: string, accountId: string | null, now = new Date()): Promise<{ work: WorkNumber; terms: OfferedTerms[] }> {
    const { number, work } = await this.title.find(typed, accountId);
    const rows: Row[] = await this.dataSource.query(
      `SELECT ${COLUMNS} FROM licence_terms WHERE work_id = $1 AND withdrawn_at IS NULL AND (expires_at IS NULL OR expires_at > $2) ORDER BY offered_at, terms_id`, [work.workId, now]);
    return { work: number, terms: rows.map(toTerms) };
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

/** As it is answered. */
export function toTermsView({ number, work, accountId, preset, terms, licence, offeredAt, expiresAt, withdrawnAt }: OfferedTerms): Record<string, unknown> {
  return {
    number, work, offeredBy: accountId, preset, terms, licence, offeredAt: offeredAt.toISOString(), expiresAt: expiresAt?.toISOString() ?? null, withdrawnAt: withdrawnAt?.toISOString() ?? null,
    links: { self: `/api/v1/licence-terms/${number}` },
  };
}
