import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { type Box, computeAvailability, describeScope, type Exclusivity, type Scope, toScope } from '../../lib/rights/index.js';
import { FindWork } from '../works/index.js';
import { BOX_COLUMNS, type BoxRow, fromBoxRow } from './box-columns.js';
import { ReadTitle } from './read-title.js';

export interface FreeBox {
  readonly scope: Scope;
  readonly sentence: { readonly zh: string; readonly en: string };
}

/** What of a work's rights is still free to grant, now and from now on. */
@Injectable()
export class ReadAvailability {
  constructor(@InjectDataSource() private readonly dataSource: DataSource, private readonly findWork: FindWork, private readonly title: ReadTitle) {}

  async execute(typed: string, accountId: string | null, now = Date.now()): Promise<{ work: string; exclusive: FreeBox[]; nonExclusive: FreeBox[] }> {
    const found = await this.findWork.execute(typed, accountId);
    const slices = await this.title.execute(found);
    const rows: (BoxRow & { exclusivity: Exclusivity })[] = await this.dataSource.query(
      `SELECT exclusivity, ${BOX_COLUMNS} FROM licence WHERE granted_from = $1 AND voided_at IS NULL AND upper(term) > $2`, [found.work.workId, new Date(now)]);
    // What is past cannot be granted any more.
    const title = slices.map(({ box }): Box => ({ ...box, term: { ...box.term, from: Math.max(box.term.from, now) } })).filter(({ term }) => term.from < term.until);
    const { exclusive, nonExclusive } = computeAvailability(title, rows.map((row) => ({ box: fromBoxRow(row), exclusivity: row.exclusivity })));
    return { work: found.number, exclusive: exclusive.map(toFree), nonExclusive: nonExclusive.map(toFree) };
  }
}

function toFree(box: Box): FreeBox {
  return { scope: toScope(box), sentence: { zh: describeScope(box, null, 'zh'), en: describeScope(box, null, 'en') } };
}
