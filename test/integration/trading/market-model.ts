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

const FEE_BPS = 500n;

export class MarketModel {
  /** By account, purpose and currency. */
  readonly balances = new Map<string, bigint>();
  /** What the service earned, and what it has at the bank, by currency. */
  readonly fees = new Map<string, bigint>();
  readonly banked = new Map<string, bigint>();

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
    const { seller, price, currency, work, year, kind } = listing;
    if (!isOpen(listing)) return 'TRADING.LISTING_CLOSED';
    if (seller === buyer) return 'TRADING.OWN_LISTING';
    if (max.currency !== currency || max.amount < price) return 'TRADING.PRICE_CHANGED';
    if (isStale(listing)) return 'TRADING.LISTING_STALE';
    if (this.at(buyer, 'available', currency) < price) return 'ACCOUNTING.INSUFFICIENT_FUNDS';
    if (listing.left !== null) listing.left -= 1;
    this.add(buyer, 'available', currency, -price);
    if (kind === 'assignment') {
      this.add(buyer, 'held', currency, price);
      return 'funded';
    }
    this.pay(work.holders[year] as readonly string[], currency, price);
    const licensed = work.licensed[year] as ModelWork['licensed'][number];
    licensed.any = true;
    if (kind === 'exclusive-licence') licensed.exclusive.push(buyer);
    return 'settled';
  }

  change(who: string, listing: ModelListing, price: bigint): string {
    const refused = this.refusedToChange(who, listing);
    if (refused !== null) return refused;
    listing.price = price;
    return isStale(listing) ? 'stale' : 'open';
  }

  withdraw(who: string, listing: ModelListing): string {
    const refused = this.refusedToChange(who, listing);
    listing.withdrawn ||= refused === null;
    return refused ?? 'withdrawn';
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
    this.add(order.buyer, 'held', order.listing.currency, -order.amount);
    this.add(order.buyer, 'available', order.listing.currency, order.amount);
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
