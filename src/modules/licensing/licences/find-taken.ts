import type { DataSource } from 'typeorm';
import { type Box, type Exclusivity, intersectBoxes, uniteBoxes } from '../../../lib/rights/index.js';
import { BOX_COLUMNS, type BoxRow, fromBoxRow, toBoxParameters } from '../box-columns.js';

/** So many grants are looked at to say what is taken; the rest is more of the same. */
const MOST = 50;

/**
 * What of a wanted box keeps it from being granted: boxes, and not whose they are.
 * @param grantedFrom as the licences' column: the work, or the parent licence; decimal.
 */
export async function findTaken(db: Pick<DataSource, 'query'>, grantedFrom: string, wanted: Box, exclusivity: Exclusivity): Promise<Box[]> {
  const rows: BoxRow[] = await db.query(
    `SELECT ${BOX_COLUMNS} FROM licence
      WHERE granted_from = $1 AND voided_at IS NULL AND rights && $2 AND territories && $3 AND uses && $4 AND languages && $5 AND term && $6
        ${exclusivity === 'non-exclusive' ? `AND exclusivity <> 'non-exclusive'` : ''} LIMIT ${MOST}`,
    [grantedFrom, ...toBoxParameters(wanted)],
  );
  return uniteBoxes(rows.flatMap((row) => intersectBoxes(wanted, fromBoxRow(row)) ?? []));
}
