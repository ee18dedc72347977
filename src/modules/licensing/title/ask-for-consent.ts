import { Injectable, Logger } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { DomainError } from '../../../lib/errors/index.js';
import { transact } from '../../../platform/database/index.js';
import { writePoint } from '../../../platform/fault-points/index.js';
import { sendNotices } from '../../notices/index.js';
import type { ConsentAct } from './find-missing-consents.js';
import type { TitledWork } from './read-title.js';

/** Tells co-owners that their consent is wanted, when what one of them was about to do is refused for the want of it. */
@Injectable()
export class AskForConsent {
  private readonly logger = new Logger('Licensing');

  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /**
   * In a transaction of its own, since the refused act's is rolled back; each of them at most once a day for the same work, act and asker, who is known to them as a co-owner.
   * @param error why the act was refused; nobody is told of another reason than `LICENSING.CONSENT_MISSING`. @throws it.
   */
  async refused(error: unknown, { work, number }: Pick<TitledWork, 'work' | 'number'>, act: ConsentAct, askerId: string): Promise<never> {
    const missing = error instanceof DomainError && error.code === 'LICENSING.CONSENT_MISSING' ? (error.members?.['missing'] as readonly string[]) : [];
    if (missing.length > 0) {
      await this.tell(missing, work.workId, number, act, askerId)
        .catch((fault: unknown) => this.logger.error(`nobody was told that a consent is wanted: ${fault instanceof Error ? (fault.stack ?? fault.message) : String(fault)}`));
    }
    throw error;
  }

  private async tell(missing: readonly string[], workId: string, number: string, act: ConsentAct, askerId: string): Promise<void> {
    await transact(this.dataSource, async (tx) => {
      const rows = await writePoint('consent.ask', () => tx.query<{ account_id: string }[]>(
        `INSERT INTO consent_asked AS c (work_id, act, asker_id, account_id) SELECT $1::bigint, $2::text, $3::uuid, id FROM unnest($4::uuid[]) AS id ORDER BY id
         ON CONFLICT (work_id, act, asker_id, account_id) DO UPDATE SET asked_at = now() WHERE c.asked_at <= now() - interval '1 day' RETURNING account_id`, [workId, act, askerId, missing]));
      await sendNotices(tx, rows.map(({ account_id: accountId }) => ({ accountId, kind: 'consent-wanted', subject: number })));
    });
  }
}
