import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * `insert_licence` makes the row of a grant. `grant_licences` grants a batch: each item with its statements and what opens them, its notices and its idempotency key, or not at all; one that
 * is refused takes nothing from the others. Outcomes: `granted`, `replayed` (with the response stored under the key), `key-reused`, or the SQLSTATE it was refused with.
 */
export class GrantLicences1700000000008 implements MigrationInterface {
  readonly name = 'GrantLicences1700000000008';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(GRANT_LICENCES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION grant_licences, insert_licence');
  }
}

const GRANT_LICENCES = `
  CREATE FUNCTION insert_licence(licence jsonb) RETURNS void LANGUAGE plpgsql AS $$
  DECLARE
    l record;
  BEGIN
    SELECT * INTO l FROM jsonb_to_record(licence) AS x("licenceId" bigint, "workId" bigint, "parentId" bigint, exclusivity text, rights int4multirange, territories int4multirange, uses int4multirange,
      languages int4multirange, term tstzrange, "grantorId" uuid, "licenseeId" uuid, "toAnyone" boolean, sublicensing boolean, declared boolean, conditions text[], "subjectTo" bigint[], "renewsId" bigint,
      "licenseeSealed" boolean, "notedSeq" integer, "grantedAt" timestamptz, "recoveredAt" timestamptz, "acceptedAt" timestamptz);
    INSERT INTO licence (licence_id, work_id, parent_id, exclusivity, subject_to, seat, rights, territories, uses, languages, term, grantor_id, licensee_id, licensee_sealed, to_anyone, sublicensing, declared, conditions, renews_id,
                         noted_seq, granted_at, recovered_at, accepted_at)
    VALUES (l."licenceId", l."workId", l."parentId", l.exclusivity, l."subjectTo",
            CASE WHEN l.exclusivity = 'non-exclusive' THEN (SELECT int8multirange(int8range(n, n + 1)) FROM nextval('licence_seat') AS n)
                 ELSE seats_besides(l."subjectTo", CASE WHEN l."parentId" IS NULL THEN l."workId" ELSE l."parentId" + 1152921504606846976 END) END,
            l.rights, l.territories, l.uses, l.languages, l.term, l."grantorId", l."licenseeId", coalesce(l."licenseeSealed", false), l."toAnyone", l.sublicensing, l.declared, l.conditions, l."renewsId", l."notedSeq", l."grantedAt", l."recoveredAt",
            l."acceptedAt");
  END $$;

  CREATE FUNCTION grant_licences(items jsonb) RETURNS TABLE (item integer, outcome text, response jsonb) LANGUAGE plpgsql AS $$
  DECLARE
    one jsonb;
    stored record;
  BEGIN
    -- What each item locks for itself, once for all of them: a row that many subtransactions share gets longer with every one of them.
    PERFORM 1 FROM work w
      WHERE w.work_id IN (SELECT (i->'licence'->>'workId')::bigint FROM jsonb_array_elements(items) AS i)
      ORDER BY w.work_id FOR SHARE;
    PERFORM 1 FROM holding h
      WHERE h.replaced_seq IS NULL AND h.work_id IN (SELECT (i->'licence'->>'workId')::bigint FROM jsonb_array_elements(items) AS i WHERE i->'licence'->>'exclusivity' = 'non-exclusive' AND i->'licence'->>'parentId' IS NULL)
      ORDER BY h.holding_id FOR SHARE;
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
          INSERT INTO statement (subject, seq, type, prev, bytes, accepted_at, receipt)
          SELECT s.subject, s.seq, s.type, decode(s.prev, 'hex'), convert_to(s.text, 'UTF8'), s."acceptedAt", s.receipt
            FROM jsonb_to_recordset(one->'statements') AS s(subject text, seq integer, type text, prev text, text text, "acceptedAt" timestamptz, receipt text);
          INSERT INTO subject_head (subject, seq, leaf_hash)
          SELECT s.subject, s.seq, decode(s."leafHash", 'hex') FROM jsonb_to_recordset(one->'statements') AS s(subject text, seq integer, "leafHash" text) WHERE s.seq > 0
          ON CONFLICT (subject) DO UPDATE SET seq = EXCLUDED.seq, leaf_hash = EXCLUDED.leaf_hash;
          INSERT INTO statement_disclosure (subject, seq, disclosures)
          SELECT s.subject, s.seq, s.disclosures FROM jsonb_to_recordset(one->'statements') AS s(subject text, seq integer, disclosures text[]) WHERE s.disclosures <> '{}';
          PERFORM insert_licence(one->'licence');
          INSERT INTO notice (account_id, kind, subject) SELECT n."accountId", n.kind, n.subject FROM jsonb_to_recordset(one->'notices') AS n("accountId" uuid, kind text, subject text);
        END IF;
      EXCEPTION
        WHEN exclusion_violation OR SQLSTATE 'ZB061' OR SQLSTATE 'ZB064' OR SQLSTATE 'ZB065' THEN
          outcome := SQLSTATE;
      END;
      RETURN NEXT;
    END LOOP;
  END $$;
  GRANT EXECUTE ON FUNCTION insert_licence, grant_licences TO zhengben_service;
`;
