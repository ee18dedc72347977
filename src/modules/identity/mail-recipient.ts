import type { Tx } from '../../platform/database/index.js';
import type { Locale } from './account.entity.js';

/** Where, and in which language, an account is told by mail. */
export interface MailRecipient {
  readonly email: string;
  readonly locale: Locale;
}

/** Null: nobody has shown to read mail at its address, or its holder wants no mail of notices. */
export async function findMailRecipient(db: Pick<Tx, 'query'>, accountId: string): Promise<MailRecipient | null> {
  const [row] = await db.query<MailRecipient[]>('SELECT email, locale FROM account WHERE account_id = $1 AND email_verified_at IS NOT NULL AND notice_mails', [accountId]);
  return row ?? null;
}
