import type { LicenceTerms } from '../terms.js';

export const POLICY_KINDS = ['Offer', 'Agreement'] as const;

/** Terms between parties about a work. Works, parties and the policy itself are absolute IRIs. */
export interface LicencePolicy {
  /** An offer proposes; an agreement grants (ODRL Information Model 2.2, «Policy»). */
  readonly kind: (typeof POLICY_KINDS)[number];
  readonly uid: string;
  readonly target: string;
  readonly assigner: string;
  /** Null when anyone has the licence, and for an offer to whoever takes it up. */
  readonly assignee: string | null;
  readonly terms: LicenceTerms;
  /** ISO 8601 in UTC with milliseconds. */
  readonly grantedAt: string | null;
}
