import { Injectable } from '@nestjs/common';
import { type Box, containsBox, toScope } from '../../../lib/rights/index.js';
import { formatWorkNumber } from '../../../lib/statement/index.js';
import type { Tx } from '../../../platform/database/index.js';
import { AppendStatement } from '../../log/index.js';
import { sendNotices } from '../../notices/index.js';
import { isWithdrawn } from '../../works/index.js';
import { toBoxParameters } from '../box-columns.js';
import { cutHolding, lockHoldings } from './cut-holding.js';
import type { Holder } from './insert-holding.js';
import { readSlices } from './read-slices.js';

/** What a licence was granted at is taken before locks, by a clock that need not be PostgreSQL's. */
const CLOCKS_APART = '1 minute';

export interface Returning {
  /** Decimal. */
  readonly workId: string;
  /** What was assigned, by whom, and to whom alone. */
  readonly box: Box;
  readonly from: string;
  readonly to: string;
  readonly since: Date;
  /** Who says it, as the statements have it. */
  readonly actor: string;
}

/**
 * Gives a slice back whose price was taken back, as a part of a wider act: each piece of it that is still its buyer's alone goes to those it was cut from. What the buyer has passed on stays with whoever has it, and licences that the
 * buyer granted stay in force, as with any assignment: one that bars others, or is to anyone, leaves less of the slice than was sold. The caller has the head of the work's chain locked.
 */
@Injectable()
export class ReturnSlice {
  constructor(private readonly append: AppendStatement) {}

  /** @returns whether all of it went back, as it was sold. */
  async within(tx: Tx, { workId, box, from, to, since, actor }: Returning): Promise<boolean> {
    const subject = formatWorkNumber(BigInt(workId));
    if (await isWithdrawn(tx, workId)) return false;
    let all = true;
    for (const slice of await readSlices(tx, workId)) {
      if (!containsBox(box, slice.box)) continue;
      await lockHoldings(tx, [slice]);
      const holders = slice.holders.length === 1 && slice.holders[0]?.accountId === to ? await holdersBefore(tx, slice.holdingId, from, to) : null;
      all &&= holders !== null;
      if (holders === null) continue;
      const body = { scope: toScope(slice.box), holders: holders.map(({ accountId, shareBps }) => ({ account: `acct:${accountId}`, shareBps })) };
      const appended = await this.append.execute(tx, { type: 'work.assigned', subject, actor, body, sealed: [] }, []);
      await cutHolding(tx, [slice], { workId, box: slice.box, holders, actorId: to, seq: appended.seq, at: appended.acceptedAt });
      await sendNotices(tx, [...new Set([to, ...holders.map(({ accountId }) => accountId)])].map((accountId) => ({ accountId, kind: 'work-assigned', subject })));
    }
    // Last: whoever granted from what went back is committed by now, and nobody does any more.
    return all && !(await isEmptied(tx, { workId, box, to, since }));
  }
}

/** Whether the buyer granted of what is still to come of it what bars its owners from granting that again, or everyone from paying for it. */
async function isEmptied(tx: Tx, { workId, box, to, since }: Pick<Returning, 'workId' | 'box' | 'to' | 'since'>): Promise<boolean> {
  const rows = await tx.query<unknown[]>(
    `SELECT 1 FROM licence g
      WHERE g.granted_from = $1 AND g.voided_at IS NULL AND g.rights && $2 AND g.territories && $3 AND g.uses && $4 AND g.languages && $5 AND g.term && ($6::tstzrange * tstzrange(now(), NULL))
        AND g.grantor_id = $7 AND (g.to_anyone OR g.exclusivity <> 'non-exclusive') AND g.granted_at > $8::timestamptz - interval '${CLOCKS_APART}' LIMIT 1`, [workId, ...toBoxParameters(box), to, since]);
  return rows.length > 0;
}

/** Whose it was before it was the buyer's: found up the cuts, as far as they are the buyer's own; null when somebody else than the seller assigned it last. */
async function holdersBefore(tx: Tx, holdingId: string, from: string, to: string): Promise<Holder[] | null> {
  const [row] = await tx.query<{ replaced_by: string | null; holders: Holder[] }[]>(
    `WITH RECURSIVE up AS (
       SELECT h.holding_id, h.cut_from, h.replaced_by, 0 AS height FROM holding h WHERE h.holding_id = $1
       UNION ALL
       SELECT h.holding_id, h.cut_from, h.replaced_by, up.height + 1 FROM up JOIN holding h ON h.holding_id = up.cut_from
        WHERE (SELECT array_agg(o.account_id) FROM holding_holder o WHERE o.holding_id = up.holding_id) = ARRAY[$2::uuid])
     SELECT up.replaced_by, (SELECT jsonb_agg(jsonb_build_object('accountId', o.account_id, 'shareBps', o.share_bps) ORDER BY o.account_id) FROM holding_holder o WHERE o.holding_id = up.holding_id) AS holders
       FROM up ORDER BY height DESC LIMIT 1`, [holdingId, to]);
  return row !== undefined && row.replaced_by === from && row.holders.some(({ accountId }) => accountId === from) ? row.holders : null;
}
