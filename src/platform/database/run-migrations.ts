import { DataSource, type MigrationInterface } from 'typeorm';
import { dataSourceOptions } from './data-source-options.js';

/**
 * Runs what has not run yet, each migration in a transaction of its own. Concurrent runs wait for each other on an advisory lock.
 * @param ownerUrl of the role that owns the schema (`DATABASE_MIGRATION_URL`).
 * @returns the names of those that ran.
 */
export async function runMigrationsOf(ownerUrl: string, migrations: (new () => MigrationInterface)[]): Promise<string[]> {
  const failures: Error[] = [];
  const dataSource = await new DataSource({ ...dataSourceOptions(ownerUrl, 3, (error) => failures.push(error)), migrations }).initialize();
  const lock = dataSource.createQueryRunner();
  try {
    await lock.query(`SELECT pg_advisory_lock(hashtext('zhengben.migrations'))`);
    const ran = await dataSource.runMigrations({ transaction: 'each' });
    return ran.map((migration) => migration.name);
  } finally {
    await lock.release();
    await dataSource.destroy();
  }
}
