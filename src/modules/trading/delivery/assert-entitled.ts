import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { parseWorkNumber } from '../../../lib/statement/index.js';
import { FindLicence, holdersFrom, ReadTitle, standingOf } from '../../licensing/index.js';
import { FindListing } from '../listings/find-listing.js';
import type { Order } from '../orders/find-order.js';
import { notEntitled, orderNotInThisState } from '../trading.errors.js';

/** Whether the buyer of an order may have the originals: while the licence that was bought is in force, or while they hold of the slice that was bought. */
@Injectable()
export class AssertEntitled {
  constructor(@InjectDataSource() private readonly dataSource: DataSource, private readonly findLicence: FindLicence, private readonly findListing: FindListing, private readonly title: ReadTitle) {}

  /** @throws DomainError `TRADING.NOT_IN_THIS_STATE` for one that is not settled, such as one that was paid back; `TRADING.NOT_ENTITLED`. */
  async execute(order: Order, now = Date.now()): Promise<void> {
    if (order.state !== 'settled') throw orderNotInThisState(order.state);
    const standing = await (order.licence === null ? this.ofSlice(order, now) : this.ofLicence(order.licence, now));
    if (standing !== 'in-force') throw notEntitled(standing);
  }

  private async ofLicence(number: string, now: number): Promise<string> {
    const id = parseWorkNumber(number, 'LC')?.id;
    const licence = id === undefined ? null : await this.findLicence.byId(this.dataSource, id);
    return licence === null ? 'void' : standingOf(licence, now);
  }

  private async ofSlice({ listingId, work, buyerId }: Order, now: number): Promise<string> {
    const [{ box }, { slices }] = await Promise.all([this.findListing.byId(listingId), this.title.findForInsider(work)]);
    return holdersFrom(slices, box, now).includes(buyerId) ? 'in-force' : 'assigned-on';
  }
}
