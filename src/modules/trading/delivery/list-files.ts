import { Injectable } from '@nestjs/common';
import { type DepositedFile, ReadOriginals } from '../../works/index.js';
import { assertBuyer } from '../orders/assert-party.js';
import { FindOrder } from '../orders/find-order.js';
import { orderNotInThisState } from '../trading.errors.js';

export type FileView = Pick<DepositedFile, 'name' | 'mediaType' | 'byteLength' | 'sha256' | 'deposit'>;

/** What files the work has that was bought, of a confidential one too: for the buyer of a settled order. */
@Injectable()
export class ListFiles {
  constructor(private readonly findOrder: FindOrder, private readonly originals: ReadOriginals) {}

  /** @throws DomainError `TRADING.ORDER_NOT_FOUND`, `TRADING.NOT_BUYER`, `TRADING.NOT_IN_THIS_STATE`. */
  async execute(typed: string, accountId: string): Promise<{ items: FileView[] }> {
    const order = await this.findOrder.execute(typed, accountId);
    assertBuyer(order, accountId);
    if (order.state !== 'settled') throw orderNotInThisState(order.state);
    return { items: (await this.originals.list({ number: order.work, workId: order.workId })).map(toFileView) };
  }
}

export function toFileView({ name, mediaType, byteLength, sha256, deposit }: DepositedFile): FileView {
  return { name, mediaType, byteLength, sha256, deposit };
}
