/** Who the service's own accounts belong to: the nil UUID, which no account has. */
export const SERVICE = '00000000-0000-0000-0000-000000000000';

/** What is a user's to spend, what waits for something, and what the settlement contract owes them. Never below zero. */
export const USER_PURPOSES = ['available', 'held', 'on-chain'] as const;
/** The bank and the contract as those who owe the users (below zero: that much is owed), what the service earned, what it owes the state, and what is on its way. */
export const SERVICE_PURPOSES = ['bank', 'contract', 'fees', 'taxes', 'clearing'] as const;
export type Purpose = (typeof USER_PURPOSES)[number] | (typeof SERVICE_PURPOSES)[number];

/** Why money moved; closed, since statements of account word it. `chain-funded`, `chain-settlement`, `chain-refund` and `withdrawal` repeat what the contract did. */
export const TRANSFER_KINDS = [
  'top-up', 'payout', 'hold', 'hold-voided', 'settlement', 'refund', 'chain-funded', 'chain-settlement', 'chain-refund', 'withdrawal', 'correction',
] as const;
export type TransferKind = (typeof TRANSFER_KINDS)[number];

/** One side of a transfer. */
export interface Posting {
  /** An account's id, or {@link SERVICE}. */
  readonly owner: string;
  readonly purpose: Purpose;
  readonly currency: string;
  /** A credit is positive, a debit negative; never 0. */
  readonly amountMinor: bigint;
}

/** Two or more postings that sum to zero in each currency. */
export interface NewTransfer {
  /** A UUID. */
  readonly id: string;
  readonly kind: TransferKind;
  /** What it is about: the id of an order, a top-up, a payout. */
  readonly subject: string;
  readonly postings: readonly Posting[];
  /** The id of the transfer that this one corrects. */
  readonly corrects?: string;
}
