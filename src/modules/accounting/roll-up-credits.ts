import { Injectable, type OnModuleInit } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { retrying } from '../../platform/database/index.js';
import { writePoint } from '../../platform/fault-points/index.js';
import { JobRegistry } from '../../platform/jobs/index.js';

/** An account with no more credits than these is left alone: a debit that needs them reads them in a millisecond. */
const MOST_CREDITS = 200;
/** As many accounts as one call of `roll_up_credits` does. */
const ACCOUNTS_AT_ONCE = 1_000;

/** Credits are rows of their own, so that whoever is paid all day is no queue; every minute they are added up where there are many. */
@Injectable()
export class RollUpCredits implements OnModuleInit {
  constructor(@InjectDataSource() private readonly dataSource: DataSource, private readonly jobs: JobRegistry) {}

  onModuleInit(): void {
    this.jobs.schedule('accounting.roll-up-credits', '* * * * *', () => this.execute());
  }

  /** @param most credits that an account keeps. */
  async execute(most = MOST_CREDITS): Promise<void> {
    for (;;) {
      const [row] = await retrying(() => writePoint('accounting.roll-up', () => this.dataSource.query<{ accounts: number }[]>('SELECT roll_up_credits($1) AS accounts', [most])));
      if ((row?.accounts ?? 0) < ACCOUNTS_AT_ONCE) return;
    }
  }
}
