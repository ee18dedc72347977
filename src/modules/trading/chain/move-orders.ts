import { Injectable, Logger } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { DomainError } from '../../../lib/errors/index.js';
import { RightsSettlementContract } from '../../../platform/chain/index.js';
import { toRowTime, transact, type Tx } from '../../../platform/database/index.js';
import { writePoint } from '../../../platform/fault-points/index.js';
import { sendNotices } from '../../notices/index.js';
import { FindOrder, type Order } from '../orders/find-order.js';
import { SettleAssignment } from '../orders/settle-assignment.js';
import { giveBackListing, isPaidBack, postLapsed, postUnfunded } from './chain-escrow.js';
import { toHex } from './evm-hex.js';
import type { Look } from './open-look.js';
import { lockPayment } from './payment-records.js';
import { RescindOrder } from './rescind-order.js';
import { SettleChainLicence } from './settle-chain-licence.js';
import { moveScan } from './settlement-instance.js';

/** So many orders are read at a time, and moved at a look. */
const MOST_AT_ONCE = 50;
/** Where no block follows without a transaction, an order expires by our clock, this much later. */
const CLOCK_SKEW_MS = 5_000;

/** That an event of the payment stood in a block that is none any more. */
const UNDONE = 'EXISTS (SELECT 1 FROM chain_event e WHERE e.instance_id = p.instance_id AND e.chain_order_id = p.chain_order_id AND e.undone_at IS NOT NULL)';

interface Row {
  order_id: string;
  at: string;
  chain_order_id: Buffer;
  from_block: string;
}

/** Orders that wait for nobody but the time: settled when they are paid, expired when they are not, given up when their payment is gone for good. */
@Injectable()
export class MoveOrders {
  private readonly logger = new Logger('Settlement');

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource, private readonly findOrder: FindOrder, private readonly settleLicence: SettleChainLicence, private readonly settleAssignment: SettleAssignment, private readonly rescind: RescindOrder,
  ) {}

  /** Licences as soon as they are paid, slices when the time to object is over. Not of a contract that we cannot release them at: its buyers take the payments back from the deadline on. @returns how many moved. */
  async settleDue(look: Look): Promise<number> {
    if (!look.ours.settler) return 0;
    let moved = 0;
    for await (const { order } of this.find(look, `o.state = 'funded' AND p.funded_event IS NOT NULL AND p.ended_event IS NULL AND coalesce(o.protected_until, '-infinity') <= now()`)) {
      if (moved >= MOST_AT_ONCE) break;
      try {
        await (order.kind === 'assignment' ? this.settleAssignment.execute(order, ['funded']) : this.settleLicence.execute(order));
        moved++;
      } catch (error) {
        // Somebody else has moved it, or its block is gone; whatever else it is keeps no other order waiting.
        if (!(error instanceof DomainError)) this.logger.error(`order ${order.number} was not settled: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      }
    }
    return moved;
  }

  /**
   * Those that nobody paid in time, as far as the chain is known, which the contract confirms.
   * @param known the block up to which all events are known.
   */
  async expireDue(look: Look, known: number): Promise<number> {
    const time = await timeAt(look, known);
    if (time === null) return 0;
    const past = new Date(Math.max(time * 1000, known >= look.lead.latest.number ? Date.now() - CLOCK_SKEW_MS : 0));
    // One whose payment's block was undone was paid in time, and mostly is paid again a moment later.
    return this.endUnpaid(look, known, `o.state = 'created' AND CASE WHEN ${UNDONE} THEN p.deadline ELSE o.expires_at END < $2`, past, (tx, order) => this.expire(tx, order));
  }

  /**
   * Those that were over when their payment's block was undone, and whose deadline has passed without its coming back, by the chain's own clock: nothing can be paid by them any more.
   * @param known as for {@link expireDue}.
   */
  async giveUpDue(look: Look, known: number): Promise<number> {
    const time = await timeAt(look, known);
    if (time === null) return 0;
    return this.endUnpaid(look, known, `o.state IN ('settled', 'refunded', 'expired', 'cancelled') AND p.funded_event IS NULL AND p.lapsed_at IS NULL AND ${UNDONE} AND p.deadline < $2`, new Date(time * 1000), (tx, order) => this.giveUp(tx, order));
  }

  /** Those of a chain that is gone, as a development chain that began anew: neither paid nor payable. */
  async loseOthers(look: Look): Promise<number> {
    const rows = await this.dataSource.query<{ order_id: string }[]>(
      `SELECT o.order_id FROM trade_order o JOIN chain_payment p USING (order_id) JOIN settlement_instance i ON i.id = p.instance_id JOIN settlement_instance c ON c.id = $1
        WHERE o.state IN ('created', 'funded', 'disputed') AND (i.chain_id, i.genesis_hash) <> (c.chain_id, c.genesis_hash) ORDER BY 1 LIMIT ${MOST_AT_ONCE}`, [look.instance.id]);
    for (const { order_id: id } of rows) await transact(this.dataSource, (tx) => this.lose(tx, BigInt(id)));
    return rows.length;
  }

  /** @returns how many were ended. */
  private async endUnpaid(look: Look, known: number, where: string, past: Date, end: (tx: Tx, order: Order) => Promise<void>): Promise<number> {
    const contract = new RightsSettlementContract(look.lead.session, look.instance.contract);
    let ended = 0;
    for await (const { order, chainOrderId, fromBlock } of this.find(look, where, [past])) {
      if (ended >= MOST_AT_ONCE) break;
      if ((await contract.stateOf(chainOrderId, known)) === 'none') {
        await transact(this.dataSource, (tx) => end(tx, order));
        ended++;
        // The contract has a payment that no node has shown: looked for again from where it can be.
      } else await moveScan(this.dataSource, look.instance, fromBlock, 'back');
    }
    return ended;
  }

  private async expire(tx: Tx, asked: Order): Promise<void> {
    const order = await this.findOrder.lock(tx, asked);
    const payment = await lockPayment(tx, order);
    if (order.state !== 'created' || payment.fundedEvent !== null) return;
    await this.end(tx, order, 'expired', 'NOT_PAID');
  }

  private async giveUp(tx: Tx, asked: Order): Promise<void> {
    const order = await this.findOrder.lock(tx, asked);
    const payment = await lockPayment(tx, order);
    if (payment.fundedEvent !== null || payment.lapsedAt !== null || !['settled', 'refunded', 'expired', 'cancelled'].includes(order.state)) return;
    if (order.state === 'settled') await this.rescind.within(tx, order, 'payment-undone');
    else if (await isPaidBack(tx, order)) await postLapsed(tx, order);
    await writePoint('chain-payment.lapse', () => tx.query('UPDATE chain_payment SET lapsed_at = now() WHERE order_id = $1', [order.orderId.toString()]));
  }

  private async lose(tx: Tx, orderId: bigint): Promise<void> {
    const order = await this.findOrder.lock(tx, { orderId });
    if (order.state === 'created') return this.end(tx, order, 'expired', 'CHAIN_LOST');
    if (order.state !== 'funded' && order.state !== 'disputed') return;
    await postUnfunded(tx, order);
    await this.end(tx, order, 'refunded', 'CHAIN_LOST');
  }

  private async end(tx: Tx, order: Order, state: 'expired' | 'refunded', reason: string): Promise<void> {
    await writePoint('order.expire', () => tx.query('UPDATE trade_order SET state = $2, ended_at = now(), reason = $3 WHERE order_id = $1', [order.orderId.toString(), state, reason]));
    await giveBackListing(tx, order);
    // The seller was told of an order when it was paid, not before.
    const told = state === 'expired' ? [order.buyerId] : [order.buyerId, order.sellerId];
    await sendNotices(tx, told.map((accountId) => ({ accountId, kind: `order-${state}`, subject: order.number })));
  }

  /** All of them, the oldest first: those that cannot be moved, however many, keep none that comes after them waiting. */
  private async *find(look: Look, where: string, more: readonly unknown[] = []): AsyncGenerator<{ order: Order; chainOrderId: string; fromBlock: number }> {
    const after = `($${more.length + 2}::timestamptz, $${more.length + 3}::bigint)`;
    for (let [last, rows] = [{ at: '-infinity', order_id: '-1' }, [] as Row[]]; ; last = rows.at(-1) ?? last) {
      rows = await this.dataSource.query<Row[]>(
        `SELECT o.order_id, ${toRowTime('o.created_at')} AS at, p.chain_order_id, p.from_block FROM trade_order o JOIN chain_payment p USING (order_id) WHERE p.instance_id = $1 AND ${where} AND (o.created_at, o.order_id) > ${after}
          ORDER BY o.created_at, o.order_id LIMIT ${MOST_AT_ONCE}`, [look.instance.id, ...more, last.at, last.order_id]);
      for (const row of rows) {
        const order = await this.findOrder.byId(this.dataSource, BigInt(row.order_id));
        if (order !== null) yield { order, chainOrderId: toHex(row.chain_order_id), fromBlock: Number(row.from_block) };
      }
      if (rows.length < MOST_AT_ONCE) return;
    }
  }
}

/** The chain's clock at a block, in seconds since 1970, as far as enough nodes have it; null when that is not known. */
async function timeAt({ lead: { session, latest }, time }: Look, known: number): Promise<number | null> {
  const block = known === latest.number ? latest : await session.block(known);
  return block === null || time === null ? null : Math.min(block.timestamp, time);
}
