import { Inject, Injectable } from '@nestjs/common';
import { DomainError } from '../../../lib/errors/index.js';
import { computeBreakdown, computeChainBreakdown, isChainCurrency, type Line, type Rules } from '../../../lib/money/index.js';
import { CONFIG, type Config } from '../../../platform/config/index.js';
import { ReadTitle, type TitledWork } from '../../licensing/index.js';
import { FindListing, type Listing } from '../listings/find-listing.js';
import { listingStale } from '../trading.errors.js';
import { type Payees, ReadPayees } from './read-payees.js';

/** For so long who is paid for a listing need not be looked up again. A sale holds it against the holdings once more. */
const KNOWN_MS = 1_000;
const MOST_KNOWN = 1_000;

export interface Quote {
  readonly listing: Listing;
  readonly work: TitledWork;
  readonly payees: Payees;
  readonly lines: readonly Line[];
  /** Fee and tax that they were worked out by. */
  readonly rules: Rules;
}

/** What becomes of a price, shown before anyone pays and stored with the order. */
@Injectable()
export class QuoteListing {
  private readonly known = new Map<string, { readonly at: number; readonly found: Promise<{ work: TitledWork; payees: Payees }> }>();

  constructor(@Inject(CONFIG) private readonly config: Pick<Config, 'trading'>, private readonly findListing: FindListing, private readonly title: ReadTitle, private readonly payees: ReadPayees) {}

  /** @param amountMinor what was agreed, when that is not the listing's price. @throws DomainError `TRADING.LISTING_NOT_FOUND`, `TRADING.LISTING_STALE` when nobody holds any of what is listed. */
  async execute(typed: string, accountId: string | null, amountMinor: bigint | null = null): Promise<Quote> {
    const listing = await this.findListing.execute(typed, accountId);
    try {
      return await this.of(listing, amountMinor ?? listing.amountMinor);
    } catch (error) {
      throw isUnheld(error) ? listingStale(['not-held']) : error;
    }
  }

  /** @param rules those by which an order was placed, whatever the service takes by now; today's of a new one. @throws DomainError `LICENSING.BEYOND_TITLE` when nobody holds any of it. */
  async of(listing: Listing, amountMinor: bigint, { feeBps, taxBps }: Rules = this.config.trading): Promise<Quote> {
    const { work, payees } = await this.factsOf(listing);
    const rules = { feeBps, taxBps };
    return { listing, work, payees, rules, lines: (isChainCurrency(listing.currency) ? computeChainBreakdown : computeBreakdown)(amountMinor, rules, payees.title) };
  }

  /** After a sale was refused because something changed meanwhile. */
  forget({ number }: Listing): void {
    this.known.delete(number);
  }

  private factsOf(listing: Listing): Promise<{ work: TitledWork; payees: Payees }> {
    const known = this.known.get(listing.number);
    if (known !== undefined && known.at + KNOWN_MS > Date.now()) return known.found;
    const found = this.title.findForInsider(listing.work).then(async (work) => ({ work, payees: await this.payees.execute(work, listing.box) }));
    if (this.known.size >= MOST_KNOWN) this.known.clear();
    this.known.set(listing.number, { at: Date.now(), found });
    found.catch(() => this.known.delete(listing.number));
    return found;
  }
}

/** Nobody holds any of what is listed: then nobody would be paid. */
export function isUnheld(error: unknown): boolean {
  return error instanceof DomainError && error.code === 'LICENSING.BEYOND_TITLE';
}

/** As it goes over the wire and into the order. */
export function toLineView({ role, account, work, amountMinor }: Line): { role: Line['role']; account: string | null; work: string | null; amountMinor: string } {
  return { role, account, work, amountMinor: amountMinor.toString() };
}
