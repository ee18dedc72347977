import { EndDueNegotiations } from '../../../src/modules/trading/negotiations/end-due-negotiations.js';
import type { Answer, Client } from '../../support/http-client.js';
import { Bazaar, inMs, WEEK_MS, yuan } from './negotiations-client.js';
import { made, outcomeOf, SCOPE, tally } from './trading-client.js';

if (process.env['DEEP']) jest.setTimeout(300_000);

let bazaar: Bazaar;
let seller: Client;
let buyer: Client;
let other: Client;
let work: string;
beforeAll(async () => {
  bazaar = await Bazaar.start();
  [seller] = (await bazaar.market.join('seller')) as [Client];
}, 120_000);
afterAll(() => bazaar?.stop());
beforeEach(async () => {
  [buyer, other] = (await bazaar.market.join('buyer', 'other')) as [Client, Client];
  await Promise.all([buyer, other].map((one) => bazaar.market.fund(one, 100_000_000n)));
  work = await bazaar.market.rights.deposit(seller);
});
afterEach(() => bazaar.audit());

const endDue = (): Promise<void> => bazaar.market.rights.service.app.get(EndDueNegotiations, { strict: false }).execute();
const endStale = (): Promise<void> => bazaar.market.rights.service.app.get(EndDueNegotiations, { strict: false }).endStale();
const SLICE = { ...SCOPE, rights: ['filming'], uses: ['film'], term: { from: '2021-01-01', to: null } };
const codeOf = ({ status, body }: Answer): string => `${status} ${String(body['code'])}`;

describe('a licence', () => {
  test('is sold at the price that was agreed on, out of the money that was held', async () => {
    const listing = await bazaar.listed(seller, work);
    const [[had], earned] = [await bazaar.purse(buyer), await bazaar.market.balance(seller)];
    const opened = made(await bazaar.open(buyer, listing, 60, { message: '六十元可否?' }));
    expect(opened).toMatchObject({ state: 'open', role: 'buyer', listing, standing: { id: 1, by: 'buyer', amountMinor: '6000', state: 'standing' } });
    const number = String(opened['number']);
    expect(await bazaar.purse(buyer)).toEqual([had - 6_000n, 6_000n]);
    expect(await bazaar.read(seller, number)).toMatchObject({ role: 'seller', faults: [], lines: [{ role: 'fee', amountMinor: '300' }, { role: 'owner', amountMinor: '5700' }] });

    made(await bazaar.offer(seller, number, 90, { answers: 1 }));
    expect(await bazaar.purse(buyer)).toEqual([had, 0n]);
    made(await bazaar.offer(buyer, number, 80));
    const agreed = made(await bazaar.accept(seller, number, 3));
    expect(agreed).toMatchObject({ state: 'agreed', standing: null, placed: { state: 'settled', amountMinor: '8000', listing, work } });
    expect([await bazaar.purse(buyer), (await bazaar.market.balance(seller)) - earned]).toEqual([[had - 8_000n, 0n], 7_600n]);
    const order = made(await buyer.get(`/orders/${String(agreed['order'])}`));
    expect(order).toMatchObject({ state: 'settled', amountMinor: '8000', timeline: [{ state: 'settled' }] });
    expect(made(await buyer.get(`/licences/${String(order['licence'])}`))).toMatchObject({ standing: 'in-force' });
    expect(await bazaar.market.rights.verdict(buyer, work)).toMatchObject({ verdict: 'permitted' });
    expect((await bazaar.offers(buyer, number)).map(({ id, by, state }) => [id, by, state])).toEqual([[3, 'buyer', 'accepted'], [2, 'seller', 'replaced'], [1, 'buyer', 'replaced']]);
    expect(await bazaar.market.rights.notices(buyer, number)).toEqual(['offer-made', 'negotiation-agreed']);
    expect(await bazaar.market.rights.notices(seller, number)).toEqual(['negotiation-message', 'offer-made', 'offer-made']);
    // Not closed by it: others may buy one as well, and so may this buyer once more.
    expect(outcomeOf(await bazaar.open(buyer, listing, 10))).toBe('open');
  });

  test('is paid from the balance by a buyer who accepts what the seller asks, and who may try again once the money is there', async () => {
    const [poor] = (await bazaar.market.join('poor')) as [Client];
    await bazaar.market.fund(poor, 100n);
    const number = await bazaar.opened(poor, await bazaar.listed(seller, work), 1);
    made(await bazaar.offer(seller, number, 70));
    expect(outcomeOf(await bazaar.accept(poor, number, 2))).toBe('409 ACCOUNTING.INSUFFICIENT_FUNDS');
    expect([(await bazaar.read(poor, number))['state'], await bazaar.purse(poor)]).toEqual(['open', [100n, 0n]]);
    await bazaar.market.fund(poor, 6_900n);
    expect(made(await bazaar.accept(poor, number, 2))).toMatchObject({ state: 'agreed', placed: { amountMinor: '7000', state: 'settled' } });
    expect(await bazaar.purse(poor)).toEqual([0n, 0n]);
  });

  test('cannot be offered for without the money, for another currency, for no time or too much of it', async () => {
    const listing = await bazaar.listed(seller, work);
    const before = await bazaar.purse(buyer);
    const openings: readonly [string, Record<string, unknown>][] = [
      ['409 ACCOUNTING.INSUFFICIENT_FUNDS', { offer: { amountMinor: '999999999999999999', currency: 'CNY' } }],
      ['422 TRADING.OFFER_INVALID', { offer: { amountMinor: '100', currency: 'USD' } }],
      ['422 TRADING.OFFER_INVALID', { expiresAt: inMs(30_000) }],
      ['422 TRADING.OFFER_INVALID', { expiresAt: inMs(31 * 24 * 3_600_000) }],
      ['422 TRADING.OFFER_INVALID', { expiresAt: inMs(-1) }],
      ...['0', '-1', '1.5', '1e3', '9'.repeat(79)].map((amountMinor) => ['400 HTTP.INVALID_BODY', { offer: { amountMinor, currency: 'CNY' } }] as [string, Record<string, unknown>]),
    ];
    for (const [expected, change] of openings) expect([JSON.stringify(change), outcomeOf(await bazaar.open(buyer, listing, 10, change))]).toEqual([JSON.stringify(change), expected]);
    expect(await bazaar.purse(buyer)).toEqual(before);
    expect(outcomeOf(await bazaar.open(buyer, await bazaar.market.listed(seller, work), 10))).toBe('422 TRADING.NOT_NEGOTIABLE');
    expect(outcomeOf(await bazaar.open(seller, listing, 10))).toBe('422 TRADING.OWN_LISTING');
    const upcoming = await bazaar.listed(seller, work, { opensAt: inMs(WEEK_MS) });
    expect(outcomeOf(await bazaar.open(buyer, upcoming, 10))).toBe('409 TRADING.LISTING_CLOSED');
  });
});

describe('an offer', () => {
  test('binds its maker: it is not taken back or made worse, but it may be bettered', async () => {
    const number = await bazaar.opened(buyer, await bazaar.listed(seller, work), 50);
    const [had] = await bazaar.purse(buyer);
    expect(outcomeOf(await bazaar.leave(buyer, number))).toBe('409 TRADING.OFFER_BINDING');
    expect(outcomeOf(await bazaar.offer(buyer, number, 40))).toBe('409 TRADING.OFFER_BINDING');
    expect(outcomeOf(await bazaar.offer(buyer, number, 60, { expiresAt: inMs(3_600_000) }))).toBe('409 TRADING.OFFER_BINDING');
    expect(outcomeOf(await bazaar.offer(buyer, number, 60, { expiresAt: inMs(WEEK_MS + 60_000) }))).toBe('open');
    expect(await bazaar.purse(buyer)).toEqual([had - 1_000n, 6_000n]);
    made(await bazaar.offer(seller, number, 90));
    expect(outcomeOf(await bazaar.offer(seller, number, 95))).toBe('409 TRADING.OFFER_BINDING');
    expect(outcomeOf(await bazaar.leave(seller, number))).toBe('409 TRADING.OFFER_BINDING');
    made(await bazaar.offer(seller, number, 85, { expiresAt: inMs(WEEK_MS + 120_000) }));
    // Whom the other's offer stands before may leave: nothing binds them.
    expect(made(await bazaar.leave(buyer, number))).toMatchObject({ state: 'withdrawn' });
    expect((await bazaar.offers(seller, number)).map(({ state }) => state)).toEqual(['rejected', 'replaced', 'replaced', 'replaced']);
    for (const again of [bazaar.offer(seller, number, 80), bazaar.accept(buyer, number, 4), bazaar.leave(seller, number), bazaar.reject(buyer, number, 4)]) expect(codeOf(await again)).toBe('409 TRADING.NEGOTIATION_ENDED');
    expect(await bazaar.purse(buyer)).toEqual([had + 5_000n, 0n]);
  });

  test('is answered by its id: one that was replaced meanwhile, rejected or one’s own is not accepted', async () => {
    const number = await bazaar.opened(buyer, await bazaar.listed(seller, work), 50);
    expect(outcomeOf(await bazaar.accept(buyer, number, 1))).toBe('422 TRADING.OWN_OFFER');
    expect(outcomeOf(await bazaar.reject(buyer, number, 1))).toBe('422 TRADING.OWN_OFFER');
    expect(outcomeOf(await bazaar.accept(seller, number, 2))).toBe('409 TRADING.OFFER_NOT_STANDING');
    made(await bazaar.offer(buyer, number, 55, { expiresAt: inMs(WEEK_MS + 60_000) }));
    expect(await bazaar.accept(seller, number, 1)).toMatchObject({ status: 409, body: { code: 'TRADING.OFFER_NOT_STANDING', standing: 2 } });
    expect(outcomeOf(await bazaar.offer(seller, number, 90, { answers: 1 }))).toBe('409 TRADING.OFFER_NOT_STANDING');
    const [had] = await bazaar.purse(buyer);
    expect(made(await bazaar.reject(seller, number, 2))).toMatchObject({ state: 'open', standing: null });
    expect(await bazaar.purse(buyer)).toEqual([had + 5_500n, 0n]);
    expect(outcomeOf(await bazaar.accept(seller, number, 2))).toBe('409 TRADING.OFFER_NOT_STANDING');
    made(await bazaar.offer(seller, number, 90));
    expect(await bazaar.market.rights.notices(buyer, number)).toEqual(['offer-rejected', 'offer-made']);
    made(await bazaar.accept(buyer, number, 3));
  });

  test('of the seller’s stands no longer than the listing is open', async () => {
    const closesAt = inMs(WEEK_MS / 2);
    const number = await bazaar.opened(buyer, await bazaar.listed(seller, work, { closesAt }), 50);
    const beyond = await bazaar.offer(seller, number, 90);
    expect([codeOf(beyond), (beyond.body['errors'] as { pointer: string }[]).map(({ pointer }) => pointer)]).toEqual(['422 TRADING.OFFER_INVALID', ['/expiresAt']]);
    expect(await bazaar.read(buyer, number)).toMatchObject({ standing: { id: 1, by: 'buyer' } });
    expect(made(await bazaar.offer(seller, number, 90, { expiresAt: closesAt }))).toMatchObject({ standing: { id: 2, by: 'seller' } });
  });

  test('that has lapsed is lapsed at once for who looks, its money comes back soon after, and another may be made', async () => {
    const listing = await bazaar.listed(seller, work);
    const number = await bazaar.opened(buyer, listing, 50, { expiresAt: inMs(120_000) });
    const [had] = await bazaar.purse(buyer);
    await bazaar.age(number, 121_000);
    expect(await bazaar.read(seller, number)).toMatchObject({ state: 'open', standing: null });
    expect((await bazaar.offers(buyer, number)).map(({ state }) => state)).toEqual(['lapsed']);
    expect(outcomeOf(await bazaar.accept(seller, number, 1))).toBe('409 TRADING.OFFER_NOT_STANDING');
    expect(outcomeOf(await bazaar.reject(seller, number, 1))).toBe('409 TRADING.OFFER_NOT_STANDING');
    await bazaar.market.rights.query(`SELECT graphile_worker.add_job('trading.end-negotiations')`);
    for (const since = Date.now(); (await bazaar.purse(buyer))[1] !== 0n && Date.now() - since < 30_000;) await new Promise((done) => setTimeout(done, 50));
    expect(await bazaar.purse(buyer)).toEqual([had + 5_000n, 0n]);
    expect(await bazaar.market.rights.notices(buyer, number)).toEqual(['offer-lapsed']);

    made(await bazaar.offer(buyer, number, 45, { expiresAt: inMs(120_000) }));
    await bazaar.age(number, 121_000);
    // Its money is what the next one is paid from, before any job has come by.
    made(await bazaar.offer(buyer, number, 40));
    expect([await bazaar.purse(buyer), (await bazaar.offers(buyer, number)).map(({ state }) => state)]).toEqual([[had + 1_000n, 4_000n], ['standing', 'lapsed', 'lapsed']]);
    await bazaar.age(number, 60 * 24 * 3_600_000);
    expect(await bazaar.read(buyer, number)).toMatchObject({ state: 'lapsed', standing: null });
    expect(codeOf(await bazaar.offer(buyer, number, 40))).toBe('409 TRADING.NEGOTIATION_ENDED');
    // A new one takes its place.
    const next = await bazaar.opened(buyer, listing, 30);
    expect([await bazaar.purse(buyer), (await bazaar.read(seller, number))['state'], (await bazaar.read(seller, next))['state']]).toEqual([[had + 2_000n, 3_000n], 'lapsed', 'open']);
  });

  test('is made once, however often it is asked for; one negotiation is open for each buyer', async () => {
    const listing = await bazaar.listed(seller, work);
    const key = { 'idempotency-key': `open-${listing}` };
    const body = { offer: yuan(20), expiresAt: inMs(WEEK_MS) };
    const [had] = await bazaar.purse(buyer);
    const answers = await Promise.all(Array.from({ length: 8 }, () => buyer.post(`/listings/${listing}/negotiations`, body, key)));
    const numbers = new Set(answers.filter(({ status }) => status === 201).map(({ body: { number } }) => number));
    expect([numbers.size, await bazaar.purse(buyer)]).toEqual([1, [had - 2_000n, 2_000n]]);
    expect(outcomeOf(await bazaar.open(buyer, listing, 20, {}, key))).toBe('422 HTTP.IDEMPOTENCY_KEY_REUSED');
    const [number] = [...numbers] as [string];
    expect(await bazaar.open(buyer, listing, 20)).toMatchObject({ status: 409, body: { code: 'TRADING.NEGOTIATION_OPEN', negotiation: number } });
    const racers = await Promise.all(Array.from({ length: 8 }, () => bazaar.open(other, listing, 20)));
    expect(tally(racers)).toEqual({ open: 1, '409 TRADING.NEGOTIATION_OPEN': 7 });
    // An acceptance, once done, is answered as it was, whatever has become of the listing since.
    const once = { 'idempotency-key': `accept-${listing}` };
    const first = made(await bazaar.accept(seller, number, 1, once));
    made(await seller.post(`/listings/${listing}/withdrawal`, {}));
    expect(made(await bazaar.accept(seller, number, 1, once))).toEqual(first);
    await endDue();
  });
});

describe('a slice', () => {
  test('that was agreed on is a funded order with the money that was held, and settles as every other', async () => {
    const listing = await bazaar.listed(seller, work, { kind: 'assignment', scope: SLICE });
    const number = await bazaar.opened(buyer, listing, 77);
    const [[had, held], earned] = [await bazaar.purse(buyer), await bazaar.market.balance(seller)];
    const agreed = made(await bazaar.accept(seller, number, 1));
    expect(agreed).toMatchObject({ state: 'agreed', placed: { state: 'funded', amountMinor: '7700' } });
    expect(await bazaar.purse(buyer)).toEqual([had, held]);
    const order = String(agreed['order']);
    expect(made(await buyer.post(`/orders/${order}/confirmation`, {}))).toMatchObject({ state: 'settled' });
    expect([await bazaar.purse(buyer), (await bazaar.market.balance(seller)) - earned]).toEqual([[had, held - 7_700n], 7_315n]);
    expect(await bazaar.market.rights.chain(seller, work)).toEqual(['work.deposited', 'work.assigned']);
  });

  test('that the buyer accepted at the seller’s price is held from their balance, and given back by the seller', async () => {
    const number = await bazaar.opened(buyer, await bazaar.listed(seller, work, { kind: 'assignment', scope: SLICE }), 10);
    made(await bazaar.offer(seller, number, 80));
    const [had, held] = await bazaar.purse(buyer);
    const order = String(made(await bazaar.accept(buyer, number, 2))['order']);
    expect(await bazaar.purse(buyer)).toEqual([had - 8_000n, held + 8_000n]);
    expect(made(await seller.post(`/orders/${order}/refund`, {}))).toMatchObject({ state: 'refunded' });
    expect(await bazaar.purse(buyer)).toEqual([had, held]);
  });
});

describe('what cannot be sold any more', () => {
  test('fails when it is accepted, and the money goes back by itself', async () => {
    const listing = await bazaar.listed(seller, work, { kind: 'exclusive-licence' });
    const [had, held] = await bazaar.purse(buyer);
    const number = await bazaar.opened(buyer, listing, 50);
    await bazaar.market.rights.license(seller, work, other);
    expect(await bazaar.read(buyer, number)).toMatchObject({ faults: ['taken'] });
    expect(outcomeOf(await bazaar.open(other, listing, 50))).toBe('409 TRADING.LISTING_STALE');
    expect(outcomeOf(await bazaar.offer(buyer, number, 60, { expiresAt: inMs(WEEK_MS + 60_000) }))).toBe('409 TRADING.LISTING_STALE');
    expect(made(await bazaar.accept(seller, number, 1))).toMatchObject({ state: 'failed', reason: 'taken', order: null, placed: null });
    expect([await bazaar.purse(buyer), await bazaar.market.rights.notices(buyer, number)]).toEqual([[had, held], ['negotiation-ended']]);
  });

  test('fails for want of a co-owner’s consent that was withdrawn', async () => {
    const [second] = (await bazaar.market.join('second')) as [Client];
    const shared = await bazaar.market.rights.shared(seller, second);
    const consent = made(await second.post(`/works/${shared}/consents`, { to: seller.accountId, act: 'licence', scope: SCOPE }));
    const number = await bazaar.opened(buyer, await bazaar.listed(seller, shared, { kind: 'exclusive-licence' }), 50);
    made(await second.post(`/works/${String(consent['subject'])}/consents/${String(consent['seq'])}/withdrawal`, {}));
    expect((await second.get(`/negotiations/${number}`)).status).toBe(404);
    expect(await bazaar.read(buyer, number)).toMatchObject({ faults: ['consent-missing'] });
    expect(made(await bazaar.accept(seller, number, 1))).toMatchObject({ state: 'failed', reason: 'consent-missing' });
  });

  test('ends with its listing: closed at once for who looks, and the money comes back', async () => {
    const [had, held] = await bazaar.purse(buyer);
    const listing = await bazaar.listed(seller, work);
    const [number, accepted] = [await bazaar.opened(buyer, listing, 50), await bazaar.opened(other, listing, 60)];
    made(await seller.post(`/listings/${listing}/withdrawal`, {}));
    expect(await bazaar.read(buyer, number)).toMatchObject({ state: 'closed', standing: null });
    expect(codeOf(await bazaar.offer(buyer, number, 90))).toBe('409 TRADING.NEGOTIATION_ENDED');
    expect(made(await bazaar.accept(seller, accepted, 1))).toMatchObject({ state: 'failed', reason: 'withdrawn' });
    await endDue();
    expect([await bazaar.read(buyer, number), await bazaar.purse(buyer)]).toMatchObject([{ state: 'closed', reason: 'listing-closed' }, [had, held]]);
    const stale = await bazaar.opened(buyer, await bazaar.listed(seller, work, { kind: 'exclusive-licence' }), 50);
    await bazaar.market.rights.license(seller, work, other);
    await endStale();
    expect([await bazaar.read(buyer, stale), await bazaar.purse(buyer)]).toMatchObject([{ state: 'closed', reason: 'stale' }, [had, held]]);
  });
});

describe('at once', () => {
  test('two negotiations of one exclusive listing are accepted: one is sold, the other’s money is back to the cent', async () => {
    for (let round = 0; round < 3; round++) {
      const contested = await bazaar.market.rights.deposit(seller);
      const listing = await bazaar.listed(seller, contested, { kind: round === 2 ? 'assignment' : 'exclusive-licence', ...(round === 2 ? { scope: SLICE } : {}) });
      const before = await Promise.all([buyer, other].map((one) => bazaar.purse(one)));
      const numbers = [await bazaar.opened(buyer, listing, 60), await bazaar.opened(other, listing, 70)] as const;
      if (round === 1) for (const number of numbers) made(await bazaar.offer(seller, number, 65));
      const answers = await Promise.all([bazaar.accept(round === 1 ? buyer : seller, numbers[0], round === 1 ? 2 : 1), bazaar.accept(round === 1 ? other : seller, numbers[1], round === 1 ? 2 : 1)]);
      expect(tally(answers)).toEqual({ agreed: 1, failed: 1 });
      const winner = answers.findIndex((answer) => answer.body['state'] === 'agreed');
      const price = round === 1 ? 6_500n : ([6_000n, 7_000n][winner] as bigint);
      const after = await Promise.all([buyer, other].map((one) => bazaar.purse(one)));
      expect(after[1 - winner]).toEqual(before[1 - winner]);
      expect(after[winner]).toEqual([(before[winner] as [bigint, bigint])[0] - price, (before[winner] as [bigint, bigint])[1] + (round === 2 ? price : 0n)]);
      await bazaar.audit();
    }
  });

  test('accepting, rejecting, countering and leaving: exactly one of them is done', async () => {
    for (let round = 0; round < (process.env['DEEP'] ? 40 : 5); round++) {
      const number = await bazaar.opened(buyer, await bazaar.listed(seller, work), 33);
      const answers = await Promise.all([
        bazaar.accept(seller, number, 1), bazaar.accept(seller, number, 1), bazaar.reject(seller, number, 1), bazaar.leave(seller, number), bazaar.offer(seller, number, 90, { answers: 1 }),
        bazaar.offer(buyer, number, 44, { expiresAt: inMs(WEEK_MS + 60_000) }),
      ]);
      expect(answers.filter(({ status }) => status >= 500)).toEqual([]);
      // Those that answer the first offer: one of them at most, and one of all six at least.
      const outcomes = answers.map(outcomeOf);
      const isDone = (outcome: string): boolean => ['agreed', 'open', 'withdrawn'].includes(outcome);
      expect([outcomes, [0, 1, 2, 4].filter((i) => isDone(outcomes[i] as string)).length <= 1, outcomes.some(isDone)]).toEqual([outcomes, true, true]);
      const { state } = await bazaar.read(buyer, number);
      expect([outcomes, state]).toEqual([outcomes, outcomes.includes('agreed') ? 'agreed' : outcomes[3] === 'withdrawn' ? 'withdrawn' : 'open']);
      await bazaar.audit();
    }
  });

  test('an offer lapses while it is accepted and the job comes by: sold, or given back, and never both', async () => {
    for (let round = 0; round < (process.env['DEEP'] ? 40 : 6); round++) {
      const number = await bazaar.opened(buyer, await bazaar.listed(seller, work), 33);
      const [had] = await bazaar.purse(buyer);
      const left = 40 + 40 * round;
      await bazaar.age(number, WEEK_MS - left - 100);
      const [answer] = await Promise.all([
        new Promise((done) => setTimeout(done, left)).then(() => bazaar.accept(seller, number, 1)), ...[0, 30, 60, 90].map((ms) => new Promise((done) => setTimeout(done, left + ms)).then(endDue)),
      ]);
      expect(['agreed', '409 TRADING.OFFER_NOT_STANDING']).toContain(outcomeOf(answer));
      await new Promise((done) => setTimeout(done, 200));
      await endDue();
      const [available, held] = await bazaar.purse(buyer);
      expect([available, held]).toEqual([outcomeOf(answer) === 'agreed' ? had : had + 3_300n, 0n]);
    }
  });
});
