import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { CONFIG, type Config } from '../../platform/config/index.js';
import { sqlState, type Tx } from '../../platform/database/index.js';
import { searchTooLong } from './works.errors.js';

const TIMEOUT_MS = 3_000;
/** Whoever waits longer for a turn has left, or will not want to wait for the search as well. */
const MAX_WAIT_MS = 4_000;
/** So many wait for each that runs: some seconds, of searches as they mostly are. */
const MOST_WAITING_EACH = 20;
const QUERY_CANCELED = '57014';

/** Anyone may search, and some searches have no index that serves them. So a search ends soon, and all searches together, of whatever, leave half of the connections to everything else; what comes when too many wait is refused at once. */
@Injectable()
export class SearchGate {
  private readonly mostAtOnce: number;
  private running = 0;
  /** In the order in which they came. */
  private readonly waiting = new Set<() => void>();

  constructor(@InjectDataSource() private readonly dataSource: DataSource, @Inject(CONFIG) config: Config) {
    this.mostAtOnce = Math.max(1, Math.floor(config.database.poolSize / 2));
  }

  /** @throws DomainError `HTTP.UNAVAILABLE` when one of its statements takes longer than {@link TIMEOUT_MS}, or it has no turn in {@link MAX_WAIT_MS}, or too many wait for one. */
  async within<T>(search: (tx: Tx) => Promise<T>): Promise<T> {
    await this.enter();
    try {
      return await this.dataSource.transaction(async (tx) => {
        await tx.query(`SET LOCAL statement_timeout = ${TIMEOUT_MS}`);
        return search(tx);
      });
    } catch (error) {
      throw sqlState(error) === QUERY_CANCELED ? searchTooLong(error) : error;
    } finally {
      this.leave();
    }
  }

  private async enter(): Promise<void> {
    if (this.running < this.mostAtOnce) {
      this.running++;
      return;
    }
    if (this.waiting.size >= this.mostAtOnce * MOST_WAITING_EACH) throw searchTooLong();
    await new Promise<void>((resolve, reject) => {
      const go = (): void => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        this.waiting.delete(go);
        reject(searchTooLong());
      }, MAX_WAIT_MS);
      this.waiting.add(go);
    });
  }

  /** The turn goes to whoever has waited longest. */
  private leave(): void {
    const [next] = this.waiting;
    if (next === undefined) {
      this.running--;
      return;
    }
    this.waiting.delete(next);
    next();
  }
}
