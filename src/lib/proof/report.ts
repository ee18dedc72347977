export const CHECKS = [
  'content', 'disclosures', 'chain-of-entries', 'inclusion', 'checkpoint-signature', 'signatures', 'anchor-root', 'anchor-on-chain',
] as const;
export type CheckName = (typeof CHECKS)[number];

export interface CheckOutcome {
  readonly result: 'pass' | 'fail' | 'skipped';
  /** For people. Programs go by `result`. */
  readonly detail: string;
}

export interface CheckLine extends CheckOutcome {
  readonly check: CheckName;
}

export type Verdict = 'verified' | 'unconfirmed' | 'refuted';

export interface Report {
  readonly verdict: Verdict;
  readonly subject: string;
  /** One line a check, always all of them, in the order of {@link CHECKS}. */
  readonly checks: readonly CheckLine[];
  /** The tree that the proof speaks of; null when no checkpoint could be read. */
  readonly asOf: { readonly origin: string; readonly treeSize: number; readonly rootHash: string } | null;
  readonly times: {
    /** Time of the anchoring block, asked of the told chain; null unless anchor-on-chain passed and nothing failed. The statements existed before it. */
    readonly existedBefore: string | null;
    /** On a development chain anyone sets the clock: the time proves nothing. */
    readonly developmentChain: boolean;
    /** What the operator wrote in the first statement of the subject. A claim, no proof. */
    readonly claimedIssuedAt: string | null;
  };
  /** The same in sentences, with the limits of what was proved. */
  readonly notes: readonly string[];
}

export const pass = (detail: string): CheckOutcome => ({ result: 'pass', detail });
export const fail = (detail: string): CheckOutcome => ({ result: 'fail', detail });
export const skipped = (detail: string): CheckOutcome => ({ result: 'skipped', detail });

export type Outcomes = Readonly<Record<CheckName, CheckOutcome>>;

/**
 * Any failure refutes. Verified takes a told key and a told contract, asked over the caller's own RPC, and everything that was asked
 * for: files that were given must have been matched. All else is unconfirmed: nothing speaks against it, and nobody known speaks for it.
 */
export function computeVerdict(outcomes: Outcomes, filesGiven: boolean): Verdict {
  if (CHECKS.some((check) => outcomes[check].result === 'fail')) return 'refuted';
  const required: CheckName[] = ['chain-of-entries', 'inclusion', 'checkpoint-signature', 'anchor-root', 'anchor-on-chain'];
  if (filesGiven) required.push('content');
  return required.every((check) => outcomes[check].result === 'pass') ? 'verified' : 'unconfirmed';
}
