import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What works are found by, beside what they are listed with: their words, and their title's rights and end. Nothing finds a work whose words are null: the service takes it up when it starts. A migration that
 * changes what is indexed sets them to null; so does this one, being the first.
 */
export class Search1700000000012 implements MigrationInterface {
  readonly name = 'Search1700000000012';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE work
        -- Of the title (A) and the credited names (B) as far as they are disclosed, made by lib/search-text.
        ADD COLUMN words tsvector,
        -- The rights of the title, whoever holds them: bit n is the right of code n.
        ADD COLUMN rights integer,
        -- As the deposit and its amendments say; null without a title.
        ADD COLUMN protected_until timestamptz;
      DROP INDEX work_by_title;
      -- Public works only: how long a stranger's search takes tells nothing of confidential ones. The pending list is read by every search: a short one.
      CREATE INDEX work_by_words ON work USING gin (words) WITH (gin_pending_list_limit = 512) WHERE visibility = 'public';
      CREATE INDEX work_by_category ON work (category, deposited_at, work_id) WHERE visibility = 'public';
      CREATE INDEX work_unindexed ON work (work_id) WHERE words IS NULL;
    `);
    await runner.query(DEPOSIT_WORKS);
  }

  async down(): Promise<void> {
    throw new Error('deposits are append-only: restore a backup instead');
  }
}

/**
 * Deposits a batch of works, with what they are found by: \`p_words\` (literals of a tsvector), \`p_rights\`, \`p_protected_until\`. Arrays of one length describe the works (statements and receipts are texts parted by U+001E), arrays \`c_…\` their contents, \`c_item\` pointing at the work (from 1).
 * Outcomes, one row a work: \`accepted\`; \`replayed\` (its idempotency key was used before with the same payload: \`of_work\` is the work then
 * made); \`key-reused\` (with another payload); \`claimed\` (every non-empty file was first claimed by other accounts: \`claims\` names works and times).
 */
const DEPOSIT_WORKS = `
  CREATE FUNCTION deposit_works(
    p_accepted_at timestamptz[], p_work_id bigint[], p_account_id uuid[], p_key text[], p_payload text[], p_category text[], p_visibility text[], p_title text[], p_rival boolean[],
    p_subject text[], p_statements text, p_receipts text, p_disclosures text[],
    c_item integer[], c_position smallint[], c_sha256 text[], c_sm3 text[], c_byte_length bigint[], c_media_type text[], c_held boolean[],
    p_words text[], p_rights integer[], p_protected_until timestamptz[]
  ) RETURNS TABLE (item integer, outcome text, of_work bigint, claims jsonb) LANGUAGE plpgsql
  -- The arrays' lengths change with every batch, the right plan never: planning anew would cost twice what the batch itself does.
  SET plan_cache_mode = force_generic_plan AS $$
  DECLARE
    fresh integer[];
    losers integer[] := '{}';
  BEGIN
    -- Idempotency first: what was answered before changes nothing now. Keys are inserted in sorted order, so that two batches never deadlock.
    WITH input AS (
      SELECT i.item::integer, i.account_id, i.key, i.payload, i.work_id
        FROM unnest(p_account_id, p_key, p_payload, p_work_id) WITH ORDINALITY AS i(account_id, key, payload, work_id, item)
    ), taken AS (
      INSERT INTO idempotency (account_id, key, payload_hash, status, work_id)
      SELECT i.account_id, i.key, decode(i.payload, 'hex'), 201, i.work_id FROM input i WHERE i.key IS NOT NULL ORDER BY i.account_id, i.key
      ON CONFLICT DO NOTHING
      RETURNING idempotency.work_id
    )
    SELECT coalesce(array_agg(i.item), '{}') INTO fresh FROM input i WHERE i.key IS NULL OR i.work_id IN (SELECT t.work_id FROM taken t);

    INSERT INTO first_claim (sha256, held, work_id, account_id, claimed_at)
    SELECT DISTINCT ON (c.digest, c.held) c.digest, c.held, p_work_id[c.item], p_account_id[c.item], p_accepted_at[c.item]
      FROM (SELECT decode(u.sha256, 'hex') AS digest, u.held, u.item, u.byte_length FROM unnest(c_sha256, c_held, c_item, c_byte_length) AS u(sha256, held, item, byte_length)) c
     WHERE c.byte_length > 0 AND c.item = ANY (fresh) AND p_visibility[c.item] = 'public'
     ORDER BY c.digest, c.held, c.item
    ON CONFLICT DO NOTHING;

    -- A work loses when it has files, and all that are not empty were first claimed by others and stand in no other public work of its account. A declared digest never
    -- blocks a held file. OFFSET 0 keeps each EXISTS a look-up by key, where the generic plan could read whole tables; CASE makes the second only where the first found somebody.
    SELECT coalesce(array_agg(l.item), '{}') INTO losers FROM (
      SELECT c.item
        FROM unnest(c_sha256, c_held, c_item, c_byte_length) AS c(sha256, held, item, byte_length)
       WHERE c.byte_length > 0 AND c.item = ANY (fresh) AND p_visibility[c.item] = 'public' AND NOT p_rival[c.item]
       GROUP BY c.item
      HAVING bool_and(CASE
               WHEN EXISTS (SELECT 1 FROM first_claim f WHERE f.sha256 = decode(c.sha256, 'hex') AND (f.held OR NOT c.held) AND f.account_id <> p_account_id[c.item] OFFSET 0)
               THEN NOT EXISTS (
                 SELECT 1 FROM content k WHERE k.sha256 = decode(c.sha256, 'hex')
                    AND (SELECT w.account_id = p_account_id[c.item] AND w.visibility = 'public' AND w.withdrawn_at IS NULL FROM work w WHERE w.work_id = k.work_id) OFFSET 0)
               ELSE false END)
    ) l;

    IF losers <> '{}' THEN
      -- Rows that this transaction wrote itself, so that nobody moves them: found by key, one by one, and deleted where they stand.
      DELETE FROM first_claim f WHERE f.ctid = ANY (ARRAY (
        SELECT k.ctid FROM unnest(c_sha256, c_held, c_item) AS c(sha256, held, item)
         CROSS JOIN LATERAL (SELECT g.ctid FROM first_claim g WHERE g.sha256 = decode(c.sha256, 'hex') AND g.held = c.held AND g.work_id = p_work_id[c.item] LIMIT 1) k
         WHERE c.item = ANY (losers)));
      DELETE FROM idempotency d WHERE d.ctid = ANY (ARRAY (
        SELECT k.ctid FROM unnest(losers) AS l(item)
         CROSS JOIN LATERAL (SELECT g.ctid FROM idempotency g WHERE g.account_id = p_account_id[l.item] AND g.key = p_key[l.item] LIMIT 1) k));
    END IF;

    INSERT INTO work (work_id, account_id, category, visibility, title, deposited_at, words, rights, protected_until)
    SELECT i.work_id, i.account_id, i.category, i.visibility, i.title, i.accepted_at, i.words::tsvector, i.rights, i.protected_until
      FROM unnest(p_work_id, p_account_id, p_category, p_visibility, p_title, p_accepted_at, p_words, p_rights, p_protected_until) WITH ORDINALITY
           AS i(work_id, account_id, category, visibility, title, accepted_at, words, rights, protected_until, item)
     WHERE i.item = ANY (fresh) AND i.item <> ALL (losers);

    INSERT INTO content (work_id, position, sha256, sm3, byte_length, media_type, blob_sha256)
    SELECT p_work_id[c.item], c.position, decode(c.sha256, 'hex'), decode(c.sm3, 'hex'), c.byte_length, c.media_type, CASE WHEN c.held THEN decode(c.sha256, 'hex') END
      FROM unnest(c_item, c_position, c_sha256, c_sm3, c_byte_length, c_media_type, c_held) AS c(item, position, sha256, sm3, byte_length, media_type, held)
     WHERE c.item = ANY (fresh) AND c.item <> ALL (losers);

    INSERT INTO statement (subject, seq, type, prev, bytes, accepted_at, receipt)
    SELECT i.subject, 0, 'work.deposited', NULL, convert_to(i.statement, 'UTF8'), i.accepted_at, i.receipt
      FROM unnest(p_subject, string_to_array(p_statements, E'\\x1e'), string_to_array(p_receipts, E'\\x1e'), p_accepted_at) WITH ORDINALITY AS i(subject, statement, receipt, accepted_at, item)
     WHERE i.item = ANY (fresh) AND i.item <> ALL (losers) ORDER BY i.item;

    INSERT INTO statement_disclosure (subject, seq, disclosures)
    SELECT i.subject, 0, string_to_array(i.disclosures, ' ')
      FROM unnest(p_subject, p_disclosures) WITH ORDINALITY AS i(subject, disclosures, item)
     WHERE i.item = ANY (fresh) AND i.item <> ALL (losers);

    RETURN QUERY
    SELECT i.item::integer,
           CASE WHEN i.item = ANY (losers) THEN 'claimed' WHEN i.item = ANY (fresh) THEN 'accepted'
                WHEN d.payload_hash = decode(i.payload, 'hex') THEN 'replayed' ELSE 'key-reused' END,
           CASE WHEN i.item <> ALL (fresh) THEN d.work_id END,
           CASE WHEN i.item = ANY (losers) THEN (
             SELECT jsonb_agg(DISTINCT jsonb_build_object('workId', f.work_id::text, 'claimedAt', f.claimed_at))
               FROM unnest(c_sha256, c_held, c_item) AS c(sha256, held, item)
              CROSS JOIN LATERAL (SELECT g.work_id, g.claimed_at FROM first_claim g WHERE g.sha256 = decode(c.sha256, 'hex') AND (g.held OR NOT c.held) OFFSET 0) f
              WHERE c.item = i.item) END
      FROM unnest(p_account_id, p_key, p_payload) WITH ORDINALITY AS i(account_id, key, payload, item)
      -- LIMIT keeps this a look-up by key: as a plain join the generic plan would read the whole table for every batch.
      LEFT JOIN LATERAL (
        SELECT k.payload_hash, k.work_id FROM idempotency k WHERE i.item <> ALL (fresh) AND k.account_id = i.account_id AND k.key = i.key LIMIT 1
      ) d ON true;
  END $$;
  GRANT EXECUTE ON FUNCTION deposit_works TO zhengben_service;
`;
