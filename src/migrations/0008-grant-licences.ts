import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * `insert_licences` makes the rows of grants. `grant_licences` grants a batch: each item with its statements and what opens them, its notices and its idempotency key, or not at all; one that
 * is refused takes nothing from the others. Outcomes: `granted`, `replayed` (with the response stored under the key), `key-reused`, or the SQLSTATE it was refused with.
 */
export class GrantLicences1700000000008 implements MigrationInterface {
  readonly name = 'GrantLicences1700000000008';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(GRANT_LICENCES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION grant_licences, insert_grants, insert_licences');
  }
}

const GRANT_LICENCES = `
  CREATE FUNCTION insert_licences(licences jsonb) RETURNS void LANGUAGE plpgsql AS $$
  BEGIN
    INSERT INTO licence (licence_id, work_id, parent_id, exclusivity, subject_to, seat, rights, territories, uses, languages, term, grantor_id, licensee_id, licensee_sealed, to_anyone, sublicensing, declared, conditions, renews_id,
                         noted_seq, granted_at, recovered_at, accepted_at, revenue_share_bps)
    SELECT l."licenceId", l."workId", l."parentId", l.exclusivity, l."subjectTo",
           CASE WHEN l.exclusivity = 'non-exclusive' THEN int8multirange(int8range(s.own, s.own + 1))
                ELSE seats_besides(l."subjectTo", CASE WHEN l."parentId" IS NULL THEN l."workId" ELSE l."parentId" + 1152921504606846976 END) END,
           l.rights, l.territories, l.uses, l.languages, l.term, l."grantorId", l."licenseeId", coalesce(l."licenseeSealed", false), l."toAnyone", l.sublicensing, l.declared, l.conditions, l."renewsId", l."notedSeq", l."grantedAt", l."recoveredAt",
           l."acceptedAt", l."revenueShareBps"
      FROM jsonb_to_recordset(licences) AS l("licenceId" bigint, "workId" bigint, "parentId" bigint, exclusivity text, rights int4multirange, territories int4multirange, uses int4multirange,
             languages int4multirange, term tstzrange, "grantorId" uuid, "licenseeId" uuid, "toAnyone" boolean, sublicensing boolean, declared boolean, conditions text[], "subjectTo" bigint[], "renewsId" bigint,
             "licenseeSealed" boolean, "notedSeq" integer, "grantedAt" timestamptz, "recoveredAt" timestamptz, "acceptedAt" timestamptz, "revenueShareBps" integer),
           -- Looks at the row, and is drawn anew for each; OFFSET keeps it from being drawn where it is read, twice.
           LATERAL (SELECT CASE WHEN l.exclusivity = 'non-exclusive' THEN nextval('licence_seat') END AS own OFFSET 0) s;
  END $$;

  CREATE FUNCTION insert_grants(items jsonb) RETURNS void LANGUAGE plpgsql AS $$
  DECLARE
    statements jsonb := jsonb_path_query_array(items, '$[*].statements[*]');
  BEGIN
    INSERT INTO statement (subject, seq, type, prev, bytes, accepted_at, receipt)
    SELECT s.subject, s.seq, s.type, decode(s.prev, 'hex'), convert_to(s.text, 'UTF8'), s."acceptedAt", s.receipt
      FROM jsonb_to_recordset(statements) AS s(subject text, seq integer, type text, prev text, text text, "acceptedAt" timestamptz, receipt text);
    INSERT INTO subject_head (subject, seq, leaf_hash)
    SELECT s.subject, s.seq, decode(s."leafHash", 'hex') FROM jsonb_to_recordset(statements) AS s(subject text, seq integer, "leafHash" text) WHERE s.seq > 0
    ON CONFLICT (subject) DO UPDATE SET seq = EXCLUDED.seq, leaf_hash = EXCLUDED.leaf_hash;
    INSERT INTO statement_disclosure (subject, seq, disclosures)
    SELECT s.subject, s.seq, s.disclosures FROM jsonb_to_recordset(statements) AS s(subject text, seq integer, disclosures text[]) WHERE s.disclosures <> '{}';
    PERFORM insert_licences(jsonb_path_query_array(items, '$[*].licence'));
    INSERT INTO notice (account_id, kind, subject)
    SELECT n."accountId", n.kind, n.subject FROM jsonb_to_recordset(jsonb_path_query_array(items, '$[*].notices[*]')) AS n("accountId" uuid, kind text, subject text);
  END $$;

  CREATE FUNCTION grant_licences(items jsonb) RETURNS TABLE (item integer, outcome text, response jsonb) LANGUAGE plpgsql AS $$
  DECLARE
    one jsonb;
    stored record;
    fresh bigint;
  BEGIN
    -- What each item locks for itself, once for all of them: a row that many subtransactions share gets longer with every one of them.
    PERFORM 1 FROM work w
      WHERE w.work_id IN (SELECT (i->'licence'->>'workId')::bigint FROM jsonb_array_elements(items) AS i)
      ORDER BY w.work_id FOR SHARE;
    PERFORM 1 FROM holding h
      WHERE h.replaced_seq IS NULL AND h.work_id IN (SELECT (i->'licence'->>'workId')::bigint FROM jsonb_array_elements(items) AS i WHERE i->'licence'->>'exclusivity' = 'non-exclusive' AND i->'licence'->>'parentId' IS NULL)
      ORDER BY h.holding_id FOR SHARE;
    -- All at once, as most batches go through. When anything in one is refused or was there before, they are told apart below, each by itself.
    IF jsonb_array_length(items) > 1 THEN
      BEGIN
        INSERT INTO idempotency (account_id, key, payload_hash, status, response)
        SELECT k."callerId", k.key, decode(k."payloadHash", 'hex'), 201, k.response
          FROM jsonb_to_recordset(items) AS k("callerId" uuid, key text, "payloadHash" text, response jsonb) WHERE k.key IS NOT NULL
        ON CONFLICT DO NOTHING;
        GET DIAGNOSTICS fresh = ROW_COUNT;
        IF fresh <> (SELECT count(*) FROM jsonb_array_elements(items) AS i WHERE i ? 'key') THEN
          RAISE EXCEPTION 'a key of the batch was used before' USING ERRCODE = 'ZB067';
        END IF;
        PERFORM insert_grants(items);
        RETURN QUERY SELECT n, 'granted', NULL::jsonb FROM generate_series(1, jsonb_array_length(items)) AS n;
        RETURN;
      EXCEPTION
        WHEN exclusion_violation OR SQLSTATE 'ZB061' OR SQLSTATE 'ZB064' OR SQLSTATE 'ZB065' OR SQLSTATE 'ZB067' THEN
          NULL;
      END;
    END IF;
    item := 0;
    FOR one IN SELECT * FROM jsonb_array_elements(items) LOOP
      item := item + 1;
      outcome := 'granted';
      response := NULL;
      BEGIN
        IF one ? 'key' THEN
          INSERT INTO idempotency (account_id, key, payload_hash, status, response)
          VALUES ((one->>'callerId')::uuid, one->>'key', decode(one->>'payloadHash', 'hex'), 201, one->'response') ON CONFLICT DO NOTHING;
          IF NOT FOUND THEN
            SELECT i.payload_hash, i.response INTO stored FROM idempotency i WHERE i.account_id = (one->>'callerId')::uuid AND i.key = one->>'key';
            outcome := CASE WHEN stored.payload_hash = decode(one->>'payloadHash', 'hex') THEN 'replayed' ELSE 'key-reused' END;
            response := stored.response;
          END IF;
        END IF;
        IF outcome = 'granted' THEN
          PERFORM insert_grants(jsonb_build_array(one));
        END IF;
      EXCEPTION
        WHEN exclusion_violation OR SQLSTATE 'ZB061' OR SQLSTATE 'ZB064' OR SQLSTATE 'ZB065' THEN
          outcome := SQLSTATE;
      END;
      RETURN NEXT;
    END LOOP;
  END $$;
  GRANT EXECUTE ON FUNCTION insert_licences, insert_grants, grant_licences TO zhengben_service;
`;
