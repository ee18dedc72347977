import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { DomainError, type ErrorCode } from '../../../lib/errors/index.js';
import { CONFIG, type Config } from '../../../platform/config/index.js';
import { sqlState, type Tx } from '../../../platform/database/index.js';
import { faultPoint } from '../../../platform/fault-points/index.js';
import { computePayloadHash, findStoredResponse, type Idempotent, runIdempotently } from '../../../platform/http/index.js';
import { FindListing, stateOf } from '../listings/find-listing.js';
import { ReadListing } from '../listings/read-listing.js';
import { drawOrderNumber, type Trade } from '../orders/compose-trade.js';
import type { PlacedOrder } from '../orders/placed-order.js';
import { QuoteListing } from '../orders/quote-listing.js';
import { sendNotices } from '../../notices/index.js';
import { assertAnswerable, assertOpen, FindNegotiation } from './find-negotiation.js';
import { endNegotiation, endOffer } from './move-negotiation.js';
import { type Negotiation, otherParty } from './negotiation.js';
import type { OfferAnswer } from './negotiation-schema.js';
import { type NegotiationView, toNegotiationView } from './negotiation-view.js';
import { type PreparedSale, SettleAgreed } from './settle-agreed.js';

/** What accepting answers: the negotiation as it ended, and the order that came of it. */
export interface AcceptanceView extends NegotiationView {
  readonly placed: PlacedOrder | null;
}

/** Who is paid has changed since it was worked out; worked out again so many times. */
const ATTEMPTS = 4;
const SHARES_CHANGED = 'ZB083';

/** What refuses for good, in the words in which a listing says its state and its faults. */
const REASONS: Readonly<Record<string, string>> = { '23P01': 'taken', ZB061: 'not-held', ZB062: 'not-held', ZB064: 'consent-missing', ZB065: 'withdrawn', ZB081: 'sold-out', [SHARES_CHANGED]: 'shares-changed' };
const REASONS_BY_CODE: Readonly<Partial<Record<ErrorCode, string>>> = {
  'LICENSING.BEYOND_TITLE': 'not-held', 'LICENSING.NO_TITLE': 'not-held', 'LICENSING.SCOPE_INVALID': 'not-held', 'LICENSING.CONSENT_MISSING': 'consent-missing', 'LICENSING.SCOPE_CONFLICT': 'taken', 'LICENSING.ACCOUNT_UNKNOWN': 'party-unknown',
  'WORKS.WITHDRAWN': 'withdrawn', 'WORKS.NOT_FOUND': 'withdrawn', 'TRADING.LISTING_CLOSED': 'sold-out', 'TRADING.SHARES_CHANGED': 'shares-changed',
};

/** The trade cannot be made any more, for this reason. */
class Unsaleable extends Error {
  constructor(readonly reason: string) {
    super(`cannot be sold any more: ${reason}`);
  }
}

/**
 * Accepts the other side's standing offer: the sale is settled at its price in the same transaction, as a purchase is; or, when PostgreSQL refuses it, the negotiation ends as failed and the money goes back by itself.
 * A buyer without the money is told so, and may try again as long as the offer stands.
 */
@Injectable()
export class AcceptOffer {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource, @Inject(CONFIG) private readonly config: Pick<Config, 'trading'>, private readonly find: FindNegotiation, private readonly findListing: FindListing,
    private readonly readListing: ReadListing, private readonly quote: QuoteListing, private readonly settle: SettleAgreed,
  ) {}

  /** @throws DomainError `TRADING.NEGOTIATION_NOT_FOUND`, `TRADING.NEGOTIATION_ENDED`, `TRADING.OFFER_NOT_STANDING`, `TRADING.OWN_OFFER`, `ACCOUNTING.INSUFFICIENT_FUNDS`. */
  async execute(typed: string, accountId: string, { offer: place }: OfferAnswer, idempotencyKey: string | null): Promise<AcceptanceView> {
    const found = await this.find.execute(typed, accountId);
    const asked = { accountId, key: idempotencyKey, payloadHash: computePayloadHash({ act: 'accept-offer', subject: found.number, payload: { offer: place } }) };
    const stored = await findStoredResponse<AcceptanceView>(this.dataSource, asked);
    if (stored) return stored.body;
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.attempt(found, accountId, place, asked);
      } catch (error) {
        if (sqlState(error) === SHARES_CHANGED && attempt < ATTEMPTS) {
          this.quote.forget(await this.findListing.byId(found.listingId));
          continue;
        }
        const reason = toReason(error);
        if (reason === null) throw error;
        return await this.fail(found, accountId, place, reason, asked);
      }
    }
  }

  private async attempt(found: Negotiation, accountId: string, place: number, asked: Idempotent): Promise<AcceptanceView> {
    const sale = await this.prepare(found, accountId, place);
    const { body } = await runIdempotently(this.dataSource, asked, async (tx) => {
      const negotiation = await this.find.lock(tx, found);
      assertRecordedOpen(negotiation);
      const offer = assertAnswerable(negotiation, accountId, place);
      // Before the work's chain, its holdings and the accounts: of two who answer it, the second waits here.
      await endOffer(tx, negotiation, offer, 'accepted');
      const placed = await this.settle.execute(tx, sale, offer.holdId, this.config.trading.protectionSeconds);
      await endNegotiation(tx, negotiation, 'agreed', { orderId: sale.trade.order.orderId });
      await sendNotices(tx, [{ accountId: otherParty(negotiation, accountId), kind: 'negotiation-agreed', subject: negotiation.number }]);
      return { status: 200, body: await this.answer(tx, found, accountId, placed) };
    });
    faultPoint('negotiation.answer');
    return body;
  }

  /** All that can be known before the transaction. @throws Unsaleable; DomainError as {@link execute}, and what refuses the grant. */
  private async prepare(found: Negotiation, accountId: string, place: number): Promise<PreparedSale> {
    assertRecordedOpen(found);
    const { amountMinor } = assertAnswerable(found, accountId, place);
    const listing = await this.findListing.byId(found.listingId);
    const state = stateOf(listing);
    if (state !== 'open') throw new Unsaleable(state);
    const [fault] = await this.readListing.faultsOf(listing);
    if (fault !== undefined) throw new Unsaleable(fault);
    const { work, payees, lines, rules } = await this.quote.of(listing, amountMinor);
    const trade: Trade = { order: drawOrderNumber(), listing, buyerId: found.buyerId, amountMinor, isAgreed: true, lines, rules };
    return this.settle.prepare(trade, work, payees.holdingIds);
  }

  /** What was offered goes back to the buyer. */
  private async fail(found: Negotiation, accountId: string, place: number, reason: string, asked: Idempotent): Promise<AcceptanceView> {
    const { body } = await runIdempotently(this.dataSource, asked, async (tx) => {
      const negotiation = await this.find.lock(tx, found);
      assertRecordedOpen(negotiation);
      assertAnswerable(negotiation, accountId, place);
      await sendNotices(tx, [{ accountId: otherParty(negotiation, accountId), kind: 'negotiation-ended', subject: negotiation.number }]);
      await endNegotiation(tx, negotiation, 'failed', { reason });
      return { status: 200, body: await this.answer(tx, found, accountId, null) };
    });
    faultPoint('negotiation.answer');
    return body;
  }

  private async answer(tx: Tx, { negotiationId }: Negotiation, accountId: string, placed: PlacedOrder | null): Promise<AcceptanceView> {
    return { ...toNegotiationView((await this.find.byId(tx, negotiationId)) as Negotiation, accountId), placed };
  }
}

/** One whose listing was closed meanwhile is not ended yet: accepting it fails, and gives the money back at once. */
function assertRecordedOpen(negotiation: Negotiation): void {
  if (negotiation.recorded !== 'open' || negotiation.state !== 'closed') assertOpen(negotiation);
}

function toReason(error: unknown): string | null {
  if (error instanceof Unsaleable) return error.reason;
  return (error instanceof DomainError ? REASONS_BY_CODE[error.code] : REASONS[sqlState(error) ?? '']) ?? null;
}
