import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Histogram, Registry } from 'prom-client';
import type { TreeSize } from '../../lib/merkle/index.js';
import { CONFIG, type Config } from '../../platform/config/index.js';
import { faultPoint } from '../../platform/fault-points/index.js';
import { HealthRegistry } from '../../platform/http/index.js';
import { CheckHead } from './check-head.js';
import { LogEvents } from './log-events.js';
import { LogGate } from './log-gate.js';
import { PublishTree } from './publish-tree.js';
import { SequenceBatch } from './sequence-batch.js';

/** Statements a batch: bounds memory and how long the head is locked. */
const BATCH = 4_096;
/** One failure passes: a restarted database, a full disk that is being emptied. So many in a row are told to whoever watches. */
const UNREADY_AFTER = 5;
const LONGEST_PAUSE_MS = 5_000;

/** Runs batch and publication, one after the other, every `SEQUENCE_INTERVAL_MS`; at once again while a backlog stands. Any number of processes may. */
@Injectable()
export class Sequencer implements OnModuleInit, OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('Sequencer');
  private readonly batchSize: Histogram;
  private readonly timeToLogged: Histogram;
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();
  private stopped = false;
  /** Ticks in a row. */
  private failures = 0;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly batch: SequenceBatch,
    private readonly publish: PublishTree,
    private readonly checkHead: CheckHead,
    private readonly gate: LogGate,
    private readonly events: LogEvents,
    private readonly health: HealthRegistry,
    metrics: Registry,
  ) {
    this.batchSize = new Histogram({ name: 'zhengben_sequenced_statements', help: 'Statements a sequencer batch', buckets: [1, 4, 16, 64, 256, 1024, 4096], registers: [metrics] });
    this.timeToLogged = new Histogram({ name: 'zhengben_time_to_logged_seconds', help: 'From acceptance to publication, of the oldest statement of each batch', buckets: [0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 600], registers: [metrics] });
  }

  async onModuleInit(): Promise<void> {
    await this.checkHead.executeAgainstPublished();
    this.health.register('log', async () => {
      if (this.gate.closedBecause !== null) throw new Error(this.gate.closedBecause);
      if (this.failures >= UNREADY_AFTER) throw new Error(`sequencing failed ${this.failures} times in a row`);
    });
  }

  onApplicationBootstrap(): void {
    this.schedule(0);
  }

  async onModuleDestroy(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  private schedule(delayMs: number): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.running = this.tick();
    }, delayMs);
  }

  private async tick(): Promise<void> {
    let backlog = false;
    try {
      backlog = await this.sequenceAndPublish();
      this.failures = 0;
    } catch (error) {
      this.failures++;
      this.logger.error(`sequencing failed, trying again: ${error instanceof Error ? error.message : String(error)}`);
    }
    this.schedule(backlog ? 0 : pauseAfter(this.failures, this.config.log.sequenceIntervalMs));
  }

  /** @returns whether more is waiting. */
  private async sequenceAndPublish(): Promise<boolean> {
    if ((await this.gate.follow()) !== null) return false;
    const sequenced = await this.batch.execute(BATCH);
    faultPoint('sequence.committed');
    this.announce(await this.publish.execute());
    if (sequenced?.oldestAcceptedAt) {
      this.batchSize.observe(sequenced.placed);
      this.timeToLogged.observe((Date.now() - sequenced.oldestAcceptedAt.getTime()) / 1000);
    }
    return sequenced?.placed === BATCH;
  }

  private announce(published: TreeSize): void {
    this.events.announce(published);
  }
}

/** Twice as long after each failure, up to some seconds: what fails at once must not fill the disk with what it says. */
function pauseAfter(failures: number, intervalMs: number): number {
  return Math.max(intervalMs, Math.min(intervalMs * 2 ** failures, LONGEST_PAUSE_MS));
}
