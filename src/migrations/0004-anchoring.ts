import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Chain instances, anchors, their transactions and the anchorer's lease (DESIGN invariant 7). The database itself refuses a write without the
 * lease (ZB041), a transition that is not in the table (ZB042) and a replacement that a node would not take (ZB043).
 */
export class Anchoring1700000000004 implements MigrationInterface {
  readonly name = 'Anchoring1700000000004';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- One row: who anchors, as of which epoch, and what it last found.
      CREATE TABLE anchor_lease (
        singleton      boolean PRIMARY KEY DEFAULT true CHECK (singleton),
        holder         text,
        epoch          bigint NOT NULL CHECK (epoch >= 0),
        expires_at     timestamptz NOT NULL,
        checked_at     timestamptz,
        chain_block    bigint,
        head_size      bigint,
        published_size bigint NOT NULL DEFAULT 0,
        behind_since   timestamptz,
        problem_code   text,
        problem_detail text,
        problem_since  timestamptz
      );
      INSERT INTO anchor_lease (epoch, expires_at) VALUES (0, '-infinity');

      CREATE FUNCTION anchor_lease_guard() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF NEW.epoch = OLD.epoch AND NEW.holder IS NOT DISTINCT FROM OLD.holder THEN RETURN NEW; END IF;
        -- A new epoch: only once the old one has run out, or for the same holder.
        IF NEW.epoch = OLD.epoch + 1 AND (OLD.expires_at <= clock_timestamp() OR NEW.holder = OLD.holder) THEN RETURN NEW; END IF;
        RAISE EXCEPTION 'the anchorer''s lease is held by %', OLD.holder USING ERRCODE = 'ZB041';
      END $$;
      CREATE TRIGGER anchor_lease_guard BEFORE UPDATE ON anchor_lease FOR EACH ROW EXECUTE FUNCTION anchor_lease_guard();

      -- Every write of the anchorer carries the epoch of its lease. FOR SHARE: no takeover until the write is committed.
      CREATE FUNCTION anchor_fence() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
      BEGIN
        PERFORM 1 FROM anchor_lease WHERE epoch = NEW.lease_epoch AND expires_at > clock_timestamp() FOR SHARE;
        IF NOT FOUND THEN
          RAISE EXCEPTION 'epoch % does not hold the anchorer''s lease', NEW.lease_epoch USING ERRCODE = 'ZB041';
        END IF;
        RETURN NEW;
      END $$;

      CREATE TABLE chain_instance (
        id            integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        chain_id      bigint NOT NULL CHECK (chain_id > 0),
        genesis_hash  bytea NOT NULL CHECK (octet_length(genesis_hash) = 32),
        contract      bytea NOT NULL CHECK (octet_length(contract) = 20),
        is_current    boolean NOT NULL,
        first_seen_at timestamptz NOT NULL DEFAULT now(),
        lease_epoch   bigint NOT NULL,
        UNIQUE (chain_id, genesis_hash, contract)
      );
      CREATE UNIQUE INDEX chain_instance_one_current ON chain_instance (is_current) WHERE is_current;
      CREATE TRIGGER chain_instance_fence BEFORE INSERT OR UPDATE ON chain_instance FOR EACH ROW EXECUTE FUNCTION anchor_fence();

      -- From nothing (''): prepared by us, or anchored when the contract has it without us knowing (a restored backup).
      CREATE TABLE anchor_transition (
        from_status text COLLATE "C" NOT NULL,
        to_status   text COLLATE "C" NOT NULL,
        PRIMARY KEY (from_status, to_status)
      );
      INSERT INTO anchor_transition VALUES
        ('', 'prepared'), ('', 'anchored'),
        ('prepared', 'broadcast'), ('prepared', 'anchored'), ('prepared', 'reverted'), ('prepared', 'superseded'), ('prepared', 'chain-lost'),
        ('broadcast', 'anchored'), ('broadcast', 'reverted'), ('broadcast', 'superseded'), ('broadcast', 'chain-lost'),
        ('anchored', 'final'), ('anchored', 'reopened'), ('anchored', 'chain-lost'),
        ('final', 'reopened'), ('final', 'chain-lost'),
        ('reopened', 'broadcast'), ('reopened', 'anchored'), ('reopened', 'reverted'), ('reopened', 'superseded'), ('reopened', 'chain-lost'),
        ('reverted', 'reopened'), ('reverted', 'chain-lost'),
        ('superseded', 'reopened'), ('superseded', 'chain-lost'),
        ('chain-lost', 'reopened');

      CREATE TABLE anchor (
        id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        instance_id      integer NOT NULL REFERENCES chain_instance,
        tree_size        bigint NOT NULL CHECK (tree_size BETWEEN 1 AND 9007199254740991),
        root_hash        bytea NOT NULL CHECK (octet_length(root_hash) = 32),
        status           text COLLATE "C" NOT NULL,
        -- Both null when another anchored it.
        sender           bytea CHECK (octet_length(sender) = 20),
        nonce            bigint CHECK (nonce >= 0),
        -- Where it is mined; of reverted and superseded ones too, whose nonce is used up there.
        transaction_hash bytea CHECK (octet_length(transaction_hash) = 32),
        block_number     bigint CHECK (block_number >= 0),
        block_hash       bytea CHECK (octet_length(block_hash) = 32),
        block_time       timestamptz,
        prepared_at      timestamptz NOT NULL DEFAULT now(),
        anchored_at      timestamptz,
        final_at         timestamptz,
        lease_epoch      bigint NOT NULL,
        -- A nonce belongs to one anchor for ever; what takes its place on the chain is another transaction of the same anchor.
        UNIQUE (instance_id, sender, nonce),
        UNIQUE (id, instance_id, sender, nonce),
        CHECK ((sender IS NULL) = (nonce IS NULL)),
        CHECK (status NOT IN ('anchored', 'final') OR num_nulls(transaction_hash, block_number, block_hash, block_time, anchored_at) = 0),
        CHECK (status <> 'final' OR final_at IS NOT NULL),
        CHECK (status NOT IN ('prepared', 'broadcast', 'reopened') OR num_nonnulls(transaction_hash, block_number, block_hash, block_time, anchored_at, final_at) = 0)
      );
      -- No checkpoint is anchored twice, and one is prepared at a time.
      CREATE UNIQUE INDEX anchor_live ON anchor (instance_id, tree_size) WHERE status IN ('anchored', 'final');
      CREATE UNIQUE INDEX anchor_one_prepared ON anchor (instance_id) WHERE status = 'prepared';
      CREATE INDEX anchor_in_flight ON anchor (instance_id, nonce) WHERE status IN ('prepared', 'broadcast', 'reopened');
      CREATE INDEX anchor_by_block ON anchor (instance_id, block_number);
      CREATE INDEX anchor_not_final ON anchor (instance_id, block_number) WHERE status = 'anchored';
      CREATE TRIGGER anchor_fence BEFORE INSERT OR UPDATE ON anchor FOR EACH ROW EXECUTE FUNCTION anchor_fence();

      -- Insert-only, by trigger: what became of every anchor, and when.
      CREATE TABLE anchor_status_change (
        id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        anchor_id        bigint NOT NULL REFERENCES anchor,
        from_status      text COLLATE "C" NOT NULL,
        to_status        text COLLATE "C" NOT NULL,
        transaction_hash bytea,
        block_number     bigint,
        block_hash       bytea,
        lease_epoch      bigint NOT NULL,
        changed_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
        FOREIGN KEY (from_status, to_status) REFERENCES anchor_transition
      );
      CREATE INDEX anchor_status_change_of ON anchor_status_change (anchor_id);
      CREATE TRIGGER anchor_status_change_append_only BEFORE UPDATE OR DELETE ON anchor_status_change FOR EACH ROW EXECUTE FUNCTION refuse_change();
      CREATE TRIGGER anchor_status_change_no_truncate BEFORE TRUNCATE ON anchor_status_change FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

      CREATE FUNCTION anchor_transit() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
      DECLARE
        was text := CASE TG_OP WHEN 'INSERT' THEN '' ELSE OLD.status END;
      BEGIN
        IF was = NEW.status THEN RETURN NULL; END IF;
        PERFORM 1 FROM anchor_transition WHERE from_status = was AND to_status = NEW.status;
        IF NOT FOUND THEN
          RAISE EXCEPTION 'anchor % cannot go from «%» to «%»', NEW.id, was, NEW.status USING ERRCODE = 'ZB042';
        END IF;
        INSERT INTO anchor_status_change (anchor_id, from_status, to_status, transaction_hash, block_number, block_hash, lease_epoch)
        VALUES (NEW.id, was, NEW.status, NEW.transaction_hash, NEW.block_number, NEW.block_hash, NEW.lease_epoch);
        RETURN NULL;
      END $$;
      CREATE TRIGGER anchor_transit AFTER INSERT OR UPDATE ON anchor FOR EACH ROW EXECUTE FUNCTION anchor_transit();

      -- Signed bytes, stored before they are broadcast. One instance's rows never serve another: a reset chain accepts the same bytes.
      CREATE TABLE anchor_transaction (
        instance_id              integer NOT NULL,
        transaction_hash         bytea NOT NULL CHECK (octet_length(transaction_hash) = 32),
        anchor_id                bigint NOT NULL,
        sender                   bytea NOT NULL,
        nonce                    bigint NOT NULL,
        -- cancel: uses up the nonce of an anchor that the contract would refuse by now.
        kind                     text COLLATE "C" NOT NULL CHECK (kind IN ('anchor', 'cancel')),
        -- The contract's head that the consistency proof inside starts from.
        previous_size            bigint CHECK (previous_size >= 0),
        raw                      bytea NOT NULL CHECK (octet_length(raw) > 0),
        gas_limit                bigint NOT NULL CHECK (gas_limit > 0),
        max_fee_per_gas          numeric(78, 0) NOT NULL CHECK (max_fee_per_gas > 0),
        max_priority_fee_per_gas numeric(78, 0) NOT NULL CHECK (max_priority_fee_per_gas BETWEEN 0 AND max_fee_per_gas),
        replaces                 bytea,
        created_at               timestamptz NOT NULL DEFAULT now(),
        broadcast_at             timestamptz,
        last_broadcast_at        timestamptz,
        last_outcome             text,
        lease_epoch              bigint NOT NULL,
        PRIMARY KEY (instance_id, transaction_hash),
        FOREIGN KEY (anchor_id, instance_id, sender, nonce) REFERENCES anchor (id, instance_id, sender, nonce),
        FOREIGN KEY (instance_id, replaces) REFERENCES anchor_transaction (instance_id, transaction_hash),
        UNIQUE (instance_id, replaces),
        CHECK ((kind = 'anchor') = (previous_size IS NOT NULL))
      );
      CREATE UNIQUE INDEX anchor_transaction_first ON anchor_transaction (anchor_id) WHERE replaces IS NULL;
      CREATE TRIGGER anchor_transaction_fence BEFORE INSERT OR UPDATE ON anchor_transaction FOR EACH ROW EXECUTE FUNCTION anchor_fence();

      CREATE FUNCTION anchor_transaction_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
      BEGIN
        PERFORM 1 FROM chain_instance WHERE id = NEW.instance_id AND is_current;
        IF NOT FOUND THEN
          RAISE EXCEPTION 'chain instance % is not the current one', NEW.instance_id USING ERRCODE = 'ZB042';
        END IF;
        IF TG_OP = 'INSERT' AND NEW.replaces IS NOT NULL THEN
          -- What nodes ask of a replacement: both fees at least an eighth higher.
          PERFORM 1 FROM anchor_transaction
            WHERE instance_id = NEW.instance_id AND transaction_hash = NEW.replaces AND anchor_id = NEW.anchor_id
              AND NEW.max_fee_per_gas * 8 >= max_fee_per_gas * 9 AND NEW.max_priority_fee_per_gas * 8 >= max_priority_fee_per_gas * 9;
          IF NOT FOUND THEN
            RAISE EXCEPTION 'not a replacement of a transaction of anchor % with both fees raised', NEW.anchor_id USING ERRCODE = 'ZB043';
          END IF;
        END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER anchor_transaction_guard BEFORE INSERT OR UPDATE ON anchor_transaction FOR EACH ROW EXECUTE FUNCTION anchor_transaction_guard();

      GRANT SELECT, UPDATE ON anchor_lease TO zhengben_service;
      GRANT SELECT ON anchor_transition, anchor_status_change TO zhengben_service;
      GRANT SELECT, INSERT, UPDATE (is_current, lease_epoch) ON chain_instance TO zhengben_service;
      GRANT SELECT, INSERT, UPDATE (status, transaction_hash, block_number, block_hash, block_time, anchored_at, final_at, lease_epoch) ON anchor TO zhengben_service;
      GRANT SELECT, INSERT, UPDATE (broadcast_at, last_broadcast_at, last_outcome, lease_epoch) ON anchor_transaction TO zhengben_service;`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE anchor_transaction, anchor_status_change, anchor, anchor_transition, chain_instance, anchor_lease;
      DROP FUNCTION anchor_transaction_guard, anchor_transit, anchor_fence, anchor_lease_guard;`);
  }
}
