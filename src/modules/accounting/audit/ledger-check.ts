import type { Tx } from '../../../platform/database/index.js';

/** Where the ledger is not as it must be. */
export interface LedgerDifference {
  readonly kind: 'transfer' | 'posting' | 'account' | 'credit' | 'hold' | 'movement' | 'correction' | 'order';
  /** The id of what differs. */
  readonly where: string;
  readonly detail: string;
}

/** One kind of look at the ledger, in one snapshot; other modules add theirs: what an order has in escrow is trading's to say. */
export interface LedgerCheck {
  /** What it goes through, for the progress line. */
  readonly of: string;
  /** @returns how many were looked at, and the first that differs. */
  find(db: Pick<Tx, 'query'>, onProgress: (done: number) => void): Promise<{ readonly looked: number; readonly difference: LedgerDifference | null }>;
}

/** A look that is one query, which answers at most one row {where, detail}. */
export function oneQuery(of: string, kind: LedgerDifference['kind'], count: string, first: string): LedgerCheck {
  return {
    of,
    find: async (db) => {
      const [counted] = await db.query<{ looked: string }[]>(`SELECT count(*) AS looked FROM ${count}`);
      const [row] = await db.query<{ where: string; detail: string }[]>(first);
      return { looked: Number(counted?.looked ?? 0), difference: row ? { kind, where: row.where, detail: row.detail } : null };
    },
  };
}

/**
 * A look that goes on from key to key, so that its progress can be told.
 * @param batch a query of the key before and how many to take, that answers one row {last, looked, where, detail}; `last` null when there are no more.
 */
export function inBatches(of: string, kind: LedgerDifference['kind'], begin: string, most: number, batch: string): LedgerCheck {
  return {
    of,
    find: async (db, onProgress) => {
      for (let [key, looked] = [begin, 0]; ;) {
        const [row] = await db.query<{ last: string | null; looked: string; where: string | null; detail: string | null }[]>(batch, [key, most]);
        if (!row || row.last === null) return { looked, difference: null };
        looked += Number(row.looked);
        onProgress(looked);
        if (row.where !== null) return { looked, difference: { kind, where: row.where, detail: row.detail ?? '' } };
        key = row.last;
      }
    },
  };
}
