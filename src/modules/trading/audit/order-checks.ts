import { type LedgerCheck, oneQuery } from '../../accounting/index.js';
import { CHAIN_PAYMENTS } from './chain-checks.js';
import { differs, inOrderBatches } from './in-order-batches.js';
import { NEGOTIATION_CHECKS } from './negotiation-checks.js';
import { TRANSFER_CHECKS } from './transfer-checks.js';

/** A look at orders that is one query, which answers at most one row {order_id, detail}. */
function ofOrders(of: string, first: string): LedgerCheck {
  return {
    of,
    find: async (db) => {
      const [counted] = await db.query<{ looked: string }[]>('SELECT count(*) AS looked FROM trade_order');
      const [row] = await db.query<{ order_id: string; detail: string }[]>(`SELECT * FROM (${first}) d ORDER BY 1 LIMIT 1`);
      return { looked: Number(counted?.looked ?? 0), difference: row ? differs(row.order_id, row.detail) : null };
    },
  };
}

/** Money is held for an order exactly as long as the order waits for it, and as much as it costs. */
const ESCROWS = ofOrders('escrows of orders', `
  SELECT o.order_id, format('is %s, and its hold is %s', o.state, coalesce(h.state, 'none')) AS detail FROM trade_order o LEFT JOIN hold h USING (hold_id)
   WHERE o.method = 'balance' AND (o.state IN ('funded', 'disputed') AND h.state IS DISTINCT FROM 'pending' OR o.state = 'settled' AND h.state <> 'posted'
     OR o.state = 'refunded' AND h.state IS DISTINCT FROM 'voided' OR h.currency <> o.currency OR h.owner_id <> o.buyer_id OR h.amount <> o.amount)`);

/** An order is in the state that its last move led to, and has what it bought: the licence, or by one assignment the pieces that are the slice together. Terms only overlap, since they are fixed later. */
const STANDS = ofOrders('states of orders', `
  SELECT o.order_id, format('is %s, and moved to %s', o.state, coalesce(e.to_state, 'nothing')) AS detail FROM trade_order o
    LEFT JOIN LATERAL (SELECT to_state FROM order_event e WHERE e.order_id = o.order_id ORDER BY place DESC LIMIT 1) e ON true WHERE e.to_state IS DISTINCT FROM o.state
  UNION ALL
  SELECT o.order_id, 'is settled without the rights that it bought' FROM trade_order o JOIN listing l USING (listing_id)
   WHERE o.state = 'settled' AND CASE l.kind WHEN 'assignment'
     THEN NOT EXISTS (SELECT 1 FROM holding h JOIN holding_holder w USING (holding_id) WHERE h.work_id = l.work_id AND w.account_id = o.buyer_id AND w.share_bps = 10000 AND h.cut_from IS NOT NULL AND h.term && l.term
                       GROUP BY h.made_seq HAVING range_agg(h.rights::int4multirange) = l.rights AND range_agg(h.territories::int4multirange) = l.territories AND range_agg(h.uses::int4multirange) = l.uses AND range_agg(h.languages::int4multirange) = l.languages)
     ELSE NOT EXISTS (SELECT 1 FROM licence g WHERE g.licence_id = o.licence_id AND g.work_id = l.work_id AND g.licensee_id = o.buyer_id AND g.accepted_at IS NOT NULL
                        AND (g.rights, g.territories, g.uses, g.languages) = (l.rights, l.territories, l.uses, l.languages) AND g.term && l.term) END
  UNION ALL
  SELECT o.order_id, 'is of a listing that was sold more often than it says' FROM (
    SELECT min(o.order_id) AS order_id, l.listing_id FROM trade_order o JOIN listing l USING (listing_id) WHERE l.quantity IS NOT NULL AND o.state IN ('created', 'funded', 'disputed', 'settled') GROUP BY l.listing_id, l.sold HAVING count(*) > l.sold) o`);

/** Money that is held for an order belongs to one that waits for it. */
const HELD = `
  SELECT h.subject AS "where", 'has money held that no order waits for' AS detail FROM hold h
   WHERE h.state = 'pending' AND h.subject LIKE 'OR-%' AND NOT EXISTS (SELECT 1 FROM trade_order o WHERE o.hold_id = h.hold_id AND o.state IN ('funded', 'disputed')) ORDER BY 1 LIMIT 1`;

/** What an order moved is, account by account, what its buyer was shown. */
const MOVED = `
  WITH batch AS (
    SELECT o.order_id, b.number, o.buyer_id, o.amount, o.breakdown, o.hold_id, h.ended_by FROM unnest($1::bigint[], $2::text[]) AS b(order_id, number) JOIN trade_order o USING (order_id) LEFT JOIN hold h USING (hold_id)),
       found AS (
    SELECT b.order_id, a.owner_id AS owner, a.purpose, sum(p.amount) AS amount
      FROM batch b CROSS JOIN LATERAL (
        SELECT t.transfer_id FROM transfer t WHERE t.transfer_id = b.ended_by UNION ALL SELECT t.transfer_id FROM transfer t WHERE b.ended_by IS NULL AND t.subject = b.number AND t.kind = 'settlement') t
      JOIN posting p USING (transfer_id) JOIN money_account a USING (money_account_id) GROUP BY 1, 2, 3),
       due AS (
    SELECT order_id, owner, purpose, sum(amount) AS amount FROM (
      SELECT b.order_id, b.buyer_id AS owner, CASE WHEN b.hold_id IS NULL THEN 'available' ELSE 'held' END AS purpose, -b.amount AS amount FROM batch b
      UNION ALL
      SELECT b.order_id, coalesce(l.account, '00000000-0000-0000-0000-000000000000'), CASE WHEN l.account IS NOT NULL THEN 'available' WHEN l.role = 'tax' THEN 'taxes' ELSE 'fees' END, l."amountMinor"
        FROM batch b CROSS JOIN LATERAL jsonb_to_recordset(b.breakdown) AS l(role text, account uuid, "amountMinor" numeric)) d GROUP BY 1, 2, 3)
  SELECT order_id, format('was to move %s to %s of %s, and moved %s', coalesce(due.amount, 0), purpose, owner, coalesce(found.amount, 0)) AS detail
    FROM found FULL JOIN due USING (order_id, owner, purpose) WHERE coalesce(found.amount, 0) <> coalesce(due.amount, 0) ORDER BY 1 LIMIT 1`;

const PAID = inOrderBatches('payments of orders', `state = 'settled' AND method = 'balance'`, MOVED);

/** The log says of every order that is settled that it is. */
const SAID = inOrderBatches('statements of orders', `state = 'settled'`, `
  SELECT order_id, 'is settled without a statement that says so' AS detail FROM unnest($1::bigint[], $2::text[]) AS b(order_id, number)
   WHERE NOT EXISTS (SELECT 1 FROM statement s WHERE s.subject = b.number AND s.seq = 0 AND s.type = 'order.settled') ORDER BY 1 LIMIT 1`);

/** What trading knows of the ledger: every escrow recomputed from orders, every settled order from its postings, and no transfer of an order that has none. */
export const ORDER_CHECKS: readonly LedgerCheck[] = [ESCROWS, oneQuery('holds of orders', 'order', `hold WHERE subject LIKE 'OR-%'`, HELD), STANDS, PAID, SAID, ...NEGOTIATION_CHECKS, CHAIN_PAYMENTS, ...TRANSFER_CHECKS];
