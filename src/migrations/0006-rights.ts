import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Holdings and licences as boxes (DESIGN invariant 5). One exclusion constraint each keeps two that conflict from coming into being; triggers keep a grant
 * within what its grantor holds (ZB061), holdings a cover of their work without gap or overlap (ZB062), and what was granted as it was granted (ZB063).
 */
export class Rights1700000000006 implements MigrationInterface {
  readonly name = 'Rights1700000000006';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE EXTENSION IF NOT EXISTS btree_gist;

      -- NULL, {} and empty overlap with nothing: an exclusion constraint lets them pass, so the domains do not.
      CREATE DOMAIN code_set AS int4multirange NOT NULL CHECK (NOT isempty(VALUE) AND VALUE <@ '{[0,1024)}'::int4multirange);
      CREATE DOMAIN rights_term AS tstzrange NOT NULL CHECK (NOT isempty(VALUE) AND lower_inc(VALUE) AND NOT upper_inc(VALUE) AND coalesce(isfinite(lower(VALUE)) AND isfinite(upper(VALUE)), false));

      -- A slice of ownership. The first one of a work is made with its first act; an assignment replaces a slice by pieces of it.
      CREATE TABLE holding (
        holding_id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        work_id      bigint NOT NULL REFERENCES work,
        cut_from     bigint REFERENCES holding,
        rights       code_set,
        territories  code_set,
        uses         code_set,
        languages    code_set,
        term         rights_term,
        -- The statement in the work's chain that made it, and the one that replaced it.
        made_seq     integer NOT NULL CHECK (made_seq >= 0),
        replaced_seq integer CHECK (replaced_seq > made_seq),
        CONSTRAINT holding_apart EXCLUDE USING gist (work_id WITH =, rights WITH &&, territories WITH &&, uses WITH &&, languages WITH &&, term WITH &&)
          WHERE (replaced_seq IS NULL) DEFERRABLE INITIALLY DEFERRED
      );
      CREATE UNIQUE INDEX holding_first ON holding (work_id) WHERE cut_from IS NULL;
      CREATE INDEX holding_cut_from ON holding (cut_from) WHERE cut_from IS NOT NULL;

      CREATE TABLE holding_holder (
        holding_id bigint NOT NULL REFERENCES holding,
        account_id uuid NOT NULL,
        share_bps  integer NOT NULL CHECK (share_bps BETWEEN 1 AND 10000),
        PRIMARY KEY (holding_id, account_id)
      );
      CREATE INDEX holding_holder_account ON holding_holder (account_id);

      CREATE FUNCTION codes_in(codes int4multirange) RETURNS numeric LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
        RETURN (SELECT sum(upper(r) - lower(r)) FROM unnest(codes) AS r);
      CREATE FUNCTION volume_of(rights int4multirange, territories int4multirange, uses int4multirange, languages int4multirange, term tstzrange) RETURNS numeric LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
        RETURN codes_in(rights) * codes_in(territories) * codes_in(uses) * codes_in(languages) * extract(epoch FROM upper(term) - lower(term));

      -- At commit: a piece lies in the slice it was cut from, that slice is replaced, and its pieces have its volume; being apart, they are it.
      CREATE FUNCTION holding_covers() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
      DECLARE
        cut bigint := CASE WHEN TG_OP = 'INSERT' THEN NEW.cut_from ELSE NEW.holding_id END;
        whole holding;
        pieces record;
      BEGIN
        IF cut IS NULL THEN RETURN NULL; END IF;
        SELECT * INTO whole FROM holding WHERE holding_id = cut;
        SELECT coalesce(sum(volume_of(p.rights, p.territories, p.uses, p.languages, p.term)), 0) AS volume,
               coalesce(bool_and(p.work_id = whole.work_id AND p.rights <@ whole.rights AND p.territories <@ whole.territories AND p.uses <@ whole.uses AND p.languages <@ whole.languages AND p.term <@ whole.term), true) AS inside
          INTO pieces FROM holding p WHERE p.cut_from = cut;
        IF whole.replaced_seq IS NULL OR NOT pieces.inside OR pieces.volume <> volume_of(whole.rights, whole.territories, whole.uses, whole.languages, whole.term) THEN
          RAISE EXCEPTION 'the pieces of holding % are not what it was', cut USING ERRCODE = 'ZB062';
        END IF;
        RETURN NULL;
      END $$;
      CREATE CONSTRAINT TRIGGER holding_covers AFTER INSERT OR UPDATE ON holding DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION holding_covers();

      -- A slice is never changed, but for being replaced, once.
      CREATE FUNCTION holding_stays() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF OLD.replaced_seq IS NOT NULL OR to_jsonb(NEW) - 'replaced_seq' <> to_jsonb(OLD) - 'replaced_seq' THEN
          RAISE EXCEPTION 'holding % stays as it is', OLD.holding_id USING ERRCODE = 'ZB063';
        END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER holding_stays BEFORE UPDATE ON holding FOR EACH ROW EXECUTE FUNCTION holding_stays();
      CREATE TRIGGER holding_kept BEFORE DELETE OR TRUNCATE ON holding FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
      CREATE TRIGGER holding_holder_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON holding_holder FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

      -- At commit the shares of a slice are the whole.
      CREATE FUNCTION holding_shared() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
      BEGIN
        IF (SELECT coalesce(sum(share_bps), 0) FROM holding_holder WHERE holding_id = NEW.holding_id) <> 10000 THEN
          RAISE EXCEPTION 'the shares of holding % are not the whole', NEW.holding_id USING ERRCODE = 'ZB062';
        END IF;
        RETURN NULL;
      END $$;
      CREATE CONSTRAINT TRIGGER holding_shared AFTER INSERT ON holding DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION holding_shared();
      CREATE CONSTRAINT TRIGGER holding_holder_shared AFTER INSERT ON holding_holder DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION holding_shared();

      -- Seats of non-exclusive licences; 0 belongs to the exclusive and sole ones, so that an index finds these by it.
      CREATE SEQUENCE licence_seat AS bigint MINVALUE 1;

      CREATE TABLE licence (
        -- The 60 bits of the licence's number, LC-….
        licence_id   bigint PRIMARY KEY CHECK (licence_id BETWEEN 0 AND 1152921504606846975),
        work_id      bigint NOT NULL REFERENCES work,
        -- What it was granted from: a slice of the work, or another licence.
        holding_id   bigint REFERENCES holding,
        parent_id    bigint REFERENCES licence,
        -- Who competes with whom: all owners' grants of a work, whichever slice they come from; all sublicences of a licence.
        granted_from bigint NOT NULL GENERATED ALWAYS AS (CASE WHEN parent_id IS NULL THEN work_id ELSE parent_id + 1152921504606846976 END) STORED,
        exclusivity  text COLLATE "C" NOT NULL CHECK (exclusivity IN ('non-exclusive', 'sole', 'exclusive')),
        -- An exclusive or sole grant takes all seats, but for those of earlier licences that it is subject to; a non-exclusive one a seat of its own.
        seat         int8multirange NOT NULL CHECK (NOT isempty(seat) AND seat <@ '{[0,)}'::int8multirange),
        rights       code_set,
        territories  code_set,
        uses         code_set,
        languages    code_set,
        term         rights_term,
        grantor_id   uuid NOT NULL,
        licensee_id  uuid,
        sublicensing boolean NOT NULL DEFAULT false,
        -- Said by the owner of a paper outside of this ledger, not granted here.
        declared     boolean NOT NULL DEFAULT false,
        granted_at   timestamptz NOT NULL,
        voided_at    timestamptz,
        CHECK ((holding_id IS NULL) <> (parent_id IS NULL)),
        CHECK (CASE WHEN exclusivity = 'non-exclusive' THEN NOT seat @> 0::bigint AND upper(seat) = lower(seat) + 1 ELSE seat @> 0::bigint AND upper_inf(seat) END),
        CONSTRAINT licence_apart EXCLUDE USING gist (granted_from WITH =, seat WITH &&, rights WITH &&, territories WITH &&, uses WITH &&, languages WITH &&, term WITH &&)
          WHERE (voided_at IS NULL)
      );
      CREATE INDEX licence_by_work ON licence (work_id);
      CREATE INDEX licence_by_parent ON licence (parent_id) WHERE parent_id IS NOT NULL;
      CREATE INDEX licence_by_licensee ON licence (licensee_id, granted_at) WHERE licensee_id IS NOT NULL;

      -- A grant lies in what its grantor holds. The share lock keeps that from being assigned, terminated or pledged until the grant is committed. One that
      -- bars others shares with nobody: two grants that each wait for the other's row would else have to be told apart by the deadlock detector.
      CREATE FUNCTION licence_within() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
      DECLARE
        held record;
      BEGIN
        IF NEW.parent_id IS NULL THEN
          IF NEW.exclusivity = 'non-exclusive' THEN
            PERFORM 1 FROM holding h WHERE h.holding_id = NEW.holding_id FOR SHARE;
          ELSE
            PERFORM 1 FROM holding h WHERE h.holding_id = NEW.holding_id FOR NO KEY UPDATE;
          END IF;
          SELECT h.work_id, h.rights, h.territories, h.uses, h.languages, h.term, true AS may, 'exclusive' AS most INTO held
            FROM holding h WHERE h.holding_id = NEW.holding_id AND h.replaced_seq IS NULL;
        ELSE
          IF NEW.exclusivity = 'non-exclusive' THEN
            PERFORM 1 FROM licence l WHERE l.licence_id = NEW.parent_id FOR SHARE;
          ELSE
            PERFORM 1 FROM licence l WHERE l.licence_id = NEW.parent_id FOR NO KEY UPDATE;
          END IF;
          SELECT l.work_id, l.rights, l.territories, l.uses, l.languages, l.term, l.sublicensing AS may, l.exclusivity AS most INTO held
            FROM licence l WHERE l.licence_id = NEW.parent_id AND l.voided_at IS NULL;
        END IF;
        IF held.work_id IS NULL OR NOT held.may OR held.work_id <> NEW.work_id
           OR NOT (NEW.rights <@ held.rights AND NEW.territories <@ held.territories AND NEW.uses <@ held.uses AND NEW.languages <@ held.languages AND NEW.term <@ held.term)
           OR array_position(ARRAY['non-exclusive', 'sole', 'exclusive'], NEW.exclusivity) > array_position(ARRAY['non-exclusive', 'sole', 'exclusive'], held.most) THEN
          RAISE EXCEPTION 'the licence goes beyond what it is granted from' USING ERRCODE = 'ZB061';
        END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER licence_within BEFORE INSERT ON licence FOR EACH ROW EXECUTE FUNCTION licence_within();

      -- What was granted stays; a termination cuts the end of its term, or voids it.
      CREATE FUNCTION licence_stays() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        -- A generated column has no value yet in a trigger before the change.
        IF to_jsonb(NEW) - 'term' - 'voided_at' - 'granted_from' <> to_jsonb(OLD) - 'term' - 'voided_at' - 'granted_from' OR OLD.voided_at IS NOT NULL
           OR lower(NEW.term) <> lower(OLD.term) OR upper(NEW.term) > upper(OLD.term) THEN
          RAISE EXCEPTION 'licence % stays as it was granted', OLD.licence_id USING ERRCODE = 'ZB063';
        END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER licence_stays BEFORE UPDATE ON licence FOR EACH ROW EXECUTE FUNCTION licence_stays();
      CREATE TRIGGER licence_kept BEFORE DELETE OR TRUNCATE ON licence FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

      GRANT SELECT, INSERT ON holding, holding_holder, licence TO zhengben_service;
      GRANT UPDATE (replaced_seq) ON holding TO zhengben_service;
      GRANT UPDATE (term, voided_at) ON licence TO zhengben_service;
      GRANT USAGE ON SEQUENCE licence_seat TO zhengben_service;
    `);
  }

  async down(): Promise<void> {
    throw new Error('rights are append-only: restore a backup instead');
  }
}
