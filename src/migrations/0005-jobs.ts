import { runMigrations as installGraphileWorker } from 'graphile-worker';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLES = ['_private_jobs', '_private_job_queues', '_private_tasks', '_private_known_crontabs'];

/**
 * The schema of the job queue, installed by graphile-worker itself as the owner; the service gets what a worker needs.
 * It commits its own steps, so this runs outside a transaction, and every statement here may run twice.
 */
export class Jobs1700000000005 implements MigrationInterface {
  readonly name = 'Jobs1700000000005';
  readonly transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    const { options } = runner.connection;
    if (options.type !== 'postgres' || options.url === undefined) throw new Error('migrations run on PostgreSQL, by URL');
    await installGraphileWorker({ connectionString: options.url });
    await runner.query(`
      GRANT USAGE ON SCHEMA graphile_worker TO zhengben_service;
      GRANT SELECT ON ALL TABLES IN SCHEMA graphile_worker TO zhengben_service;
      GRANT INSERT, UPDATE, DELETE ON ${TABLES.map((table) => `graphile_worker.${table}`).join(', ')} TO zhengben_service;
      GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA graphile_worker TO zhengben_service;
    `);
    // graphile-worker enables row level security on its tables, which leaves them empty for everyone but their owner.
    for (const table of TABLES) {
      await runner.query(`
        DROP POLICY IF EXISTS zhengben_service ON graphile_worker.${table};
        CREATE POLICY zhengben_service ON graphile_worker.${table} TO zhengben_service USING (true) WITH CHECK (true);
      `);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP SCHEMA graphile_worker CASCADE');
  }
}
