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

  /** What was found, where every process reads it; what could not be seen stays as it was. */
  async report({ seen, problem }: { readonly seen: Seen | null; readonly problem: Problem | null }): Promise<void> {
    await writePoint('settlement.report', () => this.dataSource.query(
      `UPDATE settlement_lease SET checked_at = clock_timestamp(), chain_block = coalesce($2, chain_block), chain_time = coalesce($3, chain_time),
              problem_since = CASE WHEN $4::text IS NULL THEN NULL WHEN problem_code = $4 THEN problem_since ELSE clock_timestamp() END, problem_code = $4, problem_detail = $5
        WHERE holder = $1`,
      [this.holder, seen?.block ?? null, seen === null || seen.time === null ? null : new Date(seen.time * 1000), problem?.code ?? null, problem?.detail.slice(0, 1000) ?? null]));
  }
}
