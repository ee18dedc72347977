import { type Box, containsBox, intersectBoxes, subtractBox, volumeOf } from '../../../lib/rights/index.js';
import type { Tx } from '../../../platform/database/index.js';
import { writePoint } from '../../../platform/fault-points/index.js';
import { type Holder, insertPiece } from './insert-holding.js';
import { isHolder, type StoredSlice } from './read-slices.js';

export interface Cut {
  readonly workId: string;
  /** What changes hands, and whose it is then. */
  readonly box: Box;
  readonly holders: readonly Holder[];
  /** Who does it. */
  readonly actorId: string;
  /** The statement of it in the work's chain. */
  readonly seq: number;
  readonly at: Date;
}

/** The slices that an assignment of the box by the account touches; null when the account does not hold of all of it. */
export function slicesOf<S extends Pick<StoredSlice, 'box' | 'holders'>>(slices: readonly S[], box: Box, accountId: string): S[] | null {
  const touched = slices.filter((slice) => intersectBoxes(slice.box, box) !== null);
  const held = touched.filter((slice) => isHolder(slice, accountId)).reduce((sum, slice) => sum + volumeOf(intersectBoxes(slice.box, box) as Box), 0n);
  return held === volumeOf(box) ? touched : null;
}

export async function lockHoldings(tx: Tx, slices: readonly StoredSlice[]): Promise<void> {
  await tx.query('SELECT 1 FROM holding WHERE holding_id = ANY ($1::bigint[]) ORDER BY holding_id FOR UPDATE', [slices.map(({ holdingId }) => holdingId)]);
}

/**
 * Replaces each slice that the box touches by what stays with its holders and what goes to the new ones. PostgreSQL refuses it when the pieces are not the
 * slice (ZB062) or co-owners did not consent (ZB064). The same statements cut the same pieces again: recovery does.
 */
export async function cutHolding(tx: Tx, slices: readonly StoredSlice[], { workId, box, holders, actorId, seq, at }: Cut): Promise<void> {
  for (const slice of slices) {
    const given = intersectBoxes(slice.box, box);
    if (given === null) continue;
    await writePoint('holding.replace', () =>
      tx.query('UPDATE holding SET replaced_seq = $2, replaced_at = $3, replaced_by = $4 WHERE holding_id = $1', [slice.holdingId, seq, at, actorId]));
    const kept = containsBox(box, slice.box) ? [] : subtractBox(slice.box, box);
    for (const piece of kept) await insertPiece(tx, slice.holdingId, { workId, box: piece, holders: slice.holders, madeSeq: seq, madeAt: at });
    await insertPiece(tx, slice.holdingId, { workId, box: given, holders, madeSeq: seq, madeAt: at });
  }
}
