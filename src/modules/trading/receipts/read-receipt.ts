import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { bytesToHex } from '../../../lib/bytes/index.js';
import { composeReceipt, type ReceiptFacts } from '../../../lib/receipt/index.js';
import { describeScope } from '../../../lib/rights/index.js';
import { DrawPdf } from '../../../platform/pdf/index.js';
import { FindAccounts } from '../../identity/index.js';
import { LogReader } from '../../log/index.js';
import { FindWork, statementOf } from '../../works/index.js';
import { FindListing } from '../listings/find-listing.js';
import { assertParty } from '../orders/assert-party.js';
import { FindOrder, type Order } from '../orders/find-order.js';
import { orderNotInThisState } from '../trading.errors.js';

/** The receipt of a settled order as PDF, for buyer and seller. The same order has the same receipt, whenever it is asked for. */
@Injectable()
export class ReadReceipt {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource, private readonly findOrder: FindOrder, private readonly findListing: FindListing, private readonly findWork: FindWork, private readonly accounts: FindAccounts, private readonly reader: LogReader, private readonly drawPdf: DrawPdf,
  ) {}

  /** @throws DomainError `TRADING.ORDER_NOT_FOUND`, `TRADING.NOT_PARTY`, `TRADING.NOT_IN_THIS_STATE`; `HTTP.UNAVAILABLE` (Retry-After) while too many are drawn. */
  async execute(typed: string, accountId: string): Promise<{ number: string; file: Buffer }> {
    const order = await this.findOrder.execute(typed, accountId);
    assertParty(order, accountId);
    if (order.state !== 'settled') throw orderNotInThisState(order.state);
    const facts = await this.factsOf(order);
    return { number: order.number, file: await this.drawPdf.execute(composeReceipt(facts)) };
  }

  private async factsOf(order: Order): Promise<ReceiptFacts> {
    const { number, listing, licence, kind, buyerId, sellerId, currency, amountMinor, method, lines } = order;
    const [{ box }, known, names, [settled], timeline] = await Promise.all([
      this.findListing.byId(order.listingId), this.findWork.known(order.work), this.accounts.names([buyerId, sellerId]), this.reader.chain(number),
      this.dataSource.query<{ state: string; at: Date }[]>('SELECT to_state AS state, at FROM order_event WHERE order_id = $1 ORDER BY place', [order.orderId.toString()]),
    ]);
    if (known === null || settled === undefined) throw new Error(`the order ${number} has no statement or no work`);
    return {
      order: number, listing, kind, licence, currency, amountMinor: amountMinor.toString(), method, lines,
      sentence: { zh: describeScope(box, null, 'zh'), en: describeScope(box, null, 'en') },
      work: { number: known.number, title: known.work.title, category: known.work.category },
      buyer: { account: `acct:${buyerId}`, name: names.get(buyerId) ?? null }, seller: { account: `acct:${sellerId}`, name: names.get(sellerId) ?? null },
      timeline: timeline.map(({ state, at }) => ({ state, at: at.toISOString() })),
      statement: { id: statementOf(settled).id, leafHash: bytesToHex(settled.leafHash), receipt: settled.receipt },
      settledAt: (order.endedAt ?? settled.acceptedAt).toISOString(),
    };
  }
}
