import { EventEmitter } from 'node:events';
import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Logger as WorkerLogger, parseCronItems, run, type Runner, type TaskList, type WorkerEvents } from 'graphile-worker';
import { Pool } from 'pg';
import { CONFIG, type Config } from '../config/index.js';
import { HealthRegistry } from '../http/index.js';
import { JobRegistry } from './job-registry.js';

/** One connection listens, the others work; a slow job must not starve requests, nor requests the jobs. */
const CONCURRENCY = 2;
const POOL_SIZE = CONCURRENCY + 2;
const RESTART_MS = 5_000;

/** Runs the queue inside the service's process, on a small pool of its own. Any number of processes share the queue. */
@Injectable()
export class JobRunner implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('Jobs');
  private pool: Pool | null = null;
  private runner: Runner | null = null;
  /** Ids of runners' worker pools that ended, whose jobs may be locked still. */
  private readonly ended: string[] = [];
  private restart: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(JobRegistry) private readonly registry: JobRegistry,
    @Inject(HealthRegistry) private readonly health: HealthRegistry,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.pool = new Pool({ connectionString: this.config.database.url, max: POOL_SIZE, application_name: 'zhengben-jobs', keepAlive: true });
    const onLost = (error: Error) => this.logger.warn(`connection lost: ${error.message}`);
    this.pool.on('error', onLost);
    this.pool.on('connect', (client) => client.on('error', onLost));
    await this.start(this.pool);
    this.health.register('jobs', async () => {
      if (!this.runner) throw new Error('the runner is not running');
    });
  }

  /** Waits for running jobs; what is queued stays queued. */
  async onModuleDestroy(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.restart);
    const runner = this.runner;
    this.runner = null;
    await runner?.stop();
    await this.pool?.end();
    this.pool = null;
  }

  private async start(pgPool: Pool): Promise<void> {
    await this.unlockJobsOfEnded(pgPool);
    const events: WorkerEvents = new EventEmitter();
    let workerPoolId: string | null = null;
    events.once('pool:create', ({ workerPool }) => {
      workerPoolId = workerPool.id;
    });
    const runner = await run({
      pgPool,
      events,
      // Written off in batches (of one): without them nobody waits for a job to be written off, and a connection that is lost at that moment
      // ends the process. With them it ends the runner.
      preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
      concurrency: CONCURRENCY,
      noHandleSignals: true,
      pollInterval: 2_000,
      taskList: this.taskList(),
      parsedCronItems: parseCronItems(this.registry.cron().map(({ name, pattern }) => ({ task: name, match: pattern, options: { backfillPeriod: 0, maxAttempts: 3 } }))),
      logger: new WorkerLogger(() => (level, message) => {
        if (level === 'error') this.logger.error(message);
        else if (level === 'warning') this.logger.warn(message);
        else this.logger.debug(message);
      }),
    });
    this.runner = runner;
    const onEnd = (error?: unknown): void => {
      if (workerPoolId !== null) this.ended.push(workerPoolId);
      this.onEnd(runner, error);
    };
    runner.promise.then(() => onEnd(), onEnd);
  }

  /** What a runner that ended could not write off is done again now, not when the queue gives it up after four hours. */
  private async unlockJobsOfEnded(pgPool: Pool): Promise<void> {
    if (this.ended.length === 0) return;
    await pgPool.query('SELECT graphile_worker.force_unlock_workers($1::text[])', [this.ended]);
    this.ended.length = 0;
  }

  /** A database that was away for long ends the runner; jobs must go on when it is back. */
  private onEnd(runner: Runner, error?: unknown): void {
    if (this.stopped || this.runner !== runner) return;
    this.runner = null;
    this.logger.error(`the runner ended: ${error instanceof Error ? error.message : 'unexpectedly'}; it starts again in ${RESTART_MS / 1000} s`);
    this.scheduleRestart();
  }

  private scheduleRestart(): void {
    this.restart = setTimeout(() => {
      if (!this.pool || this.stopped) return;
      this.start(this.pool).catch((error: unknown) => {
        this.logger.error(`the runner does not start: ${error instanceof Error ? error.message : String(error)}`);
        if (!this.stopped) this.scheduleRestart();
      });
    }, RESTART_MS);
  }

  private taskList(): TaskList {
    return Object.fromEntries(
      [...this.registry.entries()].map(([name, handler]) => [
        name,
        async (payload, helpers) => handler(payload, { attempt: helpers.job.attempts, signal: helpers.abortSignal }),
      ] satisfies [string, TaskList[string]]),
    );
  }
}
