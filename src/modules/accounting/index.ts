/**
 * Accounting: whose money is where. Owns the tables money_account, transfer, posting, money_credit, hold, bank_movement and correction.
 *
 * Invariants, which PostgreSQL itself holds (migrations 0010, 0013): a transfer is whole and sums to zero in each currency; no user's account falls below zero; what an owner has held
 * is the sum of their pending holds, each of which ends exactly once; nothing that was posted is ever changed; money comes from the bank and goes there only as operators confirm it, none of them for
 * themselves, two of them from a threshold on; one entry at the bank is one movement here.
 */
export { AccountingModule } from './accounting.module.js';
export { auditLedger, type LedgerAudit } from './audit/audit-ledger.js';
export { inBatches, type LedgerCheck, type LedgerDifference, oneQuery } from './audit/ledger-check.js';
export { insufficientFunds } from './accounting.errors.js';
export { endHold, type NewHold, placeHold } from './holds.js';
export { amountMinor, anyCurrency, balanceCurrency } from './money-schemas.js';
export { postTransfers, toJson as toTransferItem } from './post-transfers.js';
export { type NewTransfer, type Posting, type Purpose, SERVICE, SERVICE_PURPOSES, TRANSFER_KINDS, type TransferKind, USER_PURPOSES } from './posting.js';
