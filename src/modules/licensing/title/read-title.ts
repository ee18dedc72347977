import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { parseWorkNumber } from '../../../lib/statement/index.js';
import { Coalescer } from '../../../platform/coalesce/index.js';
import { transact, type Tx } from '../../../platform/database/index.js';
import { LogReader } from '../../log/index.js';
import { FindWork, type FoundWork, workNotFound } from '../../works/index.js';
import { insertFirstHolding } from './insert-holding.js';
import { findSlices, isHolder, readSlices, type Slice, type StoredSlice } from './read-slices.js';
import { readFirstTitle } from './title-facts.js';

export type KnownWork = Pick<FoundWork, 'number' | 'work'>;
export interface TitledWork extends KnownWork {
  readonly slices: readonly Slice[];
}

const MOST_AT_ONCE = 64;

/**
 * Who holds which rights in a work. The first holding follows from the deposit; it becomes a row with the first act about the rights, so that
 * registering a work does not pay for rights that are never traded.
 */
@Injectable()
export class ReadTitle {
  private readonly slices = new Coalescer<string, StoredSlice[]>((workIds) => findSlices(this.dataSource, workIds), { maxItems: MOST_AT_ONCE, maxBatches: 4, isItemFault: () => false });

  constructor(@InjectDataSource() private readonly dataSource: DataSource, private readonly findWork: FindWork, private readonly reader: LogReader) {}

  /**
   * The work and its slices; none when no economic right was deposited. A confidential work is known to its depositor and to who holds of it.
   * @throws DomainError `WORKS.NOT_FOUND`.
   */
  async find(typed: string, accountId: string | null): Promise<TitledWork> {
    const known = await this.findOrNull(typed, accountId);
    if (known === null) throw workNotFound();
    return known;
  }

  /** The same; null for what the caller may not know of. */
  async findOrNull(typed: string, accountId: string | null): Promise<TitledWork | null> {
    const known = await this.known(typed);
    if (known === null) return null;
    const mayKnow = known.work.visibility === 'public' || (accountId !== null && (known.work.accountId === accountId || known.slices.some((slice) => isHolder(slice, accountId))));
    return mayKnow ? known : null;
  }

  /** The same for who is known to know of the work, such as a licensee. */
  async findForInsider(typed: string): Promise<TitledWork> {
    const known = await this.known(typed);
    if (known === null) throw workNotFound();
    return known;
  }

  private async known(typed: string): Promise<TitledWork | null> {
    const id = parseWorkNumber(typed)?.id;
    const [known, stored] = await Promise.all([this.findWork.known(typed), id === undefined ? [] : this.slices.submit(id.toString())]);
    return known && { ...known, slices: stored.length > 0 ? stored : await this.first(known) };
  }

  /**
   * The slices, all of them rows.
   * @param known what was found before the transaction: of a work that has no rows yet it is what is written.
   */
  async open(tx: Tx, { work }: KnownWork, known: readonly Slice[]): Promise<StoredSlice[]> {
    if (isFirst(known)) await insertFirstHolding(tx, { workId: work.workId, ...known[0] });
    return readSlices(tx, work.workId);
  }

  /** Makes the first holding a row when none is, ahead of an act: it says what the deposit says, whatever becomes of the act. */
  async make({ work }: KnownWork, known: readonly Slice[]): Promise<void> {
    if (isFirst(known)) await transact(this.dataSource, (tx) => insertFirstHolding(tx, { workId: work.workId, ...known[0] }));
  }

  private async first({ number, work }: KnownWork): Promise<Slice[]> {
    const title = readFirstTitle(await this.reader.chain(number), work.accountId);
    return title === null ? [] : [{ holdingId: null, ...title, madeSeq: 0, madeAt: work.depositedAt }];
  }
}

function isFirst(known: readonly Slice[]): known is readonly [Slice] {
  return known.length === 1 && known[0]?.holdingId === null;
}
