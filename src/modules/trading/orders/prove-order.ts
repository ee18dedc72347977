import { Injectable } from '@nestjs/common';
import { parseDisclosure } from '../../../lib/statement/index.js';
import { LogReader } from '../../log/index.js';
import { ComposeBundle, isPublicPointer, statementOf } from '../../works/index.js';
import { FindOrder } from './find-order.js';

/** What of the work's chain a trade rests on: the deposit, and what made or moved holdings. */
const TITLE_TYPES: ReadonlySet<string> = new Set(['work.deposited', 'work.assigned', 'work.consent-given']);

/** The proof bundle of a settled trade: its own statement, the licence that was sold, and what of the work's chain both rest on. */
@Injectable()
export class ProveOrder {
  constructor(private readonly findOrder: FindOrder, private readonly reader: LogReader, private readonly compose: ComposeBundle) {}

  /** @param disclose whether parties and price are opened; buyer and seller may. @throws DomainError `TRADING.ORDER_NOT_FOUND`, `LOG.NOT_YET_LOGGED` (Retry-After). */
  async execute(typed: string, { accountId, at, disclose }: { accountId: string; at: 'anchored' | 'newest'; disclose: boolean }): Promise<Record<string, unknown>> {
    const order = await this.findOrder.execute(typed, accountId);
    const isParty = order.buyerId === accountId || order.sellerId === accountId;
    const [own, licence, work] = await Promise.all([this.reader.chain(order.number), order.licence === null ? [] : this.reader.chain(order.licence), this.reader.chain(order.work)]);
    const isPublic = work[0] !== undefined && statementOf(work[0]).body['visibility'] === 'public';
    return this.compose.execute(order.number, [
      { subject: order.number, entries: own, complete: true, opens: () => disclose && isParty },
      ...(order.licence === null ? [] : [{ subject: order.licence, entries: licence, complete: true, opens: () => disclose && isParty }]),
      { subject: order.work, entries: work.filter(({ type }) => TITLE_TYPES.has(type)), complete: false, opens: (disclosure) => isPublic && isPublicPointer(parseDisclosure(disclosure).pointer) },
    ], at);
  }
}
