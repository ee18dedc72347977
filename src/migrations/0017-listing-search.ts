import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What listings are found by; words and categories are their works' ([0012](0012-search.ts)). Of what anyone may buy apart from what is for some only: how long a stranger's search takes tells nothing of the latter.
 * A sale of one of many changes none of what is indexed.
 */
export class ListingSearch1700000000017 implements MigrationInterface {
  readonly name = 'ListingSearch1700000000017';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE INDEX listing_for_anyone ON listing (published_at, listing_id) WHERE audience IS NULL AND closed_at IS NULL;
      CREATE INDEX listing_by_price ON listing (currency, amount, listing_id) WHERE audience IS NULL AND closed_at IS NULL;
      CREATE INDEX listing_by_kind ON listing (kind, published_at, listing_id) WHERE audience IS NULL AND closed_at IS NULL;
      CREATE INDEX listing_for_some ON listing USING gin (audience) WHERE audience IS NOT NULL;
      CREATE INDEX listing_for_some_by_seller ON listing (seller_id) WHERE audience IS NOT NULL;
    `);
  }

  async down(): Promise<void> {
    throw new Error('orders are append-only: restore a backup instead');
  }
}
