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
  await assertNone(tx, { workId, box },
    `g.licensee_id IS DISTINCT FROM $7
       AND EXISTS (SELECT 1 FROM trade_order o WHERE o.order_id = $8 AND CASE WHEN g.to_anyone THEN g.granted_at > o.created_at - interval '${CLOCKS_APART}' ELSE g.exclusivity <> 'non-exclusive' AND g.noted_seq > o.work_seq END)`, [buyerId, orderId.toString()]);
}

/** When the slice is ordered: a licence to anyone that would count as later, whether or not the buyer saw it, refuses it now, and no money is held for nothing. Some time later it is none. @throws DomainError `LICENSING.SCOPE_CONFLICT`. */
export async function assertNotOpenedJustNow(tx: Tx, listing: Pick<Listing, 'workId' | 'box'>): Promise<void> {
  await assertNone(tx, listing, `g.to_anyone AND g.granted_at > now() - interval '${CLOCKS_APART}'`);
}

/** @param which of the licences that overlap what is to come of the box; its parameters begin with $7. */
async function assertNone(tx: Tx, { workId, box }: Pick<Listing, 'workId' | 'box'>, which: string, parameters: readonly unknown[] = []): Promise<void> {
  const rows = await tx.query<BoxRow[]>(
    `SELECT ${BOX_COLUMNS} FROM licence g
      WHERE g.granted_from = $1 AND g.voided_at IS NULL AND g.rights && $2 AND g.territories && $3 AND g.uses && $4 AND g.languages && $5 AND g.term && ($6::tstzrange * tstzrange(now(), NULL)) AND ${which}
      LIMIT ${MOST_SHOWN}`, [workId, ...toBoxParameters(box), ...parameters]);
  if (rows.length > 0) throw scopeConflict(rows.map((row) => toScope(fromBoxRow(row))));
}
