import { randomUUID } from 'node:crypto';
import { MOVEMENT_TRANSITIONS, type MovementKind } from '../../../src/modules/accounting/bank/movement.js';
import { type Answer, type Client, joinAs, joinAsPerson } from '../../support/http-client.js';
import { dismiss, fund, joinAsOperator, type TestOperator } from '../../support/operators.js';
import { startApplication, type TestApplication } from '../../support/start-application.js';
import { query } from '../works/support.js';

let service: TestApplication;
let first: TestOperator;
let second: TestOperator;
let owner: Client;

beforeAll(async () => {
  service = await startApplication({ env: { FOUR_EYES_FROM: 'CNY=10000,USD=10000' } });
  [first, second] = [await joinAsOperator(service, 'first'), await joinAsOperator(service, 'second')];
}, 60_000);
afterAll(() => service?.stop());
beforeEach(async () => {
  owner = await joinAs(service, 'owner');
});

const refusal = ({ status, body }: Answer) => [status, body['code']];
const stateOf = ({ status, body }: Answer) => [status, body['state']];
const reference = () => `ref-${randomUUID()}`;
const topUp = async (amountMinor: string, currency = 'CNY') => String((await owner.post('/top-ups', { amountMinor, currency })).body['id']);
const payout = async (amountMinor: string, currency = 'CNY') => String((await owner.post('/payouts', { amountMinor, currency, destination: '中国银行 6217 0000' })).body['id']);
const confirm = (by: TestOperator, path: string, bankReference = reference(), headers = {}) => by.post(`${path}/confirmation`, { bankReference }, headers);
const balance = async (currency = 'CNY') => {
  const { body } = await owner.get('/balances');
  const found = (body['items'] as { currency: string; availableMinor: string; heldMinor: string }[]).find((item) => item.currency === currency);
  return [found?.availableMinor ?? '0', found?.heldMinor ?? '0'];
};
const noticesOf = async (who: Client) => ((await who.get('/notices')).body['items'] as { kind: string; subject: string }[]).map(({ kind, subject }) => [kind, subject]);

test('the table of transitions is the database’s', async () => {
  const rows = await query<{ kind: MovementKind; from_state: string; to_state: string }>(service, `SELECT kind, from_state, to_state FROM bank_transition WHERE from_state <> 'new'`);
  const ours = Object.entries(MOVEMENT_TRANSITIONS).flatMap(([kind, table]) => Object.entries(table).flatMap(([from, to]) => to.map((one) => `${kind} ${from} ${one}`)));
  expect(rows.map((row) => `${row.kind} ${row.from_state} ${row.to_state}`).toSorted()).toEqual(ours.toSorted());
});

describe('a top-up', () => {
  test('is requested, confirmed once by an operator, and told', async () => {
    const asked = await owner.post('/top-ups', { amountMinor: '9999', currency: 'CNY', note: '转账 7' });
    expect([asked.status, asked.body]).toEqual([201, {
      id: expect.any(String), kind: 'top-up', state: 'requested', currency: 'CNY', amountMinor: '9999', note: '转账 7', bankReference: null, operatorsNeeded: 1, reason: null, requestedAt: expect.any(String), endedAt: null,
    }]);
    const id = String(asked.body['id']);
    expect(await balance()).toEqual(['0', '0']);
    expect((await confirm(first, `/top-ups/${id}`, ' ref-A 1 ')).status).toBe(400);
    const done = await confirm(first, `/top-ups/${id}`, `ref-${id}`);
    expect([done.status, done.body]).toMatchObject([201, { state: 'confirmed', bankReference: `REF-${id.toUpperCase()}`, account: owner.accountId, confirmedBy: first.accountId, firstConfirmedBy: null }]);
    expect([await balance(), await noticesOf(owner)]).toEqual([['9999', '0'], [['top-up-confirmed', id]]]);
    expect(refusal(await confirm(second, `/top-ups/${id}`))).toEqual([409, 'ACCOUNTING.NOT_IN_THIS_STATE']);
    expect((await owner.get(`/top-ups/${id}`)).body).toMatchObject({ state: 'confirmed', amountMinor: '9999' });
    expect((await owner.get(`/top-ups/${id}`)).body).not.toHaveProperty('confirmedBy');
  });

  test('of the threshold takes two operators, who name the same entry', async () => {
    const path = `/top-ups/${await topUp('10000')}`;
    const entry = reference();
    expect(stateOf(await confirm(first, path, entry))).toEqual([201, 'half-confirmed']);
    expect(await balance()).toEqual(['0', '0']);
    expect(refusal(await confirm(first, path, entry))).toEqual([409, 'ACCOUNTING.SAME_OPERATOR']);
    expect(refusal(await confirm(second, path, reference()))).toEqual([409, 'ACCOUNTING.BANK_REFERENCE_DIFFERS']);
    expect(refusal(await owner.post(`${path}/cancellation`))).toEqual([409, 'ACCOUNTING.NOT_IN_THIS_STATE']);
    expect(stateOf(await confirm(second, path, entry.toUpperCase()))).toEqual([201, 'confirmed']);
    expect(await balance()).toEqual(['10000', '0']);
    // Currencies without a threshold always take two.
    expect(stateOf(await confirm(first, `/top-ups/${await topUp('1', 'EUR')}`))).toEqual([201, 'half-confirmed']);
  });

  test('is of one entry at the bank: per currency, unless it was rejected', async () => {
    const entry = reference();
    const [a, b, dollars] = [await topUp('1'), await topUp('1'), await topUp('1', 'USD')];
    expect(stateOf(await confirm(first, `/top-ups/${a}`, entry))).toEqual([201, 'confirmed']);
    expect(refusal(await confirm(second, `/top-ups/${b}`, entry))).toEqual([409, 'ACCOUNTING.BANK_REFERENCE_USED']);
    expect(stateOf(await confirm(second, `/top-ups/${dollars}`, entry))).toEqual([201, 'confirmed']);
    const [c, d, again] = [await topUp('20000'), await topUp('20000'), reference()];
    expect(stateOf(await confirm(first, `/top-ups/${c}`, again))).toEqual([201, 'half-confirmed']);
    expect(refusal(await confirm(first, `/top-ups/${d}`, again))).toEqual([409, 'ACCOUNTING.BANK_REFERENCE_USED']);
    expect(stateOf(await second.post(`/top-ups/${c}/rejection`, { reason: '款未到' }))).toEqual([201, 'rejected']);
    expect(stateOf(await confirm(first, `/top-ups/${d}`, again))).toEqual([201, 'half-confirmed']);
    expect(await noticesOf(owner)).toContainEqual(['top-up-rejected', c]);
    expect((await owner.get(`/top-ups/${c}`)).body).toMatchObject({ state: 'rejected', reason: '款未到' });
  });

  test('is cancelled by its owner alone, and then stays so', async () => {
    const id = await topUp('5');
    const stranger = await joinAs(service, 'stranger');
    expect(refusal(await stranger.post(`/top-ups/${id}/cancellation`))).toEqual([404, 'ACCOUNTING.NOT_FOUND']);
    expect(refusal(await stranger.get(`/top-ups/${id}`))).toEqual([404, 'ACCOUNTING.NOT_FOUND']);
    expect(refusal(await first.post(`/top-ups/${id}/cancellation`))).toEqual([404, 'ACCOUNTING.NOT_FOUND']);
    expect(stateOf(await owner.post(`/top-ups/${id}/cancellation`))).toEqual([201, 'cancelled']);
    expect(refusal(await confirm(first, `/top-ups/${id}`))).toEqual([409, 'ACCOUNTING.NOT_IN_THIS_STATE']);
    expect(refusal(await owner.get(`/payouts/${id}`))).toEqual([404, 'ACCOUNTING.NOT_FOUND']);
  });
});

describe('a payout', () => {
  beforeEach(() => fund(owner, first, 9_000n));

  test('holds the money at once, and pays it when the bank has', async () => {
    const id = await payout('4000');
    expect([await balance(), refusal(await owner.post('/payouts', { amountMinor: '5001', currency: 'CNY', destination: 'x' }))]).toEqual([['5000', '4000'], [409, 'ACCOUNTING.INSUFFICIENT_FUNDS']]);
    expect(stateOf(await first.post(`/payouts/${id}/taking-up`))).toEqual([201, 'taken-up']);
    expect(refusal(await owner.post(`/payouts/${id}/cancellation`))).toEqual([409, 'ACCOUNTING.NOT_IN_THIS_STATE']);
    expect(refusal(await second.post(`/payouts/${id}/taking-up`))).toEqual([409, 'ACCOUNTING.NOT_IN_THIS_STATE']);
    expect(stateOf(await confirm(second, `/payouts/${id}`))).toEqual([201, 'confirmed']);
    expect([await balance(), (await noticesOf(owner)).map(([kind]) => kind)]).toEqual([['5000', '0'], ['payout-confirmed', 'payout-taken-up', 'top-up-confirmed']]);
  });

  test.each([['cancelled by its owner', async (id: string) => owner.post(`/payouts/${id}/cancellation`)], ['rejected', async (id: string) => first.post(`/payouts/${id}/rejection`, { reason: '账号不符' })]])('%s gives it back, once', async (_, end) => {
    const id = await payout('4000');
    expect((await end(id)).status).toBe(201);
    expect(refusal(await end(id))).toEqual([409, 'ACCOUNTING.NOT_IN_THIS_STATE']);
    expect(await balance()).toEqual(['9000', '0']);
  });

  test('of the threshold takes two', async () => {
    await fund(owner, first, 9_000n);
    const [path, entry] = [`/payouts/${await payout('10000')}`, reference()];
    expect(stateOf(await confirm(first, path, entry))).toEqual([201, 'half-confirmed']);
    expect(refusal(await confirm(first, path, entry))).toEqual([409, 'ACCOUNTING.SAME_OPERATOR']);
    expect([await balance(), stateOf(await confirm(second, path, entry)), await balance()]).toEqual([['8000', '10000'], [201, 'confirmed'], ['8000', '0']]);
  });
});

describe('who', () => {
  test('operators only, signed in, and not for themselves', async () => {
    const id = await topUp('1');
    const stranger = await joinAs(service, 'stranger');
    for (const path of [`/top-ups/${id}/confirmation`, `/payouts/${id}/confirmation`]) {
      expect(refusal(await stranger.post(path, { bankReference: 'X' }))).toEqual([403, 'HTTP.SESSION_REQUIRED']);
      expect(refusal(await first.program.post(path, { bankReference: 'X' }))).toEqual([403, 'HTTP.SESSION_REQUIRED']);
    }
    const { person } = await joinAsPerson(service, 'nobody');
    for (const [path, body] of [[`/top-ups/${id}/confirmation`, { bankReference: 'X' }], [`/top-ups/${id}/rejection`, { reason: 'x' }], [`/payouts/${id}/taking-up`, undefined]] as const) expect(refusal(await person.post(path, body))).toEqual([403, 'OPERATORS.NOT_OPERATOR']);
    expect(refusal(await person.get('/ledger/movements'))).toEqual([403, 'OPERATORS.NOT_OPERATOR']);
    const own = String((await first.post('/top-ups', { amountMinor: '1', currency: 'CNY' })).body['id']);
    expect(refusal(await confirm(first, `/top-ups/${own}`))).toEqual([403, 'ACCOUNTING.OWN_REQUEST']);
    expect(refusal(await first.post(`/top-ups/${own}/rejection`, { reason: 'x' }))).toEqual([403, 'ACCOUNTING.OWN_REQUEST']);
    expect(stateOf(await confirm(second, `/top-ups/${own}`))).toEqual([201, 'confirmed']);
  });

  test('a dismissed operator is none at once', async () => {
    const third = await joinAsOperator(service, 'third');
    const id = await topUp('1');
    await dismiss(service, third);
    expect(refusal(await confirm(third, `/top-ups/${id}`))).toEqual([403, 'OPERATORS.NOT_OPERATOR']);
  });

  test('the database itself lets nobody decide alone, for themselves, or without being an operator', async () => {
    const id = await topUp('10000');
    const attempt = (set: string, values: unknown[]) => query(service, `UPDATE bank_movement SET ${set} WHERE movement_id = $1`, [id, ...values]).then(() => 'done', ({ code }: { code: string }) => code);
    expect(await attempt(`state = 'half-confirmed', first_by = $2, bank_reference = 'Y1'`, [owner.accountId])).toBe('ZB091');
    expect(await attempt(`state = 'taken-up', taken_up_by = $2`, [first.accountId])).toBe('ZB091');
    expect(await attempt(`state = 'cancelled', ended_at = now(), reason = $2`, ['x'])).toBe('done');
    const other = await topUp('10000');
    await fund(owner, first, 10n);
    await payout('10');
    const [transfer] = await query<{ id: string }>(service, `SELECT transfer_id AS id FROM transfer t WHERE NOT EXISTS (SELECT 1 FROM bank_movement m WHERE m.transfer_id = t.transfer_id) LIMIT 1`);
    const forge = query(service, `UPDATE bank_movement SET state = 'confirmed', ended_at = now(), bank_reference = 'Y2', confirmed_by = $2, transfer_id = $3 WHERE movement_id = $1`, [other, first.accountId, transfer?.id]);
    await expect(forge).rejects.toMatchObject({ constraint: 'bank_movement_four_eyes' });
  });
});

describe('at once', () => {
  test('two operators confirm one: one does', async () => {
    const path = `/top-ups/${await topUp('500')}`;
    const answers = await Promise.all(Array.from({ length: 8 }, (_, i) => confirm(i % 2 === 0 ? first : second, path)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(new Set(answers.filter(({ status }) => status !== 201).map(({ body }) => body['code']))).toEqual(new Set(['ACCOUNTING.NOT_IN_THIS_STATE']));
    expect(await balance()).toEqual(['500', '0']);
  });

  test('one entry is named for two top-ups: one of them has it', async () => {
    const [a, b, entry] = [await topUp('500'), await topUp('500'), reference()];
    const answers = await Promise.all([confirm(first, `/top-ups/${a}`, entry), confirm(second, `/top-ups/${b}`, entry)]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409]);
    expect(await balance()).toEqual(['500', '0']);
  });

  test('cancelled and confirmed: one of them, and the money is in one place', async () => {
    await fund(owner, first, 5_000n);
    for (let i = 0; i < 5; i++) {
      const [[before]] = [await balance()];
      const id = await payout('100');
      const [cancelled, confirmed] = await Promise.all([owner.post(`/payouts/${id}/cancellation`), confirm(first, `/payouts/${id}`)]);
      expect([cancelled.status, confirmed.status].toSorted()).toEqual([201, 409]);
      expect(await balance()).toEqual([(BigInt(before as string) - (confirmed.status === 201 ? 100n : 0n)).toString(), '0']);
    }
  });

  test('payouts of more than there is: as many as it covers', async () => {
    await fund(owner, first, 1_000n);
    const answers = await Promise.all(Array.from({ length: 10 }, () => owner.post('/payouts', { amountMinor: '300', currency: 'CNY', destination: 'x' })));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(3);
    expect(await balance()).toEqual(['100', '900']);
  });
});

test('with a key, once', async () => {
  const key = { 'idempotency-key': randomUUID() };
  const asked = [await owner.post('/top-ups', { amountMinor: '7', currency: 'CNY' }, key), await owner.post('/top-ups', { currency: 'CNY', amountMinor: '7' }, key)];
  expect(asked[1]?.body).toEqual(asked[0]?.body);
  expect(refusal(await owner.post('/top-ups', { amountMinor: '8', currency: 'CNY' }, key))).toEqual([422, 'HTTP.IDEMPOTENCY_KEY_REUSED']);
  const [path, entry, operatorKey] = [`/top-ups/${String(asked[0]?.body['id'])}`, reference(), { 'idempotency-key': randomUUID() }];
  const confirmed = [await confirm(first, path, entry, operatorKey), await confirm(first, path, entry, operatorKey)];
  expect([confirmed[1]?.body, await balance()]).toEqual([confirmed[0]?.body, ['7', '0']]);
});

test('amounts and currencies that are none are refused', async () => {
  for (const amountMinor of ['0', '-1', '1.5', '1e3', '01', '', ' 1', '1000000000000000000', '9'.repeat(78), 5, null, '٣']) expect([amountMinor, (await owner.post('/top-ups', { amountMinor, currency: 'CNY' })).status]).toEqual([amountMinor, 400]);
  for (const currency of ['ETH', 'cny', 'GBP', `erc20:1:0x${'a'.repeat(40)}`, '']) expect((await owner.post('/top-ups', { amountMinor: '1', currency })).status).toBe(400);
  expect((await owner.post('/payouts', { amountMinor: '1', currency: 'CNY' })).status).toBe(400);
  // The greatest, and dust.
  expect((await owner.post('/top-ups', { amountMinor: '999999999999999999', currency: 'CNY' })).body).toMatchObject({ state: 'requested', operatorsNeeded: 2 });
  await fund(owner, first, 1n);
  expect(await balance()).toEqual(['1', '0']);
});

test('lists in pages: the owner’s newest first, the operators’ oldest first', async () => {
  const ids: string[] = [];
  for (let i = 0; i < 5; i++) ids.push(await topUp(String(i + 1)));
  const pages: string[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const { body }: Answer = await owner.get(`/top-ups?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`);
    pages.push(...(body['items'] as { id: string }[]).map(({ id }) => id));
    cursor = body['nextCursor'] as string | null;
  }
  expect(pages).toEqual(ids.toReversed());
  await confirm(first, `/top-ups/${ids[0]}`);
  expect(((await owner.get('/top-ups?state=confirmed')).body['items'] as { id: string }[]).map(({ id }) => id)).toEqual([ids[0]]);
  const queue: { id: string; account: string; state: string }[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const { body }: Answer = await first.get(`/ledger/movements?kind=top-up&limit=100${cursor === '' ? '' : `&cursor=${cursor}`}`);
    queue.push(...(body['items'] as typeof queue));
    cursor = body['nextCursor'] as string | null;
  }
  expect(queue.filter(({ account }) => account === owner.accountId).map(({ id }) => id)).toEqual(ids.slice(1));
  expect((await owner.get('/top-ups?cursor=x')).status).toBe(400);
});
