import type { DataSource } from 'typeorm';
import type { LedgerCheck, LedgerDifference } from './ledger-check.js';
import { LEDGER_CHECKS } from './ledger-checks.js';

export interface LedgerAudit {
  readonly ok: boolean;
  /** How many of each were looked at. */
  readonly looked: Readonly<Record<string, number>>;
  /** The first that was found; what follows from it was not looked for. */
  readonly difference: LedgerDifference | null;
}

/**
 * Recomputes every balance from the postings, and holds transfers, holds, top-ups, payouts and corrections against each other, on one snapshot, beside a running service.
 * @param more what other modules know of their own: an order's escrow.
 * @param onProgress of each kind in turn.
 */
export async function auditLedger(dataSource: DataSource, { more = [], onProgress = () => undefined }: { readonly more?: readonly LedgerCheck[]; readonly onProgress?: (of: string, done: number) => void } = {}): Promise<LedgerAudit> {
  return dataSource.transaction('REPEATABLE READ', async (tx) => {
    await tx.query('SET TRANSACTION READ ONLY');
    const looked: Record<string, number> = {};
    for (const check of [...LEDGER_CHECKS, ...more]) {
      const found = await check.find(tx, (done) => onProgress(check.of, done));
      looked[check.of] = found.looked;
      if (found.difference) return { ok: false, looked, difference: found.difference };
    }
    return { ok: true, looked, difference: null };
  });
}
