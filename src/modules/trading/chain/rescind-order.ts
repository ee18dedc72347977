import { Injectable, Logger } from '@nestjs/common';
import { parseWorkNumber } from '../../../lib/statement/index.js';
import type { Tx } from '../../../platform/database/index.js';
import { writePoint } from '../../../platform/fault-points/index.js';
import { RescindLicence, ReturnSlice } from '../../licensing/index.js';
import { AppendStatement } from '../../log/index.js';
import { sendNotices } from '../../notices/index.js';
import { fromListingRow, LISTING_COLUMNS, type ListingRow } from '../listings/find-listing.js';
import type { Order } from '../orders/find-order.js';
import { giveBackListing, postRescinded } from './chain-escrow.js';

export type Rescission = 'payment-taken-back' | 'payment-undone';

/**
 * Undoes a settled order whose payment never reached the payees: the buyer's own refund was mined before the release, or the chain has undone the payment. The licence is void from the beginning and the log says so.
 * A slice goes back as far as it is still the buyer's; for what the buyer has passed on, or licensed to others alone or to anyone, who it was assigned from has a claim against the buyer, the operator is told, and the listing stays closed.
 */
@Injectable()
export class RescindOrder {
  private readonly logger = new Logger('Settlement');

  constructor(private readonly rescindLicence: RescindLicence, private readonly returnSlice: ReturnSlice, private readonly append: AppendStatement) {}

  /** @param order settled, and locked. */
  async within(tx: Tx, order: Order, reason: Rescission): Promise<void> {
    const actor = `order:${order.number}`;
    const licenceId = order.licence === null ? null : (parseWorkNumber(order.licence, 'LC')?.id ?? null);
    await this.append.lock(tx, [order.number, ...(licenceId === null ? [order.work] : await this.rescindLicence.headsOf(tx, licenceId))]);
    const isBack = licenceId === null ? await this.takeSlice(tx, order, actor) : true;
    if (licenceId !== null) await this.rescindLicence.within(tx, licenceId, actor);
    await this.append.execute(tx, { type: 'order.rescinded', subject: order.number, about: order.licence === null ? [order.work] : [order.work, order.licence], actor, body: { reason }, sealed: [] }, []);
    await postRescinded(tx, order, reason === 'payment-taken-back' ? 'buyer' : 'nobody');
    await writePoint('order.rescind', () => tx.query(`UPDATE trade_order SET state = 'refunded', ended_at = now(), reason = $2 WHERE order_id = $1`, [order.orderId.toString(), reason === 'payment-taken-back' ? 'PAYMENT_TAKEN_BACK' : 'PAYMENT_UNDONE']));
    if (isBack) await giveBackListing(tx, order);
    const told = new Set([order.buyerId, order.sellerId, ...order.lines.flatMap(({ account }) => account ?? [])]);
    await sendNotices(tx, [...told].map((accountId) => ({ accountId, kind: 'order-refunded', subject: order.number })));
  }

  private async takeSlice(tx: Tx, { listingId, number, workId, sellerId, buyerId, endedAt }: Order, actor: string): Promise<boolean> {
    const [row] = await tx.query<ListingRow[]>(`SELECT ${LISTING_COLUMNS} FROM listing WHERE listing_id = $1`, [listingId.toString()]);
    const { box } = fromListingRow(row as ListingRow);
    const isBack = await this.returnSlice.within(tx, { workId, box, from: sellerId, to: buyerId, since: endedAt as Date, actor });
    if (!isBack) this.logger.error(`SETTLEMENT.NOT_RESCINDED: the buyer of order ${number} has the payment, and has passed on of the slice, or licensed it to others alone or to anyone: the seller is to claim that from the buyer`);
    return isBack;
  }
}
