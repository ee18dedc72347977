import { TRANSFER_KINDS } from '../posting.js';
import { inBatches, type LedgerCheck, oneQuery } from './ledger-check.js';

const NIL = '00000000-0000-0000-0000-000000000000';

/** Whole, between accounts of its currencies, and zero in each. */
const TRANSFERS = `
  WITH batch AS MATERIALIZED (SELECT transfer_id, legs FROM transfer WHERE transfer_id > $1 ORDER BY transfer_id LIMIT $2),
       bad AS (
    SELECT b.transfer_id::text AS "where",
           CASE WHEN s.n <> b.legs OR s.top <> b.legs THEN s.n || ' postings of ' || b.legs WHEN s.strange > 0 THEN 'a posting is to no account of its currency' ELSE 'its postings sum to ' || s.off END AS detail
      FROM batch b CROSS JOIN LATERAL (
        SELECT count(*) AS n, coalesce(max(p.leg), 0) AS top, count(*) FILTER (WHERE a.currency IS DISTINCT FROM p.currency) AS strange,
               (SELECT string_agg(c.off || ' ' || c.currency, ', ' ORDER BY c.currency) FROM (SELECT q.currency, sum(q.amount) AS off FROM posting q WHERE q.transfer_id = b.transfer_id GROUP BY 1 HAVING sum(q.amount) <> 0) c) AS off
          FROM posting p LEFT JOIN money_account a USING (money_account_id) WHERE p.transfer_id = b.transfer_id) s
     WHERE s.n <> b.legs OR s.top <> b.legs OR s.strange > 0 OR s.off IS NOT NULL ORDER BY 1 LIMIT 1)
  SELECT (SELECT transfer_id FROM batch ORDER BY 1 DESC LIMIT 1) AS last, (SELECT count(*) FROM batch) AS looked, bad."where", bad.detail FROM (SELECT) one LEFT JOIN bad ON true`;

/** What an account says is what was posted to it; the service's own say nothing. */
const ACCOUNTS = `
  WITH batch AS MATERIALIZED (SELECT * FROM money_account WHERE money_account_id > $1 ORDER BY money_account_id LIMIT $2),
       bad AS (
    SELECT b.money_account_id::text AS "where", format('%s %s of %s: its balance is %s, its postings come to %s', b.currency, b.purpose, b.owner_id, b.rolled + s.credits, s.posted) AS detail
      FROM batch b CROSS JOIN LATERAL (
        SELECT coalesce((SELECT sum(p.amount) FROM posting p WHERE p.money_account_id = b.money_account_id), 0) AS posted,
               coalesce((SELECT sum(c.amount) FROM money_credit c WHERE c.money_account_id = b.money_account_id), 0) AS credits) s
     WHERE b.rolled + s.credits <> CASE WHEN is_user(b.owner_id) THEN s.posted ELSE 0 END OR b.rolled < 0 ORDER BY b.money_account_id LIMIT 1)
  SELECT (SELECT money_account_id FROM batch ORDER BY money_account_id DESC LIMIT 1) AS last, (SELECT count(*) FROM batch) AS looked, bad."where", bad.detail FROM (SELECT) one LEFT JOIN bad ON true`;

/** Whatever a transfer moves to and from what an owner has held is the holds that it places and ends. */
const HOLDS = `
  SELECT coalesce(m.transfer_id, h.transfer_id)::text AS "where", format('moved %s %s of what %s has held; its holds come to %s', coalesce(m.amount, 0), coalesce(m.currency, h.currency), coalesce(m.owner_id, h.owner_id), coalesce(h.amount, 0)) AS detail
    FROM (SELECT p.transfer_id, a.owner_id, p.currency, sum(p.amount) AS amount FROM posting p JOIN money_account a USING (money_account_id) WHERE a.purpose = 'held' GROUP BY 1, 2, 3) m
    FULL JOIN (SELECT transfer_id, owner_id, currency, sum(amount) AS amount
                 FROM (SELECT placed_by AS transfer_id, owner_id, currency, amount FROM hold UNION ALL SELECT ended_by, owner_id, currency, -amount FROM hold WHERE ended_by IS NOT NULL) e GROUP BY 1, 2, 3) h
      ON m.transfer_id = h.transfer_id AND m.owner_id = h.owner_id AND m.currency = h.currency
   WHERE coalesce(m.amount, 0) <> coalesce(h.amount, 0) ORDER BY 1 LIMIT 1`;

/** What is void was given back. */
const VOIDED = `
  SELECT h.hold_id::text AS "where", 'is void, but its owner was not given it back' AS detail FROM hold h
   WHERE h.state = 'voided' AND NOT EXISTS (SELECT 1 FROM posting p JOIN money_account a USING (money_account_id)
           WHERE p.transfer_id = h.ended_by AND a.owner_id = h.owner_id AND a.purpose = 'available' AND p.currency = h.currency AND p.amount >= h.amount) ORDER BY 1 LIMIT 1`;

/** What is set aside, and given back, moves between its owner's own accounts, by the hold that says so; and nothing is called what no transfer is. */
const SET_ASIDE = `
  SELECT * FROM (
    SELECT m.transfer_id::text AS "where", format('is a %s of no hold, or of other accounts than its owner’s', m.kind) AS detail
      FROM (SELECT t.transfer_id, t.kind, h.owner_id FROM transfer t LEFT JOIN hold h ON h.placed_by = t.transfer_id WHERE t.kind = 'hold'
            UNION ALL
            SELECT t.transfer_id, t.kind, h.owner_id FROM transfer t LEFT JOIN hold h ON h.ended_by = t.transfer_id AND h.state = 'voided' WHERE t.kind IN ('hold-voided', 'refund')) m
     WHERE m.owner_id IS NULL OR EXISTS (SELECT 1 FROM posting p JOIN money_account a USING (money_account_id) WHERE p.transfer_id = m.transfer_id AND (a.owner_id <> m.owner_id OR a.purpose NOT IN ('available', 'held')))
    UNION ALL
    SELECT t.transfer_id::text, format('is a %s, which there is not', t.kind) FROM transfer t WHERE t.kind NOT IN (${TRANSFER_KINDS.map((kind) => `'${kind}'`).join(', ')})
  ) d ORDER BY 1 LIMIT 1`;

/** A confirmed movement has moved its amount, an open payout has it held, one that came to nothing has given it back; and no money comes from the bank or goes there besides. */
const MOVEMENTS = `
  SELECT * FROM (
    SELECT m.movement_id::text AS "where", format('is a %s of %s %s that is %s, which the ledger does not say', m.kind, m.amount, m.currency, m.state) AS detail FROM bank_movement m LEFT JOIN hold h USING (hold_id)
     WHERE CASE m.kind
       WHEN 'payout' THEN h.owner_id IS DISTINCT FROM m.account_id OR h.currency <> m.currency OR h.amount <> m.amount OR h.subject <> m.movement_id::text
         OR h.state <> CASE WHEN m.state = 'confirmed' THEN 'posted' WHEN m.state IN ('rejected', 'cancelled') THEN 'voided' ELSE 'pending' END
         OR (m.state = 'confirmed' AND NOT EXISTS (SELECT 1 FROM transfer t JOIN posting p USING (transfer_id) JOIN money_account a USING (money_account_id)
               WHERE t.transfer_id = h.ended_by AND t.kind = 'payout' AND t.legs = 2 AND NOT is_user(a.owner_id) AND a.purpose = 'bank' AND p.currency = m.currency AND p.amount = m.amount))
       ELSE m.state = 'confirmed' AND NOT EXISTS (SELECT 1 FROM transfer t JOIN posting p USING (transfer_id) JOIN money_account a USING (money_account_id)
               WHERE t.transfer_id = m.transfer_id AND t.kind = 'top-up' AND t.subject = m.movement_id::text AND t.legs = 2 AND a.owner_id = m.account_id AND a.purpose = 'available' AND p.currency = m.currency AND p.amount = m.amount
                 AND EXISTS (SELECT 1 FROM posting q JOIN money_account b USING (money_account_id) WHERE q.transfer_id = t.transfer_id AND NOT is_user(b.owner_id) AND b.purpose = 'bank')) END
    UNION ALL
    SELECT t.transfer_id::text, format('is a %s that nobody confirmed', t.kind) FROM transfer t
     WHERE t.kind = 'top-up' AND NOT EXISTS (SELECT 1 FROM bank_movement m WHERE m.transfer_id = t.transfer_id)
        OR t.kind = 'payout' AND NOT EXISTS (SELECT 1 FROM bank_movement m JOIN hold h USING (hold_id) WHERE h.ended_by = t.transfer_id)
  ) d ORDER BY 1 LIMIT 1`;

/** What was agreed on is what was posted, and nothing is called a correction besides. */
const CORRECTIONS = `
  SELECT * FROM (
    SELECT c.correction_id::text AS "where", 'was posted otherwise than it was agreed on' AS detail FROM correction c LEFT JOIN transfer t USING (transfer_id)
     WHERE c.state = 'posted' AND (t.kind <> 'correction' OR t.corrects IS DISTINCT FROM c.corrects OR t.legs <> jsonb_array_length(c.postings) OR EXISTS (
       (SELECT a.owner_id, a.purpose, a.currency, p.amount, count(*) FROM posting p JOIN money_account a USING (money_account_id) WHERE p.transfer_id = c.transfer_id GROUP BY 1, 2, 3, 4)
       EXCEPT
       (SELECT w.owner, w.purpose, w.currency, w."amountMinor", count(*) FROM jsonb_to_recordset(c.postings) AS w(owner uuid, purpose text, currency text, "amountMinor" numeric) GROUP BY 1, 2, 3, 4)))
    UNION ALL
    SELECT t.transfer_id::text, 'is a correction that nobody agreed on' FROM transfer t WHERE t.kind = 'correction' AND NOT EXISTS (SELECT 1 FROM correction c WHERE c.transfer_id = t.transfer_id)
  ) d ORDER BY 1 LIMIT 1`;

/** In their order: what comes later rests on what comes before. */
export const LEDGER_CHECKS: readonly LedgerCheck[] = [
  inBatches('transfers', 'transfer', NIL, 10_000, TRANSFERS),
  oneQuery('postings', 'posting', 'posting', `SELECT p.transfer_id || '/' || p.leg AS "where", 'belongs to no transfer' AS detail FROM posting p WHERE NOT EXISTS (SELECT 1 FROM transfer t WHERE t.transfer_id = p.transfer_id) ORDER BY 1 LIMIT 1`),
  inBatches('accounts', 'account', '0', 5_000, ACCOUNTS),
  oneQuery('credits', 'credit', 'money_credit', `SELECT c.money_account_id::text AS "where", 'has credits, but is no account' AS detail FROM money_credit c WHERE NOT EXISTS (SELECT 1 FROM money_account a WHERE a.money_account_id = c.money_account_id) ORDER BY 1 LIMIT 1`),
  oneQuery('holds', 'hold', 'hold', HOLDS),
  oneQuery('void holds', 'hold', `hold WHERE state = 'voided'`, VOIDED),
  oneQuery('transfers of holds', 'transfer', `transfer WHERE kind IN ('hold', 'hold-voided', 'refund')`, SET_ASIDE),
  oneQuery('top-ups and payouts', 'movement', 'bank_movement', MOVEMENTS),
  oneQuery('corrections', 'correction', 'correction', CORRECTIONS),
];
