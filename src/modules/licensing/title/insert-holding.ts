import type { Box } from '../../../lib/rights/index.js';
import type { Tx } from '../../../platform/database/index.js';
import { writePoint } from '../../../platform/fault-points/index.js';
import { toBoxParameters } from '../box-columns.js';

export interface Holder {
  readonly accountId: string;
  /** Basis points; those of all holders of a slice sum to 10,000. */
  readonly shareBps: number;
}

export interface NewHolding {
  /** Decimal. */
  readonly workId: string;
  readonly box: Box;
  readonly holders: readonly Holder[];
  /** Seq in the work's chain of the statement that made it, and when that was issued. */
  readonly madeSeq: number;
  readonly madeAt: Date;
}

/** The holding that follows from a deposit, when no act has made it a row yet. */
export async function insertFirstHolding(tx: Tx, holding: NewHolding): Promise<void> {
  const [made]: { holding_id: string }[] = await writePoint('holding.first', () =>
    tx.query(`INSERT INTO holding (work_id, rights, territories, uses, languages, term, made_seq, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
              ON CONFLICT (work_id) WHERE cut_from IS NULL DO NOTHING RETURNING holding_id`, [holding.workId, ...toBoxParameters(holding.box), holding.madeSeq, holding.madeAt]));
  // Another act was quicker, and has committed: its row is the same.
  if (made) await insertHolders(tx, made.holding_id, holding.holders);
}

/** One of the pieces that an assignment cuts a slice into. */
export async function insertPiece(tx: Tx, cutFrom: string, holding: NewHolding): Promise<void> {
  const [made]: { holding_id: string }[] = await writePoint('holding.piece', () =>
    tx.query(`INSERT INTO holding (work_id, cut_from, rights, territories, uses, languages, term, made_seq, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING holding_id`,
      [holding.workId, cutFrom, ...toBoxParameters(holding.box), holding.madeSeq, holding.madeAt]));
  await insertHolders(tx, made?.holding_id ?? '', holding.holders);
}

async function insertHolders(tx: Tx, holdingId: string, holders: readonly Holder[]): Promise<void> {
  await writePoint('holding.holders', () =>
    tx.query('INSERT INTO holding_holder (holding_id, account_id, share_bps) SELECT $1, h.* FROM unnest($2::uuid[], $3::integer[]) AS h',
      [holdingId, holders.map(({ accountId }) => accountId), holders.map(({ shareBps }) => shareBps)]));
}
