import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { CONFIG, type Config } from '../../platform/config/index.js';
import { sqlState, type Tx } from '../../platform/database/index.js';
import { searchTooLong } from './works.errors.js';

const TIMEOUT_MS = 3_000;
const QUERY_CANCELED = '57014';

/** Anyone may search, and some searches have no index that serves them. So a search ends soon, and all searches together, of whatever, leave half of the connections to everything else. */
@Injectable()
export class SearchGate {
  private readonly mostAtOnce: number;
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(@InjectDataSource() private readonly dataSource: DataSource, @Inject(CONFIG) config: Config) {
    this.mostAtOnce = Math.max(1, Math.floor(config.database.poolSize / 2));
  }

  /** @throws DomainError `HTTP.UNAVAILABLE` when one of its statements takes longer than {@link TIMEOUT_MS}. */
  async within<T>(search: (tx: Tx) => Promise<T>): Promise<T> {
    while (this.running >= this.mostAtOnce) await new Promise<void>((go) => this.waiting.push(go));
    this.running++;
    try {
      return await this.dataSource.transaction(async (tx) => {
        await tx.query(`SET LOCAL statement_timeout = ${TIMEOUT_MS}`);
        return search(tx);
      });
    } catch (error) {
      throw sqlState(error) === QUERY_CANCELED ? searchTooLong(error) : error;
    } finally {
      this.running--;
      this.waiting.shift()?.();
    }
  }
}
