import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { Client } from 'pg';

/** Someone who trades, by the same key on both sides. */
export interface Trader {
  readonly accountId: string;
  readonly apiKey: string;
}

export interface Sale {
  /** Number of the listing. */
  readonly listing: string;
  readonly seller: Trader;
}

export const PRICE_MINOR = 1_000;
/** Enough for every order of a run, and for the runs after it. */
export const FUNDS_MINOR = 1_000_000_000_000;
const AT_ONCE = 500;
const SCOPE = { rights: ['network-dissemination'], territories: ['CN'], uses: ['streaming'], languages: ['*'], term: { from: '2027-01-01', to: '2036-12-31' } };
const FORM = {
  title: '珠江夜航', category: 'photography', creation: { nature: 'original', completedOn: '2015-05-01', place: 'Shenzhen' }, publication: { state: 'unpublished' }, visibility: 'public',
  authors: [{ name: '林舟', creditedAs: '阿舟', signedAs: 'pseudonym' }], owners: [{ name: '林舟', kind: 'person', shareBps: 10_000 }], acquisition: 'original', ownership: 'individual', rights: 'all', aiGenerated: 'none',
};

/** Accounts with keys of every scope, straight into the database. @param db as the owner of the schema. */
export async function makeTraders(db: Client, count: number, scopes: readonly string[]): Promise<Trader[]> {
  const traders = Array.from({ length: count }, () => ({ accountId: randomUUID(), apiKey: `zb_${randomBytes(32).toString('base64url')}` }));
  const ids = traders.map(({ accountId }) => accountId);
  await db.query(
    `INSERT INTO account (account_id, email, display_name, password_hash, locale, email_verified_at) SELECT id, id || '@bench.example', '买方', '$argon2id$none', 'zh', now() FROM unnest($1::uuid[]) AS id`, [ids]);
  await db.query(
    `INSERT INTO api_key (api_key_id, account_id, name, key_hash, scopes) SELECT gen_random_uuid(), k.id, 'bench', decode(k.hash, 'hex'), $3 FROM unnest($1::uuid[], $2::text[]) AS k(id, hash)`,
    [ids, traders.map(({ apiKey }) => createHash('sha256').update(apiKey).digest('hex')), scopes]);
  return traders;
}

/** Everybody has as much, to spend at once, as if an operator had confirmed a top-up of each. @param db as superuser. */
export async function fundTraders(db: Client, traders: readonly Trader[]): Promise<void> {
  for (let i = 0; i < traders.length; i += AT_ONCE) {
    const transfers = traders.slice(i, i + AT_ONCE).map(({ accountId }) => ({
      id: randomUUID(), kind: 'top-up', subject: randomUUID(),
      postings: [{ owner: '00000000-0000-0000-0000-000000000000', purpose: 'bank', currency: 'CNY', amount: String(-FUNDS_MINOR) }, { owner: accountId, purpose: 'available', currency: 'CNY', amount: String(FUNDS_MINOR) }],
    }));
    await db.query('SELECT post_transfers($1)', [JSON.stringify(transfers)]);
    // Movements begin as requests: past the trigger that says so.
    await db.query('SET session_replication_role = replica');
    await db.query(
      `INSERT INTO bank_movement (movement_id, kind, account_id, currency, amount, operators, state, transfer_id, bank_reference, confirmed_by, ended_at)
       SELECT m.id, 'top-up', m.account, 'CNY', $4, 1, 'confirmed', m.transfer, m.id::text, gen_random_uuid(), now() FROM unnest($1::uuid[], $2::uuid[], $3::uuid[]) AS m(id, account, transfer)`,
      [transfers.map(({ subject }) => subject), traders.slice(i, i + AT_ONCE).map(({ accountId }) => accountId), transfers.map(({ id }) => id), String(FUNDS_MINOR)]);
    await db.query('RESET session_replication_role');
  }
  while (Number((await db.query<{ n: number }>('SELECT roll_up_credits(0) AS n')).rows[0]?.n ?? 0) > 0);
}

/** A work and a listing of each seller's, made over HTTP as they would: licences to whoever pays, without a limit. */
export async function listAll(url: string, sellers: readonly Trader[]): Promise<Sale[]> {
  const sales: Sale[] = [];
  for (let i = 0; i < sellers.length; i += 20) sales.push(...(await Promise.all(sellers.slice(i, i + 20).map(async (seller) => ({ seller, listing: await list(url, seller) })))));
  return sales;
}

async function list(url: string, seller: Trader): Promise<string> {
  const work = await post(url, seller, '/works', { ...FORM, contents: [{ name: 'night.jpg', mediaType: 'image/jpeg', byteLength: 48_213, sha256: randomBytes(32).toString('hex') }] });
  return post(url, seller, `/works/${work}/listings`, { kind: 'licence', scope: SCOPE, price: { amountMinor: String(PRICE_MINOR), currency: 'CNY' } });
}

async function post(url: string, { apiKey }: Trader, path: string, body: unknown): Promise<string> {
  const response = await fetch(`${url}/api/v1${path}`, { method: 'POST', headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' }, body: JSON.stringify(body) });
  const answer = (await response.json()) as { number?: string };
  if (response.status !== 201 || answer.number === undefined) throw new Error(`${path}: ${response.status} ${JSON.stringify(answer)}`);
  return answer.number;
}

/** The same accounts, keys, balances and listings in the tables of the usual service, which made them. @param ids of listings, by their numbers. */
export async function fillUsual(db: Client, traders: readonly Trader[], ids: ReadonlyMap<string, string>): Promise<void> {
  await db.query('INSERT INTO usual_trade_key (hash, "accountId") SELECT decode(k.hash, \'hex\'), k.id FROM unnest($1::uuid[], $2::text[]) AS k(id, hash)',
    [traders.map(({ accountId }) => accountId), traders.map(({ apiKey }) => createHash('sha256').update(`Bearer ${apiKey}`).digest('hex'))]);
  await db.query('INSERT INTO usual_balance ("accountId", currency, amount) SELECT id, \'CNY\', $2 FROM unnest($1::uuid[]) AS id', [traders.map(({ accountId }) => accountId), FUNDS_MINOR]);
  await db.query(
    `INSERT INTO usual_listing (number, "workId", "sellerId", rights, territories, uses, languages, term, currency, amount)
     SELECT k.number, l.work_id, l.seller_id, l.rights, l.territories, l.uses, l.languages, l.term, l.currency, l.amount FROM unnest($1::text[], $2::bigint[]) AS k(number, id) JOIN listing l ON l.listing_id = k.id`,
    [[...ids.keys()], [...ids.values()]]);
}
