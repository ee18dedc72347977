import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { transact } from '../../platform/database/index.js';
import { enqueueJob, type Job } from '../../platform/jobs/index.js';
import { assertWithinLimits } from './throttle.js';

/**
 * Asks for a mail with a one-time link. Does the same whether the address has an account: the job finds out.
 * @throws DomainError HTTP.TOO_MANY_REQUESTS after 30 requests from one address within an hour.
 */
@Injectable()
export class RequestMail {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  async execute(job: Job<{ email: string }>, email: string, ip: string): Promise<void> {
    await assertWithinLimits(this.dataSource, [{ key: `mail-request:ip:${ip}`, most: 30, windowSeconds: 3_600 }]);
    await transact(this.dataSource, (tx) => enqueueJob(tx, job, { email }));
  }
}
