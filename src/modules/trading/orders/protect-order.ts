import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { z } from 'zod';
import { paragraphs } from '../../../lib/api-schema/index.js';
import { DomainError } from '../../../lib/errors/index.js';
import { toRowTime, type Tx } from '../../../platform/database/index.js';
import { writePoint } from '../../../platform/fault-points/index.js';
import { computePayloadHash, findStoredResponse, type Idempotent, runIdempotently } from '../../../platform/http/index.js';
import { sendNotices } from '../../notices/index.js';
import { FindOperators } from '../../operators/index.js';
import { orderNotInThisState } from '../trading.errors.js';
import { assertBuyer } from './assert-party.js';
import { FindOrder, type Order } from './find-order.js';
import { ReadOrder } from './read-order.js';
import { SettleAssignment } from './settle-assignment.js';

export const disputeSchema = z.strictObject({ reason: paragraphs(2_000) });
export const resolutionSchema = z.strictObject({ outcome: z.enum(['settle', 'refund']), reason: paragraphs(2_000).meta({ description: 'Told to both parties' }) });
export type Resolution = z.output<typeof resolutionSchema>;

/** So many orders whose time is over are read at a time. */
const MOST_AT_ONCE = 50;
/** Why an order was refunded, when somebody wanted it so; else it says what was refused. */
const BY_SELLER = 'by the seller';
const BY_OPERATOR = 'by an operator';

/** The time that the buyer of a slice has: they confirm, or object and an operator decides, or the time is over. */
@Injectable()
export class ProtectOrder {
  constructor(@InjectDataSource() private readonly dataSource: DataSource, private readonly findOrder: FindOrder, private readonly readOrder: ReadOrder, private readonly settle: SettleAssignment, private readonly operators: FindOperators) {}

  /** By the buyer: the slice and the money change hands now. @throws DomainError `TRADING.ORDER_NOT_FOUND`, `TRADING.NOT_BUYER`, `TRADING.NOT_IN_THIS_STATE`. */
  async confirm(typed: string, accountId: string, key: string | null): Promise<Record<string, unknown>> {
    const order = await this.ofBuyer(typed, accountId);
    const asked = toAsked('confirm-order', order, accountId, key);
    // Said twice, it is done once.
    if (!(await this.isDone(asked)) && order.state !== 'settled') await this.settle.execute(order, ['funded'], { asked });
    return this.readOrder.execute(typed, accountId);
  }

  /** By the buyer: the money stays held until an operator decides, and all of them are told. @throws DomainError as {@link confirm}. */
  async dispute(typed: string, accountId: string, { reason }: z.output<typeof disputeSchema>, key: string | null): Promise<Record<string, unknown>> {
    const asked = await this.ofBuyer(typed, accountId);
    const operators = await this.operators.ids();
    await this.once(toAsked('dispute', asked, accountId, key, { reason }), async (tx) => {
      const order = await this.findOrder.lock(tx, asked);
      if (order.state !== 'funded' || order.kind !== 'assignment') throw orderNotInThisState(order.state);
      await writePoint('order.dispute', () => tx.query(`UPDATE trade_order SET state = 'disputed', dispute_reason = $2, disputed_at = now() WHERE order_id = $1`, [order.orderId.toString(), reason]));
      const told = new Set([order.sellerId, ...operators.filter((id) => !isConcerned(order, id))]);
      await sendNotices(tx, [...told].map((id) => ({ accountId: id, kind: 'order-disputed', subject: order.number })));
    });
    return this.readOrder.execute(typed, accountId);
  }

  /** By an operator who is no party of it; the same again is answered as the order is then. @throws DomainError `TRADING.ORDER_NOT_FOUND`, `TRADING.NOT_IN_THIS_STATE`. */
  async resolve(typed: string, operatorId: string, resolution: Resolution, key: string | null): Promise<Record<string, unknown>> {
    const order = await this.findOrder.execute(typed, operatorId, true);
    if (isConcerned(order, operatorId)) throw orderNotInThisState('yours');
    const asked = toAsked('resolve-order', order, operatorId, key, resolution);
    if (!(await this.isDone(asked)) && !isResolvedSo(order, operatorId, resolution)) {
      const decision = { by: operatorId, reason: resolution.reason };
      if (resolution.outcome === 'settle') await this.settle.execute(order, ['disputed'], { asked, decision });
      else await this.once(asked, (tx) => this.settle.refund(tx, order, ['disputed'], BY_OPERATOR, decision));
    }
    return this.readOrder.execute(typed, operatorId, true);
  }

  /** By the seller before the buyer confirms, or has objected: all of the money goes back. @throws DomainError `TRADING.ORDER_NOT_FOUND`, `TRADING.NOT_IN_THIS_STATE`. */
  async refund(typed: string, accountId: string, key: string | null): Promise<Record<string, unknown>> {
    const order = await this.findOrder.execute(typed, accountId);
    if (order.sellerId !== accountId) throw orderNotInThisState('not yours');
    const asked = toAsked('refund-order', order, accountId, key);
    if (!(await this.isDone(asked)) && order.state !== 'refunded') await this.once(asked, (tx) => this.settle.refund(tx, order, ['funded', 'disputed'], BY_SELLER));
    return this.readOrder.execute(typed, accountId);
  }

  /** Settles those whose time is over, the one that has waited longest first. One that fails keeps none of the others waiting. @throws AggregateError of what could not be settled, in the end. */
  async settleDue(): Promise<void> {
    const failures: unknown[] = [];
    for (let [last, rows] = [{ due: '-infinity', order_id: '-1' }, [] as { due: string; order_id: string }[]]; ; last = rows.at(-1) ?? last) {
      rows = await this.dataSource.query<{ due: string; order_id: string }[]>(
        `SELECT order_id, ${toRowTime('protected_until')} AS due FROM trade_order WHERE state = 'funded' AND protected_until <= now() AND method = 'balance' AND (protected_until, order_id) > ($1::timestamptz, $2::bigint)
          ORDER BY protected_until, order_id LIMIT ${MOST_AT_ONCE}`, [last.due, last.order_id]);
      for (const { order_id: id } of rows) {
        const order = await this.findOrder.byId(this.dataSource, BigInt(id));
        // Another process may have been quicker.
        if (order?.state !== 'funded') continue;
        await this.settle.execute(order, ['funded']).catch((error: unknown) => { if (!(error instanceof DomainError) || error.code !== 'TRADING.NOT_IN_THIS_STATE') failures.push(error); });
      }
      if (rows.length < MOST_AT_ONCE) break;
    }
    if (failures.length > 0) throw new AggregateError(failures, 'some orders could not be settled');
  }

  private async ofBuyer(typed: string, accountId: string): Promise<Order> {
    const order = await this.findOrder.execute(typed, accountId);
    assertBuyer(order, accountId);
    return order;
  }

  private async isDone(asked: Idempotent): Promise<boolean> {
    return (await findStoredResponse(this.dataSource, asked)) !== null;
  }

  /** What is answered is how the order stands then: nothing of it is stored. */
  private async once(asked: Idempotent, act: (tx: Tx) => Promise<void>): Promise<void> {
    await runIdempotently(this.dataSource, asked, async (tx) => {
      await act(tx);
      return { status: 200, body: null };
    });
  }
}

/** Buyer, seller, or who is paid by it: they decide nothing of it. */
function isConcerned({ buyerId, sellerId, lines }: Order, accountId: string): boolean {
  return accountId === buyerId || accountId === sellerId || lines.some(({ account }) => account === accountId);
}

function toAsked(act: string, { number }: Order, accountId: string, key: string | null, payload: object | null = null): Idempotent {
  return { accountId, key, payloadHash: computePayloadHash({ act, subject: number, payload }) };
}

/** Whether this was decided before, by the same operator for the same reason: what was to be settled may have been refunded by itself. */
function isResolvedSo({ resolvedBy, resolutionReason, reason: why }: Order, operatorId: string, { outcome, reason }: Resolution): boolean {
  return resolvedBy === operatorId && resolutionReason === reason && (outcome === 'refund') === (why === BY_OPERATOR);
}
