/** Connections, transactions and the runner of migrations; the migrations themselves, and `runMigrations`, stand in src/migrations. */
export { assertServiceRole, PrivilegedRoleError } from './assert-service-role.js';
export { dataSourceOptions } from './data-source-options.js';
export { isDatabaseUnavailable } from './is-unavailable.js';
export { DatabaseModule } from './database.module.js';
export { queryPrepared } from './query-prepared.js';
export { toRowTime } from './row-time.js';
export { runMigrationsOf } from './run-migrations.js';
export { retrying, sqlState, transact, type Tx, violatedConstraint } from './transact.js';
