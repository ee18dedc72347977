import { Injectable, Logger } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { writePoint } from '../../platform/fault-points/index.js';

/** What the database was held against. */
export type Witness = 'published' | 'anchored';

const COLUMNS = { published: 'published_contradiction', anchored: 'anchored_contradiction' } as const satisfies Record<Witness, string>;

/**
 * Closed while something contradicts the log: nothing more is signed until an operator has mended it, or a later look finds no contradiction. What was found
 * stands in the database, so that every process obeys what one of them has seen.
 */
@Injectable()
export class LogGate {
  private readonly logger = new Logger('Log');
  private refusal: string | null = null;
  private contradictions: Readonly<Record<Witness, string | null>> = { published: null, anchored: null };

  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** Closes this process alone, until it is started anew: its settings are at fault, not the database. @param problem what is wrong and what to do, for an operator. */
  refuse(problem: string): void {
    if (this.refusal === null) this.logger.error(problem);
    this.refusal ??= problem;
  }

  /** Closes every process, or opens them again. @param contradiction what is wrong and what to do, for an operator; null when the witness and the database agree. */
  async record(witness: Witness, contradiction: string | null): Promise<void> {
    await this.follow();
    if (this.contradictions[witness] === contradiction) return;
    await writePoint('log.gate', () => this.dataSource.query(`UPDATE log_head SET ${COLUMNS[witness]} = $1`, [contradiction]));
    await this.follow();
  }

  /** Reads what other processes have found. @returns {@link closedBecause}. */
  async follow(): Promise<string | null> {
    const before = this.closedBecause;
    const [head]: Record<Witness, string | null>[] = await this.dataSource.query('SELECT published_contradiction AS published, anchored_contradiction AS anchored FROM log_head');
    this.contradictions = { published: head?.published ?? null, anchored: head?.anchored ?? null };
    const now = this.closedBecause;
    if (now !== null && now !== before) this.logger.error(now);
    if (now === null && before !== null) this.logger.log('nothing contradicts the log any more: signing again');
    return now;
  }

  /** Why nothing is signed, or null; as of the last {@link follow}. */
  get closedBecause(): string | null {
    return this.refusal ?? this.contradictions.published ?? this.contradictions.anchored;
  }
}
