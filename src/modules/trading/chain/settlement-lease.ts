import type { DataSource } from 'typeorm';
import { writePoint } from '../../../platform/fault-points/index.js';
import type { Problem } from './settlement-problem.js';

/** The newest block, and the chain's clock when enough nodes agree on it. */
export interface Seen {
  readonly block: number;
  /** Seconds since 1970. */
  readonly time: number | null;
}

/**
 * One process watches at a time, any of them. The lease keeps processes out of each other's way and nothing more: whatever the watcher writes is refused by PostgreSQL when it was written before (an event, a nonce,
 * a move of an order), and what it sends the contract takes once.
 */
export class SettlementLease {
  constructor(
    private readonly dataSource: DataSource,
    /** Unique to this process. */
    private readonly holder: string,
    private readonly seconds: number,
    /** For so long a good look counts. */
    private readonly goodForSeconds: number,
  ) {}

  /** Takes or prolongs it. @returns whether this process has it. */
  async acquire(): Promise<boolean> {
    const [rows] = await writePoint('settlement.lease', () => this.dataSource.query<[unknown[], number]>(
      `UPDATE settlement_lease SET holder = $1, expires_at = clock_timestamp() + make_interval(secs => $2) WHERE holder = $1 OR expires_at <= clock_timestamp() RETURNING 1`, [this.holder, this.seconds]));
    return rows.length > 0;
  }

  /** Lets another process take over at once. */
  async release(): Promise<void> {
    await writePoint('settlement.release-lease', () => this.dataSource.query(`UPDATE settlement_lease SET expires_at = '-infinity' WHERE holder = $1`, [this.holder]));
  }

  /** What was seen, where every process reads it: deadlines go by it. @param seen with a time when enough nodes agree: orders may be signed and settled by that for a while; otherwise what was seen before counts until it is too old. */
  async see({ block, time }: Seen): Promise<void> {
    await writePoint('settlement.see', () => this.dataSource.query(
      `UPDATE settlement_lease SET checked_at = clock_timestamp(), chain_block = $2, chain_time = coalesce($3, chain_time), good_until = CASE WHEN $3::timestamptz IS NULL THEN good_until ELSE clock_timestamp() + make_interval(secs => $4) END
        WHERE holder = $1`, [this.holder, block, time === null ? null : new Date(time * 1000), this.goodForSeconds]));
  }

  /** How the look ended. */
  async report(problem: Problem | null): Promise<void> {
    await writePoint('settlement.report', () => this.dataSource.query(
      `UPDATE settlement_lease SET checked_at = clock_timestamp(), problem_since = CASE WHEN $2::text IS NULL THEN NULL WHEN problem_code = $2 THEN problem_since ELSE clock_timestamp() END, problem_code = $2, problem_detail = $3
        WHERE holder = $1`, [this.holder, problem?.code ?? null, problem?.detail.slice(0, 1000) ?? null]));
  }
}

/** By a process that is told that payment on chain is not offered (any more): what the contract holds is followed by nobody, and nothing is settled by it. */
export async function endGoodLooks(dataSource: DataSource): Promise<void> {
  const rows = await dataSource.query<unknown[]>('SELECT 1 FROM settlement_lease WHERE good_until > clock_timestamp()');
  if (rows.length > 0) await writePoint('settlement.switch-off', () => dataSource.query(`UPDATE settlement_lease SET good_until = '-infinity'`));
}
