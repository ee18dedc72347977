import { Global, Inject, Module, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { deleteOldIdempotencyKeys, HealthRegistry } from '../http/index.js';
import { JobRegistry } from './job-registry.js';
import { JobRunner } from './job-runner.js';

/** The job queue: inject {@link JobRegistry} to register handlers, call `enqueueJob(tx, …)` to add a job. */
@Global()
@Module({ providers: [JobRegistry, JobRunner], exports: [JobRegistry] })
export class JobsModule implements OnModuleInit {
  constructor(
    @Inject(JobRegistry) private readonly registry: JobRegistry,
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(HealthRegistry) private readonly health: HealthRegistry,
  ) {}

  onModuleInit(): void {
    this.health.register('database', async () => void (await this.dataSource.query('SELECT 1')));
    this.registry.schedule('http.delete-old-idempotency-keys', '23 * * * *', () => deleteOldIdempotencyKeys(this.dataSource));
  }
}
