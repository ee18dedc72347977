import type { ClientBase } from 'pg';
import type { DataSourceOptions } from 'typeorm';

type PostgresOptions = Extract<DataSourceOptions, { type: 'postgres' }>;

/** @param url of the service role or, for migrations, of the owner. */
export function dataSourceOptions(url: string, poolSize: number, onPoolError: (error: Error) => void): PostgresOptions {
  return {
    type: 'postgres',
    url,
    poolSize,
    synchronize: false,
    migrationsRun: false,
    applicationName: 'zhengben',
    // Without a handler one dropped idle connection is an uncaught error that ends the process.
    poolErrorHandler: onPoolError,
    extra: { connectionTimeoutMillis: 10_000, idleTimeoutMillis: 30_000, keepAlive: true, onConnect: listenForErrors },
  };
}

/** Longer than the longest statement of an hourly job takes (millions of idempotency keys that run out, a walk through all blobs): jobs ask on the same connections as requests. */
const STATEMENT_TIMEOUT_MS = 300_000;

/**
 * For the service's own connections: a statement that runs for so long is given up by PostgreSQL (57014), so that none holds a connection for good. What strangers
 * can make slow has a shorter limit of its own. Commands that read everything (fsck, recover, backup, migrations) and the queue's own pool have none.
 */
export function limitStatements(options: PostgresOptions): PostgresOptions {
  return { ...options, extra: { ...options.extra, statement_timeout: STATEMENT_TIMEOUT_MS } };
}

/**
 * From its first moment a connection has somebody who listens: one that is cut between being made and being used would else be an error that
 * nobody handles. Whoever uses it learns of the loss from the query that fails.
 */
function listenForErrors(client: ClientBase): void {
  client.on('error', () => undefined);
}
