import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { ChainError, type SettlementEvent } from '../../../platform/chain/index.js';
import { transact, type Tx } from '../../../platform/database/index.js';
import { writePoint } from '../../../platform/fault-points/index.js';
import { sendNotices } from '../../notices/index.js';
import { FindOrder, type Order } from '../orders/find-order.js';
import { postUnfunded } from './chain-escrow.js';
import { toHex } from './evm-hex.js';
import type { Look } from './open-look.js';
import { findOrderOf, lockPayment, setEvent } from './payment-records.js';
import { RecordWithdrawal } from './record-withdrawal.js';
import { moveScan, type SettlementInstance } from './settlement-instance.js';

interface Row {
  event_id: string;
  transaction_hash: Buffer;
  block_number: string;
  block_hash: Buffer;
  kind: SettlementEvent['kind'];
  chain_order_id: Buffer | null;
  account: Buffer | null;
  token: Buffer;
  amount: string;
  transfer_id: string | null;
}

/**
 * Takes back what stood in blocks that are none any more, from the newest down. An order that was only funded may be paid again; of one that is over nothing moves yet: mostly the same transaction is mined again in
 * another block. Only when that does not happen until its deadline is it given up.
 */
@Injectable()
export class UndoEvents {
  constructor(@InjectDataSource() private readonly dataSource: DataSource, private readonly findOrder: FindOrder, private readonly withdrawal: RecordWithdrawal) {}

  /** @returns how many. */
  async execute(look: Look): Promise<number> {
    for (let undone = 0; ; undone++) {
      const [row] = await this.dataSource.query<Row[]>(
        `SELECT event_id, transaction_hash, block_number, block_hash, kind, chain_order_id, account, token, amount, transfer_id FROM chain_event
          WHERE instance_id = $1 AND undone_at IS NULL ORDER BY block_number DESC, log_index DESC LIMIT 1`, [look.instance.id]);
      // A block contains all its ancestors: once the newest event's block is in the chain, so are those of all older ones.
      if (row === undefined || !(await isGone(look, Number(row.block_number), toHex(row.block_hash)))) return undone;
      await transact(this.dataSource, (tx) => this.undo(tx, look.instance, row));
    }
  }

  private async undo(tx: Tx, instance: SettlementInstance, row: Row): Promise<void> {
    const orderId = row.chain_order_id === null ? null : await findOrderOf(tx, instance, toHex(row.chain_order_id));
    const order = orderId === null ? null : await this.findOrder.lock(tx, { orderId });
    const payment = order === null ? null : await lockPayment(tx, order);
    const [, changed] = await writePoint('chain-event.undo', () => tx.query<[unknown, number]>('UPDATE chain_event SET undone_at = clock_timestamp() WHERE event_id = $1 AND undone_at IS NULL', [row.event_id]));
    if (changed === 0) return;
    await moveScan(tx, instance, Number(row.block_number) - 1, 'back');
    if (row.kind === 'withdrawn') {
      await this.withdrawal.undo(tx, { kind: 'withdrawn', orderId: null, account: toHex(row.account as Buffer), token: toHex(row.token), amount: BigInt(row.amount) }, toHex(row.transaction_hash), row.transfer_id);
    } else if (order !== null && payment !== null) {
      if (payment.endedEvent === row.event_id) await setEvent(tx, order, 'ended_event', null);
      if (payment.fundedEvent === row.event_id) await this.unfund(tx, order);
    }
  }

  private async unfund(tx: Tx, order: Order): Promise<void> {
    await setEvent(tx, order, 'funded_event', null);
    if (order.state !== 'funded' && order.state !== 'disputed') return;
    await postUnfunded(tx, order);
    await writePoint('order.unfund', () => tx.query(`UPDATE trade_order SET state = 'created', funded_at = NULL, protected_until = NULL WHERE order_id = $1`, [order.orderId.toString()]));
    // The buyer pays again when it does not come back; the seller was told that it is paid.
    await sendNotices(tx, [order.buyerId, order.sellerId].map((accountId) => ({ accountId, kind: 'order-unfunded', subject: order.number })));
  }
}

/** Whether enough nodes have another block there. One that has none yet says nothing. */
async function isGone({ witnesses, needed }: Look, number: number, hash: string): Promise<boolean> {
  let against = 0;
  for (const { session } of witnesses) {
    const block = await session.block(number).catch((error: unknown) => {
      if (error instanceof ChainError) return null;
      throw error;
    });
    if (block?.hash === hash) return false;
    if (block !== null && ++against >= needed) return true;
  }
  return false;
}
