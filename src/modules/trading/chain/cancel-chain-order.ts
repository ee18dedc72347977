import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { transact } from '../../../platform/database/index.js';
import { writePoint } from '../../../platform/fault-points/index.js';
import { FindOrder } from '../orders/find-order.js';
import { ReadOrder } from '../orders/read-order.js';
import { notBuyer, orderNotInThisState } from '../trading.errors.js';
import { AskContract } from './ask-contract.js';
import { giveBackListing } from './chain-escrow.js';
import { paymentOnItsWay } from './chain.errors.js';
import { lockPayment } from './payment-records.js';

/** By the buyer of an order that is paid on chain, before it is paid: the listing is open to others again. What the contract has, though not deep enough to count, is not cancelled. Should a payment arrive all the same, the settler gives it back, as of an order that has expired. */
@Injectable()
export class CancelChainOrder {
  constructor(@InjectDataSource() private readonly dataSource: DataSource, private readonly findOrder: FindOrder, private readonly readOrder: ReadOrder, private readonly contract: AskContract) {}

  /** Said twice, it is done once. @throws DomainError `TRADING.ORDER_NOT_FOUND`, `TRADING.NOT_BUYER`, `TRADING.NOT_IN_THIS_STATE`, `TRADING.PAYMENT_ON_ITS_WAY`. */
  async execute(typed: string, accountId: string): Promise<Record<string, unknown>> {
    const asked = await this.findOrder.execute(typed, accountId);
    if (asked.buyerId !== accountId) throw notBuyer();
    if (asked.method !== 'chain') throw orderNotInThisState(asked.state);
    // Before the transaction, which holds a connection. When no node answers it is cancelled all the same.
    if (asked.state === 'created' && (await this.contract.stateOf(asked)) === 'funded') throw paymentOnItsWay();
    await transact(this.dataSource, async (tx) => {
      const order = await this.findOrder.lock(tx, asked);
      if (order.state === 'cancelled') return;
      const payment = await lockPayment(tx, order);
      if (order.state !== 'created' || payment.fundedEvent !== null) throw orderNotInThisState(order.state);
      await writePoint('order.cancel', () => tx.query(`UPDATE trade_order SET state = 'cancelled', ended_at = now() WHERE order_id = $1`, [order.orderId.toString()]));
      await giveBackListing(tx, order);
    });
    return this.readOrder.execute(typed, accountId);
  }
}
