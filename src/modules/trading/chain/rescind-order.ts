import { Injectable, Logger } from '@nestjs/common';
import { parseWorkNumber } from '../../../lib/statement/index.js';
import type { Tx } from '../../../platform/database/index.js';
import { writePoint } from '../../../platform/fault-points/index.js';
import { RescindLicence } from '../../licensing/index.js';
import { AppendStatement } from '../../log/index.js';
import { sendNotices } from '../../notices/index.js';
import type { Order } from '../orders/find-order.js';
import { giveBackListing, postRescinded } from './chain-escrow.js';

export type Rescission = 'payment-taken-back' | 'payment-undone';

/**
 * Undoes a settled order whose payment never reached the payees: the buyer's own refund was mined before the release, or the chain has undone the payment. The licence is void from the beginning and the log says so.
 * A slice is not taken from its holder by us alone: who it was assigned from has a claim against the buyer, and the operator is told.
 */
@Injectable()
export class RescindOrder {
  private readonly logger = new Logger('Settlement');

  constructor(private readonly rescindLicence: RescindLicence, private readonly append: AppendStatement) {}

  /** @param order settled, and locked. */
  async within(tx: Tx, order: Order, reason: Rescission): Promise<void> {
    const actor = `order:${order.number}`;
    const licenceId = order.licence === null ? null : (parseWorkNumber(order.licence, 'LC')?.id ?? null);
    await this.append.lock(tx, [order.number, ...(licenceId === null ? [] : await this.rescindLicence.headsOf(tx, licenceId))]);
    if (licenceId === null) this.logger.error(`SETTLEMENT.NOT_RESCINDED: the buyer of order ${order.number} has the slice and the payment: the seller is to claim the slice back`);
    else await this.rescindLicence.within(tx, licenceId, actor);
    await this.append.execute(tx, { type: 'order.rescinded', subject: order.number, about: order.licence === null ? [order.work] : [order.work, order.licence], actor, body: { reason }, sealed: [] }, []);
    await postRescinded(tx, order, reason === 'payment-taken-back' ? 'buyer' : 'nobody');
    await writePoint('order.rescind', () => tx.query(`UPDATE trade_order SET state = 'refunded', ended_at = now(), reason = $2 WHERE order_id = $1`, [order.orderId.toString(), reason === 'payment-taken-back' ? 'PAYMENT_TAKEN_BACK' : 'PAYMENT_UNDONE']));
    if (licenceId !== null) await giveBackListing(tx, order);
    const told = new Set([order.buyerId, order.sellerId, ...order.lines.flatMap(({ account }) => account ?? [])]);
    await sendNotices(tx, [...told].map((accountId) => ({ accountId, kind: 'order-refunded', subject: order.number })));
  }
}
