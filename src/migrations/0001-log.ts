import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Statements, their queue, and the tree over them. What is logged is append-only by trigger and by privilege (DESIGN invariant 3). */
export class Log1700000000001 implements MigrationInterface {
  readonly name = 'Log1700000000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'ZB001';
      END $$;

      CREATE TABLE statement (
        ordinal     bigint GENERATED ALWAYS AS IDENTITY,
        subject     text COLLATE "C" NOT NULL CHECK (octet_length(subject) BETWEEN 1 AND 80),
        seq         integer NOT NULL CHECK (seq >= 0),
        type        text COLLATE "C" NOT NULL,
        prev        bytea CHECK (octet_length(prev) = 32),
        bytes       bytea NOT NULL CHECK (octet_length(bytes) BETWEEN 2 AND 65535),
        -- RFC 6962 section 2.1; computed here, so that no writer can store another one.
        leaf_hash   bytea NOT NULL GENERATED ALWAYS AS (sha256('\\x00'::bytea || bytes)) STORED,
        accepted_at timestamptz NOT NULL,
        receipt     text NOT NULL,
        PRIMARY KEY (subject, seq),
        CHECK ((seq = 0) = (prev IS NULL))
      );
      CREATE UNIQUE INDEX statement_ordinal ON statement (ordinal);
      -- Rare ones that are looked for in chains that may be long.
      CREATE INDEX statement_of_facts ON statement (subject, seq) WHERE type IN ('work.amended', 'work.withdrawn', 'work.term-fixed');

      -- The subject's chain: prev is the leaf hash of the statement before.
      CREATE FUNCTION statement_follows() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        PERFORM 1 FROM statement WHERE subject = NEW.subject AND seq = NEW.seq - 1 AND leaf_hash = NEW.prev;
        IF NOT FOUND THEN
          RAISE EXCEPTION 'statement % of % does not follow its predecessor', NEW.seq, NEW.subject USING ERRCODE = 'ZB002';
        END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER statement_follows AFTER INSERT ON statement FOR EACH ROW WHEN (NEW.seq > 0) EXECUTE FUNCTION statement_follows();

      -- The head of a subject, locked by whoever appends to its chain. Made at the second statement: a deposit pays nothing for it.
      CREATE TABLE subject_head (
        subject   text COLLATE "C" PRIMARY KEY,
        seq       integer NOT NULL,
        leaf_hash bytea NOT NULL
      );

      -- What has no place yet. Filled by trigger: no statement can miss the queue.
      CREATE TABLE statement_pending (ordinal bigint PRIMARY KEY);
      CREATE FUNCTION statement_queue() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
      BEGIN
        INSERT INTO statement_pending SELECT ordinal FROM fresh;
        RETURN NULL;
      END $$;
      CREATE TRIGGER statement_queue AFTER INSERT ON statement REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION statement_queue();

      CREATE TABLE log_entry (
        leaf_index bigint PRIMARY KEY CHECK (leaf_index >= 0),
        ordinal    bigint NOT NULL UNIQUE,
        leaf_hash  bytea NOT NULL CHECK (octet_length(leaf_hash) = 32)
      );
      -- Complete subtrees of level 1 and above; level 0 is log_entry.
      CREATE TABLE log_node (
        level smallint NOT NULL CHECK (level BETWEEN 1 AND 52),
        index bigint NOT NULL CHECK (index >= 0),
        hash  bytea NOT NULL CHECK (octet_length(hash) = 32),
        PRIMARY KEY (level, index)
      );
      CREATE TABLE log_checkpoint (
        tree_size bigint PRIMARY KEY CHECK (tree_size > 0),
        root_hash bytea NOT NULL CHECK (octet_length(root_hash) = 32),
        note      text NOT NULL,
        signed_at timestamptz NOT NULL
      );
      CREATE TABLE log_head (
        id             boolean PRIMARY KEY DEFAULT true CHECK (id),
        tree_size      bigint NOT NULL DEFAULT 0,
        root_hash      bytea NOT NULL DEFAULT sha256(''::bytea),
        published_size bigint NOT NULL DEFAULT 0,
        -- What was published, or anchored, and is not in this database. While one is set, no process signs.
        published_contradiction text,
        anchored_contradiction  text,
        CHECK (published_size BETWEEN 0 AND tree_size)
      );
      INSERT INTO log_head DEFAULT VALUES;
      CREATE FUNCTION log_head_grows() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF NEW.tree_size < OLD.tree_size OR NEW.published_size < OLD.published_size
           OR (NEW.tree_size = OLD.tree_size AND NEW.root_hash <> OLD.root_hash) THEN
          RAISE EXCEPTION 'the log only grows' USING ERRCODE = 'ZB001';
        END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER log_head_grows BEFORE UPDATE ON log_head FOR EACH ROW EXECUTE FUNCTION log_head_grows();
      CREATE TRIGGER log_head_stays BEFORE DELETE OR TRUNCATE ON log_head FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

      CREATE TRIGGER statement_append_only      BEFORE UPDATE OR DELETE OR TRUNCATE ON statement      FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
      CREATE TRIGGER log_entry_append_only      BEFORE UPDATE OR DELETE OR TRUNCATE ON log_entry      FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
      CREATE TRIGGER log_node_append_only       BEFORE UPDATE OR DELETE OR TRUNCATE ON log_node       FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
      CREATE TRIGGER log_checkpoint_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON log_checkpoint FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

      -- What opens sealed digests. Not part of the log: erasing a disclosure leaves every proof valid.
      CREATE TABLE statement_disclosure (
        subject     text COLLATE "C" NOT NULL,
        seq         integer NOT NULL,
        disclosures text[] NOT NULL,
        PRIMARY KEY (subject, seq)
      );

      GRANT SELECT, INSERT ON statement, log_entry, log_node, log_checkpoint TO zhengben_service;
      GRANT SELECT, INSERT, UPDATE ON subject_head TO zhengben_service;
      GRANT SELECT, DELETE ON statement_pending TO zhengben_service;
      GRANT SELECT, UPDATE ON log_head TO zhengben_service;
      GRANT SELECT, INSERT, UPDATE, DELETE ON statement_disclosure TO zhengben_service;
    `);
  }

  async down(): Promise<void> {
    throw new Error('the log is append-only: restore a backup instead');
  }
}
