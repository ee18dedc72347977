import { Inject, Injectable, Logger } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { CONFIG, type Config } from '../../../platform/config/index.js';
import { transact, type Tx } from '../../../platform/database/index.js';
import { writePoint } from '../../../platform/fault-points/index.js';
import { sendNotices } from '../../notices/index.js';
import { FindOrder, type Order } from '../orders/find-order.js';
import { giveBackListing, isPaidBack, postFunded, postRefunded } from './chain-escrow.js';
import type { FoundEvent } from './find-events.js';
import { type ChainPayment, findOrderOf, insertEvent, lockPayment, setEvent } from './payment-records.js';
import { RecordWithdrawal } from './record-withdrawal.js';
import { RescindOrder } from './rescind-order.js';
import type { SettlementInstance } from './settlement-instance.js';

/** Takes what the contract said: each event once, in one transaction with what follows from it. */
@Injectable()
export class RecordEvent {
  private readonly logger = new Logger('Settlement');

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource, @Inject(CONFIG) private readonly config: Pick<Config, 'trading'>, private readonly findOrder: FindOrder, private readonly withdrawal: RecordWithdrawal, private readonly rescind: RescindOrder,
  ) {}

  async execute(instance: SettlementInstance, found: FoundEvent): Promise<void> {
    if (found.event.kind === 'withdrawn') return this.withdrawal.execute(instance, found);
    const { orderId: chainOrderId } = found.event;
    await transact(this.dataSource, async (tx) => {
      const orderId = await findOrderOf(tx, instance, chainOrderId);
      if (orderId === null) {
        // Signed by our key and unknown here: it was used elsewhere, or the database is older than the order. The buyer has the contract's deadline.
        if ((await insertEvent(tx, instance, found)) !== null) this.logger.error(`SETTLEMENT.UNEXPECTED_EVENT: ${found.event.kind} of an order that is not known here, in transaction ${found.transactionHash}`);
        return;
      }
      const order = await this.findOrder.lock(tx, { orderId });
      const payment = await lockPayment(tx, order);
      const eventId = await insertEvent(tx, instance, found);
      if (eventId === null) return;
      if (found.event.kind === 'funded' && found.event.orderHash !== payment.orderHash) {
        this.logger.error(`SETTLEMENT.UNEXPECTED_EVENT: order ${order.number} was funded with other terms than were signed here, in transaction ${found.transactionHash}`);
        return;
      }
      await setEvent(tx, order, found.event.kind === 'funded' ? 'funded_event' : 'ended_event', eventId);
      if (found.event.kind === 'funded') await this.funded(tx, order, payment);
      else if (found.event.kind === 'refunded') await this.refunded(tx, order);
      else if (order.state !== 'settled') this.logger.error(`SETTLEMENT.UNEXPECTED_EVENT: order ${order.number}, which is ${order.state}, was released`);
    });
  }

  private async funded(tx: Tx, order: Order, { lapsedAt, endedKind }: ChainPayment): Promise<void> {
    switch (order.state) {
      case 'created': {
        await postFunded(tx, order);
        const [wasDisputed] = await tx.query<{ disputed: boolean }[]>(`SELECT from_state = 'disputed' AS disputed FROM order_event WHERE order_id = $1 ORDER BY place DESC LIMIT 1`, [order.orderId.toString()]);
        const seconds = order.kind === 'assignment' ? this.config.trading.protectionSeconds : null;
        await writePoint('order.fund', () => tx.query(`UPDATE trade_order SET state = 'funded', funded_at = now(), protected_until = now() + make_interval(secs => $2) WHERE order_id = $1`, [order.orderId.toString(), seconds]));
        // Seen late: the buyer has taken it back already.
        if (endedKind === 'refunded') return this.refunded(tx, { ...order, state: 'funded' });
        // Its block was undone and it is in another one now; what was objected to still is.
        if (wasDisputed?.disputed === true) {
          await writePoint('order.dispute', () => tx.query(`UPDATE trade_order SET state = 'disputed' WHERE order_id = $1`, [order.orderId.toString()]));
          return;
        }
        await sendNotices(tx, [{ accountId: order.sellerId, kind: 'order-funded', subject: order.number }]);
        return;
      }
      case 'expired':
      case 'cancelled':
        // Too late: the listing may be another's. The settler gives it back. Of one that comes back in another block the ledger knows.
        if (lapsedAt === null && (await isPaidBack(tx, order))) return;
        await postFunded(tx, order);
        await postRefunded(tx, order);
        return;
      default:
        // Back after its block was undone: the ledger has it still, unless it was given up.
        if (lapsedAt !== null) {
          await postFunded(tx, order);
          await postRefunded(tx, order);
        }
    }
  }

  private async refunded(tx: Tx, order: Order): Promise<void> {
    switch (order.state) {
      case 'funded':
      case 'disputed':
        // By the buyer alone, after the deadline.
        await postRefunded(tx, order);
        await writePoint('order.refund', () => tx.query(`UPDATE trade_order SET state = 'refunded', ended_at = now(), reason = 'PAYMENT_TAKEN_BACK' WHERE order_id = $1`, [order.orderId.toString()]));
        await giveBackListing(tx, order);
        await sendNotices(tx, [order.buyerId, order.sellerId].map((accountId) => ({ accountId, kind: 'order-refunded', subject: order.number })));
        return;
      case 'settled':
        await this.rescind.within(tx, order, 'payment-taken-back');
        return;
      default:
    }
  }
}
