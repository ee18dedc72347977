/** Real servers for tests: a database each, a chain each. */
export { createTestDatabase, type TestDatabase } from './databases.js';
export { startTestChain, type TestChain } from './test-chain.js';
