import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { formatWorkNumber } from '../../../lib/statement/index.js';
import { type Tx, violatedConstraint } from '../../../platform/database/index.js';
import { faultPoint, writePoint } from '../../../platform/fault-points/index.js';
import { computePayloadHash, findStoredResponse, runIdempotently } from '../../../platform/http/index.js';
import { drawRandomBytes } from '../../../platform/random/index.js';
import { sendNotices } from '../../notices/index.js';
import { FindListing, type Listing } from '../listings/find-listing.js';
import { ownListing } from '../trading.errors.js';
import { CheckNegotiable } from './check-negotiable.js';
import { FindNegotiation } from './find-negotiation.js';
import { insertEntry } from './insert-entry.js';
import { endNegotiation, insertOffer, lapseAfter, toExpiry } from './move-negotiation.js';
import type { Negotiation } from './negotiation.js';
import type { Opening } from './negotiation-schema.js';
import { type NegotiationView, toNegotiationView } from './negotiation-view.js';
import { negotiationOpen } from './negotiations.errors.js';

/** Opens a negotiation by a buyer's offer, whose money is held from then on. */
@Injectable()
export class OpenNegotiation {
  constructor(@InjectDataSource() private readonly dataSource: DataSource, private readonly findListing: FindListing, private readonly check: CheckNegotiable, private readonly find: FindNegotiation) {}

  /**
   * @throws DomainError `TRADING.LISTING_NOT_FOUND`, `TRADING.NOT_NEGOTIABLE`, `TRADING.OWN_LISTING`, `TRADING.LISTING_CLOSED`, `TRADING.LISTING_STALE`, `TRADING.OFFER_INVALID`, `TRADING.NEGOTIATION_OPEN`,
   * `ACCOUNTING.INSUFFICIENT_FUNDS`.
   */
  async execute(typed: string, buyerId: string, opening: Opening, idempotencyKey: string | null): Promise<NegotiationView> {
    const listing = await this.findListing.execute(typed, buyerId);
    const asked = { accountId: buyerId, key: idempotencyKey, payloadHash: computePayloadHash({ act: 'open-negotiation', subject: listing.number, payload: opening }) };
    const stored = await findStoredResponse<NegotiationView>(this.dataSource, asked);
    if (stored) return stored.body;
    if (listing.sellerId === buyerId) throw ownListing();
    await this.check.execute(listing, opening.offer.currency);
    try {
      const { body } = await runIdempotently(this.dataSource, asked, async (tx) => ({ status: 201, body: await this.open(tx, listing, buyerId, opening) }));
      faultPoint('negotiation.answer');
      return body;
    } catch (error) {
      throw violatedConstraint(error) === 'negotiation_open' ? negotiationOpen(null) : error;
    }
  }

  private async open(tx: Tx, listing: Listing, buyerId: string, { offer, expiresAt, message }: Opening): Promise<NegotiationView> {
    const expiry = toExpiry(expiresAt);
    await this.endLapsed(tx, listing, buyerId);
    const negotiationId = drawRandomBytes(8).readBigUInt64BE() >> 4n;
    const fresh = { negotiationId, number: formatWorkNumber(negotiationId, 'NG'), buyerId, sellerId: listing.sellerId, currency: listing.currency };
    await writePoint('negotiation.open', () => tx.query(
      `INSERT INTO negotiation (negotiation_id, listing_id, buyer_id, seller_id, state, lapses_at) VALUES ($1, $2, $3, $4, 'open', $5)`, [negotiationId.toString(), listing.listingId.toString(), buyerId, listing.sellerId, lapseAfter(expiry)]));
    if (message !== undefined) await insertEntry(tx, fresh, buyerId, message);
    await sendNotices(tx, [{ accountId: listing.sellerId, kind: 'offer-made', subject: fresh.number }]);
    await insertOffer(tx, fresh, { by: 'buyer', amountMinor: BigInt(offer.amountMinor), expiry });
    return toNegotiationView((await this.find.byId(tx, negotiationId)) as Negotiation, buyerId);
  }

  /** The one before, when nobody has recorded yet that it lapsed. @throws DomainError `TRADING.NEGOTIATION_OPEN`. */
  private async endLapsed(tx: Tx, { listingId }: Listing, buyerId: string): Promise<void> {
    const [row] = await tx.query<{ id: string }[]>(`SELECT negotiation_id AS id FROM negotiation WHERE listing_id = $1 AND buyer_id = $2 AND state = 'open'`, [listingId.toString(), buyerId]);
    if (row === undefined) return;
    const before = await this.find.lock(tx, { negotiationId: BigInt(row.id) });
    if (before.state === 'lapsed' && before.recorded === 'open') await endNegotiation(tx, before, 'lapsed');
    else if (before.recorded === 'open') throw negotiationOpen(before.number);
  }
}
