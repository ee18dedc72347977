import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { JobRegistry } from '../../platform/jobs/index.js';
import { prepareDecoy } from './passwords.js';

/** Removes what has run out: sessions, one-time tokens, windows of attempts. */
@Injectable()
export class CleanIdentity implements OnModuleInit {
  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(JobRegistry) private readonly jobs: JobRegistry,
  ) {}

  async onModuleInit(): Promise<void> {
    this.jobs.schedule('identity.clean', '41 * * * *', () => this.execute());
    await prepareDecoy();
  }

  async execute(): Promise<void> {
    await this.dataSource.query('DELETE FROM session WHERE expires_at < now()');
    await this.dataSource.query('DELETE FROM one_time_token WHERE expires_at < now()');
    await this.dataSource.query('DELETE FROM throttle WHERE window_ends_at < now()');
  }
}
