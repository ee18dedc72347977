/**
 * Works: their deposit (存证), what their statements leave them as, search, amendment, withdrawal, erasure, and their proof bundles.
 *
 * It owns the tables work, content and first_claim. Invariants: a work is deposited together with its statement or not at all; of a public work's digests
 * the first claim is never overwritten; a confidential work answers strangers like a number that was never given; nothing personal is logged in the open.
 */
export { type BundledChain, ComposeBundle } from './compose-bundle.js';
export { DepositWork, type DepositedWork } from './deposit-work.js';
export { type ContentDigest, FindHolders, type Holder } from './find-holders.js';
export { FindWork, type FoundWork } from './find-work.js';
export { isPublicPointer, Sealer } from './compose-deposit.js';
export { projectWork, statementOf } from './project-work.js';
export { ProveWork } from './prove-work.js';
export { type DepositedFile, ReadOriginals } from './read-originals.js';
export { recoverWorks } from './recover-works.js';
export { readerOf } from './reader-of.js';
export { isWithdrawn } from './is-withdrawn.js';
export { rightsHeldByOthers, storageFull, workNotFound, workWithdrawn } from './works.errors.js';
export { SearchGate } from './search-gate.js';
export { type Bind, compose, MOST_COUNTED, type Statement, toRank } from './search-sql.js';
export { toTitleFacts } from './title-facts.js';
export { UploadReserve } from './upload-reserve.js';
export { type WorkGuard, WorkGuards } from './work-guards.js';
export { type Progress, ReadProgress, type WorkStatus } from './work-status.js';
export { WorksModule } from './works.module.js';
