import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { z } from 'zod';
import { paragraphs } from '../../../lib/api-schema/index.js';
import { DomainError } from '../../../lib/errors/index.js';
import { transact } from '../../../platform/database/index.js';
import { writePoint } from '../../../platform/fault-points/index.js';
import { computePayloadHash, runIdempotently } from '../../../platform/http/index.js';
import { sendNotices } from '../../notices/index.js';
import { notBuyer, orderNotInThisState } from '../trading.errors.js';
import { FindOrder, type Order } from './find-order.js';
import { ReadOrder } from './read-order.js';
import { SettleAssignment } from './settle-assignment.js';

export const disputeSchema = z.strictObject({ reason: paragraphs(2_000) });
export const resolutionSchema = z.strictObject({ outcome: z.enum(['settle', 'refund']), reason: paragraphs(2_000) });
export type Resolution = z.output<typeof resolutionSchema>;

/** So many orders whose time is over are settled at a time. */
const MOST_DUE = 50;

/** The time that the buyer of a slice has: they confirm, or object and an operator decides, or the time is over. */
@Injectable()
export class ProtectOrder {
  constructor(@InjectDataSource() private readonly dataSource: DataSource, private readonly findOrder: FindOrder, private readonly readOrder: ReadOrder, private readonly settle: SettleAssignment) {}

  /** By the buyer: the slice and the money change hands now. @throws DomainError `TRADING.ORDER_NOT_FOUND`, `TRADING.NOT_BUYER`, `TRADING.NOT_IN_THIS_STATE`. */
  async confirm(typed: string, accountId: string): Promise<Record<string, unknown>> {
    const order = await this.ofBuyer(typed, accountId);
    // Said twice, it is done once.
    if (order.state !== 'settled') await this.settle.execute(order, ['funded']);
    return this.readOrder.execute(typed, accountId);
  }

  /** By the buyer: the money stays held until an operator decides. @throws DomainError as {@link confirm}. */
  async dispute(typed: string, accountId: string, { reason }: z.output<typeof disputeSchema>, key: string | null): Promise<Record<string, unknown>> {
    const { orderId, number } = await this.ofBuyer(typed, accountId);
    await runIdempotently(this.dataSource, { accountId, key, payloadHash: computePayloadHash({ act: 'dispute', subject: number, payload: { reason } }) }, async (tx) => {
      const order = await this.findOrder.lock(tx, { orderId });
      if (order.state !== 'funded' || order.kind !== 'assignment') throw orderNotInThisState(order.state);
      await writePoint('order.dispute', () => tx.query(`UPDATE trade_order SET state = 'disputed', reason = $2 WHERE order_id = $1`, [orderId.toString(), reason]));
      await sendNotices(tx, [{ accountId: order.sellerId, kind: 'order-disputed', subject: number }]);
      return { status: 200, body: null };
    });
    return this.readOrder.execute(typed, accountId);
  }

  /** By an operator who is no party of it. @throws DomainError `TRADING.ORDER_NOT_FOUND`, `TRADING.NOT_IN_THIS_STATE`. */
  async resolve(typed: string, operatorId: string, { outcome, reason }: Resolution): Promise<Record<string, unknown>> {
    const order = await this.findOrder.execute(typed, operatorId, true);
    if ([order.buyerId, order.sellerId, ...order.lines.map(({ account }) => account)].includes(operatorId)) throw orderNotInThisState('yours');
    if (outcome === 'settle') await this.settle.execute(order, ['disputed']);
    else await transact(this.dataSource, (tx) => this.settle.refund(tx, order, ['disputed'], reason));
    return this.readOrder.execute(typed, operatorId, true);
  }

  /** By the seller before the buyer confirms, or has objected: all of the money goes back. @throws DomainError `TRADING.ORDER_NOT_FOUND`, `TRADING.NOT_IN_THIS_STATE`. */
  async refund(typed: string, accountId: string): Promise<Record<string, unknown>> {
    const order = await this.findOrder.execute(typed, accountId);
    if (order.sellerId !== accountId) throw orderNotInThisState('not yours');
    if (order.state !== 'refunded') await transact(this.dataSource, (tx) => this.settle.refund(tx, order, ['funded', 'disputed'], 'by the seller'));
    return this.readOrder.execute(typed, accountId);
  }

  /** Settles those whose time is over. One that fails keeps none of the others waiting. @returns how many were due. @throws what the first failed with, in the end. */
  async settleDue(): Promise<number> {
    const due = await this.dataSource.query<{ order_id: string }[]>(
      `SELECT order_id FROM trade_order WHERE state = 'funded' AND protected_until <= now() AND method = 'balance' ORDER BY protected_until LIMIT ${MOST_DUE}`);
    const failures: unknown[] = [];
    for (const { order_id: id } of due) {
      const order = await this.findOrder.byId(this.dataSource, BigInt(id));
      // Another process may have been quicker.
      if (order?.state !== 'funded') continue;
      await this.settle.execute(order, ['funded']).catch((error: unknown) => { if (!(error instanceof DomainError) || error.code !== 'TRADING.NOT_IN_THIS_STATE') failures.push(error); });
    }
    if (failures.length > 0) throw failures[0];
    return due.length;
  }

  private async ofBuyer(typed: string, accountId: string): Promise<Order> {
    const order = await this.findOrder.execute(typed, accountId);
    if (order.buyerId !== accountId) throw notBuyer();
    return order;
  }
}
