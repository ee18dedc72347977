import { type LedgerCheck, oneQuery } from '../../accounting/index.js';

/** Money that an offer had held belongs to an offer that stands, or to the order that came of it. */
const HELD = `
  SELECT h.subject AS "where", 'has money held that no offer stands for' AS detail FROM hold h
   WHERE h.state = 'pending' AND h.subject LIKE 'NG-%' AND NOT EXISTS (SELECT 1 FROM negotiation_offer o JOIN negotiation n USING (negotiation_id) WHERE o.hold_id = h.hold_id AND o.state = 'standing' AND n.state = 'open')
     AND NOT EXISTS (SELECT 1 FROM trade_order r WHERE r.hold_id = h.hold_id AND r.state IN ('funded', 'disputed')) ORDER BY 1 LIMIT 1`;

/** A standing offer of a buyer has its price held; an accepted one was ordered at its price, by its money; every other has given it back. */
const OFFERED = `
  SELECT coalesce(h.subject, o.negotiation_id::text) || '/' || o.place AS "where", format('is an offer of %s that is %s, which its money or its order does not say', o.amount, o.state) AS detail
    FROM negotiation_offer o JOIN negotiation n USING (negotiation_id) JOIN listing l USING (listing_id) LEFT JOIN hold h USING (hold_id) LEFT JOIN trade_order r ON r.order_id = n.order_id
   WHERE (o.made_by = 'buyer' AND (h.owner_id, h.currency, h.amount) IS DISTINCT FROM (n.buyer_id, l.currency, o.amount)) OR (o.state = 'standing' AND n.state <> 'open')
      OR h.state <> CASE o.state WHEN 'standing' THEN 'pending' WHEN 'accepted' THEN h.state ELSE 'voided' END
      OR (o.state = 'accepted' AND ((r.listing_id, r.buyer_id, r.amount) IS DISTINCT FROM (n.listing_id, n.buyer_id, o.amount) OR (o.hold_id IS NOT NULL AND o.hold_id IS DISTINCT FROM r.hold_id))) ORDER BY 1 LIMIT 1`;

export const NEGOTIATION_CHECKS: readonly LedgerCheck[] = [oneQuery('holds of offers', 'hold', `hold WHERE subject LIKE 'NG-%'`, HELD), oneQuery('offers', 'hold', 'negotiation_offer', OFFERED)];
