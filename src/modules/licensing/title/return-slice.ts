import { Injectable } from '@nestjs/common';
import { type Box, containsBox, toScope } from '../../../lib/rights/index.js';
import { formatWorkNumber } from '../../../lib/statement/index.js';
import type { Tx } from '../../../platform/database/index.js';
import { AppendStatement } from '../../log/index.js';
import { sendNotices } from '../../notices/index.js';
import { isWithdrawn } from '../../works/index.js';
import { cutHolding, lockHoldings } from './cut-holding.js';
import type { Holder } from './insert-holding.js';
import { readSlices } from './read-slices.js';

export interface Returning {
  /** Decimal. */
  readonly workId: string;
  /** What was assigned, by whom, and to whom alone. */
  readonly box: Box;
  readonly from: string;
  readonly to: string;
  /** Who says it, as the statements have it. */
  readonly actor: string;
}

/**
 * Gives a slice back whose price was taken back, as a part of a wider act: each piece of it that is still its buyer's alone goes to those it was cut from. What the buyer has passed on stays with whoever has it, and licences that the
 * buyer granted stay in force, as with any assignment. The caller has the head of the work's chain locked.
 */
@Injectable()
export class ReturnSlice {
  constructor(private readonly append: AppendStatement) {}

  /** @returns whether all of it went back. */
  async within(tx: Tx, { workId, box, from, to, actor }: Returning): Promise<boolean> {
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
    return all;
  }
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
