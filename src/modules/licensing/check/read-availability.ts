import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { type Box, computeAvailability, describeScope, type Exclusivity, OPEN_END, type Scope, toScope, uniteBoxes } from '../../../lib/rights/index.js';
import { BOX_COLUMNS, type BoxRow, fromBoxRow } from '../box-columns.js';
import { ReadTitle } from '../title/read-title.js';

export interface FreeBox {
  readonly scope: Scope;
  readonly sentence: { readonly zh: string; readonly en: string };
}

/** What is not free: by which kind of grant, and until when; whose it is stays unsaid. */
export interface TakenBox extends FreeBox {
  readonly exclusivity: Exclusivity;
  /** Null: to the end of protection. */
  readonly until: string | null;
}

export interface AvailabilityView {
  readonly work: string;
  readonly exclusive: readonly FreeBox[];
  readonly nonExclusive: readonly FreeBox[];
  readonly taken: readonly TakenBox[];
  /** Whether `taken` leaves something out, there being more than anybody reads. */
  readonly more: boolean;
}

const MOST_TAKEN = 200;
/** What is taken is put together up to so many grants; more of them are said as they are. */
const MOST_UNITED = 1_000;

/** What of a work's rights is still free to grant, now and from now on, and what takes the rest. */
@Injectable()
export class ReadAvailability {
  constructor(@InjectDataSource() private readonly dataSource: DataSource, private readonly title: ReadTitle) {}

  /** @throws DomainError `WORKS.NOT_FOUND`. */
  async execute(typed: string, accountId: string | null, now = Date.now()): Promise<AvailabilityView> {
    const { number, work, slices } = await this.title.find(typed, accountId);
    const rows: (BoxRow & { exclusivity: Exclusivity })[] = await this.dataSource.query(
      `SELECT exclusivity, ${BOX_COLUMNS} FROM licence WHERE granted_from = $1 AND voided_at IS NULL AND upper(term) > $2 ORDER BY upper(term), licence_id`, [work.workId, new Date(now)]);
    // What is past cannot be granted any more.
    const title = slices.map(({ box }): Box => fromNow(box, now)).filter(({ term }) => term.from < term.until);
    const grants = rows.map((row) => ({ box: fromNow(fromBoxRow(row), now), exclusivity: row.exclusivity }));
    const { exclusive, nonExclusive } = computeAvailability(title, grants);
    const taken = (['exclusive', 'sole', 'non-exclusive'] as const).flatMap((exclusivity) => {
      const boxes = grants.filter((grant) => grant.exclusivity === exclusivity).map(({ box }) => box);
      return (boxes.length > MOST_UNITED ? boxes : uniteBoxes(boxes)).slice(0, MOST_TAKEN + 1).map((box): TakenBox => ({
        ...toFree(box, exclusivity), exclusivity, until: box.term.until === OPEN_END ? null : new Date(box.term.until).toISOString(),
      }));
    });
    return { work: number, exclusive: exclusive.map((box) => toFree(box)), nonExclusive: nonExclusive.map((box) => toFree(box)), taken: taken.slice(0, MOST_TAKEN), more: taken.length > MOST_TAKEN };
  }
}

function fromNow(box: Box, now: number): Box {
  return { ...box, term: { ...box.term, from: Math.max(box.term.from, now) } };
}

function toFree(box: Box, exclusivity: Exclusivity | null = null): FreeBox {
  return { scope: toScope(box), sentence: { zh: describeScope(box, exclusivity, 'zh'), en: describeScope(box, exclusivity, 'en') } };
}
