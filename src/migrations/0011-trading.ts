import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Listings and orders. The database holds the states of an order (ZB082), and that a listing sells no more than it has, at the price that was shown, while it is open (ZB081). `settle_orders` settles a
 * batch: each order with its rights, its postings, its statements and its notices, or not at all; one that is refused takes nothing from the others. ZB083: who is paid has changed since it was worked out.
 */
export class Trading1700000000011 implements MigrationInterface {
  readonly name = 'Trading1700000000011';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE listing (
        -- The 60 bits of its number, LS-….
        listing_id   bigint PRIMARY KEY CHECK (listing_id BETWEEN 0 AND 1152921504606846975),
        work_id      bigint NOT NULL REFERENCES work,
        seller_id    uuid NOT NULL,
        -- A non-exclusive licence, to as many as quantity says; an exclusive one, once; a slice of the work, once.
        kind         text COLLATE "C" NOT NULL CHECK (kind IN ('licence', 'exclusive-licence', 'assignment')),
        rights       code_set,
        territories  code_set,
        uses         code_set,
        languages    code_set,
        term         rights_term,
        -- What is agreed besides scope and price.
        terms        jsonb NOT NULL,
        pricing      text COLLATE "C" NOT NULL CHECK (pricing IN ('fixed', 'negotiable')),
        currency     text COLLATE "C" NOT NULL,
        amount       numeric(78) NOT NULL CHECK (amount > 0),
        -- Null: without a limit.
        quantity     integer CHECK (quantity > 0) CHECK (kind = 'licence' OR (quantity = 1 AND quantity IS NOT NULL)),
        sold         integer NOT NULL DEFAULT 0,
        -- Who may buy; null: anyone.
        audience     uuid[] CHECK (cardinality(audience) BETWEEN 1 AND 100),
        published_at timestamptz NOT NULL,
        opens_at     timestamptz NOT NULL,
        closes_at    timestamptz CHECK (closes_at > opens_at),
        closed_at    timestamptz,
        closed_by    text COLLATE "C" CHECK (closed_by IN ('sold-out', 'withdrawn') AND (closed_by IS NULL) = (closed_at IS NULL)),
        CONSTRAINT listing_has_no_more CHECK (sold BETWEEN 0 AND quantity)
      );
      CREATE INDEX listing_by_work ON listing (work_id);
      CREATE INDEX listing_by_seller ON listing (seller_id, published_at DESC, listing_id DESC);

      -- What was offered stays, but for its price, its end and how often it was sold.
      CREATE FUNCTION listing_stays() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE
        changing text[] := ARRAY['amount', 'closes_at', 'sold', 'closed_at', 'closed_by'];
      BEGIN
        IF to_jsonb(NEW) - changing <> to_jsonb(OLD) - changing OR NEW.sold < OLD.sold OR (OLD.closed_at IS NOT NULL AND to_jsonb(NEW) <> to_jsonb(OLD)) THEN
          RAISE EXCEPTION 'listing % stays as it was published', OLD.listing_id USING ERRCODE = 'ZB081';
        END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER listing_stays BEFORE UPDATE ON listing FOR EACH ROW EXECUTE FUNCTION listing_stays();
      CREATE TRIGGER listing_kept BEFORE DELETE OR TRUNCATE ON listing FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

      -- Why a listing cannot be sold as things stand, though it is open: the term of what it sells is over, its work was withdrawn, its seller does not hold all of it any more, others were granted what it takes, or co-owners do not agree (any more).
      -- One look-up after the other: as one SQL expression it would set up those of all kinds for every call.
      CREATE FUNCTION listing_faults(l listing) RETURNS text[] LANGUAGE plpgsql STABLE AS $$
      DECLARE
        faults text[] := '{}';
      BEGIN
        IF upper(l.term) <= now() THEN
          faults := faults || 'over'::text;
        END IF;
        IF EXISTS (SELECT 1 FROM work w WHERE w.work_id = l.work_id AND w.withdrawn_at IS NOT NULL) THEN
          faults := faults || 'withdrawn'::text;
        END IF;
        IF NOT is_held(l.work_id, l.seller_id, l.rights, l.territories, l.uses, l.languages, l.term) THEN
          faults := faults || 'not-held'::text;
        END IF;
        IF l.kind = 'licence' THEN
          IF EXISTS (SELECT 1 FROM licence g WHERE g.granted_from = l.work_id AND g.exclusivity <> 'non-exclusive' AND g.voided_at IS NULL
                        AND g.term && l.term AND g.territories && l.territories AND g.rights && l.rights AND g.uses && l.uses AND g.languages && l.languages) THEN
            faults := faults || 'taken'::text;
          END IF;
          RETURN faults;
        END IF;
        IF l.kind = 'exclusive-licence' AND EXISTS (SELECT 1 FROM licence g WHERE g.granted_from = l.work_id AND g.voided_at IS NULL
                        AND g.term && l.term AND g.territories && l.territories AND g.rights && l.rights AND g.uses && l.uses AND g.languages && l.languages) THEN
          faults := faults || 'taken'::text;
        END IF;
        IF EXISTS (SELECT 1 FROM holding h JOIN holding_holder o USING (holding_id)
                    WHERE h.work_id = l.work_id AND h.replaced_seq IS NULL AND h.rights && l.rights AND h.territories && l.territories AND h.uses && l.uses AND h.languages && l.languages AND h.term && l.term AND o.account_id <> l.seller_id
                      AND NOT has_consent(l.work_id, o.account_id, l.seller_id, CASE WHEN l.kind = 'assignment' THEN 'assignment' ELSE 'licence' END, NULL, now(),
                                          h.rights * l.rights, h.territories * l.territories, h.uses * l.uses, h.languages * l.languages, h.term * l.term, still => true)) THEN
          faults := faults || 'consent-missing'::text;
        END IF;
        RETURN faults;
      END $$;

      -- From «new»: what is paid from a balance is created, funded and settled in one transaction.
      CREATE TABLE order_transition (
        from_state text COLLATE "C" NOT NULL,
        to_state   text COLLATE "C" NOT NULL,
        PRIMARY KEY (from_state, to_state)
      );
      INSERT INTO order_transition (from_state, to_state) VALUES
        ('new', 'created'), ('new', 'funded'), ('new', 'settled'),
        ('created', 'funded'), ('created', 'cancelled'), ('created', 'expired'),
        ('funded', 'settled'), ('funded', 'refunded'), ('funded', 'disputed'),
        ('disputed', 'settled'), ('disputed', 'refunded');

      CREATE TABLE trade_order (
        -- The 60 bits of its number, OR-….
        order_id        bigint PRIMARY KEY CHECK (order_id BETWEEN 0 AND 1152921504606846975),
        listing_id      bigint NOT NULL REFERENCES listing,
        buyer_id        uuid NOT NULL,
        seller_id       uuid NOT NULL CHECK (seller_id <> buyer_id),
        method          text COLLATE "C" NOT NULL CHECK (method IN ('balance', 'chain')),
        currency        text COLLATE "C" NOT NULL,
        amount          numeric(78) NOT NULL CHECK (amount > 0),
        -- Who gets what of it, as it was shown to the buyer, and the fee and the tax that it was worked out by.
        breakdown       jsonb NOT NULL,
        fee_bps         integer NOT NULL CHECK (fee_bps BETWEEN 0 AND 10000),
        tax_bps         integer NOT NULL CHECK (tax_bps BETWEEN 0 AND 10000),
        -- Of an order that is not settled at once: how far the work's chain was that the buyer could look at.
        work_seq        integer CHECK (work_seq IS NOT NULL OR state = 'settled'),
        state           text COLLATE "C" NOT NULL,
        hold_id         uuid UNIQUE REFERENCES hold,
        licence_id      bigint UNIQUE REFERENCES licence,
        created_at      timestamptz NOT NULL,
        funded_at       timestamptz,
        -- Of an assignment: until when the buyer may object before the money goes.
        protected_until timestamptz,
        -- Until when it is to be funded.
        expires_at      timestamptz,
        ended_at        timestamptz CHECK ((ended_at IS NOT NULL) = (state IN ('settled', 'cancelled', 'expired', 'refunded'))),
        -- Why it ended otherwise than its buyer wanted.
        reason          text,
        -- What the buyer of a slice objects to; and which operator decided on it, and why.
        dispute_reason    text CHECK (dispute_reason IS NOT NULL OR state <> 'disputed'),
        disputed_at       timestamptz CHECK ((disputed_at IS NULL) = (dispute_reason IS NULL)),
        resolved_by       uuid CHECK (resolved_by NOT IN (buyer_id, seller_id)),
        resolution_reason text CHECK ((resolution_reason IS NULL) = (resolved_by IS NULL))
      );
      CREATE INDEX order_by_buyer ON trade_order (buyer_id, created_at DESC, order_id DESC);
      CREATE INDEX order_by_seller ON trade_order (seller_id, created_at DESC, order_id DESC);
      CREATE INDEX order_by_listing ON trade_order (listing_id);
      CREATE INDEX order_open ON trade_order (state, coalesce(protected_until, expires_at)) WHERE state IN ('created', 'funded', 'disputed');
      CREATE INDEX order_disputes ON trade_order (disputed_at, order_id) WHERE disputed_at IS NOT NULL;
      CREATE TRIGGER order_kept BEFORE DELETE OR TRUNCATE ON trade_order FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

      CREATE TABLE order_event (
        order_id   bigint NOT NULL REFERENCES trade_order,
        place      integer NOT NULL,
        from_state text COLLATE "C" NOT NULL,
        to_state   text COLLATE "C" NOT NULL,
        at         timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (order_id, place),
        FOREIGN KEY (from_state, to_state) REFERENCES order_transition
      );
      CREATE TRIGGER order_event_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON order_event FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

      -- All that were placed by one statement at once: orders that are settled in batches are many.
      CREATE FUNCTION orders_begin() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
      DECLARE
        beyond text;
      BEGIN
        SELECT f.state INTO beyond FROM fresh f WHERE NOT EXISTS (SELECT 1 FROM order_transition t WHERE t.from_state = 'new' AND t.to_state = f.state) LIMIT 1;
        IF FOUND THEN
          RAISE EXCEPTION 'an order that is new does not become %', beyond USING ERRCODE = 'ZB082';
        END IF;
        INSERT INTO order_event (order_id, place, from_state, to_state) SELECT f.order_id, 1, 'new', f.state FROM fresh f;
        RETURN NULL;
      END $$;
      CREATE TRIGGER orders_begin AFTER INSERT ON trade_order REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION orders_begin();

      CREATE FUNCTION order_moves() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
      DECLARE
        changing text[] := ARRAY['state', 'hold_id', 'licence_id', 'funded_at', 'protected_until', 'ended_at', 'reason', 'dispute_reason', 'disputed_at', 'resolved_by', 'resolution_reason'];
      BEGIN
        IF to_jsonb(NEW) - changing <> to_jsonb(OLD) - changing OR NEW.state = OLD.state THEN
          RAISE EXCEPTION 'order % stays as it was placed', OLD.order_id USING ERRCODE = 'ZB082';
        END IF;
        IF NOT EXISTS (SELECT 1 FROM order_transition t WHERE t.from_state = OLD.state AND t.to_state = NEW.state) THEN
          RAISE EXCEPTION 'an order that is % does not become %', OLD.state, NEW.state USING ERRCODE = 'ZB082';
        END IF;
        -- What was objected to stays; an operator decides on it, once, and nobody else settles what is disputed.
        IF (NEW.state <> 'disputed' AND (NEW.dispute_reason, NEW.disputed_at) IS DISTINCT FROM (OLD.dispute_reason, OLD.disputed_at))
           OR ((NEW.resolved_by, NEW.resolution_reason) IS DISTINCT FROM (OLD.resolved_by, OLD.resolution_reason) AND (OLD.state <> 'disputed' OR NEW.state NOT IN ('settled', 'refunded') OR NOT is_operator(NEW.resolved_by)))
           OR (OLD.state = 'disputed' AND NEW.state = 'settled' AND NEW.resolved_by IS NULL) THEN
          RAISE EXCEPTION 'a dispute of order % is decided by an operator', OLD.order_id USING ERRCODE = 'ZB082';
        END IF;
        INSERT INTO order_event (order_id, place, from_state, to_state)
        SELECT NEW.order_id, coalesce((SELECT max(e.place) FROM order_event e WHERE e.order_id = NEW.order_id), 0) + 1, OLD.state, NEW.state;
        RETURN NULL;
      END $$;
      CREATE TRIGGER order_moves AFTER UPDATE ON trade_order FOR EACH ROW EXECUTE FUNCTION order_moves();

      GRANT SELECT, INSERT ON listing, trade_order TO zhengben_service;
      GRANT UPDATE (amount, closes_at, sold, closed_at, closed_by) ON listing TO zhengben_service;
      GRANT UPDATE (state, hold_id, licence_id, funded_at, protected_until, ended_at, reason, dispute_reason, disputed_at, resolved_by, resolution_reason) ON trade_order TO zhengben_service;
      GRANT SELECT ON order_transition, order_event TO zhengben_service;
      GRANT EXECUTE ON FUNCTION listing_faults TO zhengben_service;
    `);
    await runner.query(SETTLE_ORDERS);
  }

  async down(): Promise<void> {
    throw new Error('orders are append-only: restore a backup instead');
  }
}

const SETTLE_ORDERS = `
  -- Takes of listings what orders buy: [{listing: {id, amount, isAgreed}, holdings: […]}]. A price that was agreed in a negotiation need not be the listing's.
  CREATE FUNCTION take_listings(items jsonb) RETURNS void LANGUAGE plpgsql AS $$
  DECLARE
    wanted bigint[];
    counts integer[];
    taken integer;
  BEGIN
    SELECT array_agg(w.id ORDER BY w.id), array_agg(w.n ORDER BY w.id) INTO wanted, counts
      FROM (SELECT (i->'listing'->>'id')::bigint AS id, count(*)::integer AS n FROM jsonb_array_elements(items) AS i GROUP BY 1) w;
    -- Those with a limit are counted, one order after the other; of the others nothing changes.
    UPDATE listing l SET sold = l.sold + w.n, closed_at = CASE WHEN l.sold + w.n = l.quantity THEN now() END, closed_by = CASE WHEN l.sold + w.n = l.quantity THEN 'sold-out' END
      FROM unnest(wanted, counts) AS w(id, n)
     WHERE l.listing_id = w.id AND l.quantity IS NOT NULL AND l.closed_at IS NULL AND l.sold + w.n <= l.quantity AND now() >= l.opens_at AND (l.closes_at IS NULL OR now() < l.closes_at) AND now() < upper(l.term);
    GET DIAGNOSTICS taken = ROW_COUNT;
    SELECT taken + count(*) INTO taken FROM listing l WHERE l.listing_id = ANY (wanted) AND l.quantity IS NULL AND l.closed_at IS NULL AND now() >= l.opens_at AND (l.closes_at IS NULL OR now() < l.closes_at) AND now() < upper(l.term);
    IF taken < cardinality(wanted) OR EXISTS (SELECT 1 FROM jsonb_array_elements(items) AS i JOIN listing l ON l.listing_id = (i->'listing'->>'id')::bigint
        WHERE l.amount <> (i->'listing'->>'amount')::numeric AND NOT (l.pricing = 'negotiable' AND coalesce((i->'listing'->>'isAgreed')::boolean, false))) THEN
      RAISE EXCEPTION 'a listing is closed, sold out, over, or has another price' USING ERRCODE = 'ZB081';
    END IF;
    -- Who is paid follows from the holdings, which were locked before this.
    IF EXISTS (SELECT 1 FROM jsonb_array_elements(items) AS i, jsonb_array_elements_text(i->'holdings') AS h(id) LEFT JOIN holding ON holding_id = h.id::bigint WHERE replaced_seq IS NOT NULL OR holding_id IS NULL) THEN
      RAISE EXCEPTION 'the rights that are sold were assigned meanwhile' USING ERRCODE = 'ZB083';
    END IF;
  END $$;

  CREATE FUNCTION insert_orders(items jsonb) RETURNS void LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM take_listings(items);
    PERFORM insert_grants(items);
    INSERT INTO trade_order (order_id, listing_id, buyer_id, seller_id, method, currency, amount, breakdown, fee_bps, tax_bps, state, hold_id, licence_id, created_at, funded_at, ended_at)
    SELECT o."orderId", o."listingId", o."buyerId", o."sellerId", o.method, o.currency, o.amount, o.breakdown, o."feeBps", o."taxBps", 'settled', o."holdId", o."licenceId", o."createdAt", o."createdAt", o."createdAt"
      FROM jsonb_to_recordset(jsonb_path_query_array(items, '$[*].order')) AS o("orderId" bigint, "listingId" bigint, "buyerId" uuid, "sellerId" uuid, method text, currency text, amount numeric, breakdown jsonb, "feeBps" integer, "taxBps" integer, "holdId" uuid, "licenceId" bigint, "createdAt" timestamptz);
    PERFORM post_transfers(jsonb_path_query_array(items, '$[*].transfers[*]'));
  END $$;

  CREATE FUNCTION settle_orders(items jsonb) RETURNS TABLE (item integer, outcome text, response jsonb) LANGUAGE plpgsql AS $$
  DECLARE
    one jsonb;
    stored record;
    fresh bigint;
  BEGIN
    -- Once for all of them, in the order in which everybody locks: works, holdings, listings; licences and accounts follow.
    PERFORM 1 FROM work w WHERE w.work_id IN (SELECT (i->'licence'->>'workId')::bigint FROM jsonb_array_elements(items) AS i) ORDER BY w.work_id FOR SHARE;
    PERFORM 1 FROM holding h WHERE h.holding_id IN (SELECT h.id::bigint FROM jsonb_array_elements(items) AS i, jsonb_array_elements_text(i->'holdings') AS h(id) WHERE i->'licence'->>'exclusivity' = 'non-exclusive') ORDER BY h.holding_id FOR SHARE;
    PERFORM 1 FROM listing l WHERE l.quantity IS NOT NULL AND l.listing_id IN (SELECT (i->'listing'->>'id')::bigint FROM jsonb_array_elements(items) AS i) ORDER BY l.listing_id FOR NO KEY UPDATE;
    PERFORM 1 FROM listing l WHERE l.quantity IS NULL AND l.listing_id IN (SELECT (i->'listing'->>'id')::bigint FROM jsonb_array_elements(items) AS i) ORDER BY l.listing_id FOR SHARE;
    IF jsonb_array_length(items) > 1 THEN
      BEGIN
        INSERT INTO idempotency (account_id, key, payload_hash, status, response)
        SELECT k."callerId", k.key, decode(k."payloadHash", 'hex'), 201, k.response
          FROM jsonb_to_recordset(items) AS k("callerId" uuid, key text, "payloadHash" text, response jsonb) WHERE k.key IS NOT NULL
        ON CONFLICT DO NOTHING;
        GET DIAGNOSTICS fresh = ROW_COUNT;
        IF fresh <> (SELECT count(*) FROM jsonb_array_elements(items) AS i WHERE i ? 'key') THEN
          RAISE EXCEPTION 'a key of the batch was used before' USING ERRCODE = 'ZB067';
        END IF;
        PERFORM insert_orders(items);
        RETURN QUERY SELECT n, 'settled', NULL::jsonb FROM generate_series(1, jsonb_array_length(items)) AS n;
        RETURN;
      EXCEPTION
        WHEN exclusion_violation OR SQLSTATE 'ZB061' OR SQLSTATE 'ZB064' OR SQLSTATE 'ZB065' OR SQLSTATE 'ZB067' OR SQLSTATE 'ZB072' OR SQLSTATE 'ZB081' OR SQLSTATE 'ZB083' THEN
          NULL;
      END;
    END IF;
    item := 0;
    FOR one IN SELECT * FROM jsonb_array_elements(items) LOOP
      item := item + 1;
      outcome := 'settled';
      response := NULL;
      BEGIN
        IF one ? 'key' THEN
          INSERT INTO idempotency (account_id, key, payload_hash, status, response)
          VALUES ((one->>'callerId')::uuid, one->>'key', decode(one->>'payloadHash', 'hex'), 201, one->'response') ON CONFLICT DO NOTHING;
          IF NOT FOUND THEN
            SELECT i.payload_hash, i.response INTO stored FROM idempotency i WHERE i.account_id = (one->>'callerId')::uuid AND i.key = one->>'key';
            outcome := CASE WHEN stored.payload_hash = decode(one->>'payloadHash', 'hex') THEN 'replayed' ELSE 'key-reused' END;
            response := stored.response;
          END IF;
        END IF;
        IF outcome = 'settled' THEN
          PERFORM insert_orders(jsonb_build_array(one));
        END IF;
      EXCEPTION
        WHEN exclusion_violation OR SQLSTATE 'ZB061' OR SQLSTATE 'ZB064' OR SQLSTATE 'ZB065' OR SQLSTATE 'ZB072' OR SQLSTATE 'ZB081' OR SQLSTATE 'ZB083' THEN
          outcome := SQLSTATE;
      END;
      RETURN NEXT;
    END LOOP;
  END $$;
  GRANT EXECUTE ON FUNCTION take_listings, insert_orders, settle_orders TO zhengben_service;
`;
