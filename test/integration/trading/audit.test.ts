import { DataSource } from 'typeorm';
import { auditLedger, type LedgerDifference } from '../../../src/modules/accounting/index.js';
import { ORDER_CHECKS } from '../../../src/modules/trading/index.js';
import type { Client } from '../../support/http-client.js';
import { fund, joinAsOperator } from '../../support/operators.js';
import { made, Market, SCOPE } from './trading-client.js';

let market: Market;
/** A licence that was sold out, and a slice whose buyer still looks at it. */
let licence: string;
let slice: string;
beforeAll(async () => {
  market = await Market.start();
  const [seller, buyer] = (await market.join('seller', 'buyer')) as [Client, Client];
  await fund(buyer, await joinAsOperator(market.rights.service), 50_000n);
  const work = await market.rights.deposit(seller);
  licence = String(made(await market.buy(buyer, await market.listed(seller, work, { quantity: 1 })))['number']);
  slice = String(made(await market.buy(buyer, await market.listed(seller, work, { kind: 'assignment', scope: { ...SCOPE, rights: ['filming'], uses: ['film'] } })))['number']);
}, 60_000);
afterAll(() => market.stop());

const audit = async (): Promise<LedgerDifference | null> => (await auditLedger(market.rights.service.app.get(DataSource), { more: ORDER_CHECKS })).difference;

test('names the first order that is not as the ledger has it', async () => {
  expect(await audit()).toBeNull();
  // What was changed is put back as it was: all the rest is right.
  const kept = 'CREATE TABLE kept AS SELECT * FROM';
  const back = (table: string) => `DELETE FROM ${table}; INSERT INTO ${table} SELECT * FROM kept; DROP TABLE kept`;
  const cases: readonly (readonly [what: string, table: string, change: string, order: string])[] = [
    ['the fee is another than was shown', 'trade_order', `UPDATE trade_order SET breakdown = jsonb_set(breakdown, '{0,amountMinor}', '"501"') WHERE state = 'settled'`, licence],
    ['the price is another than was paid', 'trade_order', `UPDATE trade_order SET amount = amount + 1 WHERE state = 'settled'`, licence],
    ['its licence is gone', 'trade_order', `UPDATE trade_order SET licence_id = NULL WHERE state = 'settled'`, licence],
    ['nothing says how it came to its state', 'order_event', `DELETE FROM order_event WHERE to_state = 'settled'`, licence],
    ['it waits for money that is not held', 'trade_order', `UPDATE trade_order SET hold_id = NULL WHERE state = 'funded'`, slice],
    ['it ended, and its money is held', 'trade_order', `UPDATE trade_order SET state = 'settled', ended_at = now() WHERE state = 'funded'`, slice],
  ];
  for (const [what, table, change, order] of cases) {
    await market.rights.pretend(`${kept} ${table}; ${change}`);
    const difference = await audit();
    await market.rights.pretend(back(table));
    expect([what, difference?.kind, difference?.where]).toEqual([what, 'order', order]);
  }
  await market.rights.pretend(`UPDATE listing SET sold = 0, closed_at = NULL, closed_by = NULL WHERE kind = 'licence'`);
  expect(await audit()).toMatchObject({ kind: 'order', where: licence });
  await market.rights.pretend(`UPDATE listing SET sold = 1 WHERE kind = 'licence'`);
  expect(await audit()).toBeNull();
});
