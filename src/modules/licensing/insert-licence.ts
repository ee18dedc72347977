import type { Box, Exclusivity } from '../../lib/rights/index.js';
import type { Tx } from '../../platform/database/index.js';
import { writePoint } from '../../platform/fault-points/index.js';
import { toBoxParameters } from './box-columns.js';

export interface NewLicence {
  readonly licenceId: bigint;
  /** Decimal, as the holding's. */
  readonly workId: string;
  readonly holdingId: string;
  readonly exclusivity: Exclusivity;
  readonly box: Box;
  readonly grantorId: string;
  /** Null when it was sealed and is gone. */
  readonly licenseeId: string | null;
  readonly sublicensing: boolean;
  readonly grantedAt: Date;
}

/** All seats for who bars others, else the next free one. */
const SEATS = { all: `'{[0,)}'`, next: `(SELECT int8multirange(int8range(n, n + 1)) FROM nextval('licence_seat') AS n)` };

/** An owner's grant. PostgreSQL refuses it (23P01) when it conflicts with another, and (ZB061) when it goes beyond the holding. */
export async function insertLicence(tx: Tx, licence: NewLicence): Promise<void> {
  await writePoint('licence.insert', () =>
    tx.query(
      `INSERT INTO licence (licence_id, work_id, holding_id, exclusivity, seat, rights, territories, uses, languages, term, grantor_id, licensee_id, sublicensing, granted_at)
       VALUES ($1, $2, $3, $4, ${licence.exclusivity === 'non-exclusive' ? SEATS.next : SEATS.all}, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
      [licence.licenceId.toString(), licence.workId, licence.holdingId, licence.exclusivity, ...toBoxParameters(licence.box), licence.grantorId, licence.licenseeId, licence.sublicensing, licence.grantedAt],
    ));
}
