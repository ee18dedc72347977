import { DataSource } from 'typeorm';
import { ORDER_CHECKS } from '../../../src/modules/trading/index.js';
import { sqlState } from '../../../src/platform/database/index.js';
import type { Client } from '../../support/http-client.js';
import { Bazaar } from './negotiations-client.js';
import { made } from './trading-client.js';

// What PostgreSQL itself refuses, whoever asks: here its superuser.
let bazaar: Bazaar;
let seller: Client;
let buyer: Client;
let number: string;
let id: bigint;
beforeAll(async () => {
  bazaar = await Bazaar.start();
  [seller, buyer] = (await bazaar.market.join('seller', 'buyer')) as [Client, Client];
  await bazaar.market.fund(buyer, 100_000n);
}, 120_000);
afterAll(() => bazaar?.stop());
beforeEach(async () => {
  number = await bazaar.opened(buyer, await bazaar.listed(seller, await bazaar.market.rights.deposit(seller)), 10);
  id = await bazaar.idOf(number);
});
afterEach(() => bazaar.audit());

/** The SQLSTATE that statements, in one transaction, are refused with. */
async function refused(...statements: string[]): Promise<string | undefined> {
  return bazaar.market.rights.query(`DO $do$ BEGIN ${statements.join('; ')}; SET CONSTRAINTS ALL IMMEDIATE; END $do$`).then(() => 'done', (error: unknown) => sqlState(error));
}
const negotiation = (set: string): string => `UPDATE negotiation SET ${set} WHERE negotiation_id = ${id}`;
const offer = (set: string): string => `UPDATE negotiation_offer SET ${set} WHERE negotiation_id = ${id} AND place = 1`;

test('a negotiation and its offers move as the table of transitions says, and stay as they were made', async () => {
  expect(await bazaar.market.rights.query('SELECT of, from_state, to_state FROM negotiation_transition ORDER BY 1, 2, 3')).toEqual([
    ...['agreed', 'closed', 'failed', 'lapsed', 'withdrawn'].map((to) => ['negotiation', 'open', to]), ['negotiation', 'new', 'open'],
    ...['accepted', 'lapsed', 'rejected', 'replaced', 'void'].map((to) => ['offer', 'standing', to]), ['offer', 'new', 'standing'],
  ].map(([of, from, to]) => ({ of, from_state: from, to_state: to })).toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)));
  for (const set of ['seller_id = gen_random_uuid()', 'opened_at = now()', `state = 'sold', ended_at = now()`]) expect([set, await refused(negotiation(set))]).toEqual([set, 'ZB084']);
  for (const set of ['amount = 1', `expires_at = expires_at + interval '1 second'`, `made_by = 'seller', hold_id = NULL`, `state = 'gone', ended_at = now()`]) expect([set, await refused(offer(set))]).toEqual([set, 'ZB084']);
  expect(await refused(`DELETE FROM negotiation_offer WHERE negotiation_id = ${id}`)).not.toBe('done');
  made(await bazaar.reject(seller, number, 1));
  made(await bazaar.leave(seller, number));
  for (const state of ['open', 'failed', 'lapsed', 'closed', 'withdrawn']) expect([state, await refused(negotiation(`state = '${state}', ended_at = ${state === 'open' ? 'NULL' : 'now()'}`))]).toEqual([state, 'ZB084']);
  for (const state of ['standing', 'lapsed', 'replaced', 'rejected', 'void', 'accepted']) expect([state, await refused(offer(`state = '${state}', ended_at = ${state === 'standing' ? 'NULL' : 'now()'}`))]).toEqual([state, 'ZB084']);
});

test('no offer lapses before its expiry or is accepted after it; one stands, and one negotiation is open', async () => {
  expect(await refused(offer(`state = 'lapsed', ended_at = now()`))).toBe('ZB084');
  expect(await refused(`INSERT INTO negotiation_offer (negotiation_id, place, made_by, amount, state, expires_at) VALUES (${id}, 2, 'seller', 1, 'standing', now() + interval '1 hour')`)).toBe('23505');
  expect(await refused(`INSERT INTO negotiation SELECT ${id}::bigint # 1, listing_id, buyer_id, seller_id, 'open', NULL, now(), now() FROM negotiation WHERE negotiation_id = ${id}`)).toBe('23505');
  expect(await refused(`INSERT INTO negotiation SELECT ${id}::bigint # 1, listing_id, gen_random_uuid(), gen_random_uuid(), 'open', NULL, now(), now() FROM negotiation WHERE negotiation_id = ${id}`)).toBe('ZB084');
  await bazaar.age(number, 30 * 24 * 3_600_000);
  expect(await refused(offer(`state = 'accepted', ended_at = now()`))).toBe('ZB084');
});

test('at commit, money and order say what the offer says', async () => {
  // Without its money given back; ended around a standing offer; accepted without an order, or with none at its price.
  for (const state of ['rejected', 'replaced', 'void']) expect([state, await refused(offer(`state = '${state}', ended_at = now()`))]).toEqual([state, 'ZB084']);
  expect(await refused(negotiation(`state = 'withdrawn', ended_at = now()`))).toBe('ZB084');
  expect(await refused(offer(`state = 'accepted', ended_at = now()`))).toBe('ZB084');
  const order = String(made(await bazaar.market.buy(buyer, await bazaar.market.listed(seller, await bazaar.market.rights.deposit(seller))))['number']);
  const [{ order_id: orderId }] = (await bazaar.market.rights.query('SELECT order_id FROM trade_order ORDER BY created_at DESC LIMIT 1')) as [{ order_id: string }];
  expect(order).toMatch(/^OR-/);
  expect(await refused(offer(`state = 'accepted', ended_at = now()`), negotiation(`state = 'agreed', ended_at = now(), order_id = ${orderId}`))).toBe('ZB084');
  expect((await bazaar.read(buyer, number))['state']).toBe('open');
});

test('the ledger’s audit names a hold that no offer stands for', async () => {
  const dataSource = bazaar.market.rights.service.app.get(DataSource);
  const own = async (): Promise<string | null> => {
    for (const check of ORDER_CHECKS) {
      const { difference } = await check.find(dataSource, () => undefined);
      if (difference) return difference.where;
    }
    return null;
  };
  expect(await own()).toBeNull();
  await bazaar.market.rights.pretend(offer(`state = 'rejected', ended_at = now()`));
  expect(await own()).toBe(number);
  await bazaar.market.rights.pretend(offer(`state = 'standing', ended_at = NULL`));
  await bazaar.market.rights.pretend(offer(`amount = 999`));
  expect(await own()).toBe(`${number}/1`);
  await bazaar.market.rights.pretend(offer(`amount = 1000`));
});
