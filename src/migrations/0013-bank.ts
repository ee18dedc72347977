import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Operators, and what they confirm: money that came to the bank or left it, and corrections. The database holds who may move a request where (ZB091), that nobody decides on what is their own, and that
 * from a threshold on two different operators have agreed. Operators are appointed as the owner of the schema: whoever takes over the service cannot appoint one.
 */
export class Bank1700000000013 implements MigrationInterface {
  readonly name = 'Bank1700000000013';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE operator (
        account_id   uuid NOT NULL REFERENCES account,
        appointed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        dismissed_at timestamptz CHECK (dismissed_at >= appointed_at),
        PRIMARY KEY (account_id, appointed_at)
      );
      CREATE UNIQUE INDEX operator_serving ON operator (account_id) WHERE dismissed_at IS NULL;

      CREATE FUNCTION is_operator(account uuid) RETURNS boolean LANGUAGE sql STABLE
        RETURN EXISTS (SELECT 1 FROM operator o WHERE o.account_id = is_operator.account AND o.dismissed_at IS NULL);

      -- A payout is taken up before the money is sent: from then on its owner cannot cancel it.
      CREATE TABLE bank_transition (
        kind       text COLLATE "C" NOT NULL,
        from_state text COLLATE "C" NOT NULL,
        to_state   text COLLATE "C" NOT NULL,
        PRIMARY KEY (kind, from_state, to_state)
      );
      INSERT INTO bank_transition (kind, from_state, to_state) VALUES
        ('top-up', 'new', 'requested'),
        ('top-up', 'requested', 'half-confirmed'), ('top-up', 'requested', 'confirmed'), ('top-up', 'requested', 'rejected'), ('top-up', 'requested', 'cancelled'),
        ('top-up', 'half-confirmed', 'confirmed'), ('top-up', 'half-confirmed', 'rejected'),
        ('payout', 'new', 'requested'),
        ('payout', 'requested', 'taken-up'), ('payout', 'requested', 'half-confirmed'), ('payout', 'requested', 'confirmed'), ('payout', 'requested', 'rejected'), ('payout', 'requested', 'cancelled'),
        ('payout', 'taken-up', 'half-confirmed'), ('payout', 'taken-up', 'confirmed'), ('payout', 'taken-up', 'rejected'),
        ('payout', 'half-confirmed', 'confirmed'), ('payout', 'half-confirmed', 'rejected');

      CREATE TABLE bank_movement (
        movement_id    uuid PRIMARY KEY,
        ordinal        bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
        kind           text COLLATE "C" NOT NULL CHECK (kind IN ('top-up', 'payout')),
        account_id     uuid NOT NULL,
        currency       text COLLATE "C" NOT NULL CHECK (currency IN ('CNY', 'USD', 'HKD', 'EUR')),
        amount         numeric(78) NOT NULL CHECK (amount BETWEEN 1 AND 999999999999999999),
        note           text,
        -- Of a payout: where the bank is to send it.
        destination    text CHECK ((destination IS NULL) = (kind = 'top-up')),
        -- How many operators have to confirm it: as the threshold was when it was requested.
        operators      smallint NOT NULL CHECK (operators IN (1, 2)),
        state          text COLLATE "C" NOT NULL,
        -- Of a payout: the money, until it is paid or given back.
        hold_id        uuid UNIQUE REFERENCES hold CHECK ((hold_id IS NULL) = (kind = 'top-up')),
        -- Of a top-up that is confirmed.
        transfer_id    uuid UNIQUE REFERENCES transfer CHECK ((transfer_id IS NOT NULL) = (kind = 'top-up' AND state = 'confirmed')),
        bank_reference text CHECK (bank_reference IS NOT NULL OR state NOT IN ('half-confirmed', 'confirmed')),
        taken_up_by    uuid CHECK (taken_up_by <> account_id) CHECK (taken_up_by IS NOT NULL OR state <> 'taken-up'),
        first_by       uuid CHECK (first_by <> account_id) CHECK (first_by IS NOT NULL OR state <> 'half-confirmed'),
        confirmed_by   uuid CHECK (confirmed_by <> account_id) CHECK ((confirmed_by IS NOT NULL) = (state = 'confirmed')),
        rejected_by    uuid CHECK (rejected_by <> account_id) CHECK ((rejected_by IS NOT NULL) = (state = 'rejected')),
        reason         text,
        requested_at   timestamptz NOT NULL DEFAULT now(),
        ended_at       timestamptz CHECK ((ended_at IS NOT NULL) = (state IN ('confirmed', 'rejected', 'cancelled'))),
        CONSTRAINT bank_movement_four_eyes CHECK (state <> 'confirmed' OR operators = 1 OR (first_by IS NOT NULL AND first_by <> confirmed_by))
      );
      -- One entry at the bank is one movement here.
      CREATE UNIQUE INDEX bank_movement_reference ON bank_movement (currency, bank_reference) WHERE state IN ('half-confirmed', 'confirmed');
      CREATE INDEX bank_movement_by_account ON bank_movement (account_id, kind, ordinal);
      CREATE INDEX bank_movement_open ON bank_movement (kind, ordinal) WHERE ended_at IS NULL;
      CREATE TRIGGER bank_movement_kept BEFORE DELETE OR TRUNCATE ON bank_movement FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

      CREATE FUNCTION bank_movement_moves() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
      DECLARE
        was text := CASE WHEN TG_OP = 'INSERT' THEN 'new' ELSE OLD.state END;
        changing text[] := ARRAY['state', 'transfer_id', 'bank_reference', 'taken_up_by', 'first_by', 'confirmed_by', 'rejected_by', 'reason', 'ended_at'];
        decided_by uuid := CASE NEW.state WHEN 'taken-up' THEN NEW.taken_up_by WHEN 'half-confirmed' THEN NEW.first_by WHEN 'confirmed' THEN NEW.confirmed_by WHEN 'rejected' THEN NEW.rejected_by END;
      BEGIN
        IF NOT EXISTS (SELECT 1 FROM bank_transition t WHERE t.kind = NEW.kind AND t.from_state = was AND t.to_state = NEW.state) THEN
          RAISE EXCEPTION 'a % that is % does not become %', NEW.kind, was, NEW.state USING ERRCODE = 'ZB091';
        END IF;
        IF decided_by IS NOT NULL AND NOT is_operator(decided_by) THEN
          RAISE EXCEPTION '% is no operator', decided_by USING ERRCODE = 'ZB091';
        END IF;
        IF TG_OP = 'UPDATE' AND (to_jsonb(NEW) - changing <> to_jsonb(OLD) - changing
             OR (was = 'half-confirmed' AND (NEW.first_by <> OLD.first_by OR (NEW.state = 'confirmed' AND NEW.bank_reference <> OLD.bank_reference)))) THEN
          RAISE EXCEPTION 'movement % stays as it was requested and first confirmed', OLD.movement_id USING ERRCODE = 'ZB091';
        END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER bank_movement_moves BEFORE INSERT OR UPDATE ON bank_movement FOR EACH ROW EXECUTE FUNCTION bank_movement_moves();

      -- What operators want posted besides: always two of them.
      CREATE TABLE correction (
        correction_id uuid PRIMARY KEY,
        ordinal       bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
        corrects      uuid NOT NULL REFERENCES transfer,
        -- [{owner, purpose, currency, amountMinor}], as they will be posted.
        postings      jsonb NOT NULL,
        reason        text NOT NULL,
        state         text COLLATE "C" NOT NULL DEFAULT 'proposed' CHECK (state IN ('proposed', 'posted', 'rejected')),
        proposed_by   uuid NOT NULL,
        decided_by    uuid CHECK ((decided_by IS NULL) = (state = 'proposed')),
        transfer_id   uuid UNIQUE REFERENCES transfer CHECK ((transfer_id IS NOT NULL) = (state = 'posted')),
        proposed_at   timestamptz NOT NULL DEFAULT now(),
        decided_at    timestamptz CHECK ((decided_at IS NULL) = (state = 'proposed')),
        CONSTRAINT correction_four_eyes CHECK (state <> 'posted' OR decided_by <> proposed_by)
      );
      CREATE TRIGGER correction_kept BEFORE DELETE OR TRUNCATE ON correction FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

      CREATE FUNCTION correction_moves() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
      DECLARE
        changing text[] := ARRAY['state', 'decided_by', 'transfer_id', 'decided_at'];
      BEGIN
        IF NOT is_operator(coalesce(NEW.decided_by, NEW.proposed_by)) THEN
          RAISE EXCEPTION '% is no operator', coalesce(NEW.decided_by, NEW.proposed_by) USING ERRCODE = 'ZB091';
        END IF;
        IF TG_OP = 'INSERT' AND NEW.state <> 'proposed' OR TG_OP = 'UPDATE' AND (OLD.state <> 'proposed' OR NEW.state = 'proposed' OR to_jsonb(NEW) - changing <> to_jsonb(OLD) - changing) THEN
          RAISE EXCEPTION 'correction % is decided on once', NEW.correction_id USING ERRCODE = 'ZB091';
        END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER correction_moves BEFORE INSERT OR UPDATE ON correction FOR EACH ROW EXECUTE FUNCTION correction_moves();

      GRANT SELECT ON operator, bank_transition TO zhengben_service;
      GRANT SELECT, INSERT ON bank_movement, correction TO zhengben_service;
      GRANT UPDATE (state, transfer_id, bank_reference, taken_up_by, first_by, confirmed_by, rejected_by, reason, ended_at) ON bank_movement TO zhengben_service;
      GRANT UPDATE (state, decided_by, transfer_id, decided_at) ON correction TO zhengben_service;
      GRANT EXECUTE ON FUNCTION is_operator TO zhengben_service;
    `);
  }

  async down(): Promise<void> {
    throw new Error('what was confirmed has moved money: restore a backup instead');
  }
}
