import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Works, their contents, first claims, blobs, idempotency, and the function that deposits many works in one round trip. */
export class Works1700000000002 implements MigrationInterface {
  readonly name = 'Works1700000000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE EXTENSION IF NOT EXISTS pg_trgm;

      -- The row is written before the file is put in place, so that no file is without a row; the sweeper deletes both under the row's lock.
      CREATE TABLE blob (
        sha256      bytea PRIMARY KEY CHECK (octet_length(sha256) = 32),
        byte_length bigint NOT NULL CHECK (byte_length >= 0),
        touched_at  timestamptz NOT NULL DEFAULT now()
      );
      CREATE INDEX blob_touched_at ON blob (touched_at);

      CREATE TABLE work (
        -- The 60 bits of the work number: number and key are one.
        work_id      bigint PRIMARY KEY CHECK (work_id BETWEEN 0 AND 1152921504606846975),
        account_id   uuid NOT NULL,
        category     text COLLATE "C" NOT NULL,
        visibility   text COLLATE "C" NOT NULL CHECK (visibility IN ('public', 'confidential')),
        -- Null once its disclosure is erased.
        title        text,
        deposited_at timestamptz NOT NULL,
        withdrawn_at timestamptz
      );
      CREATE INDEX work_by_account ON work (account_id, deposited_at, work_id);
      CREATE INDEX work_by_time ON work (deposited_at, work_id);
      CREATE INDEX work_by_title ON work USING gin (title gin_trgm_ops);

      CREATE TABLE content (
        work_id     bigint NOT NULL REFERENCES work,
        position    smallint NOT NULL CHECK (position >= 0),
        sha256      bytea NOT NULL CHECK (octet_length(sha256) = 32),
        sm3         bytea CHECK (octet_length(sm3) = 32),
        byte_length bigint NOT NULL CHECK (byte_length >= 0),
        media_type  text NOT NULL,
        -- The file itself when the service holds it; its row cannot be swept while this refers to it.
        blob_sha256 bytea REFERENCES blob CHECK (blob_sha256 IS NULL OR blob_sha256 = sha256),
        PRIMARY KEY (work_id, position)
      );
      CREATE INDEX content_by_digest ON content (sha256);
      CREATE INDEX content_by_sm3 ON content (sm3) WHERE sm3 IS NOT NULL;
      CREATE INDEX content_by_blob ON content (blob_sha256) WHERE blob_sha256 IS NOT NULL;

      -- Who claimed a digest first, public works only. A held file and a declared digest are claimed apart: the second never blocks the first.
      CREATE TABLE first_claim (
        sha256     bytea NOT NULL CHECK (octet_length(sha256) = 32),
        held       boolean NOT NULL,
        work_id    bigint NOT NULL,
        account_id uuid NOT NULL,
        claimed_at timestamptz NOT NULL,
        PRIMARY KEY (sha256, held)
      );

      -- An answer given once is given again: kept 7 days. A registration refers to its work, other acts store what they answered.
      CREATE TABLE idempotency (
        account_id   uuid NOT NULL,
        key          text COLLATE "C" NOT NULL CHECK (octet_length(key) BETWEEN 1 AND 255),
        payload_hash bytea NOT NULL CHECK (octet_length(payload_hash) = 32),
        status       smallint NOT NULL,
        response     jsonb,
        work_id      bigint,
        created_at   timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (account_id, key)
      );
      CREATE INDEX idempotency_created_at ON idempotency (created_at);

      GRANT SELECT, INSERT, UPDATE, DELETE ON blob, idempotency TO zhengben_service;
      GRANT SELECT, INSERT, UPDATE ON work TO zhengben_service;
      GRANT SELECT, INSERT ON content TO zhengben_service;
      GRANT SELECT, INSERT, UPDATE, DELETE ON first_claim TO zhengben_service;
    `);
  }

  async down(): Promise<void> {
    throw new Error('deposits are append-only: restore a backup instead');
  }
}
