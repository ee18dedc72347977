import type { Client } from 'pg';
import { formatMultirange, type Scope, SET_DIMENSIONS, toBox } from '../../src/lib/rights/index.js';
import type { FilledWork } from './fill.js';

/** What is sold: as often as it stands here. */
const TERRITORIES = [['CN'], ['CN'], ['CN'], ['CN'], ['WORLD'], ['WORLD'], ['CN', 'HK', 'MO', 'TW'], ['JP'], ['FR', 'DE'], ['US', 'CA']];
const RIGHTS = [['reproduction', 'distribution'], ['network-dissemination'], ['reproduction', 'network-dissemination']];
const USES = [['*'], ['print', 'website'], ['advertising', 'social-media'], ['merchandise']];

/** Of fifty listings one is for some only, and one was withdrawn. */
export function isForAnyone(place: number): boolean {
  return place % 50 !== 7 && place % 50 !== 9;
}

/** A listing of each work by the account that deposited it, in the order of deposit, and what listings are judged by: holdings; accounts with their names. @returns the sellers. */
export async function fillListings(admin: Client, works: readonly FilledWork[], progress: (text: string) => void): Promise<string[]> {
  const scopes = TERRITORIES.flatMap((territories) => RIGHTS.flatMap((rights) => USES.map((uses): Scope => ({ rights, territories, uses, languages: ['*'], term: { from: '2026-01-01', to: null } } as Scope))));
  const boxes = scopes.flatMap((scope) => toBox(scope).box ?? []);
  await admin.query('SET session_replication_role = replica');
  progress('filling accounts and holdings');
  await admin.query(`INSERT INTO account (account_id, email, display_name, password_hash, locale) SELECT a, a || '@example.com', 'Seller ' || left(a::text, 4), '$argon2id$none', 'zh' FROM (SELECT DISTINCT account_id AS a FROM work) s ON CONFLICT DO NOTHING`);
  await admin.query(
    `WITH made AS (
       INSERT INTO holding (work_id, rights, territories, uses, languages, term, made_seq, made_at)
       SELECT work_id, '{[0,1024)}', '{[0,1024)}', '{[0,1024)}', '{[0,1024)}', tstzrange('2020-01-01', '9999-12-31'), 0, deposited_at FROM work RETURNING holding_id, work_id)
     INSERT INTO holding_holder (holding_id, account_id, share_bps) SELECT holding_id, account_id, 10000 FROM made JOIN work USING (work_id)`);
  progress('filling listings');
  await admin.query(
    `INSERT INTO listing (listing_id, work_id, seller_id, kind, rights, territories, uses, languages, term, terms, pricing, currency, amount, quantity, audience, published_at, opens_at, closed_at, closed_by)
     SELECT ((work_id::numeric * 7919 + 13) % 1152921504606846976)::bigint, work_id, account_id, CASE WHEN kind = 0 THEN 'assignment' WHEN kind < 4 THEN 'exclusive-licence' ELSE 'licence' END,
            r::int4multirange, t::int4multirange, u::int4multirange, l::int4multirange, tstzrange('2026-01-01', '2031-01-01'), '{"sublicensing": false, "conditions": ["attribution"], "curePeriodDays": 30, "governingLaw": "CN"}',
            CASE WHEN place % 4 = 0 THEN 'negotiable' ELSE 'fixed' END, (ARRAY['CNY', 'CNY', 'CNY', 'CNY', 'CNY', 'CNY', 'CNY', 'USD', 'USD', 'HKD'])[1 + place / 7 % 10], (100 * 10 ^ (place * 37 % 1000 / 250.0))::numeric(78),
            CASE WHEN kind < 4 THEN 1 END, CASE WHEN place % 50 = 7 THEN ARRAY[account_id] END, deposited_at + interval '1 hour', deposited_at + interval '1 hour', CASE WHEN place % 50 = 9 THEN deposited_at + interval '2 hours' END, CASE WHEN place % 50 = 9 THEN 'withdrawn' END
       FROM (SELECT w.*, (i.after - 1)::integer AS place, (i.after - 1) * 13 % 20 AS kind FROM unnest($1::bigint[]) WITH ORDINALITY AS i(work_id, after) JOIN work w USING (work_id)) w
       JOIN unnest($2::text[], $3::text[], $4::text[], $5::text[]) WITH ORDINALITY AS s(r, t, u, l, n) ON n = 1 + place * 31 % $6`,
    [works.map(({ id }) => String(id)), ...SET_DIMENSIONS.map((dimension) => boxes.map((box) => formatMultirange(box[dimension]))), boxes.length],
  );
  await admin.query('SET session_replication_role = origin');
  return (await admin.query<{ seller_id: string }>('SELECT DISTINCT seller_id FROM listing')).rows.map((row) => row.seller_id);
}
