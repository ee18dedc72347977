import type { Box } from '../../lib/rights/index.js';
import type { Tx } from '../../platform/database/index.js';
import { writePoint } from '../../platform/fault-points/index.js';
import { toBoxParameters } from './box-columns.js';

export interface Holder {
  readonly accountId: string;
  /** Basis points; those of all holders of a slice sum to 10,000. */
  readonly shareBps: number;
}

/** The holding that follows from a deposit, when no act has made it a row yet. @param workId decimal. */
export async function insertFirstHolding(tx: Tx, workId: string, box: Box, holders: readonly Holder[]): Promise<void> {
  const [made]: { holding_id: string }[] = await writePoint('holding.first', () =>
    tx.query(`INSERT INTO holding (work_id, rights, territories, uses, languages, term, made_seq) VALUES ($1, $2, $3, $4, $5, $6, 0)
              ON CONFLICT (work_id) WHERE cut_from IS NULL DO NOTHING RETURNING holding_id`, [workId, ...toBoxParameters(box)]));
  // Another act was quicker, and has committed: its row is the same.
  if (!made) return;
  await writePoint('holding.holders', () =>
    tx.query('INSERT INTO holding_holder (holding_id, account_id, share_bps) SELECT $1, h.* FROM unnest($2::uuid[], $3::integer[]) AS h', [made.holding_id, holders.map(({ accountId }) => accountId), holders.map(({ shareBps }) => shareBps)]));
}
