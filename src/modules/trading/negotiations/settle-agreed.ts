import { Injectable } from '@nestjs/common';
import type { Tx } from '../../../platform/database/index.js';
import { endHold } from '../../accounting/index.js';
import { ComposeGrant, GrantLicence, type PreparedGrant, type TitledWork } from '../../licensing/index.js';
import { AppendStatement } from '../../log/index.js';
import { toCredits, toGrant, toSettlement, toStatement, type Trade } from '../orders/compose-trade.js';
import { FundAssignment } from '../orders/fund-assignment.js';
import { type PlacedOrder, toAnswer } from '../orders/placed-order.js';
import { ComposedOrder, SettleOrders } from '../orders/settle-orders.js';

export interface PreparedSale {
  readonly trade: Trade;
  readonly holdingIds: readonly string[];
  /** Null: a slice is assigned. */
  readonly grant: PreparedGrant | null;
}

/** Turns what was agreed on into an order: of a licence a settled one, of a slice a funded one with the time that the buyer has to object. Paid from what the buyer's offer has held, or from their balance when they accept. */
@Injectable()
export class SettleAgreed {
  constructor(private readonly grant: GrantLicence, private readonly composeGrant: ComposeGrant, private readonly append: AppendStatement, private readonly settleOrders: SettleOrders, private readonly fund: FundAssignment) {}

  /** @throws DomainError as a grant is refused: `LICENSING.…`, `WORKS.WITHDRAWN`. */
  async prepare(trade: Trade, work: TitledWork, holdingIds: readonly string[]): Promise<PreparedSale> {
    const { listing, buyerId, amountMinor } = trade;
    const grant = listing.kind === 'assignment' ? null : await this.grant.prepare({ work, parent: null, renews: null, accepted: true }, listing.sellerId, toGrant(listing, buyerId, amountMinor));
    return { trade, holdingIds, grant };
  }

  /** @param holdId with the money of the buyer's offer; null: the seller's was accepted. @throws as PostgreSQL refuses it; DomainError `ACCOUNTING.INSUFFICIENT_FUNDS`, `TRADING.LISTING_CLOSED`. */
  async execute(tx: Tx, { trade, holdingIds, grant }: PreparedSale, holdId: string | null, protectionSeconds: number): Promise<PlacedOrder> {
    if (grant === null) return this.fund.within(tx, trade, protectionSeconds, holdId);
    const granted = await this.composeGrant.execute(tx, grant, null);
    const { number: licence } = granted.answer;
    const { act, disclosures } = toStatement(trade, licence);
    const statement = await this.append.compose(null, act, disclosures, granted.grant.licence.grantedAt);
    const answer = toAnswer(trade, { state: 'settled', licence, receipt: statement.receipt, protectedUntil: null });
    const placed = await this.settleOrders.within(tx, new ComposedOrder(trade, holdingIds, granted, statement, holdId === null ? toSettlement(trade) : { holdId }, null, answer));
    if (holdId !== null) await endHold(tx, holdId, 'posted', toCredits(trade.lines, trade.listing.currency), 'settlement', trade.order.number);
    return placed;
  }
}
