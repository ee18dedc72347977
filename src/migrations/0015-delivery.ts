import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Links by which buyers fetch the originals, and every start of a delivery. Both are only ever added to. The database starts no delivery by a link whose time is over, or of an order that is not settled
 * (ZB096). What is recorded of a delivery is the account that the link was made for, the time and which bytes were asked for: whoever holds the link may use it, and no address is kept of them.
 */
export class Delivery1700000000015 implements MigrationInterface {
  readonly name = 'Delivery1700000000015';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE delivery_link (
        -- SHA-256 of the token: what is stored opens nothing.
        token_hash bytea PRIMARY KEY CHECK (octet_length(token_hash) = 32),
        order_id   bigint NOT NULL REFERENCES trade_order,
        -- Whom it was made for.
        account_id uuid NOT NULL,
        sha256     bytea NOT NULL CHECK (octet_length(sha256) = 32),
        made_at    timestamptz NOT NULL DEFAULT now(),
        expires_at timestamptz NOT NULL CHECK (expires_at > made_at AND expires_at <= made_at + interval '1 day'),
        UNIQUE (token_hash, order_id)
      );
      CREATE TRIGGER delivery_link_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON delivery_link FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

      CREATE TABLE delivery (
        delivery_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        order_id    bigint NOT NULL,
        token_hash  bytea NOT NULL,
        -- Which bytes of the file were asked for; of an empty one, none.
        first_byte  bigint NOT NULL CHECK (first_byte >= 0),
        byte_length bigint NOT NULL CHECK (byte_length >= 0),
        started_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
        FOREIGN KEY (token_hash, order_id) REFERENCES delivery_link (token_hash, order_id)
      );
      CREATE INDEX delivery_by_order ON delivery (order_id, delivery_id DESC);
      CREATE TRIGGER delivery_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON delivery FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

      CREATE FUNCTION delivery_starts() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF NOT EXISTS (SELECT 1 FROM delivery_link l JOIN trade_order o USING (order_id) WHERE l.token_hash = NEW.token_hash AND l.expires_at > clock_timestamp() AND o.state = 'settled') THEN
          RAISE EXCEPTION 'nothing is delivered by this link any more' USING ERRCODE = 'ZB096';
        END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER delivery_starts BEFORE INSERT ON delivery FOR EACH ROW EXECUTE FUNCTION delivery_starts();

      GRANT SELECT, INSERT ON delivery_link, delivery TO zhengben_service;
    `);
  }

  async down(): Promise<void> {
    throw new Error('what was delivered stays on record: restore a backup instead');
  }
}
