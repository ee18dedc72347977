import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { auditLedger, type LedgerDifference, type Posting, SERVICE } from '../../../src/modules/accounting/index.js';
import { ORDER_CHECKS } from '../../../src/modules/trading/index.js';
import type { Client } from '../../support/http-client.js';
import { fund, joinAsOperator } from '../../support/operators.js';
import { made, Market, SCOPE } from './trading-client.js';

let market: Market;
let seller: Client;
let buyer: Client;
/** A licence that was sold out, a slice whose buyer still looks at it, one that was confirmed, and one that was given back. */
let licence: string;
let slice: string;
let confirmed: string;
let refunded: string;
beforeAll(async () => {
  market = await Market.start();
  [seller, buyer] = (await market.join('seller', 'buyer')) as [Client, Client];
  await fund(buyer, await joinAsOperator(market.rights.service), 50_000n);
  const work = await market.rights.deposit(seller);
  licence = String(made(await market.buy(buyer, await market.listed(seller, work, { quantity: 1 })))['number']);
  const sliceOf = async (right: string, use: string) => String(made(await market.buy(buyer, await market.listed(seller, work, { kind: 'assignment', scope: { ...SCOPE, rights: [right], uses: [use] } })))['number']);
  [slice, confirmed, refunded] = [await sliceOf('filming', 'film'), await sliceOf('reproduction', 'print'), await sliceOf('distribution', 'print')];
  made(await buyer.post(`/orders/${confirmed}/confirmation`, {}));
  made(await seller.post(`/orders/${refunded}/refund`, {}));
}, 60_000);
afterAll(() => market.stop());

const audit = async (): Promise<LedgerDifference | null> => (await auditLedger(market.rights.service.app.get(DataSource), { more: ORDER_CHECKS })).difference;

test('names the first order that is not as the ledger has it', async () => {
  expect(await audit()).toBeNull();
  // What was changed is put back as it was: all the rest is right.
  const kept = 'CREATE TABLE kept AS SELECT * FROM';
  const back = (table: string) => `DELETE FROM ${table}; INSERT INTO ${table} SELECT * FROM kept; DROP TABLE kept`;
  const cases: readonly (readonly [what: string, table: string, change: string, order: string])[] = [
    ['the fee is another than was shown', 'trade_order', `UPDATE trade_order SET breakdown = jsonb_set(breakdown, '{0,amountMinor}', '"501"') WHERE licence_id IS NOT NULL`, licence],
    ['the price is another than was paid', 'trade_order', `UPDATE trade_order SET amount = amount + 1 WHERE licence_id IS NOT NULL`, licence],
    ['its licence is gone', 'trade_order', `UPDATE trade_order SET licence_id = NULL WHERE licence_id IS NOT NULL`, licence],
    ['its slice is not its buyer’s', 'holding_holder', `DELETE FROM holding_holder WHERE account_id = '${buyer.accountId}'`, confirmed],
    ['its slice is shared', 'holding_holder', `UPDATE holding_holder SET share_bps = 5000 WHERE account_id = '${buyer.accountId}'`, confirmed],
    ['nothing says how it came to its state', 'order_event', `DELETE FROM order_event WHERE from_state = 'new' AND to_state = 'settled'`, licence],
    ['it waits for money that is not held', 'trade_order', `UPDATE trade_order SET hold_id = NULL WHERE state = 'funded'`, slice],
    ['it ended, and its money is held', 'trade_order', `UPDATE trade_order SET state = 'settled', ended_at = now() WHERE state = 'funded'`, slice],
  ];
  for (const [what, table, change, order] of cases) {
    await market.rights.pretend(`${kept} ${table}; ${change}`);
    const difference = await audit();
    await market.rights.pretend(back(table));
    expect([what, difference?.kind, difference?.where]).toEqual([what, 'order', order]);
  }
  // Something else than was sold, in tables with columns that are computed.
  for (const [table, column, order] of [['licence', 'uses', licence], ['holding', 'territories', confirmed]] as const) {
    await market.rights.pretend(`CREATE TABLE kept AS SELECT ${table}_id, ${column} FROM ${table}; UPDATE ${table} SET ${column} = int4multirange(int4range(lower(${column}) + 1, lower(${column}) + 2)) WHERE NOT isempty(${column}) ${table === 'holding' ? 'AND cut_from IS NOT NULL' : ''}`);
    const difference = await audit();
    await market.rights.pretend(`UPDATE ${table} t SET ${column} = kept.${column} FROM kept WHERE kept.${table}_id = t.${table}_id; DROP TABLE kept`);
    expect([table, difference?.kind, difference?.where]).toEqual([table, 'order', order]);
  }
  await market.rights.pretend(`UPDATE listing SET sold = 0, closed_at = NULL, closed_by = NULL WHERE kind = 'licence'`);
  expect(await audit()).toMatchObject({ kind: 'order', where: licence });
  await market.rights.pretend(`UPDATE listing SET sold = 1 WHERE kind = 'licence'`);
  expect(await audit()).toBeNull();
});

/** Whole, balanced, covered, and in every balance: only that nobody did it. */
async function forge(kind: string, subject: string, postings: readonly Posting[]): Promise<{ found: LedgerDifference | null; id: string }> {
  const tables = ['posting', 'transfer', 'money_credit', 'money_account'];
  const id = randomUUID();
  await market.rights.pretend(tables.map((table) => `CREATE TABLE was_${table} AS TABLE ${table}`).join(';'));
  try {
    await market.rights.query('SELECT post_transfers($1)', [JSON.stringify([{ id, kind, subject, postings: postings.map(({ amountMinor, ...posting }) => ({ ...posting, amount: amountMinor.toString() })) }])]);
    return { found: await audit(), id };
  } finally {
    await market.rights.pretend(tables.map((table) => `DELETE FROM ${table}; INSERT INTO ${table} OVERRIDING SYSTEM VALUE TABLE was_${table}; DROP TABLE was_${table}`).join(';'));
  }
}

test('finds transfers that no order, hold or withdrawal made, though all balances are right', async () => {
  const moved = (from: string, to: string, [left, right]: readonly [Posting['purpose'], Posting['purpose']] = ['available', 'available'], currency = 'CNY'): Posting[] => [
    { owner: from, purpose: left, currency, amountMinor: -7n }, { owner: to, purpose: right, currency, amountMinor: 7n }];
  const theft = moved(buyer.accountId, seller.accountId);
  const cases: readonly (readonly [kind: string, subject: string, postings: readonly Posting[]])[] = [
    ['settlement', 'OR-0000-0000-0001-Y', theft], ['settlement', 'test', theft], ['settlement', slice, theft], ['settlement', refunded, theft], ['settlement', confirmed, theft], ['settlement', confirmed.toLowerCase(), theft],
    ['settlement', licence, [...theft, ...moved(seller.accountId, buyer.accountId)]],
    ['hold', slice, theft], ['hold-voided', slice, theft], ['refund', refunded, theft], ['gift', refunded, theft],
    ['chain-funded', 'OR-0000-0000-0001-Y', moved(SERVICE, SERVICE, ['contract', 'clearing'], 'ETH')], ['chain-settlement', licence, moved(SERVICE, seller.accountId, ['clearing', 'on-chain'], 'ETH')], ['chain-refund', refunded, moved(SERVICE, buyer.accountId, ['clearing', 'on-chain'], 'ETH')],
  ];
  for (const [kind, subject, postings] of cases) {
    const { found, id } = await forge(kind, subject, postings);
    expect([kind, subject, found?.kind, found?.where]).toEqual([kind, subject, 'transfer', kind === 'settlement' && subject === licence ? expect.any(String) : id]);
  }
  const withdrawal = `0x${'ab'.repeat(32)}`;
  expect((await forge('withdrawal', withdrawal, moved(SERVICE, SERVICE, ['bank', 'contract'], 'ETH'))).found).toMatchObject({ kind: 'transfer', where: withdrawal });
  expect((await forge('settlement', licence, theft)).found).toMatchObject({ kind: 'order', where: licence });
  expect(await audit()).toBeNull();
});

test('finds that the log does not say of an order that it is settled', async () => {
  for (const number of [licence, confirmed]) {
    await market.rights.pretend(`UPDATE statement SET type = 'order.rescinded' WHERE subject = '${number}'`);
    expect(await audit()).toMatchObject({ kind: 'order', where: number });
    await market.rights.pretend(`UPDATE statement SET type = 'order.settled' WHERE subject = '${number}'`);
  }
  expect(await audit()).toBeNull();
});
