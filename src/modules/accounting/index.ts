/**
 * Accounting: whose money is where. Owns the tables money_account, transfer, posting, money_credit and hold.
 *
 * Invariants, which PostgreSQL itself holds (migration 0010): a transfer is whole and sums to zero in each currency; no user's account falls below zero; what an owner has held
 * is the sum of their pending holds, each of which ends exactly once; nothing that was posted is ever changed.
 */
export { endHold, type NewHold, placeHold } from './holds.js';
export { postTransfers } from './post-transfers.js';
export { type NewTransfer, type Posting, type Purpose, SERVICE, SERVICE_PURPOSES, TRANSFER_KINDS, type TransferKind, USER_PURPOSES } from './posting.js';
