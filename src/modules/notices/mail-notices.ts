import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { z } from 'zod';
import { CONFIG, type Config } from '../../platform/config/index.js';
import { transact } from '../../platform/database/index.js';
import { writePoint } from '../../platform/fault-points/index.js';
import { defineJob, enqueueJob, JobRegistry } from '../../platform/jobs/index.js';
import { MAIL, type MailPort } from '../../platform/mail/index.js';
import { findMailRecipient } from '../identity/index.js';
import { composeMail } from './compose-mail.js';
import { MAILED_KINDS } from './mail-words.js';

/** So many notices are looked at together; of more than that in a minute, an account may get more than one mail. */
const MOST_AT_ONCE = 10_000;
/** So many are listed in a mail. */
const MOST_LISTED = 20;

/** The payload holds numbers, neither the address nor the words. */
const sendMail = defineJob('notices.send-mail', z.object({ accountId: z.string(), total: z.int().min(1), notices: z.array(z.object({ kind: z.string(), subject: z.string() })) }));

/** What was read in the account meanwhile needs no mail. SKIP LOCKED: of two that look at the same time, each takes its own. */
const DISPATCH = `
  WITH due AS MATERIALIZED (SELECT notice_id FROM notice WHERE dispatched_at IS NULL ORDER BY notice_id LIMIT ${MOST_AT_ONCE} FOR UPDATE SKIP LOCKED),
       taken AS (UPDATE notice n SET dispatched_at = now() FROM due WHERE n.notice_id = due.notice_id RETURNING n.notice_id, n.account_id, n.kind, n.subject, n.read_at),
       letters AS (SELECT account_id AS "accountId", count(*)::integer AS total, (array_agg(jsonb_build_object('kind', kind, 'subject', subject) ORDER BY notice_id))[1:${MOST_LISTED}] AS notices
                     FROM taken WHERE kind = ANY ($1) AND read_at IS NULL GROUP BY account_id)
  SELECT (SELECT count(*)::integer FROM taken) AS taken, coalesce((SELECT jsonb_agg(to_jsonb(letters)) FROM letters), '[]') AS letters`;

/**
 * Mails notices to who has shown to read mail at their address, and wants it. Each minute those that came since are joined to one mail an account; a mail that does not leave is tried again by itself.
 * Not by a job in the notice's own transaction: one an account, it would be a row that all who trade with the same account wait for.
 */
@Injectable()
export class MailNotices implements OnModuleInit {
  constructor(@InjectDataSource() private readonly dataSource: DataSource, private readonly jobs: JobRegistry, @Inject(MAIL) private readonly mail: MailPort, @Inject(CONFIG) private readonly config: Pick<Config, 'publicUrl'>) {}

  onModuleInit(): void {
    this.jobs.schedule('notices.dispatch', '* * * * *', () => this.dispatch());
    this.jobs.handle(sendMail, async ({ accountId, ...letter }) => {
      const recipient = await findMailRecipient(this.dataSource, accountId);
      if (recipient !== null) await this.mail.send({ to: recipient.email, ...composeMail(letter, recipient.locale, this.config.publicUrl) });
    });
  }

  /** Decides on all notices that nobody has decided on, and queues the mails in the same transaction. */
  async dispatch(): Promise<void> {
    for (let taken = MOST_AT_ONCE; taken === MOST_AT_ONCE; ) {
      taken = await transact(this.dataSource, async (tx) => {
        const [found] = await writePoint('notice.dispatch', () => tx.query<{ taken: number; letters: z.output<typeof sendMail.payload>[] }[]>(DISPATCH, [MAILED_KINDS]));
        for (const letter of found?.letters ?? []) await enqueueJob(tx, sendMail, letter);
        return found?.taken ?? 0;
      });
    }
  }
}
