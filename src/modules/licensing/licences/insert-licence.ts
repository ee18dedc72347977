import type { Box, Exclusivity } from '../../../lib/rights/index.js';
import type { Tx } from '../../../platform/database/index.js';
import { writePoint } from '../../../platform/fault-points/index.js';
import { toBoxParameters } from '../box-columns.js';

export interface NewLicence {
  readonly licenceId: bigint;
  /** Decimal. */
  readonly workId: string;
  /** The licence that it is granted from; null: an owner's grant. */
  readonly parentId: bigint | null;
  readonly exclusivity: Exclusivity;
  readonly box: Box;
  /** Null when it was sealed and is gone. */
  readonly grantorId: string | null;
  /** Null for anyone, for somebody without an account, and when it was sealed and is gone. */
  readonly licenseeId: string | null;
  readonly toAnyone: boolean;
  readonly sublicensing: boolean;
  readonly declared: boolean;
  readonly conditions: readonly string[];
  readonly subjectTo: readonly bigint[];
  readonly renewsId: bigint | null;
  readonly notedSeq: number | null;
  readonly grantedAt: Date;
  readonly acceptedAt: Date | null;
}

/** All seats for who bars others, but for those of the licences that it is subject to; else the next free one. */
const SEATS = {
  all: `'{[0,)}'::int8multirange - coalesce((SELECT range_agg(l.seat) FROM licence l WHERE l.licence_id = ANY ($18::bigint[]) AND l.exclusivity = 'non-exclusive'), '{}')`,
  next: `(SELECT int8multirange(int8range(n, n + 1)) FROM nextval('licence_seat') AS n WHERE $18::bigint[] = '{}')`,
};

/**
 * A grant. PostgreSQL refuses it (23P01) when it conflicts with another, (ZB061) when it goes beyond what its grantor holds, and (ZB064) when co-owners
 * did not consent.
 */
export async function insertLicence(tx: Tx, licence: NewLicence): Promise<void> {
  await writePoint('licence.insert', () =>
    tx.query(
      `INSERT INTO licence (licence_id, work_id, parent_id, exclusivity, seat, rights, territories, uses, languages, term, grantor_id, licensee_id, to_anyone, sublicensing, declared, conditions, renews_id, noted_seq, granted_at, accepted_at)
       VALUES ($1, $2, $3, $4, ${licence.exclusivity === 'non-exclusive' ? SEATS.next : SEATS.all}, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $19, $20)`,
      [
        licence.licenceId.toString(), licence.workId, licence.parentId?.toString() ?? null, licence.exclusivity, ...toBoxParameters(licence.box), licence.grantorId, licence.licenseeId, licence.toAnyone,
        licence.sublicensing, licence.declared, licence.conditions, licence.renewsId?.toString() ?? null, licence.notedSeq, licence.subjectTo.map(String), licence.grantedAt, licence.acceptedAt,
      ],
    ));
}
