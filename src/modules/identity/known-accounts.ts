import type { Tx } from '../../platform/database/index.js';
import { email as emailSchema } from './identity.schemas.js';

/** For operators' commands and for who confirms money: whose account it is. */
export interface KnownAccount {
  readonly accountId: string;
  readonly email: string;
  readonly displayName: string;
  /** Whoever reads mail at the address has shown it. */
  readonly isVerified: boolean;
}

interface Row {
  account_id: string;
  email: string;
  display_name: string;
  email_verified_at: Date | null;
}

/** @param typed compared without case. @returns null for an address that no account has. */
export async function findAccountByEmail(db: Pick<Tx, 'query'>, typed: string): Promise<KnownAccount | null> {
  const email = emailSchema.safeParse(typed);
  if (!email.success) return null;
  const [row] = await db.query<Row[]>('SELECT account_id, email, display_name, email_verified_at FROM account WHERE email = $1', [email.data]);
  return row ? toKnown(row) : null;
}

export async function findKnownAccounts(db: Pick<Tx, 'query'>, accountIds: readonly string[]): Promise<Map<string, KnownAccount>> {
  const rows = await db.query<Row[]>('SELECT account_id, email, display_name, email_verified_at FROM account WHERE account_id = ANY ($1)', [accountIds]);
  return new Map(rows.map((row) => [row.account_id, toKnown(row)]));
}

function toKnown({ account_id: accountId, email, display_name: displayName, email_verified_at: verifiedAt }: Row): KnownAccount {
  return { accountId, email, displayName, isVerified: verifiedAt !== null };
}
