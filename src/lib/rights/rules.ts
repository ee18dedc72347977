/** What a reason of a verdict does: it permits, forbids, or leaves in doubt. */
export type Effect = 'permits' | 'forbids' | 'doubts';

const LAW = 'Copyright Law';
const REGULATIONS = 'Implementing Regulations of the Copyright Law';

/** The rules that verdicts rest on, each with its article (of the PRC). Closed: platforms compare them. */
export const RULES = {
  holder: { effect: 'permits', article: `${LAW} Art. 10` },
  /** One of several holders uses the work themself. */
  'co-holder': { effect: 'permits', article: `${LAW} Art. 14` },
  licence: { effect: 'permits', article: `${LAW} Art. 26` },
  /** A paper outside of this ledger, as its owner declared it. */
  'declared-licence': { effect: 'permits', article: `${LAW} Art. 26` },
  /** Granted to anyone. */
  'open-licence': { effect: 'permits', article: `${LAW} Art. 26` },
  sublicence: { effect: 'permits', article: `${REGULATIONS} Art. 24` },
  'protection-ended': { effect: 'permits', article: `${LAW} Art. 23` },
  'not-granted': { effect: 'forbids', article: `${LAW} Art. 29` },
  'licence-ended': { effect: 'forbids', article: `${LAW} Art. 26` },
  'barred-by-exclusive': { effect: 'forbids', article: `${REGULATIONS} Art. 24` },
  'not-accepted': { effect: 'doubts', article: 'Civil Code Art. 483' },
  /** A co-owner objects, or a party disputes a breach. */
  'in-dispute': { effect: 'doubts', article: `${LAW} Art. 14` },
  'parent-ended': { effect: 'doubts', article: `${REGULATIONS} Art. 24` },
  /** Not among the rights that were deposited: the category has none such, or it was not claimed. */
  'no-such-right': { effect: 'doubts', article: `${LAW} Art. 10` },
  'before-title': { effect: 'doubts', article: `${LAW} Art. 2` },
  /** China's term has ended; other countries count their own. */
  'protection-abroad': { effect: 'doubts', article: `${LAW} Art. 23` },
  withdrawn: { effect: 'doubts', article: `${LAW} Art. 12` },
  'exception-possible': { effect: 'doubts', article: `${LAW} Art. 24, 25` },
  'collective-management': { effect: 'doubts', article: `${LAW} Art. 8` },
  'exhibition-follows-original': { effect: 'doubts', article: `${LAW} Art. 20` },
  'originals-unnamed': { effect: 'doubts', article: `${LAW} Art. 16` },
  'original-outside': { effect: 'doubts', article: `${LAW} Art. 16` },
} as const satisfies Record<string, { readonly effect: Effect; readonly article: string }>;

export type Rule = keyof typeof RULES;
