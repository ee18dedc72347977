import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { type Box, toScope } from '../../../lib/rights/index.js';
import { formatWorkNumber } from '../../../lib/statement/index.js';
import { CONFIG } from '../../../platform/config/index.js';
import type { Tx } from '../../../platform/database/index.js';
import { faultPoint, writePoint } from '../../../platform/fault-points/index.js';
import { computePayloadHash, runIdempotently } from '../../../platform/http/index.js';
import { drawRandomBytes } from '../../../platform/random/index.js';
import { FindAccounts } from '../../identity/index.js';
import { accountsUnknown, AskForConsent, beyondTitle, consentMissing, findMissingConsents, findTaken, noTitle, ReadTitle, scopeConflict, slicesOf, toBoxParameters, toGrantedBox } from '../../licensing/index.js';
import { workWithdrawn } from '../../works/index.js';
import { isPayable, type PaymentConfig } from '../chain/chain-currencies.js';
import { audienceNeeded, currencyUnavailable, ownListing, termOver } from '../trading.errors.js';
import { FindListing, type Listing } from './find-listing.js';
import type { NewListing } from './listing-schema.js';

/** Publishes what a holder offers for sale. It is checked against what they hold, what co-owners agreed to and what is still free, as a sale would be; the sale itself is checked again. */
@Injectable()
export class PublishListing {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource, @Inject(CONFIG) private readonly config: PaymentConfig, private readonly title: ReadTitle, private readonly accounts: FindAccounts, private readonly findListing: FindListing,
    private readonly ask: AskForConsent,
  ) {}

  /**
   * @throws DomainError `WORKS.NOT_FOUND`, `WORKS.WITHDRAWN`, `LICENSING.SCOPE_INVALID`, `LICENSING.NO_TITLE`, `LICENSING.BEYOND_TITLE`, `LICENSING.SCOPE_CONFLICT`, `LICENSING.CONSENT_MISSING`,
   * `LICENSING.ACCOUNT_UNKNOWN`, `TRADING.CURRENCY_UNAVAILABLE`, `TRADING.AUDIENCE_NEEDED`, `TRADING.OWN_LISTING`, `TRADING.LISTING_INVALID`.
   */
  async execute(typed: string, accountId: string, listing: NewListing, idempotencyKey: string | null): Promise<Listing> {
    if (!isPayable(this.config, listing.price.currency)) throw currencyUnavailable(listing.price.currency);
    const work = await this.title.find(typed, accountId);
    if (work.work.visibility === 'confidential' && listing.audience === undefined) throw audienceNeeded();
    const payloadHash = computePayloadHash({ act: 'publish-listing', subject: work.number, payload: listing });
    // Before the transaction, which holds a connection: one that waited for a second could stop the service.
    const missing = await this.accounts.missing(listing.audience ?? []);
    const { body } = await runIdempotently(this.dataSource, { accountId, key: idempotencyKey, payloadHash }, async (tx) => {
      if (work.slices.length === 0) throw noTitle();
      if (work.work.withdrawnAt !== null) throw workWithdrawn();
      if (missing.length > 0) throw accountsUnknown(missing, '/audience');
      if (listing.audience?.includes(accountId)) throw ownListing();
      const box = toGrantedBox(listing.scope, work.slices);
      if (box.term.until <= Date.now()) throw termOver();
      // Rows, so that what is said of the listing can be asked of them.
      const slices = await this.title.open(tx, work, work.slices);
      if (slicesOf(slices, box, accountId) === null) throw beyondTitle();
      if (listing.kind !== 'licence') {
        const withheld = await findMissingConsents(tx, { ...work, slices }, box, listing.kind === 'assignment' ? 'assignment' : 'licence', accountId, null);
        if (withheld.length > 0) throw consentMissing(withheld);
      }
      const taken = listing.kind === 'assignment' ? [] : await findTaken(tx, work.work.workId, box, listing.kind === 'licence' ? 'non-exclusive' : 'exclusive');
      if (taken.length > 0) throw scopeConflict(taken.map(toScope));
      return { status: 201, body: { number: await insertListing(tx, work.work.workId, accountId, box, listing) } };
    }).catch((error: unknown) => this.ask.refused(error, work, listing.kind === 'assignment' ? 'assignment' : 'licence', accountId));
    faultPoint('trading.listed');
    return this.findListing.execute(body.number, accountId);
  }
}

async function insertListing(tx: Tx, workId: string, sellerId: string, box: Box, { kind, terms, pricing, price, quantity, audience, opensAt, closesAt }: NewListing): Promise<string> {
  const listingId = drawRandomBytes(8).readBigUInt64BE() >> 4n;
  await writePoint('listing.insert', () => tx.query(
    `INSERT INTO listing (listing_id, work_id, seller_id, kind, rights, territories, uses, languages, term, terms, pricing, currency, amount, quantity, audience, published_at, opens_at, closes_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, now(), coalesce($16, now()), $17)`,
    [listingId.toString(), workId, sellerId, kind, ...toBoxParameters(box), JSON.stringify(terms), pricing, price.currency, price.amountMinor, kind === 'licence' ? quantity : 1, audience ?? null, opensAt ?? null, closesAt ?? null]));
  return formatWorkNumber(listingId, 'LS');
}
