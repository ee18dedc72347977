import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { FindAccounts } from '../../identity/index.js';
import { MOST_COUNTED } from '../../works/index.js';
import { OPEN } from '../listings/search-conditions.js';
import { sellerNotFound } from '../trading.errors.js';

/** How many there are: all, or when not `complete` more than `count`. */
export interface Counted {
  readonly count: number;
  readonly complete: boolean;
}

export interface SellerView {
  readonly account: string;
  readonly name: string;
  readonly since: string;
  readonly works: Counted;
  readonly listings: Counted;
  readonly links: { readonly self: string; readonly works: string; readonly listings: string };
}

const COUNTS = `
  SELECT (SELECT count(*)::integer FROM (SELECT 1 FROM work w WHERE w.account_id = $1 AND w.visibility = 'public' AND w.withdrawn_at IS NULL LIMIT $2) c) AS works,
         (SELECT count(*)::integer FROM (SELECT 1 FROM listing l WHERE l.seller_id = $1 AND l.audience IS NULL AND ${OPEN} LIMIT $2) c) AS listings
   WHERE EXISTS (SELECT 1 FROM work w WHERE w.account_id = $1 AND w.visibility = 'public') OR EXISTS (SELECT 1 FROM listing l WHERE l.seller_id = $1 AND l.audience IS NULL)`;

/** What anyone may know of who sells here. An account that never showed anything to everyone is no seller: its name is nobody's business. */
@Injectable()
export class ReadSeller {
  constructor(@InjectDataSource() private readonly dataSource: DataSource, private readonly accounts: FindAccounts) {}

  /** @throws DomainError `TRADING.SELLER_NOT_FOUND`. */
  async execute(account: string): Promise<SellerView> {
    const [counts] = await this.dataSource.query<{ works: number; listings: number }[]>(COUNTS, [account, MOST_COUNTED + 1]);
    const profile = counts === undefined ? null : await this.accounts.profile(account);
    if (counts === undefined || profile === null) throw sellerNotFound();
    const links = { self: `/api/v1/sellers/${account}`, works: `/api/v1/works?account=${account}`, listings: `/api/v1/listings?seller=${account}` };
    return { account, name: profile.name, since: profile.since.toISOString(), works: toCounted(counts.works), listings: toCounted(counts.listings), links };
  }
}

function toCounted(found: number): Counted {
  return { count: Math.min(found, MOST_COUNTED), complete: found <= MOST_COUNTED };
}
