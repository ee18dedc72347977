import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What accounts are told, to read when they come. */
export class Notices1700000000007 implements MigrationInterface {
  readonly name = 'Notices1700000000007';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE notice (
        notice_id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        account_id uuid NOT NULL,
        kind       text COLLATE "C" NOT NULL,
        subject    text COLLATE "C" NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        read_at    timestamptz
      );
      CREATE INDEX notice_by_account ON notice (account_id, notice_id DESC);
      GRANT SELECT, INSERT ON notice TO zhengben_service;
      GRANT UPDATE (read_at) ON notice TO zhengben_service;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE notice');
  }
}
