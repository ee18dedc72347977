import { DomainError } from '../../../lib/errors/index.js';
import { sqlState } from '../../../platform/database/index.js';
import { faultPoint } from '../../../platform/fault-points/index.js';
import { sharesChanged } from '../trading.errors.js';

/** What PostgreSQL and the rules refuse for good: the money goes back. */
const REFUSED_STATES: ReadonlySet<string> = new Set(['23P01', 'ZB061', 'ZB062', 'ZB064', 'ZB065']);
const REFUSED_CODES: ReadonlySet<string> = new Set(['LICENSING.BEYOND_TITLE', 'LICENSING.CONSENT_MISSING', 'LICENSING.SCOPE_INVALID', 'LICENSING.SCOPE_CONFLICT', 'LICENSING.NO_TITLE', 'WORKS.WITHDRAWN', 'WORKS.NOT_FOUND', 'TRADING.SHARES_CHANGED', 'TRADING.DEADLINE_NEAR']);

/** Between looking up and locking, slices changed hands; looked up again so many times. */
const ATTEMPTS = 4;
export class TitleMoved extends Error {}

/** Why a trade can never be settled; null: it may be tried again. */
function refusalOf(error: unknown): string | null {
  if (error instanceof DomainError) return REFUSED_CODES.has(error.code) ? error.code : null;
  const state = sqlState(error) ?? '';
  return REFUSED_STATES.has(state) ? `refused (${state})` : null;
}

/**
 * Settles a funded order; when it never can be, the money goes back by itself.
 * @param settle looks all up anew, and throws {@link TitleMoved} when that is not what it found locked. @returns the state that the order has then. @throws what may be tried again.
 */
export async function settleOrRefund(settle: () => Promise<void>, refund: (reason: string) => Promise<void>): Promise<'settled' | 'refunded'> {
  for (let attempt = 1; ; attempt++) {
    try {
      await settle();
      faultPoint('trading.settled');
      return 'settled';
    } catch (error) {
      if (error instanceof TitleMoved && attempt < ATTEMPTS) continue;
      const refusal = refusalOf(error instanceof TitleMoved ? sharesChanged() : error);
      if (refusal === null) throw error;
      await refund(refusal);
      return 'refunded';
    }
  }
}
