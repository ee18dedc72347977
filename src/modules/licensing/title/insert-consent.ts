import type { Box } from '../../../lib/rights/index.js';
import type { Tx } from '../../../platform/database/index.js';
import { writePoint } from '../../../platform/fault-points/index.js';
import { toBoxParameters } from '../box-columns.js';
import type { ConsentAct } from './find-missing-consents.js';

export interface NewConsent {
  readonly workId: string;
  /** Of its statement in the work's chain. */
  readonly seq: number;
  readonly accountId: string;
  readonly toAccount: string;
  readonly act: ConsentAct;
  /** Null: whoever it may be, or sealed and gone. */
  readonly partyId: string | null;
  /** Since when the party is sealed and gone: for what is done later it is nobody. */
  readonly recoveredAt?: Date;
  readonly box: Box;
  readonly givenAt: Date;
  readonly expiresAt: Date;
}

export async function insertConsent(tx: Tx, consent: NewConsent): Promise<void> {
  await writePoint('consent.insert', () =>
    tx.query(`INSERT INTO consent (work_id, seq, account_id, to_account, act, party_id, rights, territories, uses, languages, term, given_at, expires_at, recovered_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
      [consent.workId, consent.seq, consent.accountId, consent.toAccount, consent.act, consent.partyId, ...toBoxParameters(consent.box), consent.givenAt, consent.expiresAt, consent.recoveredAt ?? null]));
}

/** @returns whether there was one of this account that still stood. */
export async function withdrawConsent(tx: Tx, workId: string, seq: number, accountId: string, at: Date): Promise<boolean> {
  const [, count]: [unknown, number] = await writePoint('consent.withdraw', () =>
    tx.query('UPDATE consent SET withdrawn_at = $4 WHERE work_id = $1 AND seq = $2 AND account_id = $3 AND withdrawn_at IS NULL', [workId, seq, accountId, at]));
  return count === 1;
}
