import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { type Box, computeTitle, type TitleFacts } from '../../lib/rights/index.js';
import type { Tx } from '../../platform/database/index.js';
import { writePoint } from '../../platform/fault-points/index.js';
import { LogReader } from '../log/index.js';
import { type FoundWork, projectWork } from '../works/index.js';
import { BOX_COLUMNS, type BoxRow, fromBoxRow, toBoxParameters } from './box-columns.js';

/** A slice of ownership that stands. `holdingId` is null while nothing was ever done with the work's rights: then the slice is what the deposit says. */
export interface Slice {
  readonly holdingId: string | null;
  readonly box: Box;
  readonly holders: readonly { readonly accountId: string; readonly shareBps: number }[];
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
    if (known.length === 1 && first?.holdingId === null) await this.insertFirst(tx, found, first);
    return this.stored(tx, found);
  }

  private async stored(db: DataSource | Tx, found: FoundWork): Promise<(Slice & { holdingId: string })[]> {
    const rows: (BoxRow & { holding_id: string; holders: { accountId: string; shareBps: number }[] })[] = await db.query(
      `SELECT h.holding_id, ${BOX_COLUMNS},
              (SELECT jsonb_agg(jsonb_build_object('accountId', o.account_id, 'shareBps', o.share_bps) ORDER BY o.account_id) FROM holding_holder o WHERE o.holding_id = h.holding_id) AS holders
         FROM holding h WHERE h.work_id = $1 AND h.replaced_seq IS NULL ORDER BY h.holding_id`,
      [found.work.workId],
    );
    return rows.map((row) => ({ holdingId: row.holding_id, box: fromBoxRow(row), holders: row.holders }));
  }

  private async insertFirst(tx: Tx, { work }: FoundWork, { box, holders }: Slice): Promise<void> {
    const [made]: { holding_id: string }[] = await writePoint('holding.first', () =>
      tx.query(`INSERT INTO holding (work_id, rights, territories, uses, languages, term, made_seq) VALUES ($1, $2, $3, $4, $5, $6, 0)
                ON CONFLICT (work_id) WHERE cut_from IS NULL DO NOTHING RETURNING holding_id`, [work.workId, ...toBoxParameters(box)]));
    // Another act was quicker, and has committed: its row is the same.
    if (!made) return;
    await writePoint('holding.holders', () =>
      tx.query('INSERT INTO holding_holder (holding_id, account_id, share_bps) SELECT $1, h.* FROM unnest($2::uuid[], $3::integer[]) AS h', [made.holding_id, holders.map(({ accountId }) => accountId), holders.map(({ shareBps }) => shareBps)]));
  }

  private async factsOf({ number }: FoundWork): Promise<TitleFacts> {
    // As the owner sees it: of a confidential work the facts are sealed.
    const body = projectWork(await this.reader.chain(number), true) as unknown as {
      category: TitleFacts['category']; ownership: TitleFacts['ownership']; rights: TitleFacts['rights'];
      creation?: { completedOn?: string }; publication?: { firstPublishedOn?: string };
    };
    return { category: body.category, ownership: body.ownership, rights: body.rights, completedOn: body.creation?.completedOn ?? '1970-01-01', firstPublishedOn: body.publication?.firstPublishedOn ?? null };
  }
}
