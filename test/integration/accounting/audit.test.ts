import { randomUUID } from 'node:crypto';
import { Client as Postgres } from 'pg';
import { DataSource } from 'typeorm';
import { auditLedger, type LedgerAudit, type LedgerDifference, oneQuery, placeHold, SERVICE } from '../../../src/modules/accounting/index.js';
import { dataSourceOptions } from '../../../src/platform/database/index.js';
import { type Client, joinAs } from '../../support/http-client.js';
import { fund, joinAsOperator, type TestOperator } from '../../support/operators.js';
import { startApplication, type TestApplication } from '../../support/start-application.js';
import { useCli } from '../log/support/cli.js';

jest.setTimeout(120_000);

const zhengben = useCli();
let service: TestApplication;
let dataSource: DataSource;
/** With no trigger in the way: what a thief of the server could do. */
let thief: Postgres;

beforeAll(async () => {
  service = await startApplication({ env: { FOUR_EYES_FROM: 'CNY=1000000' } });
  dataSource = await new DataSource(dataSourceOptions(service.database.serviceUrl, 4, () => undefined)).initialize();
  thief = new Postgres({ connectionString: service.database.adminUrl });
  await thief.connect();
  await thief.query('SET session_replication_role = replica');
  await trade();
});
afterAll(async () => {
  await thief?.end();
  await dataSource?.destroy();
  await service?.stop();
});

/** Something of everything: top-ups and payouts in every state, a hold, a correction. */
async function trade(): Promise<void> {
  const [first, second]: [TestOperator, TestOperator] = [await joinAsOperator(service, 'first'), await joinAsOperator(service, 'second')];
  const [a, b] = [await joinAs(service, 'a'), await joinAs(service, 'b')];
  for (const owner of [a, b]) for (let i = 0; i < 5; i++) await fund(owner, first, BigInt(1_000 + i));
  const payout = async (owner: Client) => String((await owner.post('/payouts', { amountMinor: '100', currency: 'CNY', destination: 'x' })).body['id']);
  await payout(a);
  await first.post(`/payouts/${await payout(a)}/taking-up`);
  await first.post(`/payouts/${await payout(a)}/confirmation`, { bankReference: randomUUID() });
  await first.post(`/payouts/${await payout(b)}/rejection`, { reason: 'x' });
  await b.post(`/payouts/${await payout(b)}/cancellation`);
  await dataSource.transaction((tx) => placeHold(tx, { owner: a.accountId, currency: 'CNY', amountMinor: 50n, subject: 'a hold' }));
  const [topUp] = ((await b.get('/transfers')).body['items'] as { transferId: string; kind: string }[]).filter(({ kind }) => kind === 'top-up');
  const postings = [{ account: b.accountId, purpose: 'available', currency: 'CNY', amountMinor: '-3' }, { purpose: 'bank', currency: 'CNY', amountMinor: '3' }];
  const proposed = await first.post('/ledger/corrections', { transferId: topUp?.transferId, reason: '多记', postings });
  const approved = await second.post(`/ledger/corrections/${String(proposed.body['id'])}/approval`);
  expect(approved.body).toMatchObject({ state: 'posted' });
}

const one = async (sql: string): Promise<string> => String((await thief.query<{ x: string }>(sql)).rows[0]?.x);

test('a ledger that is as it was posted is clean', async () => {
  const audit = await auditLedger(dataSource);
  expect(audit).toEqual({ ok: true, looked: expect.objectContaining({ accounts: expect.any(Number), 'top-ups and payouts': 15, corrections: 1, holds: 6 }), difference: null });
  expect(audit.looked['transfers']).toBe(20);
});

const FORGERIES: readonly [string, string, LedgerDifference['kind'], string][] = [
  // What is forged, how, what is named, and where: a query of x before it is forged.
  ['a digit of a posting', `UPDATE posting SET amount = amount + 1 WHERE (transfer_id, leg) = (SELECT transfer_id, leg FROM posting ORDER BY md5(transfer_id::text || leg) LIMIT 1)`, 'transfer', `SELECT transfer_id AS x FROM posting ORDER BY md5(transfer_id::text || leg) LIMIT 1`],
  ['both sides of a transfer', `UPDATE posting SET amount = amount * 10 WHERE transfer_id = (SELECT transfer_id FROM transfer WHERE kind = 'hold' ORDER BY 1 LIMIT 1)`, 'account', `SELECT money_account_id AS x FROM posting JOIN transfer t USING (transfer_id) WHERE t.transfer_id = (SELECT transfer_id FROM transfer WHERE kind = 'hold' ORDER BY 1 LIMIT 1) ORDER BY 1 LIMIT 1`],
  ['how many postings there are', `UPDATE transfer SET legs = 3 WHERE transfer_id = (SELECT transfer_id FROM transfer ORDER BY 1 LIMIT 1)`, 'transfer', `SELECT transfer_id AS x FROM transfer ORDER BY 1 LIMIT 1`],
  ['a posting taken away', `DELETE FROM posting WHERE (transfer_id, leg) = (SELECT transfer_id, leg FROM posting ORDER BY 1 DESC, 2 LIMIT 1)`, 'transfer', `SELECT transfer_id AS x FROM posting ORDER BY 1 DESC LIMIT 1`],
  ['a transfer taken away', `DELETE FROM transfer WHERE transfer_id = (SELECT transfer_id FROM transfer WHERE kind = 'top-up' ORDER BY 1 LIMIT 1)`, 'posting', `SELECT transfer_id || '/1' AS x FROM transfer WHERE kind = 'top-up' ORDER BY 1 LIMIT 1`],
  ['a currency', `UPDATE posting SET currency = 'USD' WHERE transfer_id = (SELECT transfer_id FROM transfer ORDER BY 1 LIMIT 1)`, 'transfer', `SELECT transfer_id AS x FROM transfer ORDER BY 1 LIMIT 1`],
  ['a balance', `UPDATE money_account SET rolled = rolled + 1 WHERE money_account_id = (SELECT max(money_account_id) FROM money_account WHERE is_user(owner_id))`, 'account', `SELECT max(money_account_id) AS x FROM money_account WHERE is_user(owner_id)`],
  ['a credit', `INSERT INTO money_credit SELECT max(money_account_id), 1 FROM money_account WHERE is_user(owner_id)`, 'account', `SELECT max(money_account_id) AS x FROM money_account WHERE is_user(owner_id)`],
  ['a credit of nobody', `INSERT INTO money_credit VALUES (999999, 1)`, 'credit', `SELECT 999999 AS x`],
  ['a hold’s amount', `UPDATE hold SET amount = amount + 1 WHERE subject = 'a hold'`, 'hold', `SELECT placed_by AS x FROM hold WHERE subject = 'a hold'`],
  ['a hold that is said to have ended', `UPDATE hold SET state = 'voided', ended_at = now(), ended_by = placed_by WHERE subject = 'a hold'`, 'hold', `SELECT placed_by AS x FROM hold WHERE subject = 'a hold'`],
  ['a hold that was paid and is said to be void', `UPDATE hold SET state = 'voided' WHERE state = 'posted'`, 'hold', `SELECT hold_id AS x FROM hold WHERE state = 'posted'`],
  ['another’s money in a payout', `WITH more AS (INSERT INTO posting (transfer_id, leg, money_account_id, currency, amount) SELECT h.ended_by, 2 + row_number() OVER (ORDER BY a.owner_id), a.money_account_id, 'CNY', CASE row_number() OVER (ORDER BY a.owner_id) WHEN 1 THEN -1 ELSE 1 END FROM bank_movement m JOIN hold h USING (hold_id), money_account a WHERE m.kind = 'payout' AND m.state = 'confirmed' AND a.purpose = 'available' RETURNING *),
      whole AS (UPDATE transfer SET legs = 2 + (SELECT count(*) FROM more) WHERE transfer_id IN (SELECT transfer_id FROM more)) UPDATE money_account a SET rolled = a.rolled + more.amount FROM more WHERE a.money_account_id = more.money_account_id`, 'movement', `SELECT movement_id AS x FROM bank_movement WHERE kind = 'payout' AND state = 'confirmed'`],
  ['a payout’s state', `UPDATE bank_movement SET state = 'cancelled', ended_at = now(), confirmed_by = NULL WHERE kind = 'payout' AND state = 'confirmed'`, 'movement', `SELECT movement_id AS x FROM bank_movement WHERE kind = 'payout' AND state = 'confirmed'`],
  ['a top-up’s amount', `UPDATE bank_movement SET amount = amount + 1 WHERE movement_id = (SELECT movement_id FROM bank_movement WHERE kind = 'top-up' ORDER BY 1 LIMIT 1)`, 'movement', `SELECT movement_id AS x FROM bank_movement WHERE kind = 'top-up' ORDER BY 1 LIMIT 1`],
  ['what was agreed on', `UPDATE correction SET postings = jsonb_set(postings, '{0,amountMinor}', '"-4"')`, 'correction', `SELECT correction_id AS x FROM correction`],
];

test.each(FORGERIES)('%s is found and named', async (_, forge, kind, where) => {
  await thief.query(`CREATE TEMP TABLE was_posting AS TABLE posting; CREATE TEMP TABLE was_transfer AS TABLE transfer; CREATE TEMP TABLE was_account AS TABLE money_account; CREATE TEMP TABLE was_credit AS TABLE money_credit;
    CREATE TEMP TABLE was_hold AS TABLE hold; CREATE TEMP TABLE was_movement AS TABLE bank_movement; CREATE TEMP TABLE was_correction AS TABLE correction`);
  try {
    const expected = await one(where);
    expect((await thief.query(forge)).rowCount).toBeGreaterThan(0);
    expect((await auditLedger(dataSource)).difference).toEqual({ kind, where: expected, detail: expect.any(String) });
  } finally {
    for (const [table, was] of [['posting', 'was_posting'], ['transfer', 'was_transfer'], ['money_account', 'was_account'], ['money_credit', 'was_credit'], ['hold', 'was_hold'], ['bank_movement', 'was_movement'], ['correction', 'was_correction']]) {
      await thief.query(`DELETE FROM ${table}; INSERT INTO ${table} OVERRIDING SYSTEM VALUE TABLE ${was}; DROP TABLE ${was}`);
    }
  }
  expect((await auditLedger(dataSource)).ok).toBe(true);
});

test('money that nobody confirmed is found, though it balances', async () => {
  const [user] = (await thief.query<{ owner: string }>(`SELECT owner_id AS owner FROM money_account WHERE is_user(owner_id) ORDER BY 1 LIMIT 1`)).rows;
  const id = randomUUID();
  const posting = (owner: string | undefined, purpose: string, amount: string) => ({ owner, purpose, currency: 'CNY', amount });
  await dataSource.query('SELECT post_transfers($1)', [JSON.stringify([{ id, kind: 'top-up', subject: 'x', postings: [posting(SERVICE, 'bank', '-5'), posting(user?.owner, 'available', '5')] }])]);
  expect((await auditLedger(dataSource)).difference).toEqual({ kind: 'movement', where: id, detail: expect.any(String) });
  // What other modules add comes after; here it is not reached.
  const more = [oneQuery('orders', 'order', 'transfer', `SELECT 'x' AS "where", 'y' AS detail`)];
  expect((await auditLedger(dataSource, { more })).difference?.kind).toBe('movement');
  await thief.query(`DELETE FROM posting WHERE transfer_id = '${id}'; DELETE FROM transfer WHERE transfer_id = '${id}'; DELETE FROM money_credit c USING money_account a WHERE a.money_account_id = c.money_account_id AND a.owner_id = '${user?.owner}' AND c.amount = 5`);
  expect((await auditLedger(dataSource, { more })).difference).toEqual({ kind: 'order', where: 'x', detail: 'y' });
});

test('zhengben ledger audit exits 0 when it is clean, and names the difference with 1', async () => {
  const env = { NODE_ENV: 'production', DATABASE_URL: service.database.serviceUrl };
  expect(await zhengben(['ledger', 'audit'], env)).toMatchObject({ code: 0 });
  await thief.query(`UPDATE money_account SET rolled = rolled + 1 WHERE money_account_id = (SELECT max(money_account_id) FROM money_account WHERE is_user(owner_id))`);
  const found = await zhengben(['ledger', 'audit', '--json'], env);
  expect([found.code, (JSON.parse(found.stdout) as LedgerAudit).difference?.kind]).toEqual([1, 'account']);
  expect((await zhengben(['ledger', 'audit'], { NODE_ENV: 'production', DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' })).code).toBe(2);
});
