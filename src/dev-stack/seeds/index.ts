/** What a new development instance is filled with, so that there is something to look at and to buy. Never in production, never in a database that was given. */
export { type DemoMarket, seedMarket, type Seeder, type SeedOptions } from './seed-market.js';
