import type { DataSource } from 'typeorm';
import { type Box, intersectBoxes } from '../../../lib/rights/index.js';
import { toBoxParameters } from '../box-columns.js';
import type { TitledWork } from './read-title.js';

export type ConsentAct = 'licence' | 'assignment' | 'term';

/** The co-owners of a box who have not agreed to what an account is about to do with it; they know each other, so this may be told. */
export async function findMissingConsents(db: Pick<DataSource, 'query'>, { work, slices }: TitledWork, box: Box, act: ConsentAct, actorId: string, partyId: string | null): Promise<string[]> {
  const others = slices.flatMap((slice) => {
    const shared = intersectBoxes(slice.box, box);
    return shared === null ? [] : slice.holders.filter(({ accountId }) => accountId !== actorId).map(({ accountId }) => [accountId, ...toBoxParameters(shared)]);
  });
  const column = (i: number): (string | undefined)[] => others.map((other) => other[i]);
  const rows: { account_id: string }[] = await db.query(
    `SELECT DISTINCT o.account_id FROM unnest($1::uuid[], $2::int4multirange[], $3::int4multirange[], $4::int4multirange[], $5::int4multirange[], $6::tstzrange[]) AS o(account_id, r, t, u, l, during)
      WHERE NOT has_consent($7, o.account_id, $8, $9, $10, now(), o.r, o.t, o.u, o.l, o.during, still => true) ORDER BY 1`,
    [column(0), column(1), column(2), column(3), column(4), column(5), work.workId, actorId, act, partyId],
  );
  return rows.map(({ account_id: id }) => id);
}
