import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { auditLedger } from '../../../src/modules/accounting/index.js';
import { ORDER_CHECKS } from '../../../src/modules/trading/index.js';
import { EndDueNegotiations } from '../../../src/modules/trading/negotiations/end-due-negotiations.js';
import { type Seeded, seeded } from '../../faults/support/seeded.js';
import type { Answer, Client } from '../../support/http-client.js';
import { fund, joinAsOperator, type TestOperator } from '../../support/operators.js';
import { CompareBalances } from './compare-balances.js';
import { type Kind, MarketModel, type ModelListing, type ModelNegotiation, type ModelOrder, type ModelWork } from './market-model.js';
import { Market, SCOPE } from './trading-client.js';

/** Markets that share the service and nothing else, each with a seed of its own. */
const MARKETS = process.env['DEEP'] ? 20 : 2;
const ACTS = process.env['DEEP'] ? 2_000 : 150;
const SEED = Number(process.env['MARKET_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const TRADERS = 5;
const YEARS = 3;
const CURRENCIES = ['CNY', 'USD'] as const;
const KINDS: readonly Kind[] = ['licence', 'licence', 'exclusive-licence', 'assignment', 'assignment'];
/** Acts go to the newest of these: the older ones are sold out, or taken. */
const NEWEST = { works: 4, listings: 8, orders: 5, negotiations: 5 };
/** So many are open in a market at a time. */
const MOST_OPEN = 6;
/** Offers stand until somebody ends them. */
const EXPIRES_AT = new Date(Date.now() + 20 * 24 * 3_600_000).toISOString();

let market: Market;
let operator: TestOperator;
beforeAll(async () => {
  market = await Market.start();
  operator = await joinAsOperator(market.rights.service);
}, 60_000);
afterAll(() => market.stop());

const said = ({ status, body }: Answer): string => String(status < 300 ? body['state'] : body['code']);

/** One market: what is done in it, in the service and in the model. */
class Play {
  readonly model = new MarketModel();
  private readonly works: ModelWork[] = [];
  private readonly listings: ModelListing[] = [];
  private readonly orders: ModelOrder[] = [];
  /** Orders that were asked for with a key, to be asked for again. */
  private readonly asked: { order: ModelOrder; send: () => Promise<Answer> }[] = [];
  private readonly compare: CompareBalances;
  private readonly counts = new Map<string, number>();

  private constructor(private readonly random: Seeded, private readonly traders: readonly Client[]) {
    this.compare = new CompareBalances(market, traders.map(({ accountId }) => accountId));
  }

  static async open(seed: number): Promise<Play> {
    const play = new Play(seeded(seed), await market.join(...Array.from({ length: TRADERS }, (_, i) => `trader-${i}`)));
    for (let i = 0; i < NEWEST.works; i++) await play.deposit();
    for (let i = 0; i < 2 * TRADERS; i++) await play.topUp();
    return play;
  }

  get outcomes(): string {
    return [...this.counts].toSorted().map(([outcome, count]) => `${outcome} ${count}`).join(', ');
  }

  async run(acts: number): Promise<void> {
    for (let i = 0; i < acts; i++) {
      const what = await this.act().catch((error: unknown) => {
        throw new Error(`MARKET_SEED=${SEED}, market of seed ${this.random.seed}, act ${i}: ${String(error)}`, { cause: error });
      });
      this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
      await this.endUnsaleable();
      await this.compare.execute(this.model, `MARKET_SEED=${SEED}, market of seed ${this.random.seed}, after act ${i}: ${what}`);
    }
  }

  /** @returns what was done, and what it came to. */
  private act(): Promise<string> {
    const acts: readonly [weight: number, act: () => Promise<string>][] = [
      [2, () => this.deposit()], [10, () => this.topUp()], [16, () => this.offer()], [40, () => this.buy()], [6, () => this.change()], [3, () => this.withdraw()], [9, () => this.confirm()], [5, () => this.refund()],
      [6, () => this.dispute()], [4, () => this.resolve()], [5, () => this.askAgain()], [14, () => this.negotiate()], [10, () => this.bid()], [10, () => this.accept()], [3, () => this.reject()], [2, () => this.leave()],
    ];
    let at = this.random.below(acts.reduce((sum, [weight]) => sum + weight, 0));
    return (acts.find(([weight]) => (at -= weight) < 0) as (typeof acts)[number])[1]();
  }

  private one<T>(items: readonly T[], newest = items.length): T {
    const from = items.slice(-newest);
    return from[this.random.below(from.length)] as T;
  }

  private amount(): bigint {
    // Now and then dust, of which there is no fee.
    return BigInt(1 + this.random.below(this.random.below(6) === 0 ? 25 : 30_000));
  }

  private clientOf(accountId: string): Client {
    return this.traders.find((one) => one.accountId === accountId) as Client;
  }

  private assertSaid(what: string, answer: Answer, expected: string): string {
    if (said(answer) !== expected) throw new Error(`${what}: ${answer.status} ${JSON.stringify(answer.body)}, and not ${expected}`);
    return `${what}: ${expected}`;
  }

  private async deposit(): Promise<string> {
    const [owner, other] = [this.one(this.traders), this.one(this.traders)];
    const isShared = owner !== other && this.random.below(4) === 0;
    const number = isShared ? await market.rights.shared(owner, other) : await market.rights.deposit(owner);
    const holders = isShared ? [owner.accountId, other.accountId] : [owner.accountId];
    this.works.push({ number, holders: Array.from({ length: YEARS }, () => holders), licensed: Array.from({ length: YEARS }, () => ({ any: false, exclusive: [] })) });
    return isShared ? 'deposit shared' : 'deposit';
  }

  private async topUp(): Promise<string> {
    const [who, currency, amount] = [this.one(this.traders), this.one(CURRENCIES), this.amount() * 10n];
    await fund(who, operator, amount, currency);
    this.model.topUp(who.accountId, currency, amount);
    return 'top-up';
  }

  private async offer(): Promise<string> {
    const work = this.one(this.works, NEWEST.works);
    const [year, kind, currency, price, isNegotiable] = [this.random.below(YEARS), this.one(KINDS), this.one(CURRENCIES), this.amount(), this.random.below(2) === 0];
    // Most of the time by somebody who holds it.
    const seller = this.random.below(5) === 0 ? this.one(this.traders) : this.clientOf(this.one(work.holders[year] as readonly string[]));
    const quantity = kind === 'licence' ? this.one([null, null, 1, 2]) : 1;
    const term = { from: `${2030 + year}-01-01`, to: `${2030 + year}-12-31` };
    const answer = await market.list(seller, work.number, { kind, scope: { ...SCOPE, term }, price: { amountMinor: price.toString(), currency }, quantity, pricing: isNegotiable ? 'negotiable' : 'fixed' });
    const outcome = this.assertSaid(`offer ${kind}`, answer, this.model.offer(seller.accountId, work, year, kind));
    if (answer.status === 201) this.listings.push({ number: String(answer.body['number']), work, year, kind, seller: seller.accountId, currency, isNegotiable, price, left: quantity, withdrawn: false });
    return outcome;
  }

  private async buy(): Promise<string> {
    if (this.listings.length === 0) return this.offer();
    const listing = this.one(this.listings, NEWEST.listings);
    const { price, currency, kind } = listing;
    const buyer = this.buyerOf(listing);
    const max = { amount: this.random.below(12) === 0 ? price - 1n : price + BigInt(this.random.below(3)), currency: this.random.below(20) === 0 ? this.one(CURRENCIES) : currency };
    if (max.amount === 0n) max.amount = 1n;
    const isKeyed = this.random.below(2) === 0;
    const headers: Record<string, string> = isKeyed ? { 'idempotency-key': randomUUID() } : {};
    const send = () => market.buy(buyer, listing.number, { max: { amountMinor: max.amount.toString(), currency: max.currency } }, headers);
    const answer = await send();
    const expected = this.model.buy(buyer.accountId, listing, max);
    const outcome = this.assertSaid(`buy ${kind}`, answer, expected);
    if (expected === 'settled' || expected === 'funded') {
      const order = this.ordered(String(answer.body['number']), listing, buyer.accountId, price);
      if (isKeyed) this.asked.push({ order, send });
    }
    return outcome;
  }

  /** A co-owner who buys of their own work is another test. */
  private buyerOf({ work, year }: ModelListing): Client {
    const holders = work.holders[year] as readonly string[];
    return this.one(holders.length > 1 ? this.traders.filter(({ accountId }) => !holders.includes(accountId)) : this.traders);
  }

  private ordered(number: string, listing: ModelListing, buyer: string, amount: bigint): ModelOrder {
    const { work, year, kind } = listing;
    const order: ModelOrder = { number, listing, buyer, amount, payees: work.holders[year] as readonly string[], exclusive: work.licensed[year]?.exclusive.length ?? 0, state: kind === 'assignment' ? 'funded' : 'settled' };
    this.orders.push(order);
    return order;
  }

  private async negotiate(): Promise<string> {
    if (this.listings.length === 0) return this.offer();
    const open = this.model.negotiations.filter(({ state }) => state === 'open');
    if (open.length >= MOST_OPEN) return this.leave(open[0]);
    const [newest, any] = [this.listings.slice(-NEWEST.listings), this.random.below(4) === 0];
    const listing = this.one(newest.filter(({ isNegotiable, left, withdrawn }) => any || (isNegotiable && left !== 0 && !withdrawn))) ?? this.one(newest);
    const [buyer, amount] = [this.buyerOf(listing), this.bargain(listing)];
    const answer = await buyer.post(`/listings/${listing.number}/negotiations`, { offer: { amountMinor: amount.toString(), currency: listing.currency }, expiresAt: EXPIRES_AT });
    const outcome = this.assertSaid('negotiate', answer, this.model.open(buyer.accountId, listing, amount));
    if (answer.status === 201) this.model.negotiations.push({ number: String(answer.body['number']), listing, buyer: buyer.accountId, state: 'open', offers: 1, standing: { place: 1, by: 'buyer', amount } });
    return outcome;
  }

  /** Most of the time below the price. */
  private bargain({ price }: ModelListing): bigint {
    return BigInt(1 + this.random.below(Number(price) + 1));
  }

  private bid(): Promise<string> {
    return this.ofNegotiation('bid', async (negotiation, who) => {
      const amount = this.bargain(negotiation.listing);
      return [await who.post(`/negotiations/${negotiation.number}/offers`, { offer: { amountMinor: amount.toString(), currency: negotiation.listing.currency }, expiresAt: EXPIRES_AT }), this.model.bid(who.accountId, negotiation, amount)];
    });
  }

  private accept(): Promise<string> {
    return this.ofNegotiation('accept', async (negotiation, who, offer) => {
      const { listing, buyer, number, standing } = negotiation;
      const answer = await who.post(`/negotiations/${number}/acceptance`, { offer });
      const expected = this.model.accept(who.accountId, negotiation, offer);
      if (expected === 'agreed') this.ordered(String(answer.body['order']), listing, buyer, standing?.amount ?? 0n);
      return [answer, expected];
    });
  }

  private reject(): Promise<string> {
    return this.ofNegotiation('reject', async (negotiation, who, offer) => [await who.post(`/negotiations/${negotiation.number}/rejection`, { offer }), this.model.reject(who.accountId, negotiation, offer)]);
  }

  private leave(given?: ModelNegotiation): Promise<string> {
    return this.ofNegotiation('leave', async (negotiation, who) => [await who.post(`/negotiations/${negotiation.number}/withdrawal`, {}), this.model.leave(who.accountId, negotiation)], given);
  }

  /** One of the newest that are open, or an ended one now and then; mostly by whoever is to answer it, who mostly means the offer that stands. */
  private async ofNegotiation(what: string, step: (negotiation: ModelNegotiation, who: Client, offer: number) => Promise<[Answer, string]>, given?: ModelNegotiation): Promise<string> {
    const { negotiations } = this.model;
    const open = negotiations.filter(({ state }) => state === 'open');
    const negotiation = given ?? (this.one(this.random.below(10) === 0 ? negotiations : open, NEWEST.negotiations) as ModelNegotiation | undefined);
    if (negotiation === undefined) return this.negotiate();
    const { listing, buyer, standing } = negotiation;
    const answers = standing?.by === 'seller' ? buyer : listing.seller;
    const who = this.clientOf(given === undefined && this.random.below(4) === 0 ? this.one([buyer, listing.seller]) : answers);
    const [answer, expected] = await step(negotiation, who, (standing?.place ?? 1) + (this.random.below(8) === 0 ? 1 : 0));
    return this.assertSaid(what, answer, expected);
  }

  /** By the jobs, which otherwise run each minute and every ten. */
  private async endUnsaleable(): Promise<void> {
    const { closed, stale } = this.model.endUnsaleable();
    const jobs = market.rights.service.app.get(EndDueNegotiations, { strict: false });
    if (closed) await jobs.execute();
    if (stale) await jobs.endStale();
  }

  private async askAgain(): Promise<string> {
    if (this.asked.length === 0) return this.buy();
    const { order, send } = this.one(this.asked);
    const { status, body } = await send();
    if (status !== 201 || body['number'] !== order.number) throw new Error(`asked again for ${order.number}: ${status} ${JSON.stringify(body)}`);
    return 'ask again';
  }

  private async change(): Promise<string> {
    if (this.listings.length === 0) return this.offer();
    const [listing, price] = [this.one(this.listings, NEWEST.listings), this.amount()];
    const who = this.sometimesOther(listing.seller);
    return this.assertSaid('change', await who.patch(`/listings/${listing.number}`, { price: { amountMinor: price.toString(), currency: listing.currency } }), this.model.change(who.accountId, listing, price));
  }

  private async withdraw(): Promise<string> {
    if (this.listings.length === 0) return this.offer();
    const listing = this.one(this.listings, NEWEST.listings);
    const who = this.sometimesOther(listing.seller);
    return this.assertSaid('withdraw', await who.post(`/listings/${listing.number}/withdrawal`, {}), this.model.withdraw(who.accountId, listing));
  }

  private sometimesOther(accountId: string): Client {
    return this.random.below(6) === 0 ? this.one(this.traders) : this.clientOf(accountId);
  }

  /** One of the newest that were paid for first. */
  private async ofOrder(what: string, step: (order: ModelOrder) => Promise<[Answer, string]>): Promise<string> {
    const slices = this.orders.filter(({ listing }) => listing.kind === 'assignment');
    if (slices.length === 0) return this.buy();
    const [answer, expected] = await step(this.one(slices, NEWEST.orders));
    return this.assertSaid(what, answer, expected);
  }

  private confirm(): Promise<string> {
    return this.ofOrder('confirm', async (order) => [await this.clientOf(order.buyer).post(`/orders/${order.number}/confirmation`, {}), this.model.confirm(order)]);
  }

  private refund(): Promise<string> {
    return this.ofOrder('refund', async (order) => [await this.clientOf(order.listing.seller).post(`/orders/${order.number}/refund`, {}), this.model.refund(order)]);
  }

  private dispute(): Promise<string> {
    return this.ofOrder('dispute', async (order) => [await this.clientOf(order.buyer).post(`/orders/${order.number}/dispute`, { reason: 'a gap' }), this.model.dispute(order)]);
  }

  private resolve(): Promise<string> {
    const outcome = this.one(['settle', 'refund'] as const);
    return this.ofOrder(`resolve ${outcome}`, async (order) => [await operator.post(`/orders/${order.number}/resolution`, { outcome, reason: 'heard both' }), this.model.resolve(order, outcome)]);
  }
}

test(`random acts in ${MARKETS} markets at once come to what a model of them says, and so does every balance after each of them`, async () => {
  const plays: Play[] = [];
  for (let i = 0; i < MARKETS; i++) {
    // So many accounts from one address are more than strangers may make in an hour.
    await market.rights.query('DELETE FROM throttle');
    plays.push(await Play.open(SEED + i));
  }
  await Promise.all(plays.map((play) => play.run(ACTS)));
  console.log(`MARKET_SEED=${SEED}, ${MARKETS} × ${ACTS} acts; of the first: ${plays[0]?.outcomes}`);
  // What is the service's own is of all markets together.
  for (const currency of CURRENCIES) {
    const sum = (of: 'fees' | 'banked') => plays.reduce((total, { model }) => total + (model[of].get(currency) ?? 0n), 0n);
    const own = await market.rights.query<{ purpose: string; sum: string }>(
      'SELECT purpose, sum(amount)::text AS sum FROM posting p JOIN money_account a USING (money_account_id) WHERE NOT is_user(a.owner_id) AND p.currency = $1 GROUP BY 1', [currency]);
    const has = (purpose: string) => BigInt(own.find((row) => row.purpose === purpose)?.sum ?? 0);
    expect([currency, has('fees'), has('bank')]).toEqual([currency, sum('fees'), -sum('banked')]);
  }
  await market.audit();
  expect((await auditLedger(market.rights.service.app.get(DataSource), { more: ORDER_CHECKS })).difference).toBeNull();
}, process.env['DEEP'] ? 3_600_000 : 120_000);
