import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The ledger: double entry, append-only. `post_transfers` is the only way to move money, and whatever inserts postings, PostgreSQL holds that a transfer is whole and sums to zero in each
 * currency (ZB071), that no user's account falls below zero (ZB072), and that what an owner has held is the sum of their pending holds (ZB073).
 *
 * An account that is credited is not locked: a credit is a row of its own, rolled up into the account when a debit needs it. So those who are paid all day are no queue.
 * The service's own accounts are never checked, and have no balance but the sum of their postings.
 */
export class Accounting1700000000010 implements MigrationInterface {
  readonly name = 'Accounting1700000000010';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE FUNCTION is_user(owner uuid) RETURNS boolean LANGUAGE sql IMMUTABLE RETURN owner <> '00000000-0000-0000-0000-000000000000'::uuid;

      CREATE TABLE money_account (
        money_account_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        -- The nil UUID: the service itself.
        owner_id  uuid NOT NULL,
        purpose   text COLLATE "C" NOT NULL,
        currency  text COLLATE "C" NOT NULL CHECK (currency ~ '^(CNY|USD|HKD|EUR|ETH|erc20:[1-9][0-9]{0,15}:0x[0-9a-f]{40})$'),
        -- Of a user's account: its balance without the credits that wait in money_credit. Changed by trigger alone.
        rolled    numeric(78) NOT NULL DEFAULT 0 CONSTRAINT money_account_not_below_zero CHECK (rolled >= 0),
        opened_at timestamptz NOT NULL DEFAULT now(),
        -- What is the user's to spend, and what waits for something; what a contract owes them. And the bank and the contract as those who owe the users, fees and taxes.
        CHECK (purpose IN ('available', 'held', 'on-chain') = is_user(owner_id) AND purpose IN ('available', 'held', 'on-chain', 'bank', 'contract', 'fees', 'taxes', 'clearing')),
        UNIQUE (owner_id, purpose, currency)
      ) WITH (fillfactor = 70);

      CREATE TABLE transfer (
        transfer_id uuid PRIMARY KEY,
        kind        text COLLATE "C" NOT NULL,
        -- What it is about: the number of an order, a payout, …
        subject     text COLLATE "C" NOT NULL,
        -- How many postings it has, all of them inserted at once.
        legs        smallint NOT NULL CHECK (legs >= 2),
        -- Of a correction: what it corrects.
        corrects    uuid REFERENCES transfer,
        made_at     timestamptz NOT NULL DEFAULT now()
      );
      CREATE INDEX transfer_by_subject ON transfer (subject);

      CREATE TABLE posting (
        transfer_id      uuid NOT NULL,
        leg              smallint NOT NULL CHECK (leg >= 1),
        money_account_id bigint NOT NULL,
        currency         text COLLATE "C" NOT NULL,
        -- Minor units; a credit is positive.
        amount           numeric(78) NOT NULL CHECK (amount <> 0),
        ordinal          bigint GENERATED ALWAYS AS IDENTITY,
        PRIMARY KEY (transfer_id, leg)
      );
      CREATE INDEX posting_by_account ON posting (money_account_id, ordinal);

      -- Credits that are not rolled up yet.
      CREATE TABLE money_credit (
        money_account_id bigint NOT NULL,
        amount           numeric(78) NOT NULL CHECK (amount > 0)
      );
      CREATE INDEX money_credit_by_account ON money_credit (money_account_id);

      CREATE TRIGGER transfer_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON transfer FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
      CREATE TRIGGER posting_append_only  BEFORE UPDATE OR DELETE OR TRUNCATE ON posting  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
      CREATE TRIGGER money_account_kept   BEFORE DELETE OR TRUNCATE ON money_account      FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

      -- The joins to accounts stand in for a foreign key, whose share locks on the accounts of best-sellers would cost more than all the rest.
      CREATE FUNCTION posting_balances() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
      DECLARE
        is_bad boolean;
        debtors bigint[];
        nets numeric[];
        paid_by_credits integer;
      BEGIN
        -- Of each transfer: zero in each currency, legs 1 to n, all of them here: with the key, nothing can be added to it later. Of each user's account: what it is credited or debited.
        WITH legs AS MATERIALIZED (SELECT f.transfer_id, f.leg, f.money_account_id, f.amount, f.currency, a.currency = f.currency AS fits, is_user(a.owner_id) AS of_user FROM fresh f LEFT JOIN money_account a USING (money_account_id)),
             sums AS (SELECT l.transfer_id, l.currency, sum(l.amount) AS amount, count(*) AS n, max(l.leg) AS top, bool_and(l.fits IS TRUE) AS fits FROM legs l GROUP BY 1, 2),
             whole AS (SELECT s.transfer_id, bool_or(s.amount <> 0 OR NOT s.fits) AS off, sum(s.n) AS n, max(s.top) AS top FROM sums s GROUP BY 1),
             net AS (SELECT l.money_account_id AS id, sum(l.amount) AS amount FROM legs l WHERE l.of_user GROUP BY 1),
             credited AS (INSERT INTO money_credit (money_account_id, amount) SELECT n.id, n.amount FROM net n WHERE n.amount > 0)
        SELECT EXISTS (SELECT 1 FROM whole w LEFT JOIN transfer t USING (transfer_id) WHERE w.off OR t.legs IS DISTINCT FROM w.n OR w.top <> w.n),
               (SELECT array_agg(n.id ORDER BY n.id) FROM net n WHERE n.amount < 0), (SELECT array_agg(n.amount ORDER BY n.id) FROM net n WHERE n.amount < 0)
          INTO is_bad, debtors, nets;
        IF is_bad THEN
          RAISE EXCEPTION 'a transfer is whole, between accounts of its currencies, and sums to zero in each' USING ERRCODE = 'ZB071';
        END IF;
        IF debtors IS NULL THEN
          RETURN NULL;
        END IF;
        PERFORM 1 FROM money_account a WHERE a.money_account_id = ANY (debtors) ORDER BY a.money_account_id FOR NO KEY UPDATE;
        WITH paid AS (
          UPDATE money_account a SET rolled = a.rolled + d.net FROM unnest(debtors, nets) AS d(id, net) WHERE a.money_account_id = d.id AND a.rolled + d.net >= 0 RETURNING a.money_account_id AS id)
        SELECT array_agg(d.id), array_agg(d.net) INTO debtors, nets FROM unnest(debtors, nets) AS d(id, net) WHERE d.id NOT IN (SELECT id FROM paid);
        IF debtors IS NULL THEN
          RETURN NULL;
        END IF;
        -- Those that the rolled balance does not cover: with their credits, of which a statement begun now sees all that were committed before the lock was had.
        WITH gone AS (DELETE FROM money_credit c WHERE c.money_account_id = ANY (debtors) RETURNING c.money_account_id AS id, c.amount),
             net AS (SELECT n.id, sum(n.amount) AS amount FROM (SELECT * FROM gone UNION ALL SELECT * FROM unnest(debtors, nets)) AS n(id, amount) GROUP BY n.id),
             paid AS (UPDATE money_account a SET rolled = a.rolled + net.amount FROM net WHERE a.money_account_id = net.id AND a.rolled + net.amount >= 0 RETURNING 1)
        SELECT count(*) INTO paid_by_credits FROM paid;
        IF paid_by_credits < cardinality(debtors) THEN
          RAISE EXCEPTION 'an account would fall below zero' USING ERRCODE = 'ZB072';
        END IF;
        RETURN NULL;
      END $$;
      CREATE TRIGGER posting_balances AFTER INSERT ON posting REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION posting_balances();

      -- Money set aside for one thing: posted to those it is for, or voided, once.
      CREATE TABLE hold (
        hold_id   uuid PRIMARY KEY,
        owner_id  uuid NOT NULL,
        currency  text COLLATE "C" NOT NULL,
        amount    numeric(78) NOT NULL CHECK (amount > 0),
        subject   text COLLATE "C" NOT NULL,
        state     text COLLATE "C" NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'posted', 'voided')),
        placed_by uuid NOT NULL REFERENCES transfer,
        ended_by  uuid REFERENCES transfer CHECK ((ended_by IS NULL) = (state = 'pending')),
        placed_at timestamptz NOT NULL DEFAULT now(),
        ended_at  timestamptz CHECK ((ended_at IS NULL) = (state = 'pending'))
      );
      CREATE INDEX hold_pending ON hold (owner_id, currency) WHERE state = 'pending';
      CREATE INDEX hold_by_subject ON hold (subject);
      CREATE TRIGGER hold_kept BEFORE DELETE OR TRUNCATE ON hold FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

      CREATE FUNCTION hold_ends_once() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF OLD.state <> 'pending' OR NEW.state = 'pending' OR to_jsonb(NEW) - ARRAY['state', 'ended_by', 'ended_at'] <> to_jsonb(OLD) - ARRAY['state', 'ended_by', 'ended_at'] THEN
          RAISE EXCEPTION 'hold % ends once', OLD.hold_id USING ERRCODE = 'ZB073';
        END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER hold_ends_once BEFORE UPDATE ON hold FOR EACH ROW EXECUTE FUNCTION hold_ends_once();

      -- What is held is the sum of the pending holds, at every commit that touches one.
      CREATE FUNCTION hold_covered() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
      BEGIN
        IF (SELECT coalesce(sum(h.amount), 0) FROM hold h WHERE h.owner_id = NEW.owner_id AND h.currency = NEW.currency AND h.state = 'pending')
           <> coalesce((SELECT balance_of(a.money_account_id) FROM money_account a WHERE a.owner_id = NEW.owner_id AND a.purpose = 'held' AND a.currency = NEW.currency), 0) THEN
          RAISE EXCEPTION 'what % has held is not the sum of the holds', NEW.owner_id USING ERRCODE = 'ZB073';
        END IF;
        RETURN NULL;
      END $$;
      CREATE CONSTRAINT TRIGGER hold_covered AFTER INSERT OR UPDATE ON hold DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION hold_covered();

      -- A user's balance. Of the service's own accounts it is the sum of their postings, which is long.
      CREATE FUNCTION balance_of(id bigint) RETURNS numeric LANGUAGE sql STABLE
        RETURN (SELECT a.rolled + coalesce((SELECT sum(c.amount) FROM money_credit c WHERE c.money_account_id = a.money_account_id), 0) FROM money_account a WHERE a.money_account_id = balance_of.id);

      -- Rolls up the credits of accounts that have many, so that neither a balance nor a debit has to read them all.
      CREATE FUNCTION roll_up_credits(most integer) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
      DECLARE
        ids bigint[];
      BEGIN
        SELECT array_agg(c.id ORDER BY c.id) INTO ids FROM (SELECT money_account_id AS id FROM money_credit GROUP BY 1 HAVING count(*) > most ORDER BY 1 LIMIT 1000) c;
        PERFORM 1 FROM money_account a WHERE a.money_account_id = ANY (ids) ORDER BY a.money_account_id FOR NO KEY UPDATE;
        WITH gone AS (DELETE FROM money_credit c WHERE c.money_account_id = ANY (ids) RETURNING c.money_account_id AS id, c.amount)
        UPDATE money_account a SET rolled = a.rolled + g.amount FROM (SELECT id, sum(amount) AS amount FROM gone GROUP BY id) g WHERE a.money_account_id = g.id;
        RETURN coalesce(cardinality(ids), 0);
      END $$;

      -- Posts a set of transfers: [{id, kind, subject, corrects, postings: [{owner, purpose, currency, amount}]}], all of them or none. Accounts are opened as they are needed. The service inserts transfers
      -- and postings through this alone: so none has no postings, which a trigger could only ask of each one at commit (as dear as all the other checks together).
      -- Everything is looked up by key, by plans that are made once: a plan for tables that were empty would read all of them ever after, and planning costs as much as a transfer.
      CREATE FUNCTION post_transfers(transfers jsonb) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
      DECLARE
        ids uuid[];
        legs smallint[];
        owners uuid[];
        purposes text[];
        currencies text[];
        amounts numeric[];
        accounts bigint[];
      BEGIN
        SELECT array_agg(p.id), array_agg(p.leg), array_agg(p.owner), array_agg(p.purpose), array_agg(p.currency), array_agg(p.amount),
               array_agg((SELECT a.money_account_id FROM money_account a WHERE a.owner_id = p.owner AND a.purpose = p.purpose AND a.currency = p.currency))
          INTO ids, legs, owners, purposes, currencies, amounts, accounts
          FROM (SELECT (t.item->>'id')::uuid AS id, p.leg::smallint AS leg, (p.item->>'owner')::uuid AS owner, p.item->>'purpose' AS purpose, p.item->>'currency' AS currency, (p.item->>'amount')::numeric AS amount
                  FROM jsonb_array_elements(transfers) AS t(item) CROSS JOIN LATERAL jsonb_array_elements(t.item->'postings') WITH ORDINALITY AS p(item, leg) OFFSET 0) p;
        IF array_position(accounts, NULL) IS NOT NULL THEN
          INSERT INTO money_account (owner_id, purpose, currency)
          SELECT DISTINCT p.owner, p.purpose, p.currency FROM unnest(owners, purposes, currencies, accounts) AS p(owner, purpose, currency, account) WHERE p.account IS NULL ORDER BY 1, 2, 3 ON CONFLICT DO NOTHING;
          SELECT array_agg(coalesce(p.account, (SELECT a.money_account_id FROM money_account a WHERE a.owner_id = p.owner AND a.purpose = p.purpose AND a.currency = p.currency)) ORDER BY p.place) INTO accounts
            FROM unnest(owners, purposes, currencies, accounts) WITH ORDINALITY AS p(owner, purpose, currency, account, place);
        END IF;
        INSERT INTO transfer (transfer_id, kind, subject, legs, corrects)
        SELECT (t.item->>'id')::uuid, t.item->>'kind', t.item->>'subject', jsonb_array_length(t.item->'postings'), (t.item->>'corrects')::uuid FROM jsonb_array_elements(transfers) AS t(item);
        INSERT INTO posting (transfer_id, leg, money_account_id, currency, amount)
        SELECT * FROM unnest(ids, legs, accounts, currencies, amounts);
      END $$;

      GRANT SELECT ON money_account, money_credit, transfer, posting, hold TO zhengben_service;
      GRANT INSERT ON hold TO zhengben_service;
      GRANT UPDATE (state, ended_by, ended_at) ON hold TO zhengben_service;
      GRANT EXECUTE ON FUNCTION is_user, post_transfers, roll_up_credits, balance_of TO zhengben_service;
    `);
  }

  async down(): Promise<void> {
    throw new Error('the ledger is append-only: restore a backup instead');
  }
}
