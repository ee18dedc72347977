/** What `npm start` and the tests run on when nothing is configured: a PostgreSQL server, a Hardhat node, keys. Never in production. */
export { DevStackError, type DevStackErrorCode } from './errors.js';
export { startEmbeddedPostgres, type EmbeddedPostgres, type EmbeddedPostgresOptions } from './embedded-postgres.js';
export { DEV_CHAIN_ID, startHardhatNode, type HardhatNode, type HardhatNodeOptions } from './hardhat-node.js';
export { deployDevSettlement, type DevSettlement } from './dev-settlement.js';
export { ensureDevKeys, type DevKeys } from './dev-keys.js';
