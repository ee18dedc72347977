import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What listings are found by; words and categories are their works' ([0012](0012-search.ts)). Of what anyone may buy apart from what is for some only: how long a stranger's search takes tells nothing of the latter.
 * A sale of one of many changes none of what is indexed.
 *
 * `listing_faults` finds what it found, and takes a fifth of the time: a page of listings asks it of each, and as one SQL expression it set up the look-ups of all kinds for every call (21 listings: 4.8 ms, now 1.0).
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
    await runner.query(LISTING_FAULTS);
  }

  async down(): Promise<void> {
    throw new Error('orders are append-only: restore a backup instead');
  }
}

const LISTING_FAULTS = `
  CREATE OR REPLACE FUNCTION listing_faults(l listing) RETURNS text[] LANGUAGE plpgsql STABLE AS $$
  DECLARE
    faults text[] := '{}';
  BEGIN
    IF EXISTS (SELECT 1 FROM work w WHERE w.work_id = l.work_id AND w.withdrawn_at IS NOT NULL) THEN
      faults := faults || 'withdrawn'::text;
    END IF;
    IF NOT is_held(l.work_id, l.seller_id, l.rights, l.territories, l.uses, l.languages, l.term) THEN
      faults := faults || 'not-held'::text;
    END IF;
    IF l.kind = 'licence' THEN
      IF EXISTS (SELECT 1 FROM licence g WHERE g.granted_from = l.work_id AND g.exclusivity <> 'non-exclusive' AND g.voided_at IS NULL
                    AND g.term && l.term AND g.territories && l.territories AND g.rights && l.rights AND g.uses && l.uses AND g.languages && l.languages) THEN
        faults := faults || 'taken'::text;
      END IF;
      RETURN faults;
    END IF;
    IF l.kind = 'exclusive-licence' AND EXISTS (SELECT 1 FROM licence g WHERE g.granted_from = l.work_id AND g.voided_at IS NULL
                    AND g.term && l.term AND g.territories && l.territories AND g.rights && l.rights AND g.uses && l.uses AND g.languages && l.languages) THEN
      faults := faults || 'taken'::text;
    END IF;
    IF EXISTS (SELECT 1 FROM holding h JOIN holding_holder o USING (holding_id)
                WHERE h.work_id = l.work_id AND h.replaced_seq IS NULL AND h.rights && l.rights AND h.territories && l.territories AND h.uses && l.uses AND h.languages && l.languages AND h.term && l.term AND o.account_id <> l.seller_id
                  AND NOT has_consent(l.work_id, o.account_id, l.seller_id, CASE WHEN l.kind = 'assignment' THEN 'assignment' ELSE 'licence' END, NULL, now(),
                                      h.rights * l.rights, h.territories * l.territories, h.uses * l.uses, h.languages * l.languages, h.term * l.term, still => true)) THEN
      faults := faults || 'consent-missing'::text;
    END IF;
    RETURN faults;
  END $$;
`;
