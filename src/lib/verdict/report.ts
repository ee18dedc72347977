import type { CheckOutcome, Report, Verdict } from '../proof/index.js';
import type { RightsAnswer } from './schema.js';

export const VERDICT_CHECKS = ['verdict-signature', 'statements', 'inclusion', 'receipts', 'checkpoint-signature', 'anchor-on-chain'] as const;
export type VerdictCheckName = (typeof VERDICT_CHECKS)[number];

export interface VerdictCheckLine extends CheckOutcome {
  readonly check: VerdictCheckName;
}

/** As of a bundle; `subject` is the work asked about, and `times.claimedIssuedAt` when the log says that it answered. */
export interface VerdictReport extends Omit<Report, 'checks'> {
  /** What the log answered; null when it is refuted that it did. While `unconfirmed`, nobody known has said so. */
  readonly answer: RightsAnswer | null;
  /** One line a check, always all of them, in the order of {@link VERDICT_CHECKS}. */
  readonly checks: readonly VerdictCheckLine[];
}

export type VerdictOutcomes = Readonly<Record<VerdictCheckName, CheckOutcome>>;

/**
 * Any failure refutes. Verified takes a told key, by which the answer and everything that it rests on were signed. An anchor is not asked for: the
 * answer is the operator's word, and no contract holds it.
 */
export function computeReportVerdict(outcomes: VerdictOutcomes): Verdict {
  if (VERDICT_CHECKS.some((check) => outcomes[check].result === 'fail')) return 'refuted';
  // With a key told, the other checks are skipped only when there is nothing to check.
  return outcomes['verdict-signature'].result === 'pass' && outcomes.statements.result === 'pass' ? 'verified' : 'unconfirmed';
}
