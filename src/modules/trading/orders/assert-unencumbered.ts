import { toScope } from '../../../lib/rights/index.js';
import type { Tx } from '../../../platform/database/index.js';
import { BOX_COLUMNS, type BoxRow, fromBoxRow, scopeConflict, toBoxParameters } from '../../licensing/index.js';
import type { Listing } from '../listings/find-listing.js';
import type { Order } from './find-order.js';

/** A licence to anyone has no mark in the work's chain: it is told by its time, which is taken before locks, by a clock that need not be PostgreSQL's. */
const CLOCKS_APART = '1 minute';
const MOST_SHOWN = 20;

/**
 * That the slice is still worth what the buyer pays: since they could look at it nobody else was granted what bars them, or everyone, any of what is to come of it. Licences that bar nobody may be sold meanwhile, as before. The caller has the work's chain
 * and the slices locked, so that none is granted after this.
 * @throws DomainError `LICENSING.SCOPE_CONFLICT`.
 */
export async function assertUnencumbered(tx: Tx, { orderId, buyerId }: Pick<Order, 'orderId' | 'buyerId'>, { workId, box }: Pick<Listing, 'workId' | 'box'>): Promise<void> {
  const rows = await tx.query<BoxRow[]>(
    `SELECT ${BOX_COLUMNS} FROM licence g
      WHERE g.granted_from = $1 AND g.voided_at IS NULL AND g.rights && $2 AND g.territories && $3 AND g.uses && $4 AND g.languages && $5 AND g.term && ($6::tstzrange * tstzrange(now(), NULL))
        AND g.licensee_id IS DISTINCT FROM $7
        AND EXISTS (SELECT 1 FROM trade_order o WHERE o.order_id = $8 AND CASE WHEN g.to_anyone THEN g.granted_at > o.created_at - interval '${CLOCKS_APART}' ELSE g.exclusivity <> 'non-exclusive' AND g.noted_seq > o.work_seq END)
      LIMIT ${MOST_SHOWN}`, [workId, ...toBoxParameters(box), buyerId, orderId.toString()]);
  if (rows.length > 0) throw scopeConflict(rows.map((row) => toScope(fromBoxRow(row))));
}
