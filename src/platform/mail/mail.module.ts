import { join } from 'node:path';
import { Global, Module } from '@nestjs/common';
import { CONFIG, type Config, ConfigError } from '../config/index.js';
import { FileOutbox } from './file-outbox.js';
import { MAIL, type MailPort } from './mail-port.js';
import { SmtpMail } from './smtp-mail.js';

/** @throws ConfigError in production without `SMTP_URL`: mails with tokens must not pile up in files. */
export function createMailPort({ mail, production, dataDir }: Pick<Config, 'mail' | 'production' | 'dataDir'>): MailPort {
  if (mail.smtpUrl !== null) return new SmtpMail(mail.smtpUrl, mail.from);
  if (production) throw new ConfigError(['set SMTP_URL (the mail server for verification and password reset, smtps://user:password@host)']);
  return new FileOutbox(join(dataDir, 'outbox'), mail.from);
}

@Global()
@Module({ providers: [{ provide: MAIL, inject: [CONFIG], useFactory: createMailPort }], exports: [MAIL] })
export class MailModule {}
