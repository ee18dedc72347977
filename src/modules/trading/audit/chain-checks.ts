import { formatWorkNumber } from '../../../lib/statement/index.js';
import type { LedgerCheck } from '../../accounting/index.js';

const MOST_AT_ONCE = 5_000;

/**
 * What an order that is paid on chain has in the ledger, by the state that it is in: in escrow while it is funded, its payees' once it is settled, its buyer's when it was paid and is over otherwise; and nobody else's.
 * An order of a chain that is gone has nothing.
 */
const STANDING = `
  WITH batch AS (
    SELECT o.order_id, b.number, o.buyer_id, o.amount, o.breakdown, o.state, o.state IN ('refunded', 'expired', 'cancelled') AND p.lapsed_at IS NULL AND o.reason IS DISTINCT FROM 'CHAIN_LOST' AS owes,
           EXISTS (SELECT 1 FROM transfer t WHERE t.subject = b.number AND t.kind = 'chain-refund') AS paid_back
      FROM unnest($1::bigint[], $2::text[]) AS b(order_id, number) JOIN trade_order o USING (order_id) JOIN chain_payment p USING (order_id)),
       found AS (
    SELECT b.order_id, a.owner_id AS owner, a.purpose, sum(p.amount) AS amount FROM batch b JOIN transfer t ON t.subject = b.number JOIN posting p USING (transfer_id) JOIN money_account a USING (money_account_id)
     WHERE a.purpose <> 'contract' GROUP BY 1, 2, 3 HAVING sum(p.amount) <> 0),
       due AS (
    SELECT b.order_id, '00000000-0000-0000-0000-000000000000'::uuid AS owner, 'clearing' AS purpose, b.amount FROM batch b WHERE b.state IN ('funded', 'disputed')
    UNION ALL
    SELECT b.order_id, coalesce(l.account, '00000000-0000-0000-0000-000000000000'), CASE WHEN l.account IS NOT NULL THEN 'on-chain' WHEN l.role = 'tax' THEN 'taxes' ELSE 'fees' END, sum(l."amountMinor")
      FROM batch b CROSS JOIN LATERAL jsonb_to_recordset(b.breakdown) AS l(role text, account uuid, "amountMinor" numeric) WHERE b.state = 'settled' GROUP BY 1, 2, 3
    UNION ALL
    SELECT b.order_id, b.buyer_id, 'on-chain', b.amount FROM batch b WHERE b.owes AND b.paid_back)
  SELECT order_id, format('is to have %s in %s of %s, and has %s', coalesce(due.amount, 0), purpose, owner, coalesce(found.amount, 0)) AS detail
    FROM found FULL JOIN due USING (order_id, owner, purpose) WHERE coalesce(found.amount, 0) <> coalesce(due.amount, 0) ORDER BY 1 LIMIT 1`;

export const CHAIN_PAYMENTS: LedgerCheck = {
  of: 'payments on chain',
  find: async (db, onProgress) => {
    for (let [last, looked] = ['-1', 0]; ;) {
      const orders = await db.query<{ order_id: string }[]>(`SELECT order_id FROM chain_payment WHERE order_id > $1 ORDER BY order_id LIMIT ${MOST_AT_ONCE}`, [last]);
      const ids = orders.map(({ order_id: id }) => id);
      if (ids.length === 0) return { looked, difference: null };
      const numbers = ids.map((id) => formatWorkNumber(BigInt(id), 'OR'));
      const [row] = await db.query<{ order_id: string; detail: string }[]>(STANDING, [ids, numbers]);
      looked += ids.length;
      if (row) return { looked, difference: { kind: 'order', where: formatWorkNumber(BigInt(row.order_id), 'OR'), detail: row.detail } };
      onProgress(looked);
      last = ids.at(-1) as string;
    }
  },
};
