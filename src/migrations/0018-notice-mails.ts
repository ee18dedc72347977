import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Mails of notices. Whether one goes out is decided after the commit, of all that came meanwhile: a job in each notice's transaction, one an account, would be a row that all who sell to, or buy from, the same account wait for.
 * And of whose consent is wanted: when it was last asked for.
 */
export class NoticeMails1700000000018 implements MigrationInterface {
  readonly name = 'NoticeMails1700000000018';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- When it was decided whether a mail tells of it; those from before are not mailed.
      ALTER TABLE notice ADD COLUMN dispatched_at timestamptz DEFAULT now();
      ALTER TABLE notice ALTER COLUMN dispatched_at DROP DEFAULT;
      CREATE INDEX notice_to_dispatch ON notice (notice_id) WHERE dispatched_at IS NULL;
      GRANT UPDATE (dispatched_at) ON notice TO zhengben_service;

      ALTER TABLE account ADD COLUMN notice_mails boolean NOT NULL DEFAULT true;

      -- Who was last asked when for their consent to what, by whom: told once a day.
      CREATE TABLE consent_asked (
        work_id    bigint NOT NULL,
        act        text COLLATE "C" NOT NULL CHECK (act IN ('licence', 'assignment', 'term')),
        asker_id   uuid NOT NULL,
        account_id uuid NOT NULL CHECK (account_id <> asker_id),
        asked_at   timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (work_id, act, asker_id, account_id)
      );
      GRANT SELECT, INSERT, UPDATE (asked_at) ON consent_asked TO zhengben_service;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE consent_asked; ALTER TABLE account DROP COLUMN notice_mails; DROP INDEX notice_to_dispatch; ALTER TABLE notice DROP COLUMN dispatched_at');
  }
}
