import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The keys that accounts sign statements with, and the nonces that those keys have used. */
export class ActorKeys1700000000009 implements MigrationInterface {
  readonly name = 'ActorKeys1700000000009';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE account_key (
        account_id uuid NOT NULL,
        -- Of the statement in the account's chain that added it: a key may be revoked and added again.
        added_seq  integer NOT NULL,
        scheme     text COLLATE "C" NOT NULL CHECK (scheme IN ('ed25519', 'eip191')),
        key        text COLLATE "C" NOT NULL CHECK (key ~ CASE scheme WHEN 'ed25519' THEN '^[0-9a-f]{64}$' ELSE '^0x[0-9a-f]{40}$' END),
        added_at   timestamptz NOT NULL,
        revoked_at timestamptz,
        PRIMARY KEY (account_id, added_seq)
      );
      CREATE UNIQUE INDEX account_key_standing ON account_key (account_id, key) WHERE revoked_at IS NULL;
      CREATE TABLE used_nonce (
        key     text COLLATE "C" NOT NULL,
        nonce   text COLLATE "C" NOT NULL,
        used_at timestamptz NOT NULL,
        PRIMARY KEY (key, nonce)
      );
      GRANT SELECT, INSERT ON account_key, used_nonce TO zhengben_service;
      GRANT UPDATE (revoked_at) ON account_key TO zhengben_service;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE account_key, used_nonce');
  }
}
