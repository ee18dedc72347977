import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { CONFIG, type Config } from '../../platform/config/index.js';
import { JobRegistry } from '../../platform/jobs/index.js';
import { MAIL, type MailPort } from '../../platform/mail/index.js';
import { AccountEntity } from './account.entity.js';
import { sendAlreadyRegistered, sendPasswordReset, sendVerification } from './identity.jobs.js';
import { alreadyRegisteredText, mailLinks, passwordResetText, verificationText } from './mail-texts.js';
import { createSecret, hashSecret } from './secrets.js';
import { countAttempt } from './throttle.js';

type Purpose = 'verify-email' | 'reset-password';
const LIFE_SECONDS: Record<Purpose, number> = { 'verify-email': 48 * 3_600, 'reset-password': 3_600 };
/** Whoever types a stranger's address must not fill the stranger's mailbox. */
const MAILS_PER_HOUR = 5;

/** The jobs that write to account holders. They run after the commit of what asked for them, perhaps more than once. */
@Injectable()
export class SendIdentityMails implements OnModuleInit {
  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(JobRegistry) private readonly jobs: JobRegistry,
    @Inject(MAIL) private readonly mail: MailPort,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  onModuleInit(): void {
    const links = mailLinks(this.config.publicUrl);
    this.jobs.handle(sendVerification, ({ email }) =>
      this.write(email, async (account) => {
        if (account.emailVerifiedAt) return null;
        return verificationText[account.locale](account.displayName, links.verify(await this.createToken(account, 'verify-email')));
      }));
    this.jobs.handle(sendAlreadyRegistered, ({ email }) => this.write(email, async (account) => alreadyRegisteredText[account.locale](account.displayName, links.signIn)));
    this.jobs.handle(sendPasswordReset, ({ email }) =>
      this.write(email, async (account) => passwordResetText[account.locale](account.displayName, links.reset(await this.createToken(account, 'reset-password')))));
  }

  private async write(email: string, compose: (account: AccountEntity) => Promise<{ subject: string; text: string } | null>): Promise<void> {
    const account = await this.dataSource.getRepository(AccountEntity).findOneBy({ email });
    if (!account) return;
    if ((await countAttempt(this.dataSource, { key: `mail:${email}`, most: MAILS_PER_HOUR, windowSeconds: 3_600 })) > 0) return;
    const text = await compose(account);
    if (text) await this.mail.send({ to: account.email, ...text });
  }

  private async createToken({ accountId }: AccountEntity, purpose: Purpose): Promise<string> {
    const token = createSecret();
    await this.dataSource.query(
      `INSERT INTO one_time_token (token_hash, account_id, purpose, expires_at) VALUES ($1, $2, $3, now() + make_interval(secs => $4))`,
      [hashSecret(token), accountId, purpose, LIFE_SECONDS[purpose]],
    );
    return token;
  }
}
