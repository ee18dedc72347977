import type { Client } from '../../support/http-client.js';
import { dismiss, joinAsOperator, type TestOperator } from '../../support/operators.js';
import { Market, made, outcomeOf, SCOPE, tally } from './trading-client.js';

let market: Market;
let seller: Client;
let buyer: Client;
let other: Client;
let work: string;
beforeAll(async () => {
  market = await Market.start();
  [seller, buyer, other] = (await market.join('seller', 'buyer', 'other')) as [Client, Client, Client];
}, 60_000);
afterAll(() => market.stop());
beforeEach(async () => {
  work = await market.rights.deposit(seller);
});
afterEach(() => market.audit());

const times = <T>(count: number, act: (i: number) => Promise<T>): Promise<T[]> => Promise.all(Array.from({ length: count }, (_, i) => act(i)));

describe('a licence', () => {
  test('is listed, bought, paid and in force at once, and the trade is in the log', async () => {
    const listing = await market.listed(seller, work, { terms: { conditions: ['attribution'] } });
    const [sellerHad] = [await market.balance(seller)];
    await market.fund(buyer, 15_000n);
    const quote = made(await other.get(`/listings/${listing}/quote`));
    expect(quote['lines']).toEqual([{ role: 'fee', account: null, work: null, amountMinor: '500' }, { role: 'owner', account: seller.accountId, work, amountMinor: '9500' }]);
    const order = made(await market.buy(buyer, listing));
    expect(order).toMatchObject({ state: 'settled', work, listing, amountMinor: '10000', lines: quote['lines'] });
    expect([await market.balance(buyer), (await market.balance(seller)) - sellerHad]).toEqual([5_000n, 9_500n]);
    expect(made(await buyer.get(`/licences/${String(order['licence'])}`))).toMatchObject({ standing: 'in-force' });
    expect(await market.rights.verdict(buyer, work)).toMatchObject({ verdict: 'permitted' });
    expect(made(await buyer.get(`/orders/${String(order['number'])}`))).toMatchObject({ state: 'settled', timeline: [{ state: 'settled' }], buyer: buyer.accountId });
    expect(outcomeOf(await other.get(`/orders/${String(order['number'])}`))).toBe('404 TRADING.ORDER_NOT_FOUND');
    expect(await market.rights.chain(seller, work)).toEqual(['work.deposited']);
  });

  test('without the money is not granted, and nothing moves', async () => {
    const listing = await market.listed(seller, work, { price: { amountMinor: '999999999', currency: 'CNY' } });
    const had = await market.balance(buyer);
    expect(outcomeOf(await market.buy(buyer, listing, { max: { amountMinor: '999999999', currency: 'CNY' } }))).toBe('409 ACCOUNTING.INSUFFICIENT_FUNDS');
    expect([await market.balance(buyer), (await market.rights.query('SELECT 1 FROM licence JOIN listing USING (work_id) WHERE listing.amount = 999999999')).length]).toEqual([had, 0]);
  });

  test('costs no more than the buyer agreed to, in the currency that they agreed to', async () => {
    await market.fund(buyer, 50_000n);
    const listing = await market.listed(seller, work);
    for (const max of [{ amountMinor: '9999', currency: 'CNY' }, { amountMinor: '10000', currency: 'USD' }]) expect(outcomeOf(await market.buy(buyer, listing, { max }))).toBe('409 TRADING.PRICE_CHANGED');
    made(await seller.patch(`/listings/${listing}`, { price: { amountMinor: '12000', currency: 'CNY' } }));
    expect(outcomeOf(await market.buy(buyer, listing))).toBe('409 TRADING.PRICE_CHANGED');
    expect(made(await market.buy(buyer, listing, { max: { amountMinor: '20000', currency: 'CNY' } }))).toMatchObject({ amountMinor: '12000' });
    for (const amountMinor of ['0', '-1', '1.5', '1e3', '9'.repeat(79), '1000000000000000000']) expect([amountMinor, (await market.buy(buyer, listing, { max: { amountMinor, currency: 'CNY' } })).status]).toEqual([amountMinor, 400]);
    expect(outcomeOf(await market.buy(seller, listing))).toBe('422 TRADING.OWN_LISTING');
  });

  test('of which there are five is sold five times, and the same order is done once', async () => {
    const listing = await market.listed(seller, work, { quantity: 5 });
    await market.fund(other, 1_000_000n);
    const had = await market.balance(other);
    const answers = await times(40, (i) => market.buy(other, listing, {}, i < 20 ? { 'idempotency-key': `once-${listing}` } : {}));
    expect([...new Set(answers.map(outcomeOf))].toSorted()).toEqual(['409 TRADING.LISTING_CLOSED', 'settled']);
    expect([new Set(answers.flatMap(({ status, body }) => (status === 201 ? [body['number']] : []))).size, had - (await market.balance(other))]).toEqual([5, 50_000n]);
    expect(made(await other.get(`/listings/${listing}`))).toMatchObject({ state: 'sold-out', remaining: 0 });
  });

  test('cannot be bought before it opens, after it was taken back, or by who was not asked', async () => {
    await market.fund(buyer, 20_000n);
    const soon = await market.listed(seller, work, { opensAt: new Date(Date.now() + 3_600_000).toISOString() });
    expect(outcomeOf(await market.buy(buyer, soon))).toBe('409 TRADING.LISTING_CLOSED');
    const reserved = await market.listed(seller, work, { audience: [other.accountId] });
    expect([outcomeOf(await market.buy(buyer, reserved)), (await buyer.get(`/listings/${reserved}`)).status, (await other.get(`/listings/${reserved}`)).status]).toEqual(['404 TRADING.LISTING_NOT_FOUND', 404, 200]);
    const back = await market.listed(seller, work);
    expect(outcomeOf(await buyer.post(`/listings/${back}/withdrawal`, {}))).toBe('403 TRADING.NOT_SELLER');
    expect(made(await seller.post(`/listings/${back}/withdrawal`, {}))).toMatchObject({ state: 'withdrawn' });
    expect(outcomeOf(await market.buy(buyer, back))).toBe('409 TRADING.LISTING_CLOSED');
  });
});

describe('an exclusive licence', () => {
  test('two hundred buy at once: one has it, the others keep their money to the cent', async () => {
    const listing = await market.listed(seller, work, { kind: 'exclusive-licence' });
    const buyers = await market.join(...Array.from({ length: 10 }, (_, i) => `racer-${i}`));
    await Promise.all(buyers.map((one) => market.fund(one, 200_000n)));
    const had = await market.balance(seller);
    const answers = await times(200, (i) => market.buy(buyers[i % 10] as Client, listing));
    expect(tally(answers)).toEqual({ settled: 1, '409 TRADING.LISTING_CLOSED': 199 });
    const left = await Promise.all(buyers.map((one) => market.balance(one)));
    expect([left.filter((amount) => amount === 200_000n).length, left.filter((amount) => amount === 190_000n).length, (await market.balance(seller)) - had]).toEqual([9, 1, 9_500n]);
    expect(await market.rights.chain(seller, work)).toEqual(['work.deposited', 'work.licence-granted']);
  }, 120_000);

  test('is stale the moment that somebody else has what it takes', async () => {
    const listing = await market.listed(seller, work, { kind: 'exclusive-licence' });
    expect(made(await buyer.get(`/listings/${listing}`))).toMatchObject({ state: 'open', faults: [] });
    await market.rights.license(seller, work, other);
    expect(made(await buyer.get(`/listings/${listing}`))).toMatchObject({ state: 'stale', faults: ['taken'] });
    await market.fund(buyer, 10_000n);
    expect(outcomeOf(await market.buy(buyer, listing))).toBe('409 TRADING.LISTING_STALE');
    expect(outcomeOf(await market.list(seller, work, { kind: 'exclusive-licence' }))).toBe('409 LICENSING.SCOPE_CONFLICT');
  });
});

describe('a slice', () => {
  const SLICE = { ...SCOPE, rights: ['filming'], uses: ['film'], term: { from: '2021-01-01', to: null } };

  test('is paid for, held while the buyer looks, and changes hands with the money', async () => {
    const listing = await market.listed(seller, work, { kind: 'assignment', scope: SLICE });
    await market.fund(buyer, 10_000n);
    const [had, held] = [await market.balance(buyer), await market.balance(seller)];
    const order = made(await market.buy(buyer, listing));
    expect(order).toMatchObject({ state: 'funded' });
    expect([had - (await market.balance(buyer)), await market.balance(buyer, 'CNY', 'held'), (await market.balance(seller)) - held]).toEqual([10_000n, 10_000n, 0n]);
    expect(outcomeOf(await seller.post(`/orders/${String(order['number'])}/confirmation`, {}))).toBe('403 TRADING.NOT_BUYER');
    // Who comes second is told how the order stands, or that it is done.
    const { settled = 0, '409 TRADING.NOT_IN_THIS_STATE': late = 0, ...rest } = tally(await times(5, () => buyer.post(`/orders/${String(order['number'])}/confirmation`, {})));
    expect([settled > 0, settled + late, rest]).toEqual([true, 5, {}]);
    expect([await market.balance(buyer, 'CNY', 'held'), (await market.balance(seller)) - held]).toEqual([0n, 9_500n]);
    expect(await market.rights.chain(seller, work)).toEqual(['work.deposited', 'work.assigned']);
    expect(made(await buyer.get(`/orders/${String(order['number'])}`))).toMatchObject({ state: 'settled', timeline: [{ state: 'funded' }, { state: 'settled' }] });
  });

  test('that the seller has no more gives the money back by itself', async () => {
    const listing = await market.listed(seller, work, { kind: 'assignment', scope: SLICE });
    await market.fund(buyer, 10_000n);
    const had = await market.balance(buyer);
    const order = String(made(await market.buy(buyer, listing))['number']);
    made(await seller.post(`/works/${work}/assignments`, { scope: SLICE, to: [{ account: other.accountId, shareBps: 10_000 }] }));
    expect(made(await buyer.post(`/orders/${order}/confirmation`, {}))).toMatchObject({ state: 'refunded' });
    expect([await market.balance(buyer), await market.balance(buyer, 'CNY', 'held')]).toEqual([had, 0n]);
  });

  test('that is disputed waits for an operator; the seller may give the money back', async () => {
    const listing = await market.listed(seller, work, { kind: 'assignment', scope: SLICE });
    await market.fund(buyer, 10_000n);
    const had = await market.balance(buyer);
    const order = String(made(await market.buy(buyer, listing))['number']);
    expect(made(await buyer.post(`/orders/${order}/dispute`, { reason: 'the chain of title has a gap' }))).toMatchObject({ state: 'disputed' });
    expect(outcomeOf(await buyer.post(`/orders/${order}/confirmation`, {}))).toBe('409 TRADING.NOT_IN_THIS_STATE');
    expect((await other.post(`/orders/${order}/resolution`, { outcome: 'refund', reason: 'x' })).status).toBe(403);
    expect(made(await seller.post(`/orders/${order}/refund`, {}))).toMatchObject({ state: 'refunded' });
    expect(await market.balance(buyer)).toBe(had);
  });
});

describe('who is paid', () => {
  test('co-owners share by their shares, to the last fen', async () => {
    const [second, third] = (await market.join('second', 'third')) as [Client, Client];
    const shared = await market.rights.shared(seller, second, third);
    const listing = await market.listed(seller, shared, { price: { amountMinor: '10001', currency: 'CNY' } });
    await market.fund(buyer, 20_000n);
    made(await market.buy(buyer, listing, { max: { amountMinor: '10001', currency: 'CNY' } }));
    // 10,001 less 5 % rounded down is 9,501: 3,334, 3,333 and 3,333 of 10,000.
    expect([await market.balance(second), await market.balance(third)].toSorted()).toEqual([3_167n, 3_167n]);
  });

  test('the owner of an original has a share of what the derivative earns, as its licence says', async () => {
    const [translator] = (await market.join('translator')) as [Client];
    await market.rights.license(seller, work, translator, { scope: { ...SCOPE, rights: ['translation'], uses: ['*'] }, revenueShareBps: 2_000 });
    const translation = await market.rights.deposit(translator, { creation: { nature: 'translation', completedOn: '2024-01-01', derivedFrom: [{ work }] } });
    const listing = await market.listed(translator, translation);
    await market.fund(buyer, 20_000n);
    const had = await market.balance(seller);
    expect(made(await market.buy(buyer, listing))['lines']).toEqual([
      { role: 'fee', account: null, work: null, amountMinor: '500' }, { role: 'owner', account: translator.accountId, work: translation, amountMinor: '7600' }, { role: 'original', account: seller.accountId, work, amountMinor: '1900' },
    ]);
    expect([(await market.balance(seller)) - had, await market.balance(translator)]).toEqual([1_900n, 7_600n]);
  });
});

describe('a dispute', () => {
  const SLICE = { ...SCOPE, rights: ['filming'], uses: ['film'], term: { from: '2021-01-01', to: null } };
  let operator: TestOperator;
  let second: TestOperator;
  beforeAll(async () => {
    [operator, second] = [await joinAsOperator(market.rights.service, 'operator'), await joinAsOperator(market.rights.service, 'second')];
  });
  const told = async (who: Pick<Client, 'get'>, order: string) => (made(await who.get('/notices?limit=100'))['items'] as { kind: string; subject: string }[]).filter(({ subject }) => subject === order).map(({ kind }) => kind);
  const listed = async (query = '') => made(await operator.get(`/disputes?limit=100${query}`))['items'] as Record<string, unknown>[];
  const resolve = (by: Pick<Client, 'post'>, order: string, outcome: string, reason = 'heard both', key?: string) => by.post(`/orders/${order}/resolution`, { outcome, reason }, key === undefined ? {} : { 'idempotency-key': key });

  async function bought(): Promise<string> {
    const of = await market.rights.deposit(seller);
    await market.fund(buyer, 10_000n);
    return String(made(await market.buy(buyer, await market.listed(seller, of, { kind: 'assignment', scope: SLICE })))['number']);
  }

  async function disputed(reason = 'the chain of title has a gap'): Promise<string> {
    const order = await bought();
    made(await buyer.post(`/orders/${order}/dispute`, { reason }));
    return order;
  }

  test('is told to every operator who may decide it, listed for them, and read by them with all that was said', async () => {
    const [first, later] = [await disputed(), await disputed('another')];
    const retired = await joinAsOperator(market.rights.service, 'retired');
    await dismiss(market.rights.service, retired);
    const last = await disputed();
    expect([await told(operator, first), await told(second, later), await told(seller, first), await told(retired, last), await told(buyer, first)]).toEqual([['order-disputed'], ['order-disputed'], ['order-disputed', 'order-funded'], [], []]);
    expect((await listed()).map(({ number }) => number).slice(-3)).toEqual([first, later, last]);
    const page = made(await operator.get('/disputes?limit=1'));
    const [next] = made(await operator.get(`/disputes?limit=1&cursor=${String(page['nextCursor'])}`))['items'] as Record<string, unknown>[];
    expect(next).toEqual((await listed())[1]);
    expect((await listed()).find(({ number }) => number === first)).toMatchObject({
      state: 'disputed', buyer: buyer.accountId, seller: seller.accountId, amountMinor: '10000', disputeReason: 'the chain of title has a gap', disputedAt: expect.stringMatching(/Z$/), resolvedBy: null,
    });
    expect(made(await operator.get(`/orders/${first}`))).toMatchObject({ number: first, buyer: buyer.accountId, seller: seller.accountId, disputeReason: 'the chain of title has a gap', timeline: [{ state: 'funded' }, { state: 'disputed' }] });
    // With an API key, or as anybody else, there is no such order, and no list.
    expect(await Promise.all([operator.program.get(`/orders/${first}`), other.get(`/orders/${first}`), retired.get(`/orders/${first}`), operator.program.get('/disputes'), other.get('/disputes'), retired.get('/disputes'), operator.get('/disputes?cursor=WyIwMDAwLTAxLTAxVDAwOjAwOjAwLjAwMDAwMFoiLCIxIl0')]).then((answers) => answers.map(outcomeOf))).toEqual([
      '404 TRADING.ORDER_NOT_FOUND', '404 TRADING.ORDER_NOT_FOUND', '404 TRADING.ORDER_NOT_FOUND', '403 HTTP.SESSION_REQUIRED', '403 HTTP.SESSION_REQUIRED', '403 OPERATORS.NOT_OPERATOR', '400 HTTP.INVALID_CURSOR']);
  });

  test.each([['settle', 'settled', null], ['refund', 'refunded', 'by an operator']])('that is decided: %s leaves who decided and why, beside what the buyer said; said again it is done once', async (outcome, state, reason) => {
    const order = await disputed();
    const had = await market.balance(seller);
    const decided = { state, reason, disputeReason: 'the chain of title has a gap', resolvedBy: operator.accountId, resolutionReason: 'heard both' };
    expect(made(await resolve(operator, order, outcome))).toMatchObject(decided);
    expect([made(await buyer.get(`/orders/${order}`)), made(await seller.get(`/orders/${order}`))]).toMatchObject([decided, decided]);
    expect(made(await resolve(operator, order, outcome))).toMatchObject(decided);
    const others = [await resolve(second, order, outcome), await resolve(operator, order, outcome, 'on second thoughts'), await resolve(operator, order, outcome === 'settle' ? 'refund' : 'settle')];
    expect(others.map(outcomeOf)).toEqual(Array(3).fill('409 TRADING.NOT_IN_THIS_STATE'));
    expect((await market.balance(seller)) - had).toBe(outcome === 'settle' ? 9_500n : 0n);
    expect([(await listed()).some(({ number }) => number === order), (await listed('&state=ended')).find(({ number }) => number === order)]).toMatchObject([false, decided]);
  });

  test('that cannot be settled any more is refunded, and said again answered so', async () => {
    const order = await disputed();
    const { work: of } = made(await buyer.get(`/orders/${order}`));
    made(await seller.post(`/works/${String(of)}/assignments`, { scope: SLICE, to: [{ account: other.accountId, shareBps: 10_000 }] }));
    for (let i = 0; i < 2; i++) expect(made(await resolve(operator, order, 'settle'))).toMatchObject({ state: 'refunded', disputeReason: 'the chain of title has a gap', resolvedBy: operator.accountId, resolutionReason: 'heard both' });
    expect(outcomeOf(await resolve(operator, order, 'refund'))).toBe('409 TRADING.NOT_IN_THIS_STATE');
  });

  test('that the seller gives in to keeps what the buyer said, and says that no operator decided', async () => {
    const order = await disputed();
    expect(made(await seller.post(`/orders/${order}/refund`, {}))).toMatchObject({ state: 'refunded', reason: 'by the seller', disputeReason: 'the chain of title has a gap', resolvedBy: null, resolutionReason: null });
  });

  test('takes keys, as all that moves an order does: with the same one it is answered alike, with another act’s refused', async () => {
    const [order, confirmed, gone] = [await disputed(), await bought(), await bought()];
    const keyed = (who: Pick<Client, 'post'>, what: string, of: string, key: string) => who.post(`/orders/${of}/${what}`, {}, { 'idempotency-key': key });
    const { work: of } = made(await buyer.get(`/orders/${gone}`));
    made(await seller.post(`/works/${String(of)}/assignments`, { scope: SLICE, to: [{ account: other.accountId, shareBps: 10_000 }] }));
    // A confirmation that came to a refund is answered so again: the buyer's, whose answer was lost.
    for (let i = 0; i < 2; i++) expect([outcomeOf(await keyed(buyer, 'confirmation', confirmed, 'confirmed')), outcomeOf(await keyed(buyer, 'confirmation', gone, 'gone'))]).toEqual(['settled', 'refunded']);
    for (let i = 0; i < 2; i++) expect(outcomeOf(await resolve(operator, order, 'refund', 'heard both', 'decided'))).toBe('refunded');
    expect([outcomeOf(await resolve(operator, order, 'refund', 'x', 'decided')), outcomeOf(await keyed(buyer, 'confirmation', order, 'confirmed')), outcomeOf(await keyed(buyer, 'confirmation', gone, 'new'))]).toEqual([
      '422 HTTP.IDEMPOTENCY_KEY_REUSED', '422 HTTP.IDEMPOTENCY_KEY_REUSED', '409 TRADING.NOT_IN_THIS_STATE']);
  });

  test('is decided by operators only, also for the database, and never by a party of it', async () => {
    const [order] = [await disputed()];
    const update = (change: string) => market.rights.query(`UPDATE trade_order SET ${change} WHERE state = 'disputed' AND disputed_at = (SELECT max(disputed_at) FROM trade_order)`);
    const ended = `ended_at = now()`;
    for (const change of [`state = 'settled', ${ended}`, `state = 'settled', ${ended}, resolved_by = '${other.accountId}', resolution_reason = 'x'`, `state = 'refunded', ${ended}, dispute_reason = 'x'`]) await expect(update(change)).rejects.toMatchObject({ code: 'ZB082' });
    await expect(update(`state = 'refunded', ${ended}, resolved_by = '${operator.accountId}'`)).rejects.toMatchObject({ code: '23514' });
    await expect(update(`state = 'refunded', ${ended}, resolved_by = seller_id, resolution_reason = 'x'`)).rejects.toMatchObject({ code: '23514' });
    expect(outcomeOf(await resolve(operator, order, 'refund'))).toBe('refunded');
  });
});
