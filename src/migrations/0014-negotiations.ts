import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Negotiations. The database holds the states of a negotiation and of its offers (ZB084), that one negotiation of a listing is open for each buyer and one offer stands in it, that no offer is accepted after
 * its expiry nor lapses before it, and, at every commit, that a buyer's standing offer has its money held, an accepted one is an order at that price, and every other one has given it back.
 */
export class Negotiations1700000000014 implements MigrationInterface {
  readonly name = 'Negotiations1700000000014';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE negotiation_transition (
        of         text COLLATE "C" NOT NULL,
        from_state text COLLATE "C" NOT NULL,
        to_state   text COLLATE "C" NOT NULL,
        PRIMARY KEY (of, from_state, to_state)
      );
      INSERT INTO negotiation_transition (of, from_state, to_state) VALUES
        ('negotiation', 'new', 'open'), ('negotiation', 'open', 'agreed'), ('negotiation', 'open', 'failed'), ('negotiation', 'open', 'withdrawn'), ('negotiation', 'open', 'lapsed'), ('negotiation', 'open', 'closed'),
        ('offer', 'new', 'standing'), ('offer', 'standing', 'accepted'), ('offer', 'standing', 'replaced'), ('offer', 'standing', 'rejected'), ('offer', 'standing', 'lapsed'), ('offer', 'standing', 'void');

      CREATE TABLE negotiation (
        -- The 60 bits of its number, NG-….
        negotiation_id bigint PRIMARY KEY CHECK (negotiation_id BETWEEN 0 AND 1152921504606846975),
        listing_id     bigint NOT NULL REFERENCES listing,
        buyer_id       uuid NOT NULL,
        seller_id      uuid NOT NULL CHECK (seller_id <> buyer_id),
        state          text COLLATE "C" NOT NULL,
        order_id       bigint UNIQUE REFERENCES trade_order CHECK ((order_id IS NOT NULL) = (state = 'agreed')),
        opened_at      timestamptz NOT NULL DEFAULT now(),
        -- Nobody has made an offer for so long that nobody will.
        lapses_at      timestamptz NOT NULL,
        ended_at       timestamptz CHECK ((ended_at IS NULL) = (state = 'open')),
        reason         text COLLATE "C"
      );
      CREATE UNIQUE INDEX negotiation_open ON negotiation (listing_id, buyer_id) WHERE state = 'open';
      CREATE INDEX negotiation_by_buyer ON negotiation (buyer_id, opened_at DESC, negotiation_id DESC);
      CREATE INDEX negotiation_by_seller ON negotiation (seller_id, opened_at DESC, negotiation_id DESC);

      CREATE TABLE negotiation_offer (
        negotiation_id bigint NOT NULL REFERENCES negotiation,
        place          integer NOT NULL CHECK (place BETWEEN 1 AND 100),
        made_by        text COLLATE "C" NOT NULL CHECK (made_by IN ('buyer', 'seller')),
        amount         numeric(78) NOT NULL CHECK (amount > 0),
        state          text COLLATE "C" NOT NULL,
        -- Of a buyer's: the money.
        hold_id        uuid UNIQUE REFERENCES hold CHECK ((hold_id IS NOT NULL) = (made_by = 'buyer')),
        made_at        timestamptz NOT NULL DEFAULT now(),
        -- Until then it binds its maker (Civil Code 476).
        expires_at     timestamptz NOT NULL CHECK (expires_at > made_at AND expires_at <= made_at + interval '31 days'),
        ended_at       timestamptz CHECK ((ended_at IS NULL) = (state = 'standing')),
        PRIMARY KEY (negotiation_id, place)
      );
      CREATE UNIQUE INDEX negotiation_offer_standing ON negotiation_offer (negotiation_id) WHERE state = 'standing';

      -- What the parties said and sent. Only added to by the service; what the law wants erased, the owner of the schema can.
      CREATE TABLE negotiation_entry (
        negotiation_id bigint NOT NULL REFERENCES negotiation,
        place          integer NOT NULL CHECK (place BETWEEN 1 AND 1000),
        author_id      uuid NOT NULL,
        text           text,
        blob_sha256    bytea REFERENCES blob CHECK (num_nonnulls(text, blob_sha256) = 1),
        file_name      text CHECK (num_nonnulls(file_name, media_type, byte_length) = CASE WHEN blob_sha256 IS NULL THEN 0 ELSE 3 END),
        media_type     text COLLATE "C",
        byte_length    bigint,
        sent_at        timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (negotiation_id, place)
      );
      CREATE INDEX negotiation_entry_by_blob ON negotiation_entry (blob_sha256) WHERE blob_sha256 IS NOT NULL;

      -- Who wants a blob: what is in here is backed up, and never swept.
      CREATE VIEW blob_use AS
        SELECT blob_sha256 AS sha256 FROM content WHERE blob_sha256 IS NOT NULL UNION ALL SELECT blob_sha256 FROM negotiation_entry WHERE blob_sha256 IS NOT NULL;

      CREATE FUNCTION negotiation_moves() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
      DECLARE
        was text := CASE WHEN TG_OP = 'INSERT' THEN 'new' ELSE OLD.state END;
        changing text[] := ARRAY['state', 'order_id', 'lapses_at', 'ended_at', 'reason'];
      BEGIN
        IF NOT (was = 'open' AND NEW.state = 'open') AND NOT EXISTS (SELECT 1 FROM negotiation_transition t WHERE t.of = 'negotiation' AND t.from_state = was AND t.to_state = NEW.state) THEN
          RAISE EXCEPTION 'a negotiation that is % does not become %', was, NEW.state USING ERRCODE = 'ZB084';
        END IF;
        IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - changing <> to_jsonb(OLD) - changing THEN
          RAISE EXCEPTION 'negotiation % stays as it was opened', OLD.negotiation_id USING ERRCODE = 'ZB084';
        END IF;
        IF TG_OP = 'INSERT' AND NOT EXISTS (SELECT 1 FROM listing l WHERE l.listing_id = NEW.listing_id AND l.pricing = 'negotiable' AND l.seller_id = NEW.seller_id) THEN
          RAISE EXCEPTION 'listing % is not negotiable, or another''s', NEW.listing_id USING ERRCODE = 'ZB084';
        END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER negotiation_moves BEFORE INSERT OR UPDATE ON negotiation FOR EACH ROW EXECUTE FUNCTION negotiation_moves();

      CREATE FUNCTION negotiation_offer_moves() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
      DECLARE
        was text := CASE WHEN TG_OP = 'INSERT' THEN 'new' ELSE OLD.state END;
        changing text[] := ARRAY['state', 'ended_at'];
      BEGIN
        IF NOT EXISTS (SELECT 1 FROM negotiation_transition t WHERE t.of = 'offer' AND t.from_state = was AND t.to_state = NEW.state)
           OR (NEW.state = 'accepted' AND NEW.expires_at <= now()) OR (NEW.state = 'lapsed' AND NEW.expires_at > clock_timestamp()) THEN
          RAISE EXCEPTION 'an offer that is % until % does not become %', was, NEW.expires_at, NEW.state USING ERRCODE = 'ZB084';
        END IF;
        IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - changing <> to_jsonb(OLD) - changing THEN
          RAISE EXCEPTION 'offer % of % stays as it was made', OLD.place, OLD.negotiation_id USING ERRCODE = 'ZB084';
        END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER negotiation_offer_moves BEFORE INSERT OR UPDATE ON negotiation_offer FOR EACH ROW EXECUTE FUNCTION negotiation_offer_moves();

      -- At commit the negotiation, its offers, their money and the order say the same.
      CREATE FUNCTION negotiation_agrees() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
      BEGIN
        IF EXISTS (
             SELECT 1 FROM negotiation n JOIN listing l USING (listing_id) JOIN negotiation_offer o USING (negotiation_id) LEFT JOIN hold h ON h.hold_id = o.hold_id LEFT JOIN trade_order r ON r.order_id = n.order_id
              WHERE n.negotiation_id = NEW.negotiation_id AND (
                (o.state = 'standing' AND n.state <> 'open') OR (o.state = 'accepted' AND n.state <> 'agreed')
                OR (o.state = 'accepted' AND (r.listing_id, r.buyer_id, r.amount) <> (n.listing_id, n.buyer_id, o.amount)) OR (o.state = 'accepted' AND o.hold_id IS DISTINCT FROM r.hold_id AND o.made_by = 'buyer')
                OR (h.owner_id, h.currency, h.amount) <> (n.buyer_id, l.currency, o.amount)
                OR h.state <> CASE o.state WHEN 'standing' THEN 'pending' WHEN 'accepted' THEN h.state ELSE 'voided' END))
           OR EXISTS (SELECT 1 FROM negotiation n WHERE n.negotiation_id = NEW.negotiation_id AND n.state = 'agreed' AND NOT EXISTS (SELECT 1 FROM negotiation_offer o WHERE o.negotiation_id = n.negotiation_id AND o.state = 'accepted')) THEN
          RAISE EXCEPTION 'negotiation % and its offers, their money or the order differ', NEW.negotiation_id USING ERRCODE = 'ZB084';
        END IF;
        RETURN NULL;
      END $$;
      CREATE CONSTRAINT TRIGGER negotiation_agrees AFTER INSERT OR UPDATE ON negotiation DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION negotiation_agrees();
      CREATE CONSTRAINT TRIGGER negotiation_offer_agrees AFTER INSERT OR UPDATE ON negotiation_offer DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION negotiation_agrees();
      CREATE TRIGGER negotiation_kept BEFORE DELETE OR TRUNCATE ON negotiation FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
      CREATE TRIGGER negotiation_offer_kept BEFORE DELETE OR TRUNCATE ON negotiation_offer FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

      GRANT SELECT ON negotiation_transition, blob_use TO zhengben_service;
      GRANT SELECT, INSERT ON negotiation, negotiation_offer, negotiation_entry TO zhengben_service;
      GRANT UPDATE (state, order_id, lapses_at, ended_at, reason) ON negotiation TO zhengben_service;
      GRANT UPDATE (state, ended_at) ON negotiation_offer TO zhengben_service;
    `);
  }

  async down(): Promise<void> {
    throw new Error('what was negotiated is on record: restore a backup instead');
  }
}
