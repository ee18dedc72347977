import { formatWorkNumber } from '../../../lib/statement/index.js';
import type { LedgerCheck, LedgerDifference } from '../../accounting/index.js';

const MOST_AT_ONCE = 5_000;

export const differs = (orderId: string, detail: string): LedgerDifference => ({ kind: 'order', where: formatWorkNumber(BigInt(orderId), 'OR'), detail });

/**
 * A look that goes through orders from key to key. The number of an order is worked out here: ledger and log have no other name for it.
 * @param which SQL: which orders. @param first a query of ids and numbers, side by side, that answers at most one row {order_id, detail}.
 */
export function inOrderBatches(of: string, which: string, first: string): LedgerCheck {
  return {
    of,
    find: async (db, onProgress) => {
      for (let [last, looked] = ['-1', 0]; ;) {
        const orders = await db.query<{ order_id: string }[]>(`SELECT order_id FROM trade_order WHERE order_id > $1 AND ${which} ORDER BY order_id LIMIT ${MOST_AT_ONCE}`, [last]);
        const ids = orders.map(({ order_id: id }) => id);
        if (ids.length === 0) return { looked, difference: null };
        const [row] = await db.query<{ order_id: string; detail: string }[]>(first, [ids, ids.map((id) => formatWorkNumber(BigInt(id), 'OR'))]);
        looked += ids.length;
        if (row) return { looked, difference: differs(row.order_id, row.detail) };
        onProgress(looked);
        last = ids.at(-1) as string;
      }
    },
  };
}
