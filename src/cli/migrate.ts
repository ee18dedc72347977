import { Command } from 'commander';
import { runMigrations } from '../migrations/index.js';
import { CliError } from './cli-error.js';
import { OperatorEnvironment } from './operator/operator-environment.js';

/** `zhengben migrate`: as the owner of the schema, never as the service. */
export function createMigrateCommand(): Command {
  return new Command('migrate').description('Bring the database of DATABASE_MIGRATION_URL up to date.').action(migrate);
}

async function migrate(): Promise<void> {
  const ran = await new OperatorEnvironment(process.env).withOwner(runMigrations).catch((error: unknown) => {
    throw error instanceof CliError ? error : new CliError(`the migrations failed: ${(error as Error).message}`, 1);
  });
  process.stdout.write(ran.length === 0 ? 'the database is up to date\n' : `${ran.join('\n')}\n`);
}
