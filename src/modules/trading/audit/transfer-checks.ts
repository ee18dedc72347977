import { formatWorkNumber, parseWorkNumber } from '../../../lib/statement/index.js';
import { type LedgerCheck, oneQuery, type TransferKind } from '../../accounting/index.js';

const MOST_AT_ONCE = 5_000;
/** What only an order moves. What is set aside for one, and given back, its hold has: accounting looks at that. */
const OF_ORDERS = ['settlement', 'chain-funded', 'chain-settlement', 'chain-refund'] as const satisfies readonly TransferKind[];

/** A settlement is what ended the hold of a settled order, or the one transfer of an order that was settled at once. Of an order that is paid on chain there may be several; what they come to is another look. */
const STRAY = `
  SELECT t.transfer_id AS "where", format('is a %s of %s, which %s', t.kind, t.subject, coalesce('is ' || o.state || ' without it', 'is no order')) AS detail
    FROM unnest($1::uuid[], $2::bigint[]) AS b(transfer_id, order_id) JOIN transfer t USING (transfer_id) LEFT JOIN trade_order o USING (order_id) LEFT JOIN hold h USING (hold_id)
   WHERE (CASE WHEN t.kind <> 'settlement' THEN o.method = 'chain'
               WHEN o.hold_id IS NOT NULL THEN o.state = 'settled' AND h.ended_by = t.transfer_id
               ELSE o.state = 'settled' AND o.method = 'balance' AND NOT EXISTS (SELECT 1 FROM transfer u WHERE u.subject = t.subject AND u.kind = t.kind AND u.transfer_id <> t.transfer_id) END) IS NOT TRUE ORDER BY 1 LIMIT 1`;

/** Whatever an order did not move, nobody did: from the transfers to the orders, as other looks go from the orders to their transfers. */
const OWNED: LedgerCheck = {
  of: 'transfers of orders',
  find: async (db, onProgress) => {
    for (let [last, looked] = ['00000000-0000-0000-0000-000000000000', 0]; ;) {
      const rows = await db.query<{ id: string; subject: string }[]>(`SELECT transfer_id AS id, subject FROM transfer WHERE transfer_id > $1 AND kind = ANY ($2) ORDER BY transfer_id LIMIT ${MOST_AT_ONCE}`, [last, OF_ORDERS]);
      if (rows.length === 0) return { looked, difference: null };
      const [stray] = await db.query<{ where: string; detail: string }[]>(STRAY, [rows.map(({ id }) => id), rows.map(({ subject }) => toOrderId(subject))]);
      looked += rows.length;
      if (stray) return { looked, difference: { kind: 'transfer', ...stray } };
      onProgress(looked);
      last = rows.at(-1)?.id as string;
    }
  },
};

/** As it was spelled here, and not otherwise. */
function toOrderId(subject: string): string | null {
  const id = parseWorkNumber(subject, 'OR')?.id;
  return id === undefined || formatWorkNumber(id, 'OR') !== subject ? null : id.toString();
}

/** What withdrawals of one transaction come to is what the events say that still stand, of the addresses' accounts; one that was undone is posted back. */
const WITHDRAWN = `
  WITH due AS (
    SELECT '0x' || encode(e.transaction_hash, 'hex') AS subject, leg.owner, leg.purpose, CASE WHEN e.token = decode(repeat('00', 20), 'hex') THEN 'ETH' ELSE 'erc20:' || i.chain_id || ':0x' || encode(e.token, 'hex') END AS currency, sum(leg.amount) AS amount
      FROM chain_event e JOIN settlement_instance i ON i.id = e.instance_id LEFT JOIN payout_address w ON w.address = e.account
     CROSS JOIN LATERAL (VALUES (w.account_id, CASE WHEN is_user(w.account_id) THEN 'on-chain' ELSE 'bank' END, -e.amount), ('00000000-0000-0000-0000-000000000000'::uuid, 'contract', e.amount)) AS leg(owner, purpose, amount)
     WHERE e.kind = 'withdrawn' AND e.transfer_id IS NOT NULL AND e.undone_at IS NULL GROUP BY 1, 2, 3, 4),
       moved AS (
    SELECT lower(t.subject) AS subject, a.owner_id AS owner, a.purpose, p.currency, sum(p.amount) AS amount
      FROM transfer t JOIN posting p USING (transfer_id) JOIN money_account a USING (money_account_id) WHERE t.kind = 'withdrawal' GROUP BY 1, 2, 3, 4 HAVING sum(p.amount) <> 0)
  SELECT subject AS "where", format('withdrew %s %s in %s of %s, and the ledger says %s', coalesce(-due.amount, 0), currency, purpose, owner, coalesce(-moved.amount, 0)) AS detail
    FROM due FULL JOIN moved USING (subject, owner, purpose, currency) WHERE coalesce(due.amount, 0) <> coalesce(moved.amount, 0) ORDER BY 1, 2 LIMIT 1`;

export const TRANSFER_CHECKS: readonly LedgerCheck[] = [OWNED, oneQuery('withdrawals', 'transfer', `transfer WHERE kind = 'withdrawal'`, WITHDRAWN)];
