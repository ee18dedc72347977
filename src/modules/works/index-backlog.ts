import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { transact } from '../../platform/database/index.js';
import { indexWork } from './index-work.js';

/** Each transaction holds the rows of so many works, for some milliseconds. */
const AT_ONCE = 50;
const PAUSE_MS = 10_000;

/**
 * Takes up, when the service starts, the works that nothing finds yet: those that recovery brought back, and all of them after a migration that has changed what is indexed and so has set
 * their words to null. Any number of processes share it. Deposits, amendments and erasures index what they change themselves.
 */
@Injectable()
export class IndexBacklog implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('Search');
  private running: Promise<void> = Promise.resolve();
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  onApplicationBootstrap(): void {
    this.running = this.run();
  }

  async onModuleDestroy(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  private async run(): Promise<void> {
    let indexed = 0;
    try {
      for (let batch = AT_ONCE; batch === AT_ONCE && !this.stopped; indexed += batch) batch = await this.indexSome();
    } catch (error) {
      this.logger.error(`works are not all found yet, trying again: ${error instanceof Error ? error.message : String(error)}`);
      if (!this.stopped) this.timer = setTimeout(() => void (this.running = this.run()), PAUSE_MS);
    }
    if (indexed > 0) this.logger.log(`${indexed} works are found now`);
  }

  private indexSome(): Promise<number> {
    return transact(this.dataSource, async (tx) => {
      const rows: { work_id: string }[] = await tx.query(`SELECT work_id FROM work WHERE words IS NULL ORDER BY work_id LIMIT ${AT_ONCE} FOR NO KEY UPDATE SKIP LOCKED`);
      for (const { work_id: workId } of rows) await indexWork(tx, workId);
      return rows.length;
    });
  }
}
