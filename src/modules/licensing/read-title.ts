import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { type Box, computeTitle, type TitleFacts } from '../../lib/rights/index.js';
import type { DepositBody } from '../../lib/statement/index.js';
import type { Tx } from '../../platform/database/index.js';
import { LogReader } from '../log/index.js';
import { type FoundWork, projectWork } from '../works/index.js';
import { BOX_COLUMNS, type BoxRow, fromBoxRow } from './box-columns.js';
import { type Holder, insertFirstHolding } from './insert-first-holding.js';
import { toTitleFacts } from './title-facts.js';

/** A slice of ownership that stands. `holdingId` is null while nothing was ever done with the work's rights: then the slice is what the deposit says. */
export interface Slice {
  readonly holdingId: string | null;
  readonly box: Box;
  readonly holders: readonly Holder[];
}

/**
 * Who holds which rights in a work. The first holding follows from the deposit; it becomes a row with the first act about the rights, so that
 * registering a work does not pay for rights that are never traded.
 */
@Injectable()
export class ReadTitle {
  constructor(@InjectDataSource() private readonly dataSource: DataSource, private readonly reader: LogReader) {}

  /** @returns no slice when no economic right was deposited. */
  async execute(found: FoundWork): Promise<Slice[]> {
    const stored = await this.stored(this.dataSource, found);
    if (stored.length > 0) return stored;
    const title = computeTitle(await this.factsOf(found));
    return title === null ? [] : [{ holdingId: null, box: title.box, holders: [{ accountId: found.work.accountId, shareBps: 10_000 }] }];
  }

  /**
   * The slices, all of them rows.
   * @param known what {@link execute} answered before the transaction: of a work that has no rows yet it is what is written.
   */
  async open(tx: Tx, found: FoundWork, known: readonly Slice[]): Promise<(Slice & { holdingId: string })[]> {
    const [first] = known;
    if (known.length === 1 && first?.holdingId === null) await insertFirstHolding(tx, found.work.workId, first.box, first.holders);
    return this.stored(tx, found);
  }

  private async stored(db: DataSource | Tx, found: FoundWork): Promise<(Slice & { holdingId: string })[]> {
    const rows: (BoxRow & { holding_id: string; holders: Holder[] })[] = await db.query(
      `SELECT h.holding_id, ${BOX_COLUMNS},
              (SELECT jsonb_agg(jsonb_build_object('accountId', o.account_id, 'shareBps', o.share_bps) ORDER BY o.account_id) FROM holding_holder o WHERE o.holding_id = h.holding_id) AS holders
         FROM holding h WHERE h.work_id = $1 AND h.replaced_seq IS NULL ORDER BY h.holding_id`,
      [found.work.workId],
    );
    return rows.map((row) => ({ holdingId: row.holding_id, box: fromBoxRow(row), holders: row.holders }));
  }

  private async factsOf({ number }: FoundWork): Promise<TitleFacts> {
    // As the owner sees it: of a confidential work the facts are sealed.
    return toTitleFacts(projectWork(await this.reader.chain(number), true) as unknown as DepositBody);
  }
}
