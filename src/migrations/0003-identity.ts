import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Accounts, sessions, API keys and one-time tokens. Secrets are stored as SHA-256 (random ones) or argon2id (passwords) only. */
export class Identity1700000000003 implements MigrationInterface {
  readonly name = 'Identity1700000000003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE account (
        account_id        uuid PRIMARY KEY,
        email             text NOT NULL,
        display_name      text NOT NULL CHECK (char_length(display_name) BETWEEN 1 AND 100),
        password_hash     text NOT NULL CHECK (password_hash LIKE '$argon2id$%'),
        locale            text COLLATE "C" NOT NULL CHECK (locale IN ('zh', 'en')),
        email_verified_at timestamptz,
        created_at        timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT account_email_unique UNIQUE (email),
        CONSTRAINT account_email_lower CHECK (email = lower(email) AND octet_length(email) <= 254)
      );

      CREATE TABLE session (
        token_hash bytea PRIMARY KEY CHECK (octet_length(token_hash) = 32),
        account_id uuid NOT NULL REFERENCES account ON DELETE CASCADE,
        created_at timestamptz NOT NULL DEFAULT now(),
        expires_at timestamptz NOT NULL
      );
      CREATE INDEX session_by_account ON session (account_id);
      CREATE INDEX session_by_expiry ON session (expires_at);

      CREATE TABLE api_key (
        api_key_id   uuid PRIMARY KEY,
        account_id   uuid NOT NULL REFERENCES account ON DELETE CASCADE,
        name         text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 100),
        key_hash     bytea NOT NULL CHECK (octet_length(key_hash) = 32),
        scopes       text[] COLLATE "C" NOT NULL CHECK (cardinality(scopes) > 0),
        created_at   timestamptz NOT NULL DEFAULT now(),
        last_used_at timestamptz,
        revoked_at   timestamptz,
        CONSTRAINT api_key_hash_unique UNIQUE (key_hash)
      );
      CREATE INDEX api_key_by_account ON api_key (account_id, api_key_id);

      CREATE TABLE one_time_token (
        token_hash bytea PRIMARY KEY CHECK (octet_length(token_hash) = 32),
        account_id uuid NOT NULL REFERENCES account ON DELETE CASCADE,
        purpose    text COLLATE "C" NOT NULL CHECK (purpose IN ('verify-email', 'reset-password')),
        expires_at timestamptz NOT NULL
      );
      CREATE INDEX one_time_token_by_account ON one_time_token (account_id, purpose);
      CREATE INDEX one_time_token_by_expiry ON one_time_token (expires_at);

      -- Attempts in a window, by the SHA-256 of what is counted: neither addresses nor e-mails stand here.
      CREATE TABLE throttle (
        key_hash       bytea PRIMARY KEY CHECK (octet_length(key_hash) = 32),
        attempts       integer NOT NULL,
        window_ends_at timestamptz NOT NULL
      );
      CREATE INDEX throttle_by_end ON throttle (window_ends_at);

      GRANT SELECT, INSERT, UPDATE ON account, api_key TO zhengben_service;
      GRANT SELECT, INSERT, DELETE ON session, one_time_token TO zhengben_service;
      GRANT SELECT, INSERT, UPDATE, DELETE ON throttle TO zhengben_service;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE throttle, one_time_token, api_key, session, account');
  }
}
