import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import type { Tx } from '../../../platform/database/index.js';
import { faultPoint, writePoint } from '../../../platform/fault-points/index.js';
import { computePayloadHash, findStoredResponse, runIdempotently } from '../../../platform/http/index.js';
import { sendNotices } from '../../notices/index.js';
import { FindListing, stateOf } from '../listings/find-listing.js';
import { listingClosed } from '../trading.errors.js';
import { CheckNegotiable } from './check-negotiable.js';
import { assertOpen, FindNegotiation } from './find-negotiation.js';
import { insertEntry } from './insert-entry.js';
import { endOffer, insertOffer, lapseAfter, toExpiry } from './move-negotiation.js';
import { type Negotiation, type Offer, otherParty, type Side, sideOf } from './negotiation.js';
import type { NewOffer } from './negotiation-schema.js';
import { type NegotiationView, toNegotiationView } from './negotiation-view.js';
import { offerBeyondListing, offerBinding, offerNotStanding } from './negotiations.errors.js';

/**
 * Makes an offer in an open negotiation: a counter-offer, by which the other side's ends (Civil Code 478, 488), a better one in the place of one's own, or a new one when none stands. An offer binds its maker until
 * its expiry, since it has one (476): nobody takes theirs back or makes it worse.
 */
@Injectable()
export class MakeOffer {
  constructor(@InjectDataSource() private readonly dataSource: DataSource, private readonly find: FindNegotiation, private readonly findListing: FindListing, private readonly check: CheckNegotiable) {}

  /**
   * @throws DomainError `TRADING.NEGOTIATION_NOT_FOUND`, `TRADING.NEGOTIATION_ENDED`, `TRADING.OFFER_NOT_STANDING`, `TRADING.OFFER_BINDING`, `TRADING.OFFER_INVALID`, `TRADING.LISTING_CLOSED`, `TRADING.LISTING_STALE`,
   * `TRADING.NEGOTIATION_FULL`, `ACCOUNTING.INSUFFICIENT_FUNDS`.
   */
  async execute(typed: string, accountId: string, offer: NewOffer, idempotencyKey: string | null): Promise<NegotiationView> {
    const found = await this.find.execute(typed, accountId);
    const asked = { accountId, key: idempotencyKey, payloadHash: computePayloadHash({ act: 'offer', subject: found.number, payload: offer }) };
    const stored = await findStoredResponse<NegotiationView>(this.dataSource, asked);
    if (stored) return stored.body;
    assertOpen(found);
    await this.check.execute(await this.findListing.byId(found.listingId), offer.offer.currency);
    const { body } = await runIdempotently(this.dataSource, asked, async (tx) => ({ status: 201, body: await this.make(tx, found, accountId, offer) }));
    faultPoint('negotiation.answer');
    return body;
  }

  private async make(tx: Tx, found: Negotiation, accountId: string, { offer, expiresAt, message, answers }: NewOffer): Promise<NegotiationView> {
    const negotiation = await this.find.lock(tx, found);
    assertOpen(negotiation);
    const fresh = { by: sideOf(negotiation, accountId), amountMinor: BigInt(offer.amountMinor), expiry: toExpiry(expiresAt) };
    const { standing } = negotiation;
    if (answers !== undefined && (standing?.place !== answers || standing.state !== 'standing')) throw offerNotStanding(standing?.state === 'standing' ? standing.place : null);
    if (standing !== null && standing.state === 'standing' && standing.by === fresh.by && !isBetter(fresh, standing)) throw offerBinding(standing.expiresAt);
    if (fresh.by === 'seller') await this.assertStaysOpen(tx, negotiation, fresh.expiry);
    const id = negotiation.negotiationId;
    const lapsesAt = lapseAfter(fresh.expiry);
    await writePoint('negotiation.prolong', () => tx.query('UPDATE negotiation SET lapses_at = greatest(lapses_at, $2) WHERE negotiation_id = $1', [id.toString(), lapsesAt]));
    if (message !== undefined) await insertEntry(tx, negotiation, accountId, message);
    await sendNotices(tx, [{ accountId: otherParty(negotiation, accountId), kind: 'offer-made', subject: negotiation.number }]);
    // The money of the one before goes back first: it may be what the next is paid from.
    if (standing !== null) await endOffer(tx, negotiation, standing, standing.state === 'lapsed' ? 'lapsed' : 'replaced');
    await insertOffer(tx, negotiation, fresh);
    return toNegotiationView((await this.find.byId(tx, id)) as Negotiation, accountId);
  }

  /** The seller's offer binds them to sell for as long as it says: that the listing is closed meanwhile comes before it, or waits, and is refused; and it says no longer than the listing. @throws DomainError `TRADING.LISTING_CLOSED`, `TRADING.OFFER_INVALID`. */
  private async assertStaysOpen(tx: Tx, { listingId }: Negotiation, until: Date): Promise<void> {
    const listing = await this.findListing.lock(tx, listingId, 'SHARE');
    const state = stateOf(listing);
    if (state !== 'open') throw listingClosed(state);
    if (listing.closesAt !== null && until > listing.closesAt) throw offerBeyondListing(listing.closesAt);
  }
}

/** To the other side, than what its maker is bound by. */
function isBetter({ by, amountMinor, expiry }: { readonly by: Side; readonly amountMinor: bigint; readonly expiry: Date }, standing: Offer): boolean {
  return expiry >= standing.expiresAt && (by === 'buyer' ? amountMinor >= standing.amountMinor : amountMinor <= standing.amountMinor);
}
