import type { DataSource } from 'typeorm';
import { type Box, boxesOverlap } from '../../../lib/rights/index.js';
import { queryPrepared, type Tx } from '../../../platform/database/index.js';
import { BOX_COLUMNS, type BoxRow, fromBoxRow } from '../box-columns.js';
import type { Holder } from './insert-holding.js';

/** A slice of ownership that stands. `holdingId` is null while nothing was ever done with the work's rights: then the slice is what the deposit says. */
export interface Slice {
  readonly holdingId: string | null;
  readonly box: Box;
  readonly holders: readonly Holder[];
  /** Seq in the work's chain of the statement that made it. */
  readonly madeSeq: number;
  readonly madeAt: Date;
}

export type StoredSlice = Slice & { readonly holdingId: string };

interface Row extends BoxRow {
  holding_id: string;
  made_seq: number;
  made_at: Date;
  holders: Holder[];
}

const SLICES = `
    SELECT h.holding_id, h.made_seq, h.made_at, ${BOX_COLUMNS},
            (SELECT jsonb_agg(jsonb_build_object('accountId', o.account_id, 'shareBps', o.share_bps) ORDER BY o.account_id) FROM holding_holder o WHERE o.holding_id = h.holding_id) AS holders
       FROM holding h WHERE h.work_id = $1 AND h.replaced_seq IS NULL ORDER BY h.holding_id`;

/** The slices of a work that are rows. @param workId decimal. */
export async function readSlices(tx: Tx, workId: string): Promise<StoredSlice[]> {
  return toSlices(await tx.query<Row[]>(SLICES, [workId]));
}

const SLICES_OF_MANY = `
    SELECT q.id AS work_id, h.* FROM jsonb_array_elements_text($1::jsonb) AS q(id) CROSS JOIN LATERAL (${SLICES.replace('$1', 'q.id::bigint')}) h`;

/** The same outside of a transaction, of many works at once: in their order. */
export async function findSlices(dataSource: DataSource, workIds: readonly string[]): Promise<StoredSlice[][]> {
  const rows = await queryPrepared<Row & { work_id: string }>(dataSource, 'find-slices', SLICES_OF_MANY, [JSON.stringify([...new Set(workIds)])]);
  return workIds.map((workId) => toSlices(rows.filter((row) => row.work_id === workId)));
}

function toSlices(rows: readonly Row[]): StoredSlice[] {
  return rows.map((row) => ({ holdingId: row.holding_id, box: fromBoxRow(row), holders: row.holders, madeSeq: row.made_seq, madeAt: row.made_at }));
}

export function isHolder({ holders }: Pick<Slice, 'holders'>, accountId: string): boolean {
  return holders.some((holder) => holder.accountId === accountId);
}

/**
 * What of a box is still to come at a moment; of one whose time is over, what it covers at that moment. An assignment «from now» leaves the old owner the
 * past of a slice: that gives nobody a say in what comes.
 */
export function boxFrom(box: Box, now: number): Box {
  return { ...box, term: { from: Math.max(box.term.from, now), until: Math.max(box.term.until, now + 1) } };
}

/** The accounts that hold of a box from now on. */
export function holdersFrom(slices: readonly Slice[], box: Box, now: number): string[] {
  const rest = boxFrom(box, now);
  return [...new Set(slices.filter((slice) => boxesOverlap(slice.box, rest)).flatMap(({ holders }) => holders.map((holder) => holder.accountId)))];
}
