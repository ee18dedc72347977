import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { DataSource, QueryFailedError } from 'typeorm';
import { dataSourceOptions } from '../../../src/platform/database/index.js';
import { type Leg, LedgerRig, pay, SERVICE } from './ledger-rig.js';

const SEED = Number(process.env['LEDGER_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const OPERATIONS = process.env['DEEP'] ? 100_000 : 2_000;
const ROUNDS = process.env['DEEP'] ? 20 : 1;
/** Transfers a batch at the most. */
const BATCH = process.env['DEEP'] ? 30 : 4;

let rig: LedgerRig;
beforeAll(async () => {
  rig = await LedgerRig.start(20);
}, 60_000);
afterAll(() => rig.stop());

const outcomeOf = (act: Promise<unknown>): Promise<string> => act.then(() => 'done', (error: unknown) => (error instanceof QueryFailedError ? String((error.driverError as { code?: string }).code) : String(error)));
const leg = (owner: string, amount: bigint, currency = 'CNY', purpose = owner === SERVICE ? 'bank' : 'available'): Leg => ({ owner, purpose, currency, amount });

describe('a transfer', () => {
  const [a, b] = [randomUUID(), randomUUID()];
  beforeAll(() => rig.topUp(a, 1_000n));

  test('sums to zero in each currency, and is between accounts of it', async () => {
    expect(await outcomeOf(rig.post([leg(SERVICE, -10n), leg(b, 11n)]))).toBe('ZB071');
    expect(await outcomeOf(rig.post([leg(SERVICE, -10n), leg(b, 10n, 'USD')]))).toBe('ZB071');
    expect(await outcomeOf(rig.post([leg(SERVICE, -10n), leg(b, 10n), leg(SERVICE, -5n, 'USD'), leg(b, 5n, 'USD')]))).toBe('done');
  });

  test('is whole: nothing is posted to it later, or in parts, or without it', async () => {
    const [id] = await rig.post(pay(a, b, 1n));
    const [account] = await rig.query<{ id: string }>('SELECT money_account_id AS id FROM money_account WHERE owner_id = $1 AND currency = $2', [b, 'CNY']);
    const INSERT = 'INSERT INTO posting (transfer_id, leg, money_account_id, currency, amount) VALUES ($1, $3, $2, $4, 5), ($1, $3::smallint + 1, $2, $4, -5)';
    const owner = await new DataSource(dataSourceOptions(rig.database.ownerUrl, 1, () => undefined)).initialize();
    const insert = (transfer: string | undefined, firstLeg: number): Promise<unknown> => owner.query(INSERT, [transfer, account?.id, firstLeg, 'CNY']);
    expect(await outcomeOf(insert(id, 3))).toBe('ZB071');
    expect(await outcomeOf(insert(id, 1))).toBe('23505');
    expect(await outcomeOf(insert(randomUUID(), 1))).toBe('ZB071');
    await owner.destroy();
    // Without postings, or in steps, the service cannot even begin one.
    expect(await outcomeOf(rig.query(INSERT, [id, account?.id, 3, 'CNY']))).toBe('42501');
    expect(await outcomeOf(rig.query(`INSERT INTO transfer (transfer_id, kind, subject, legs) VALUES ($1, 'test', 'test', 2)`, [randomUUID()]))).toBe('42501');
  });

  test('never takes a user below zero, by one minor unit, and then moves nothing', async () => {
    const have = await rig.balance(a);
    expect(await outcomeOf(rig.post(pay(a, b, 1n), pay(a, b, have)))).toBe('ZB072');
    expect(await rig.balance(a)).toBe(have);
    expect(await outcomeOf(rig.post(pay(a, b, have)))).toBe('done');
    expect([await rig.balance(a), await outcomeOf(rig.post(pay(a, b, 1n)))]).toEqual([0n, 'ZB072']);
  });

  test('of giant amounts is exact', async () => {
    const wei = 2n ** 255n;
    await rig.post([{ owner: SERVICE, purpose: 'contract', currency: 'ETH', amount: -wei }, { owner: a, purpose: 'on-chain', currency: 'ETH', amount: wei }]);
    expect(await rig.balance(a, 'on-chain', 'ETH')).toBe(wei);
  });
});

test('what was posted is never changed, and balances move by postings alone', async () => {
  for (const attack of [
    'UPDATE posting SET amount = 1', 'DELETE FROM posting', 'TRUNCATE posting', `UPDATE transfer SET subject = 'x'`, 'DELETE FROM transfer', 'UPDATE money_account SET rolled = 1', 'DELETE FROM money_account',
    `INSERT INTO money_credit (money_account_id, amount) VALUES (1, 1)`, 'DELETE FROM money_credit', `INSERT INTO money_account (owner_id, purpose, currency, rolled) VALUES (gen_random_uuid(), 'available', 'CNY', 5)`,
    'ALTER TABLE posting DISABLE TRIGGER ALL', 'DELETE FROM hold',
  ]) expect([attack, await outcomeOf(rig.query(attack))]).toEqual([attack, '42501']);
  // Nor by the owner of the tables.
  const tables = new Client({ connectionString: rig.database.ownerUrl });
  await tables.connect();
  for (const attack of ['UPDATE posting SET amount = 1', 'DELETE FROM transfer', 'TRUNCATE posting', 'DELETE FROM money_account', 'DELETE FROM hold']) await expect(tables.query(attack)).rejects.toMatchObject({ code: 'ZB001' });
  await tables.end();
});

test('credits from everywhere at once are all there, and are spent once', async () => {
  const [hot, payers] = [randomUUID(), Array.from({ length: 20 }, () => randomUUID())];
  await Promise.all(payers.map((payer) => rig.topUp(payer, 100n)));
  // Half of the debits race with the credits that have to cover them.
  const outcomes = await Promise.all([
    ...payers.flatMap((payer) => Array.from({ length: 10 }, () => outcomeOf(rig.post(pay(payer, hot, 10n))))),
    ...Array.from({ length: 60 }, () => outcomeOf(rig.post(pay(hot, payers[0] as string, 10n)))),
  ]);
  const spent = BigInt(outcomes.slice(200).filter((outcome) => outcome === 'done').length);
  expect([...new Set(outcomes.slice(200))].filter((outcome) => outcome !== 'done' && outcome !== 'ZB072')).toEqual([]);
  expect(outcomes.slice(0, 200).every((outcome) => outcome === 'done')).toBe(true);
  expect(await rig.balance(hot)).toBe(2_000n - 10n * spent);
  await rig.query('SELECT roll_up_credits(0)');
  expect(await rig.balance(hot)).toBe(2_000n - 10n * spent);
});

test.each(Array.from({ length: ROUNDS }, (_, i) => SEED + i))('random transfers, a few a call, against a model (seed %i)', async (seed) => {
  console.log(`LEDGER_SEED=${seed}, ${OPERATIONS} operations`);
  let state = seed;
  const random = (below: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return Math.floor((state / 0x7fffffff) * below) % below;
  };
  const owners = Array.from({ length: 8 }, () => randomUUID());
  const currencies = ['CNY', 'USD'];
  const model = new Map<string, bigint>();
  const key = (owner: string, currency: string): string => `${owner}/${currency}`;
  const at = (owner: string, currency: string): bigint => model.get(key(owner, currency)) ?? 0n;
  for (let done = 0; done < OPERATIONS;) {
    // One batch after the other, each of a few transfers: the model knows what each has to come to.
    const transfers = Array.from({ length: 1 + random(BATCH) }, (): Leg[] => {
      const [from, to, third, currency, amount] = [owners[random(8)] as string, owners[random(8)] as string, owners[random(8)] as string, currencies[random(2)] as string, BigInt(1 + random(60))];
      if (random(5) === 0) return [leg(SERVICE, -amount, currency), leg(to, amount, currency)];
      if (random(6) === 0) return [leg(from, -amount, currency), leg(SERVICE, amount, currency)];
      return random(3) === 0 ? [leg(from, -2n * amount, currency), leg(to, amount, currency), leg(third, amount, currency)] : [leg(from, -amount, currency), leg(to, amount, currency)];
    });
    done += transfers.length;
    const after = new Map(model);
    for (const { owner, currency, amount } of transfers.flat()) after.set(key(owner, currency), (after.get(key(owner, currency)) ?? 0n) + amount);
    const isCovered = owners.every((owner) => currencies.every((currency) => (after.get(key(owner, currency)) ?? 0n) >= 0n));
    let posted: string[] = [];
    const outcome = await outcomeOf(rig.post(...transfers).then((ids) => (posted = ids)));
    if (outcome !== (isCovered ? 'done' : 'ZB072')) throw new Error(`seed ${seed}: ${outcome}, expected ${isCovered ? 'done' : 'ZB072'}`);
    if (isCovered) for (const [name, amount] of after) model.set(name, amount);
    if (random(50) === 0) await rig.query('SELECT roll_up_credits($1)', [random(5)]);
    // After each commit, and each that was refused: whoever it touched has what the model says, and it sums to zero.
    const touched = [...new Set(transfers.flat().map(({ owner }) => owner))].filter((owner) => owner !== SERVICE);
    const { balances, sums, legs } = await stateAfter(touched, posted);
    for (const owner of touched) for (const currency of currencies) {
      const has = BigInt(balances[key(owner, currency)] ?? 0);
      if (has !== at(owner, currency)) throw new Error(`seed ${seed}, after ${done} operations: ${key(owner, currency)} has ${has}, and not ${at(owner, currency)}`);
    }
    if (sums.some((sum) => sum !== '0') || legs !== (isCovered ? transfers.flat().length : 0)) throw new Error(`seed ${seed}, after ${done} operations: ${legs} postings that sum to ${sums.join()}`);
  }
  for (const owner of owners) for (const currency of currencies) expect(await rig.balance(owner, 'available', currency)).toBe(at(owner, currency));
  expect(await rig.query('SELECT currency FROM posting GROUP BY currency HAVING sum(amount) <> 0')).toEqual([]);
  // Recomputed from the postings alone.
  expect(await rig.query(`SELECT a.money_account_id FROM money_account a WHERE is_user(a.owner_id) AND balance_of(a.money_account_id) <> (SELECT coalesce(sum(p.amount), 0) FROM posting p WHERE p.money_account_id = a.money_account_id)`)).toEqual([]);
}, 3_600_000);

/** What the owners have, by owner and currency; and the postings of these transfers, with their sums by transfer and currency. */
async function stateAfter(owners: readonly string[], transfers: readonly string[]): Promise<{ balances: Record<string, string>; sums: string[]; legs: number }> {
  const [row] = await rig.query<{ balances: Record<string, string>; sums: string[]; legs: number }>(
    `WITH posted AS (SELECT sum(amount)::text AS sum, count(*)::integer AS legs FROM posting WHERE transfer_id = ANY ($2::uuid[]) GROUP BY transfer_id, currency)
     SELECT (SELECT coalesce(jsonb_object_agg(owner_id || '/' || currency, balance_of(money_account_id)::text), '{}') FROM money_account WHERE owner_id = ANY ($1::uuid[]) AND purpose = 'available') AS balances,
            (SELECT coalesce(array_agg(DISTINCT sum), '{}') FROM posted) AS sums, (SELECT coalesce(sum(legs), 0)::integer FROM posted) AS legs`, [owners, transfers]);
  return row as NonNullable<typeof row>;
}

describe('a hold', () => {
  const place = async (owner: string, amount: bigint, set = amount): Promise<string> => {
    const id = randomUUID();
    await rig.dataSource.transaction(async (tx) => {
      const transfer = randomUUID();
      await tx.query('SELECT post_transfers($1)', [JSON.stringify([{ id: transfer, kind: 'hold', subject: 'test', postings: [{ owner, purpose: 'available', currency: 'CNY', amount: `-${set}` }, { owner, purpose: 'held', currency: 'CNY', amount: `${set}` }] }])]);
      await tx.query(`INSERT INTO hold (hold_id, owner_id, currency, amount, subject, placed_by) VALUES ($1, $2, 'CNY', $3, 'test', $4)`, [id, owner, amount.toString(), transfer]);
    });
    return id;
  };
  const end = (id: string, owner: string, to: string, amount: bigint, state: 'posted' | 'voided'): Promise<void> => rig.dataSource.transaction(async (tx) => {
    const transfer = randomUUID();
    await tx.query('SELECT post_transfers($1)', [JSON.stringify([{ id: transfer, kind: 'release', subject: 'test', postings: [{ owner, purpose: 'held', currency: 'CNY', amount: `-${amount}` }, { owner: to, purpose: 'available', currency: 'CNY', amount: `${amount}` }] }])]);
    await tx.query('UPDATE hold SET state = $2, ended_by = $3, ended_at = now() WHERE hold_id = $1', [id, state, transfer]);
  });

  test('ends exactly once, and is what is held', async () => {
    const [owner, other] = [randomUUID(), randomUUID()];
    await rig.topUp(owner, 100n);
    const [first, second] = [await place(owner, 60n), await place(owner, 30n)];
    expect([await rig.balance(owner), await rig.balance(owner, 'held'), await outcomeOf(place(owner, 11n))]).toEqual([10n, 90n, 'ZB072']);
    const races = await Promise.all(Array.from({ length: 10 }, (_, i) => outcomeOf(end(first, owner, i % 2 === 0 ? other : owner, 60n, i % 2 === 0 ? 'posted' : 'voided'))));
    expect(races.filter((outcome) => outcome === 'done')).toHaveLength(1);
    expect(await outcomeOf(end(second, owner, other, 20n, 'posted'))).toBe('ZB073');
    expect(await outcomeOf(place(owner, 5n, 6n))).toBe('ZB073');
    expect(await outcomeOf(end(second, owner, owner, 30n, 'voided'))).toBe('done');
    expect([await rig.balance(owner, 'held'), (await rig.balance(owner)) + (await rig.balance(other))]).toEqual([0n, 100n]);
  });
});
