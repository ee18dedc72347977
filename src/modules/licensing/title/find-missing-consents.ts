import type { DataSource } from 'typeorm';
import type { Box } from '../../../lib/rights/index.js';
import { toBoxParameters } from '../box-columns.js';

export type ConsentAct = 'licence' | 'assignment' | 'term';

/** The co-owners of a box who have not agreed to what an account is about to do with it; they know each other, so this may be told. */
export async function findMissingConsents(db: Pick<DataSource, 'query'>, workId: string, box: Box, act: ConsentAct, actorId: string, partyId: string | null): Promise<string[]> {
  const rows: { account_id: string }[] = await db.query(
    `SELECT DISTINCT o.account_id FROM holding h JOIN holding_holder o USING (holding_id)
      WHERE h.work_id = $1 AND h.replaced_seq IS NULL AND h.rights && $2 AND h.territories && $3 AND h.uses && $4 AND h.languages && $5 AND h.term && $6 AND o.account_id <> $7
        AND NOT has_consent($1, o.account_id, $7, $8, $9, now(), h.rights * $2, h.territories * $3, h.uses * $4, h.languages * $5, h.term * $6) ORDER BY 1`,
    [workId, ...toBoxParameters(box), actorId, act, partyId],
  );
  return rows.map(({ account_id: id }) => id);
}
