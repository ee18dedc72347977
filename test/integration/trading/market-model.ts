/** A market as one would write it down on paper: who holds which year of a work, what was licensed of it, who has how much. Each act says what it has to come to: a state, or the code of a refusal. */
export type Kind = 'licence' | 'exclusive-licence' | 'assignment';

export interface ModelWork {
  readonly number: string;
  /** Who holds each year of it. More than one: co-owners by equal shares, of all of it. */
  readonly holders: (readonly string[])[];
  /** What was licensed of each year, and who has exclusive licences of it. */
  readonly licensed: { any: boolean; readonly exclusive: string[] }[];
}

export interface ModelListing {
  readonly number: string;
  readonly work: ModelWork;
  readonly year: number;
  readonly kind: Kind;
  readonly seller: string;
  readonly currency: string;
  readonly isNegotiable: boolean;
  price: bigint;
  left: number | null;
  withdrawn: boolean;
}

export interface ModelOrder {
  readonly number: string;
  readonly listing: ModelListing;
  readonly buyer: string;
  readonly amount: bigint;
  /** Who was to be paid when it was placed. */
  readonly payees: readonly string[];
  /** How many exclusive licences there were then. */
  readonly exclusive: number;
  state: 'funded' | 'disputed' | 'settled' | 'refunded';
  /** What an operator decided: the same again is no other decision. */
  resolved?: 'settle' | 'refund';
}

export interface ModelNegotiation {
  readonly number: string;
  readonly listing: ModelListing;
  readonly buyer: string;
  state: 'open' | 'agreed' | 'withdrawn' | 'closed';
  /** How many were made. */
  offers: number;
  standing: { readonly place: number; readonly by: 'buyer' | 'seller'; readonly amount: bigint } | null;
}

const FEE_BPS = 500n;

export class MarketModel {
  /** By account, purpose and currency. */
  readonly balances = new Map<string, bigint>();
  /** What the service earned, and what it has at the bank, by currency. */
  readonly fees = new Map<string, bigint>();
  readonly banked = new Map<string, bigint>();
  /** All that were opened, by whoever opened them. */
  readonly negotiations: ModelNegotiation[] = [];

  topUp(who: string, currency: string, amount: bigint): void {
    this.add(who, 'available', currency, amount);
    this.banked.set(currency, (this.banked.get(currency) ?? 0n) + amount);
  }

  offer(seller: string, work: ModelWork, year: number, kind: Kind): string {
    const holders = work.holders[year] as readonly string[];
    if (!holders.includes(seller)) return 'LICENSING.BEYOND_TITLE';
    if (kind !== 'licence' && holders.length > 1) return 'LICENSING.CONSENT_MISSING';
    return isTaken(work, year, kind) ? 'LICENSING.SCOPE_CONFLICT' : 'open';
  }

  buy(buyer: string, listing: ModelListing, max: { amount: bigint; currency: string }): string {
    const { seller, price, currency } = listing;
    if (!isOpen(listing)) return 'TRADING.LISTING_CLOSED';
    if (seller === buyer) return 'TRADING.OWN_LISTING';
    if (max.currency !== currency || max.amount < price) return 'TRADING.PRICE_CHANGED';
    if (isStale(listing)) return 'TRADING.LISTING_STALE';
    if (this.at(buyer, 'available', currency) < price) return 'ACCOUNTING.INSUFFICIENT_FUNDS';
    return this.sell(buyer, listing, price);
  }

  change(who: string, listing: ModelListing, price: bigint): string {
    const refused = this.refusedToChange(who, listing);
    if (refused !== null) return refused;
    listing.price = price;
    return isStale(listing) ? 'stale' : 'open';
  }

  withdraw(who: string, listing: ModelListing): string {
    const isBound = this.negotiations.some(({ state, listing: of, standing }) => state === 'open' && of === listing && standing?.by === 'seller');
    const refused = this.refusedToChange(who, listing) ?? (isBound ? 'TRADING.OFFER_BINDING' : null);
    listing.withdrawn ||= refused === null;
    return refused ?? 'withdrawn';
  }

  /** By an offer of the buyer's. Whoever opens it adds it to {@link negotiations}. */
  open(buyer: string, listing: ModelListing, amount: bigint): string {
    if (listing.seller === buyer) return 'TRADING.OWN_LISTING';
    if (!listing.isNegotiable) return 'TRADING.NOT_NEGOTIABLE';
    if (!isOpen(listing)) return 'TRADING.LISTING_CLOSED';
    if (isStale(listing)) return 'TRADING.LISTING_STALE';
    if (this.negotiations.some(({ state, listing: of, buyer: by }) => state === 'open' && of === listing && by === buyer)) return 'TRADING.NEGOTIATION_OPEN';
    return this.hold(buyer, listing.currency, amount) ? 'open' : 'ACCOUNTING.INSUFFICIENT_FUNDS';
  }

  /** All expire in the same moment. */
  bid(who: string, negotiation: ModelNegotiation, amount: bigint): string {
    const { listing: { currency }, buyer, standing, state } = negotiation;
    const by = who === buyer ? 'buyer' : 'seller';
    if (state !== 'open') return 'TRADING.NEGOTIATION_ENDED';
    if (standing?.by === by && (by === 'buyer' ? amount < standing.amount : amount > standing.amount)) return 'TRADING.OFFER_BINDING';
    const back = standing?.by === 'buyer' ? standing.amount : 0n;
    if (by === 'buyer' && this.at(buyer, 'available', currency) + back < amount) return 'ACCOUNTING.INSUFFICIENT_FUNDS';
    this.endOffer(negotiation);
    if (by === 'buyer') this.hold(buyer, currency, amount);
    negotiation.standing = { place: ++negotiation.offers, by, amount };
    return 'open';
  }

  accept(who: string, negotiation: ModelNegotiation, place: number): string {
    const refused = refusedToAnswer(who, negotiation, place);
    if (refused !== null) return refused;
    const { listing, buyer, standing } = negotiation;
    const { amount, by } = standing as NonNullable<typeof standing>;
    if (by === 'seller' && this.at(buyer, 'available', listing.currency) < amount) return 'ACCOUNTING.INSUFFICIENT_FUNDS';
    this.endOffer(negotiation);
    this.sell(buyer, listing, amount);
    negotiation.state = 'agreed';
    return negotiation.state;
  }

  reject(who: string, negotiation: ModelNegotiation, place: number): string {
    const refused = refusedToAnswer(who, negotiation, place);
    if (refused === null) this.endOffer(negotiation);
    return refused ?? 'open';
  }

  leave(who: string, negotiation: ModelNegotiation): string {
    if (negotiation.state !== 'open') return 'TRADING.NEGOTIATION_ENDED';
    if (negotiation.standing?.by === (who === negotiation.buyer ? 'buyer' : 'seller')) return 'TRADING.OFFER_BINDING';
    this.endOffer(negotiation);
    negotiation.state = 'withdrawn';
    return negotiation.state;
  }

  /** What the jobs end: negotiations of listings that were closed, or that cannot be sold as things stand. @returns which of the two there were. */
  endUnsaleable(): { closed: boolean; stale: boolean } {
    const open = this.negotiations.filter(({ state }) => state === 'open');
    const [closed, stale] = [open.filter(({ listing }) => !isOpen(listing)), open.filter(({ listing }) => isOpen(listing) && isStale(listing))];
    for (const negotiation of [...closed, ...stale]) {
      this.endOffer(negotiation);
      negotiation.state = 'closed';
    }
    return { closed: closed.length > 0, stale: stale.length > 0 };
  }

  confirm(order: ModelOrder): string {
    return order.state === 'settled' ? 'settled' : this.settle(order, ['funded']);
  }

  dispute(order: ModelOrder): string {
    if (order.state !== 'funded') return 'TRADING.NOT_IN_THIS_STATE';
    order.state = 'disputed';
    return order.state;
  }

  refund(order: ModelOrder): string {
    return order.state === 'refunded' ? 'refunded' : this.giveBack(order, ['funded', 'disputed']);
  }

  resolve(order: ModelOrder, outcome: 'settle' | 'refund'): string {
    if (order.resolved === outcome) return order.state;
    if (order.state === 'disputed') order.resolved = outcome;
    return outcome === 'settle' ? this.settle(order, ['disputed']) : this.giveBack(order, ['disputed']);
  }

  private sell(buyer: string, listing: ModelListing, amount: bigint): 'funded' | 'settled' {
    const { currency, work, year, kind } = listing;
    if (listing.left !== null) listing.left -= 1;
    if (kind === 'assignment') {
      this.hold(buyer, currency, amount);
      return 'funded';
    }
    this.add(buyer, 'available', currency, -amount);
    this.pay(work.holders[year] as readonly string[], currency, amount);
    const licensed = work.licensed[year] as ModelWork['licensed'][number];
    licensed.any = true;
    if (kind === 'exclusive-licence') licensed.exclusive.push(buyer);
    return 'settled';
  }

  private hold(who: string, currency: string, amount: bigint): boolean {
    if (this.at(who, 'available', currency) < amount) return false;
    this.add(who, 'available', currency, -amount);
    this.add(who, 'held', currency, amount);
    return true;
  }

  /** The buyer's money is free again. */
  private endOffer(negotiation: ModelNegotiation): void {
    const { standing, buyer, listing: { currency } } = negotiation;
    if (standing?.by === 'buyer') this.hold(buyer, currency, -standing.amount);
    negotiation.standing = null;
  }

  /** A slice that its seller has no more, for which others are paid than was shown, or of which somebody else was licensed exclusively meanwhile, goes to nobody: the money goes back by itself. */
  private settle(order: ModelOrder, from: readonly string[]): string {
    const { listing: { work, year, seller, currency }, buyer, amount, payees, exclusive } = order;
    if (!from.includes(order.state)) return 'TRADING.NOT_IN_THIS_STATE';
    const [holder, ...others] = work.holders[year] as readonly string[];
    const isEmptied = (work.licensed[year] as ModelWork['licensed'][number]).exclusive.slice(exclusive).some((licensee) => licensee !== buyer);
    if (holder !== seller || others.length > 0 || payees.join() !== seller || isEmptied) return this.giveBack(order, from);
    this.add(buyer, 'held', currency, -amount);
    this.pay([seller], currency, amount);
    work.holders[year] = [buyer];
    order.state = 'settled';
    return order.state;
  }

  private giveBack(order: ModelOrder, from: readonly string[]): string {
    if (!from.includes(order.state)) return 'TRADING.NOT_IN_THIS_STATE';
    this.hold(order.buyer, order.listing.currency, -order.amount);
    order.state = 'refunded';
    // Another may buy it then.
    if (order.listing.left !== null) order.listing.left += 1;
    return order.state;
  }

  private refusedToChange(who: string, listing: ModelListing): string | null {
    if (who !== listing.seller) return 'TRADING.NOT_SELLER';
    return isOpen(listing) ? null : 'TRADING.LISTING_CLOSED';
  }

  /** The fee, rounded down, and the rest by equal shares; what is left over goes to the first of them. */
  private pay(payees: readonly string[], currency: string, price: bigint): void {
    const fee = (price * FEE_BPS) / 10_000n;
    this.fees.set(currency, (this.fees.get(currency) ?? 0n) + fee);
    const [rest, count] = [price - fee, BigInt(payees.length)];
    payees.toSorted().forEach((payee, i) => this.add(payee, 'available', currency, rest / count + (BigInt(i) < rest % count ? 1n : 0n)));
  }

  private at(who: string, purpose: string, currency: string): bigint {
    return this.balances.get(`${who}/${purpose}/${currency}`) ?? 0n;
  }

  private add(who: string, purpose: string, currency: string, amount: bigint): void {
    this.balances.set(`${who}/${purpose}/${currency}`, this.at(who, purpose, currency) + amount);
  }
}

function refusedToAnswer(who: string, { state, standing, buyer }: ModelNegotiation, place: number): string | null {
  if (state !== 'open') return 'TRADING.NEGOTIATION_ENDED';
  if (standing?.place !== place) return 'TRADING.OFFER_NOT_STANDING';
  return standing.by === (who === buyer ? 'buyer' : 'seller') ? 'TRADING.OWN_OFFER' : null;
}

function isOpen({ left, withdrawn }: ModelListing): boolean {
  return !withdrawn && left !== 0;
}

function isTaken({ licensed }: ModelWork, year: number, kind: Kind): boolean {
  const { any, exclusive } = licensed[year] as ModelWork['licensed'][number];
  return kind === 'licence' ? exclusive.length > 0 : kind === 'exclusive-licence' && any;
}

function isStale({ work, year, kind, seller }: ModelListing): boolean {
  return !(work.holders[year] as readonly string[]).includes(seller) || isTaken(work, year, kind);
}
