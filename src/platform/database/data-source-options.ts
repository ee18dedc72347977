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
    extra: { connectionTimeoutMillis: 10_000, idleTimeoutMillis: 30_000, keepAlive: true },
  };
}
