import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Holdings and licences as boxes (DESIGN invariant 5). One exclusion constraint each keeps two that conflict from coming into being; triggers keep a grant
 * within what its grantor holds (ZB061), holdings a cover of their work without gap or overlap (ZB062), what was granted as it was granted (ZB063), and ask for the
 * consent of co-owners (ZB064). Of a work that was withdrawn nothing is granted any more (ZB065); an end of protection must leave something of every slice (ZB066).
 *
 * What is done again, by recovery after what came later, is judged by the moment that it was done; what is done now by how things stand.
 */
export class Rights1700000000006 implements MigrationInterface {
  readonly name = 'Rights1700000000006';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE EXTENSION IF NOT EXISTS btree_gist;

      -- NULL, {} and empty overlap with nothing: an exclusion constraint lets them pass, so the domains do not.
      CREATE DOMAIN code_set AS int4multirange NOT NULL CHECK (NOT isempty(VALUE) AND VALUE <@ '{[0,1024)}'::int4multirange);
      CREATE DOMAIN rights_term AS tstzrange NOT NULL CHECK (NOT isempty(VALUE) AND lower_inc(VALUE) AND NOT upper_inc(VALUE) AND coalesce(isfinite(lower(VALUE)) AND isfinite(upper(VALUE)), false));

      -- The end of a protection that nobody knows yet, because the author lives (Copyright Law Art. 23).
      CREATE FUNCTION open_end() RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN timestamptz '9999-12-31 00:00:00+00';

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
        -- The statement in the work's chain that made it, and the one that replaced it, by whom.
        made_seq     integer NOT NULL CHECK (made_seq >= 0),
        made_at      timestamptz NOT NULL,
        replaced_seq integer CHECK (replaced_seq > made_seq),
        replaced_at  timestamptz,
        replaced_by  uuid,
        CHECK (num_nulls(replaced_seq, replaced_at, replaced_by) IN (0, 3)),
        CONSTRAINT holding_apart EXCLUDE USING gist (work_id WITH =, rights WITH &&, territories WITH &&, uses WITH &&, languages WITH &&, term WITH &&)
          WHERE (replaced_seq IS NULL) DEFERRABLE INITIALLY DEFERRED
      );
      CREATE UNIQUE INDEX holding_first ON holding (work_id) WHERE cut_from IS NULL;
      CREATE INDEX holding_by_work ON holding (work_id);
      CREATE INDEX holding_cut_from ON holding (cut_from) WHERE cut_from IS NOT NULL;

      CREATE TABLE holding_holder (
        holding_id bigint NOT NULL REFERENCES holding,
        account_id uuid NOT NULL,
        share_bps  integer NOT NULL CHECK (share_bps BETWEEN 1 AND 10000),
        PRIMARY KEY (holding_id, account_id)
      );
      CREATE INDEX holding_holder_account ON holding_holder (account_id);

      -- What a co-owner agrees to beforehand (Copyright Law Art. 14): that another co-owner licenses or assigns, or fixes the end of the term, within the box.
      CREATE TABLE consent (
        work_id      bigint NOT NULL REFERENCES work,
        -- Of the statement in the work's chain.
        seq          integer NOT NULL CHECK (seq > 0),
        account_id   uuid NOT NULL,
        to_account   uuid NOT NULL CHECK (to_account <> account_id),
        act          text COLLATE "C" NOT NULL CHECK (act IN ('licence', 'assignment', 'term')),
        -- With whom; null: with anyone, or sealed and gone.
        party_id     uuid,
        -- When it was recovered, its party sealed and gone: it bears out what was done by it before, and nothing new.
        recovered_at timestamptz CHECK (recovered_at IS NULL OR party_id IS NULL),
        rights       code_set,
        territories  code_set,
        uses         code_set,
        languages    code_set,
        term         rights_term,
        given_at     timestamptz NOT NULL,
        expires_at   timestamptz NOT NULL CHECK (expires_at > given_at),
        withdrawn_at timestamptz,
        PRIMARY KEY (work_id, seq)
      );
      CREATE FUNCTION consent_stays() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF OLD.withdrawn_at IS NOT NULL OR to_jsonb(NEW) - 'withdrawn_at' <> to_jsonb(OLD) - 'withdrawn_at' THEN
          RAISE EXCEPTION 'consent % of work % stays as it was given', OLD.seq, OLD.work_id USING ERRCODE = 'ZB063';
        END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER consent_stays BEFORE UPDATE ON consent FOR EACH ROW EXECUTE FUNCTION consent_stays();
      CREATE TRIGGER consent_kept BEFORE DELETE OR TRUNCATE ON consent FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

      -- Whether one co-owner has agreed to what another one does at a moment: what was done by a consent stays done when that is withdrawn later.
      -- \`party_sealed\`: with whom it is done was sealed, and is gone. \`still\`: it must not be withdrawn even now, since times are taken before locks.
      CREATE FUNCTION has_consent(work bigint, of_account uuid, actor uuid, what text, party uuid, at timestamptz,
                                  r int4multirange, t int4multirange, u int4multirange, l int4multirange, during tstzrange, party_sealed boolean DEFAULT false, still boolean DEFAULT false) RETURNS boolean LANGUAGE sql STABLE
        RETURN EXISTS (SELECT 1 FROM consent c WHERE c.work_id = work AND c.account_id = of_account AND c.to_account = actor AND c.act = what
                          AND CASE WHEN c.recovered_at IS NULL THEN party_sealed OR c.party_id IS NULL OR c.party_id = party ELSE at <= c.recovered_at END
                          AND c.given_at <= at AND c.expires_at > at AND (c.withdrawn_at IS NULL OR (NOT still AND c.withdrawn_at > at))
                          AND r <@ c.rights AND t <@ c.territories AND u <@ c.uses AND l <@ c.languages AND during <@ c.term);

      CREATE FUNCTION codes_in(codes int4multirange) RETURNS numeric LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
        RETURN (SELECT sum(upper(r) - lower(r)) FROM unnest(codes) AS r);
      CREATE FUNCTION volume_of(rights int4multirange, territories int4multirange, uses int4multirange, languages int4multirange, term tstzrange) RETURNS numeric LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
        RETURN codes_in(rights) * codes_in(territories) * codes_in(uses) * codes_in(languages) * extract(epoch FROM upper(term) - lower(term));

      CREATE FUNCTION holders_of(slice bigint) RETURNS jsonb LANGUAGE sql STABLE
        RETURN (SELECT jsonb_object_agg(o.account_id, o.share_bps) FROM holding_holder o WHERE o.holding_id = slice);

      -- At commit: a piece lies in the slice it was cut from, that slice is replaced, and its pieces have its volume; being apart, they are it.
      CREATE FUNCTION holding_covers() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
      DECLARE
        cut bigint := CASE WHEN TG_OP = 'INSERT' THEN NEW.cut_from ELSE NEW.holding_id END;
        whole holding;
        pieces record;
      BEGIN
        -- A first slice, or one whose end was filled in.
        IF cut IS NULL OR (TG_OP = 'UPDATE' AND NEW.replaced_seq IS NULL) THEN RETURN NULL; END IF;
        SELECT * INTO whole FROM holding WHERE holding_id = cut;
        SELECT coalesce(sum(volume_of(p.rights, p.territories, p.uses, p.languages, p.term)), 0) AS volume,
               coalesce(bool_and(p.work_id = whole.work_id AND p.rights <@ whole.rights AND p.territories <@ whole.territories AND p.uses <@ whole.uses AND p.languages <@ whole.languages AND p.term <@ whole.term), true) AS inside
          INTO pieces FROM holding p WHERE p.cut_from = cut;
        IF whole.replaced_seq IS NULL OR NOT pieces.inside OR pieces.volume <> volume_of(whole.rights, whole.territories, whole.uses, whole.languages, whole.term) THEN
          RAISE EXCEPTION 'the pieces of holding % are not what it was', cut USING ERRCODE = 'ZB062';
        END IF;
        -- Whoever replaced it held of it, and all others who did agree to each piece that goes to other hands.
        IF NOT EXISTS (SELECT 1 FROM holding_holder o WHERE o.holding_id = cut AND o.account_id = whole.replaced_by) OR EXISTS (
          SELECT 1 FROM holding p
           WHERE p.cut_from = cut AND holders_of(p.holding_id) <> holders_of(cut)
             AND EXISTS (SELECT 1 FROM holding_holder o WHERE o.holding_id = cut AND o.account_id <> whole.replaced_by
                            AND NOT has_consent(whole.work_id, o.account_id, whole.replaced_by, 'assignment', (SELECT CASE WHEN count(*) = 1 THEN min(n.account_id::text)::uuid END FROM holding_holder n WHERE n.holding_id = p.holding_id),
                                                whole.replaced_at, p.rights, p.territories, p.uses, p.languages, p.term))) THEN
          RAISE EXCEPTION 'holding % was not theirs alone to assign', cut USING ERRCODE = 'ZB064';
        END IF;
        RETURN NULL;
      END $$;
      CREATE CONSTRAINT TRIGGER holding_covers AFTER INSERT OR UPDATE ON holding DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION holding_covers();

      -- A slice is never changed, but for being replaced, once; and an end of protection that nobody knew is filled in, once, for a work's slices of all times.
      CREATE FUNCTION holding_stays() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE
        changing text[] := ARRAY['replaced_seq', 'replaced_at', 'replaced_by', 'term'];
        fixed boolean := upper(OLD.term) = open_end() AND upper(NEW.term) < open_end() AND lower(NEW.term) = lower(OLD.term);
      BEGIN
        IF to_jsonb(NEW) - changing <> to_jsonb(OLD) - changing OR NOT (NEW.term = OLD.term OR fixed)
           OR (OLD.replaced_seq IS NOT NULL AND (NEW.replaced_seq, NEW.replaced_at, NEW.replaced_by) IS DISTINCT FROM (OLD.replaced_seq, OLD.replaced_at, OLD.replaced_by)) THEN
          RAISE EXCEPTION 'holding % stays as it is', OLD.holding_id USING ERRCODE = 'ZB063';
        END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER holding_stays BEFORE UPDATE ON holding FOR EACH ROW EXECUTE FUNCTION holding_stays();
      CREATE TRIGGER holding_kept BEFORE DELETE OR TRUNCATE ON holding FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
      CREATE TRIGGER holding_holder_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON holding_holder FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

      -- At commit the shares of a slice are the whole.
      CREATE FUNCTION holding_shared() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
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
        -- The licence that it is a sublicence of; null: an owner's grant, from whichever slices.
        parent_id    bigint REFERENCES licence,
        -- Who competes with whom: all owners' grants of a work; all sublicences of a licence.
        granted_from bigint NOT NULL GENERATED ALWAYS AS (CASE WHEN parent_id IS NULL THEN work_id ELSE parent_id + 1152921504606846976 END) STORED,
        exclusivity  text COLLATE "C" NOT NULL CHECK (exclusivity IN ('non-exclusive', 'sole', 'exclusive')),
        -- The earlier licences that an exclusive or sole grant leaves alone.
        subject_to   bigint[] NOT NULL DEFAULT '{}' CHECK (subject_to = '{}' OR exclusivity <> 'non-exclusive'),
        -- An exclusive or sole grant takes all seats, but for those of the licences that it is subject to; a non-exclusive one a seat of its own.
        seat         int8multirange NOT NULL CHECK (NOT isempty(seat) AND seat <@ '{[0,)}'::int8multirange),
        rights       code_set,
        territories  code_set,
        uses         code_set,
        languages    code_set,
        term         rights_term,
        -- Null: sealed and gone, as a sublicence's grantor was the licensee of another.
        grantor_id   uuid CHECK (grantor_id IS NOT NULL OR parent_id IS NOT NULL),
        -- Null: the public, somebody without an account here, or sealed and gone.
        licensee_id  uuid,
        -- Came back by recovery: whoever was licensed has to open the statement.
        licensee_sealed boolean NOT NULL DEFAULT false,
        to_anyone    boolean NOT NULL DEFAULT false CHECK (NOT to_anyone OR (licensee_id IS NULL AND NOT licensee_sealed AND exclusivity = 'non-exclusive')),
        sublicensing boolean NOT NULL DEFAULT false,
        -- Said by the owner of a paper outside of this ledger, not granted here.
        declared     boolean NOT NULL DEFAULT false,
        conditions   text[] COLLATE "C" NOT NULL DEFAULT '{}',
        -- Of what the licensee earns with what they make of the work; sealed in the statement.
        revenue_share_bps integer CHECK (revenue_share_bps BETWEEN 1 AND 10000),
        renews_id    bigint REFERENCES licence,
        -- The statement beside the licence's own chain: in the work's of an exclusive or sole grant, in the parent licence's of such a sublicence.
        noted_seq    integer CHECK (noted_seq > 0),
        granted_at   timestamptz NOT NULL,
        -- When recovery brought it back.
        recovered_at timestamptz,
        accepted_at  timestamptz CHECK (accepted_at >= granted_at),
        -- Since when a co-owner objects to it (Art. 14), or a party disputes it.
        doubted_at   timestamptz,
        voided_at    timestamptz,
        CHECK (CASE WHEN exclusivity = 'non-exclusive' THEN NOT seat @> 0::bigint AND upper(seat) = lower(seat) + 1 ELSE seat @> 0::bigint AND upper_inf(seat) END),
        -- The term first: it is a range, and told apart by an index better than sets, of which it keeps the hulls; the seat last, or the index would part by it what an exclusive grant asks for at once.
        CONSTRAINT licence_apart EXCLUDE USING gist (granted_from WITH =, term WITH &&, territories WITH &&, rights WITH &&, uses WITH &&, languages WITH &&, seat WITH &&)
          WHERE (voided_at IS NULL)
      );
      CREATE INDEX licence_by_work ON licence (work_id, licensee_id);
      CREATE INDEX licence_by_parent ON licence (parent_id) WHERE parent_id IS NOT NULL;
      CREATE INDEX licence_by_licensee ON licence (licensee_id, granted_at, licence_id) WHERE licensee_id IS NOT NULL;
      CREATE INDEX licence_to_anyone ON licence (work_id) WHERE to_anyone;
      -- Who bars others: few among many, and asked for by every check of an owner.
      CREATE INDEX licence_barring ON licence USING gist (granted_from, term, territories, rights, uses, languages) WHERE exclusivity <> 'non-exclusive' AND voided_at IS NULL;
      CREATE INDEX licence_exclusive ON licence (granted_from) WHERE exclusivity = 'exclusive';
      CREATE INDEX licence_by_grantor ON licence (grantor_id, granted_at, licence_id);

      -- What was said of a licence after its grant, one row a statement of its chain. \`term_before\` is what a termination cut.
      CREATE TABLE licence_event (
        licence_id  bigint NOT NULL REFERENCES licence,
        seq         integer NOT NULL CHECK (seq > 0),
        kind        text COLLATE "C" NOT NULL,
        -- Null: sealed and gone.
        actor_id    uuid,
        happened_at timestamptz NOT NULL,
        term_before tstzrange,
        detail      jsonb NOT NULL DEFAULT '{}',
        PRIMARY KEY (licence_id, seq)
      );
      CREATE TRIGGER licence_event_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON licence_event FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

      -- The seats of an exclusive or sole grant: all, but for those of the licences that it is subject to, which compete for the same. Also of one that was voided: its seat is nobody else's.
      CREATE FUNCTION seats_besides(subject_to bigint[], granted_from bigint) RETURNS int8multirange LANGUAGE sql STABLE
        RETURN '{[0,)}'::int8multirange - coalesce((SELECT range_agg(e.seat) FROM licence e WHERE e.licence_id = ANY (seats_besides.subject_to) AND e.granted_from = seats_besides.granted_from AND e.exclusivity = 'non-exclusive'), '{}');

      -- A grant lies in what its grantor holds, and of what several hold the others agree to one that bars others (Art. 14). The locks, in the order work, holdings, licences from the
      -- owner's grant down, keep that from being withdrawn, assigned, terminated or pledged until the grant is committed. One that bars others shares with nobody: two grants that
      -- each wait for the other's row would else have to be told apart by the deadlock detector.
      CREATE FUNCTION licence_within() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
      DECLARE
        bars boolean := NEW.exclusivity <> 'non-exclusive';
        withdrawn timestamptz;
        source bigint;
        parent licence;
      BEGIN
        SELECT w.withdrawn_at INTO withdrawn FROM work w WHERE w.work_id = NEW.work_id FOR SHARE;
        -- Whatever the times say, which are taken before locks. What the log has was granted.
        IF withdrawn IS NOT NULL AND NEW.recovered_at IS NULL THEN
          RAISE EXCEPTION 'the work was withdrawn' USING ERRCODE = 'ZB065';
        END IF;
        -- A generated column has no value yet in a trigger before the change.
        IF bars AND NEW.seat <> seats_besides(NEW.subject_to, CASE WHEN NEW.parent_id IS NULL THEN NEW.work_id ELSE NEW.parent_id + 1152921504606846976 END) THEN
          RAISE EXCEPTION 'the licence leaves seats to others than it is subject to' USING ERRCODE = 'ZB061';
        END IF;
        IF NEW.parent_id IS NOT NULL THEN
          -- Whatever it comes from, through however many hands, stands: sublicences are not voided when that ends.
          FOR source IN
            WITH RECURSIVE above AS (
              SELECT l.licence_id, l.parent_id, 0 AS height FROM licence l WHERE l.licence_id = NEW.parent_id
              UNION ALL SELECT l.licence_id, l.parent_id, a.height + 1 FROM above a JOIN licence l ON l.licence_id = a.parent_id)
            SELECT a.licence_id FROM above a ORDER BY a.height DESC
          LOOP
            IF bars AND source = NEW.parent_id THEN
              SELECT * INTO parent FROM licence l WHERE l.licence_id = source FOR NO KEY UPDATE;
            ELSE
              SELECT * INTO parent FROM licence l WHERE l.licence_id = source FOR SHARE;
            END IF;
            IF parent.voided_at IS NOT NULL OR parent.accepted_at IS NULL OR NOT NEW.term <@ parent.term THEN
              RAISE EXCEPTION 'the licence goes beyond what it is granted from' USING ERRCODE = 'ZB061';
            END IF;
          END LOOP;
          -- The last of them is the one that it is granted from; none: it is not there. Of what was sealed both sides are null.
          IF parent.licence_id IS NULL OR NOT parent.sublicensing OR parent.work_id <> NEW.work_id OR parent.licensee_id IS DISTINCT FROM NEW.grantor_id
             OR NOT (NEW.rights <@ parent.rights AND NEW.territories <@ parent.territories AND NEW.uses <@ parent.uses AND NEW.languages <@ parent.languages)
             OR array_position(ARRAY['non-exclusive', 'sole', 'exclusive'], NEW.exclusivity) > array_position(ARRAY['non-exclusive', 'sole', 'exclusive'], parent.exclusivity) THEN
            RAISE EXCEPTION 'the licence goes beyond what it is granted from' USING ERRCODE = 'ZB061';
          END IF;
          RETURN NEW;
        END IF;
        -- Twice: what is waited for may be replaced by pieces that only the second look sees.
        FOR look IN 1..2 LOOP
          IF bars THEN
            PERFORM 1 FROM holding h WHERE h.work_id = NEW.work_id AND h.replaced_seq IS NULL
               AND h.rights && NEW.rights AND h.territories && NEW.territories AND h.uses && NEW.uses AND h.languages && NEW.languages AND h.term && NEW.term ORDER BY h.holding_id FOR NO KEY UPDATE;
          ELSE
            PERFORM 1 FROM holding h WHERE h.work_id = NEW.work_id AND h.replaced_seq IS NULL
               AND h.rights && NEW.rights AND h.territories && NEW.territories AND h.uses && NEW.uses AND h.languages && NEW.languages AND h.term && NEW.term ORDER BY h.holding_id FOR SHARE;
          END IF;
          EXIT WHEN is_held(NEW.work_id, NEW.grantor_id, NEW.rights, NEW.territories, NEW.uses, NEW.languages, NEW.term);
          IF look = 2 THEN
            RAISE EXCEPTION 'the licence goes beyond what it is granted from' USING ERRCODE = 'ZB061';
          END IF;
        END LOOP;
        IF bars AND EXISTS (
          SELECT 1 FROM holding h JOIN holding_holder o USING (holding_id)
           WHERE h.work_id = NEW.work_id AND h.replaced_seq IS NULL AND h.rights && NEW.rights AND h.territories && NEW.territories AND h.uses && NEW.uses AND h.languages && NEW.languages AND h.term && NEW.term
             AND o.account_id <> NEW.grantor_id
             AND NOT has_consent(NEW.work_id, o.account_id, NEW.grantor_id, 'licence', NEW.licensee_id, NEW.granted_at,
                                h.rights * NEW.rights, h.territories * NEW.territories, h.uses * NEW.uses, h.languages * NEW.languages, h.term * NEW.term, NEW.licensee_sealed, NEW.recovered_at IS NULL)) THEN
          RAISE EXCEPTION 'not all co-owners consent' USING ERRCODE = 'ZB064';
        END IF;
        RETURN NEW;
      END $$;

      -- Whether an account holds of all of a box, in one slice or in several: their shares in it have its volume.
      CREATE FUNCTION is_held(work bigint, account uuid, r int4multirange, t int4multirange, u int4multirange, l int4multirange, during tstzrange) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
      BEGIN
        IF EXISTS (SELECT 1 FROM holding h WHERE h.work_id = work AND h.replaced_seq IS NULL AND r <@ h.rights AND t <@ h.territories AND u <@ h.uses AND l <@ h.languages AND during <@ h.term
                      AND EXISTS (SELECT 1 FROM holding_holder o WHERE o.holding_id = h.holding_id AND o.account_id = account)) THEN
          RETURN true;
        END IF;
        RETURN (SELECT coalesce(sum(volume_of(h.rights * r, h.territories * t, h.uses * u, h.languages * l, h.term * during)), 0) = volume_of(r, t, u, l, during)
                  FROM holding h
                 WHERE h.work_id = work AND h.replaced_seq IS NULL AND h.rights && r AND h.territories && t AND h.uses && u AND h.languages && l AND h.term && during
                   AND EXISTS (SELECT 1 FROM holding_holder o WHERE o.holding_id = h.holding_id AND o.account_id = account));
      END $$;
      CREATE TRIGGER licence_within BEFORE INSERT ON licence FOR EACH ROW EXECUTE FUNCTION licence_within();

      -- What was granted stays. It is accepted once; a termination cuts the end of its term, or voids it; doubts come and go. Who was licensed, where recovery found it sealed,
      -- is filled in once, and with that who granted what was granted from it; also of one that was voided, as is where it stands beside its own chain.
      CREATE FUNCTION licence_stays() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE
        -- A generated column has no value yet in a trigger before the change.
        late text[] := ARRAY['licensee_id', 'grantor_id', 'noted_seq', 'granted_from'];
        changing text[] := late || ARRAY['term', 'voided_at', 'accepted_at', 'doubted_at'];
      BEGIN
        IF to_jsonb(NEW) - changing <> to_jsonb(OLD) - changing OR (OLD.voided_at IS NOT NULL AND to_jsonb(NEW) - late <> to_jsonb(OLD) - late)
           OR (OLD.accepted_at IS NOT NULL AND NEW.accepted_at IS DISTINCT FROM OLD.accepted_at)
           OR (OLD.noted_seq IS NOT NULL AND NEW.noted_seq IS DISTINCT FROM OLD.noted_seq)
           OR (NEW.licensee_id IS DISTINCT FROM OLD.licensee_id AND NOT (OLD.licensee_sealed AND OLD.licensee_id IS NULL))
           OR (NEW.grantor_id IS DISTINCT FROM OLD.grantor_id AND (OLD.grantor_id IS NOT NULL OR NEW.grantor_id IS DISTINCT FROM (SELECT p.licensee_id FROM licence p WHERE p.licence_id = OLD.parent_id)))
           OR lower(NEW.term) <> lower(OLD.term) OR upper(NEW.term) > upper(OLD.term) THEN
          RAISE EXCEPTION 'licence % stays as it was granted', OLD.licence_id USING ERRCODE = 'ZB063';
        END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER licence_stays BEFORE UPDATE ON licence FOR EACH ROW EXECUTE FUNCTION licence_stays();
      CREATE TRIGGER licence_kept BEFORE DELETE OR TRUNCATE ON licence FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

      -- Fills in the end of protection that nobody knew: of the slices of all times, since they add up to each other, and of the licences that were to last as long.
      -- A slice that only begins then would be nothing, and a row cannot say nothing.
      CREATE FUNCTION fix_term(work bigint, until timestamptz) RETURNS void LANGUAGE plpgsql AS $$
      BEGIN
        IF EXISTS (SELECT 1 FROM holding h WHERE h.work_id = work AND lower(h.term) >= until) THEN
          RAISE EXCEPTION 'a slice of the work begins when protection has ended' USING ERRCODE = 'ZB066';
        END IF;
        UPDATE holding h SET term = tstzrange(lower(h.term), until) WHERE h.work_id = work AND upper(h.term) = open_end();
        UPDATE licence l SET term = tstzrange(lower(l.term), until) WHERE l.work_id = work AND upper(l.term) = open_end() AND lower(l.term) < until AND l.voided_at IS NULL;
      END $$;

      -- Statements that recovery could not follow yet: of acts that raced, the log may have the one first that was committed last. Empty otherwise.
      CREATE TABLE recovery_waiting (
        place   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        subject text COLLATE "C" NOT NULL,
        seq     integer NOT NULL,
        UNIQUE (subject, seq)
      );

      -- Offers to license, LT-…. An open one (Creative Commons) is a licence to anyone as well.
      CREATE TABLE licence_terms (
        terms_id     bigint PRIMARY KEY CHECK (terms_id BETWEEN 0 AND 1152921504606846975),
        work_id      bigint NOT NULL REFERENCES work,
        account_id   uuid NOT NULL,
        preset       text COLLATE "C",
        terms        jsonb NOT NULL,
        licence_id   bigint REFERENCES licence,
        offered_at   timestamptz NOT NULL,
        expires_at   timestamptz,
        withdrawn_at timestamptz
      );
      CREATE INDEX licence_terms_by_work ON licence_terms (work_id, offered_at, terms_id);

      GRANT SELECT, INSERT ON holding, holding_holder, consent, licence, licence_event, licence_terms TO zhengben_service;
      GRANT UPDATE (term, replaced_seq, replaced_at, replaced_by) ON holding TO zhengben_service;
      GRANT UPDATE (withdrawn_at) ON consent, licence_terms TO zhengben_service;
      GRANT UPDATE (term, noted_seq, accepted_at, doubted_at, voided_at, licensee_id, grantor_id) ON licence TO zhengben_service;
      GRANT SELECT, INSERT, DELETE ON recovery_waiting TO zhengben_service;
      GRANT USAGE ON SEQUENCE licence_seat TO zhengben_service;
    `);
  }

  async down(): Promise<void> {
    throw new Error('rights are append-only: restore a backup instead');
  }
}
