import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Payments on chain: orders as they were signed, what the contract says of them, and the settler's transactions. What a block says counts once, and is taken back with its block; an order's payment is funded once and
 * ends once (partial unique indexes over the events that stand). ZB091: what was signed or seen stays; ZB092: a replacement that a node would not take; ZB093 to ZB095: too many orders that nobody pays.
 */
export class ChainPayments1700000000016 implements MigrationInterface {
  readonly name = 'ChainPayments1700000000016';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- From settled: the buyer's own refund was mined before the release, or the payment is gone with its block. To created: the payment is gone with its block, and the order may still be paid.
      INSERT INTO order_transition (from_state, to_state) VALUES ('funded', 'created'), ('disputed', 'created'), ('settled', 'refunded');

      -- One row: who watches, and what was last found.
      CREATE TABLE settlement_lease (
        singleton      boolean PRIMARY KEY DEFAULT true CHECK (singleton),
        holder         text,
        expires_at     timestamptz NOT NULL DEFAULT '-infinity',
        checked_at     timestamptz,
        -- Until when what was seen counts as how things stand: the contract was there, and enough nodes agreed. Nothing is signed or settled after it.
        good_until     timestamptz NOT NULL DEFAULT '-infinity',
        chain_block    bigint,
        -- Of the newest block: the clock that deadlines go by.
        chain_time     timestamptz,
        problem_code   text,
        problem_detail text,
        problem_since  timestamptz
      );
      INSERT INTO settlement_lease DEFAULT VALUES;

      CREATE TABLE settlement_instance (
        id            integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        chain_id      bigint NOT NULL CHECK (chain_id > 0),
        genesis_hash  bytea NOT NULL CHECK (octet_length(genesis_hash) = 32),
        contract      bytea NOT NULL CHECK (octet_length(contract) = 20),
        -- Orders are signed for this one.
        is_current    boolean NOT NULL,
        -- Whether our keys have its roles, as far as is known: it takes orders that we sign; what it holds we can release and refund, also when it is not current any more.
        our_signer    boolean NOT NULL,
        our_settler   boolean NOT NULL,
        -- Up to this block all events are known.
        scanned_to    bigint NOT NULL CHECK (scanned_to >= -1),
        first_seen_at timestamptz NOT NULL DEFAULT now(),
        UNIQUE (chain_id, genesis_hash, contract)
      );
      CREATE UNIQUE INDEX settlement_instance_one_current ON settlement_instance (is_current) WHERE is_current;

      -- Whose an address is that is paid, or pays, on chain: one account's for ever, so that what is withdrawn by it is known to be theirs. The nil UUID: the service.
      CREATE TABLE payout_address (
        address    bytea PRIMARY KEY CHECK (octet_length(address) = 20),
        account_id uuid NOT NULL,
        since      timestamptz NOT NULL DEFAULT now()
      );
      CREATE TRIGGER payout_address_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON payout_address FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

      -- What the contract said, in which block. Insert-only, but that a block may turn out to be none.
      CREATE TABLE chain_event (
        event_id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        instance_id      integer NOT NULL REFERENCES settlement_instance,
        transaction_hash bytea NOT NULL CHECK (octet_length(transaction_hash) = 32),
        log_index        integer NOT NULL CHECK (log_index >= 0),
        block_number     bigint NOT NULL CHECK (block_number >= 0),
        block_hash       bytea NOT NULL CHECK (octet_length(block_hash) = 32),
        block_time       timestamptz NOT NULL,
        kind             text COLLATE "C" NOT NULL CHECK (kind IN ('funded', 'released', 'refunded', 'withdrawn')),
        chain_order_id   bytea CHECK (octet_length(chain_order_id) = 32) CHECK ((chain_order_id IS NULL) = (kind = 'withdrawn')),
        account          bytea CHECK (octet_length(account) = 20),
        token            bytea NOT NULL CHECK (octet_length(token) = 20),
        amount           numeric(78) NOT NULL CHECK (amount > 0),
        -- What the ledger was told of a withdrawal; null when that was none of our accounts'.
        transfer_id      uuid REFERENCES transfer,
        seen_at          timestamptz NOT NULL DEFAULT clock_timestamp(),
        undone_at        timestamptz
      );
      CREATE UNIQUE INDEX chain_event_live ON chain_event (instance_id, transaction_hash, log_index) WHERE undone_at IS NULL;
      CREATE UNIQUE INDEX chain_event_of_order ON chain_event (instance_id, chain_order_id, kind) WHERE undone_at IS NULL AND chain_order_id IS NOT NULL;
      CREATE INDEX chain_event_undone ON chain_event (instance_id, chain_order_id) WHERE undone_at IS NOT NULL;
      CREATE INDEX chain_event_by_block ON chain_event (instance_id, block_number DESC, log_index DESC) WHERE undone_at IS NULL;
      CREATE TRIGGER chain_event_kept BEFORE DELETE OR TRUNCATE ON chain_event FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

      CREATE FUNCTION chain_event_stays() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF OLD.undone_at IS NOT NULL OR NEW.undone_at IS NULL OR to_jsonb(NEW) - 'undone_at' <> to_jsonb(OLD) - 'undone_at' THEN
          RAISE EXCEPTION 'event % stays as it was seen', OLD.event_id USING ERRCODE = 'ZB091';
        END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER chain_event_stays BEFORE UPDATE ON chain_event FOR EACH ROW EXECUTE FUNCTION chain_event_stays();

      -- An order as it was signed for the contract (docs/spec/settlement.md), and the events that stand.
      CREATE TABLE chain_payment (
        order_id       bigint PRIMARY KEY REFERENCES trade_order,
        instance_id    integer NOT NULL REFERENCES settlement_instance,
        chain_order_id bytea NOT NULL CHECK (octet_length(chain_order_id) = 32),
        buyer          bytea NOT NULL CHECK (octet_length(buyer) = 20),
        token          bytea NOT NULL CHECK (octet_length(token) = 20),
        amount         numeric(78) NOT NULL CHECK (amount BETWEEN 1 AND 79228162514264337593543950335),
        -- [{address, shareBps}], in the contract's order.
        payees         jsonb NOT NULL CHECK (jsonb_array_length(payees) BETWEEN 1 AND 32),
        deadline       timestamptz NOT NULL,
        -- After this nothing is settled: the release would come too near to the deadline.
        settle_until   timestamptz NOT NULL CHECK (settle_until < deadline),
        order_hash     bytea NOT NULL CHECK (octet_length(order_hash) = 32),
        signature      bytea NOT NULL CHECK (octet_length(signature) = 65),
        -- No event of it is in this block or below.
        from_block     bigint NOT NULL,
        funded_event   bigint REFERENCES chain_event,
        ended_event    bigint REFERENCES chain_event,
        -- When a payment that was settled or refunded was given up, since its block is gone and its deadline passed.
        lapsed_at      timestamptz,
        UNIQUE (instance_id, chain_order_id)
      );
      CREATE INDEX chain_payment_held ON chain_payment (deadline, order_id) WHERE funded_event IS NOT NULL AND ended_event IS NULL;
      CREATE TRIGGER chain_payment_kept BEFORE DELETE OR TRUNCATE ON chain_payment FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

      CREATE FUNCTION chain_payment_stays() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE
        changing text[] := ARRAY['funded_event', 'ended_event', 'lapsed_at'];
      BEGIN
        IF to_jsonb(NEW) - changing <> to_jsonb(OLD) - changing OR (OLD.lapsed_at IS NOT NULL AND NEW.lapsed_at IS DISTINCT FROM OLD.lapsed_at)
           OR (NEW.funded_event IS DISTINCT FROM OLD.funded_event AND OLD.funded_event IS NOT NULL AND NEW.funded_event IS NOT NULL)
           OR (NEW.ended_event IS DISTINCT FROM OLD.ended_event AND OLD.ended_event IS NOT NULL AND NEW.ended_event IS NOT NULL) THEN
          RAISE EXCEPTION 'the payment of order % stays as it was signed', OLD.order_id USING ERRCODE = 'ZB091';
        END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER chain_payment_stays BEFORE UPDATE ON chain_payment FOR EACH ROW EXECUTE FUNCTION chain_payment_stays();

      -- An order takes its listing before it is paid: so nobody has two unpaid ones of a listing, or more than five at all, or orders again for a day what they did not pay, or cancelled twice. ZB093, ZB094, ZB095.
      CREATE INDEX order_unpaid ON trade_order (buyer_id, listing_id) WHERE method = 'chain' AND state = 'created';
      -- Until when a buyer orders nothing more from a listing: a day after the last order that was not paid, and after the last but one that was cancelled. Null: they never had to wait.
      CREATE FUNCTION no_order_until(buyer uuid, listing bigint) RETURNS timestamptz LANGUAGE sql STABLE AS $$
        SELECT max(past.ended_at) + interval '1 day' FROM (
          SELECT o.ended_at FROM trade_order o WHERE o.buyer_id = buyer AND o.listing_id = listing AND o.method = 'chain' AND o.state = 'expired' AND o.reason = 'NOT_PAID'
          UNION ALL (SELECT o.ended_at FROM trade_order o WHERE o.buyer_id = buyer AND o.listing_id = listing AND o.method = 'chain' AND o.state = 'cancelled' ORDER BY o.ended_at DESC OFFSET 1 LIMIT 1)) past
      $$;
      CREATE FUNCTION unpaid_orders_bounded() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE
        fresh trade_order;
      BEGIN
        SELECT * INTO fresh FROM trade_order o WHERE o.order_id = NEW.order_id;
        -- One order of a buyer after the other.
        PERFORM pg_advisory_xact_lock(hashtextextended(fresh.buyer_id::text, 93));
        IF EXISTS (SELECT 1 FROM trade_order o WHERE o.buyer_id = fresh.buyer_id AND o.listing_id = fresh.listing_id AND o.method = 'chain' AND o.state = 'created' AND o.order_id <> fresh.order_id) THEN
          RAISE EXCEPTION 'the buyer has an unpaid order of this listing' USING ERRCODE = 'ZB093';
        END IF;
        IF (SELECT count(*) FROM trade_order o WHERE o.buyer_id = fresh.buyer_id AND o.method = 'chain' AND o.state = 'created') > 5 THEN
          RAISE EXCEPTION 'the buyer has five unpaid orders' USING ERRCODE = 'ZB094';
        END IF;
        IF no_order_until(fresh.buyer_id, fresh.listing_id) > now() THEN
          RAISE EXCEPTION 'the buyer did not pay an order of this listing, or cancelled two' USING ERRCODE = 'ZB095';
        END IF;
        RETURN NULL;
      END $$;
      CREATE TRIGGER unpaid_orders_bounded AFTER INSERT ON chain_payment FOR EACH ROW EXECUTE FUNCTION unpaid_orders_bounded();

      -- The settler's signed bytes, stored before they are broadcast. A nonce is one order's; what takes its place on the chain is of the same order.
      CREATE TABLE settlement_transaction (
        instance_id              integer NOT NULL REFERENCES settlement_instance,
        transaction_hash         bytea NOT NULL CHECK (octet_length(transaction_hash) = 32),
        order_id                 bigint NOT NULL REFERENCES chain_payment,
        action                   text COLLATE "C" NOT NULL CHECK (action IN ('release', 'refund')),
        sender                   bytea NOT NULL CHECK (octet_length(sender) = 20),
        nonce                    bigint NOT NULL CHECK (nonce >= 0),
        raw                      bytea NOT NULL,
        gas_limit                bigint NOT NULL CHECK (gas_limit > 0),
        max_fee_per_gas          numeric(78) NOT NULL CHECK (max_fee_per_gas > 0),
        max_priority_fee_per_gas numeric(78) NOT NULL CHECK (max_priority_fee_per_gas BETWEEN 0 AND max_fee_per_gas),
        replaces                 bytea,
        created_at               timestamptz NOT NULL DEFAULT clock_timestamp(),
        broadcast_at             timestamptz,
        last_broadcast_at        timestamptz,
        last_outcome             text,
        PRIMARY KEY (instance_id, transaction_hash),
        FOREIGN KEY (instance_id, replaces) REFERENCES settlement_transaction (instance_id, transaction_hash),
        UNIQUE (instance_id, replaces)
      );
      CREATE UNIQUE INDEX settlement_transaction_first ON settlement_transaction (instance_id, sender, nonce) WHERE replaces IS NULL;
      CREATE INDEX settlement_transaction_by_nonce ON settlement_transaction (instance_id, sender, nonce, max_fee_per_gas DESC);
      CREATE INDEX settlement_transaction_by_order ON settlement_transaction (order_id);
      CREATE TRIGGER settlement_transaction_kept BEFORE DELETE OR TRUNCATE ON settlement_transaction FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

      CREATE FUNCTION settlement_transaction_guard() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE
        sent_on settlement_instance;
      BEGIN
        -- The settler's nonces are those of a chain, whichever contract it speaks to.
        IF NOT EXISTS (SELECT 1 FROM settlement_instance i JOIN settlement_instance c ON c.is_current AND (c.chain_id, c.genesis_hash) = (i.chain_id, i.genesis_hash) WHERE i.id = NEW.instance_id) THEN
          RAISE EXCEPTION 'chain instance % is of another chain than the current one', NEW.instance_id USING ERRCODE = 'ZB092';
        END IF;
        IF TG_OP = 'INSERT' AND NEW.replaces IS NULL THEN
          SELECT * INTO sent_on FROM settlement_instance i WHERE i.id = NEW.instance_id;
          -- One process after the other; the index above sees the nonces of one contract alone.
          PERFORM pg_advisory_xact_lock(hashtextextended(sent_on.chain_id || encode(sent_on.genesis_hash || NEW.sender, 'hex'), 92));
          IF EXISTS (SELECT 1 FROM settlement_transaction t JOIN settlement_instance i ON i.id = t.instance_id WHERE (i.chain_id, i.genesis_hash) = (sent_on.chain_id, sent_on.genesis_hash) AND t.sender = NEW.sender AND t.nonce = NEW.nonce) THEN
            RAISE EXCEPTION 'nonce % was given to a transaction before', NEW.nonce USING ERRCODE = 'unique_violation';
          END IF;
        END IF;
        -- What nodes ask of a replacement: both fees at least an eighth higher.
        IF TG_OP = 'INSERT' AND NEW.replaces IS NOT NULL AND NOT EXISTS (
          SELECT 1 FROM settlement_transaction t WHERE t.instance_id = NEW.instance_id AND t.transaction_hash = NEW.replaces AND t.order_id = NEW.order_id AND t.sender = NEW.sender AND t.nonce = NEW.nonce
             AND NEW.max_fee_per_gas * 8 >= t.max_fee_per_gas * 9 AND NEW.max_priority_fee_per_gas * 8 >= t.max_priority_fee_per_gas * 9) THEN
          RAISE EXCEPTION 'not a replacement of a transaction of order % with both fees raised', NEW.order_id USING ERRCODE = 'ZB092';
        END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER settlement_transaction_guard BEFORE INSERT OR UPDATE ON settlement_transaction FOR EACH ROW EXECUTE FUNCTION settlement_transaction_guard();
    `);
    await runner.query(GIVE_BACK);
    await runner.query(`
      GRANT SELECT, UPDATE ON settlement_lease TO zhengben_service;
      GRANT SELECT, INSERT, UPDATE (is_current, our_signer, our_settler, scanned_to) ON settlement_instance TO zhengben_service;
      GRANT SELECT, INSERT ON payout_address TO zhengben_service;
      GRANT SELECT, INSERT, UPDATE (undone_at) ON chain_event TO zhengben_service;
      GRANT SELECT, INSERT, UPDATE (funded_event, ended_event, lapsed_at) ON chain_payment TO zhengben_service;
      GRANT SELECT, INSERT, UPDATE (broadcast_at, last_broadcast_at, last_outcome) ON settlement_transaction TO zhengben_service;
      GRANT EXECUTE ON FUNCTION give_back_listing, no_order_until TO zhengben_service;
    `);
  }

  async down(): Promise<void> {
    throw new Error('payments are append-only: restore a backup instead');
  }
}

/** An order that is paid on chain takes its listing before it is paid, one of a slice before that changes hands; one that is never paid, or is paid back, gives it back. Only by this function may what was sold become less. */
const GIVE_BACK = `
  CREATE OR REPLACE FUNCTION listing_stays() RETURNS trigger LANGUAGE plpgsql AS $$
  DECLARE
    changing text[] := ARRAY['amount', 'closes_at', 'sold', 'closed_at', 'closed_by'];
    given_back boolean := current_setting('zhengben.giving_back', true) = OLD.listing_id::text AND current_user = (SELECT pg_get_userbyid(c.relowner) FROM pg_class c WHERE c.oid = TG_RELID) AND NEW.sold = OLD.sold - 1;
  BEGIN
    IF coalesce(given_back, false) THEN
      changing := ARRAY['sold', 'closed_at', 'closed_by'];
    END IF;
    IF to_jsonb(NEW) - changing <> to_jsonb(OLD) - changing OR (NOT coalesce(given_back, false) AND (NEW.sold < OLD.sold OR (OLD.closed_at IS NOT NULL AND to_jsonb(NEW) <> to_jsonb(OLD)))) THEN
      RAISE EXCEPTION 'listing % stays as it was published', OLD.listing_id USING ERRCODE = 'ZB081';
    END IF;
    RETURN NEW;
  END $$;

  -- Once for an order: in the transaction that ends it, whose caller has its row locked.
  CREATE FUNCTION give_back_listing(of_order bigint) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  DECLARE
    taken bigint;
  BEGIN
    SELECT o.listing_id INTO taken FROM trade_order o JOIN order_event e ON e.order_id = o.order_id
     WHERE o.order_id = of_order AND (o.method = 'chain' OR EXISTS (SELECT 1 FROM listing l WHERE l.listing_id = o.listing_id AND l.kind = 'assignment')) AND o.state IN ('expired', 'cancelled', 'refunded') AND e.to_state = o.state AND e.at = now() ORDER BY e.place DESC LIMIT 1;
    IF taken IS NULL THEN
      RAISE EXCEPTION 'order % gives nothing back', of_order USING ERRCODE = 'ZB081';
    END IF;
    PERFORM set_config('zhengben.giving_back', taken::text, true);
    -- One that was taken back by its seller meanwhile stays closed.
    UPDATE listing l SET sold = l.sold - 1, closed_at = CASE WHEN l.closed_by = 'withdrawn' THEN l.closed_at END, closed_by = CASE WHEN l.closed_by = 'withdrawn' THEN l.closed_by END WHERE l.listing_id = taken;
    PERFORM set_config('zhengben.giving_back', '', true);
  END $$;
`;
