/**
 * Verification: which works hold a content, since when and how well proved; and whether a proof bundle holds.
 *
 * It owns no table. Invariants: what is sent to be verified is hashed and never kept; a stranger learns nothing of confidential works; the service checks
 * bundles against its own key, contract and chain only, and says that this is its own word; a chain that does not answer leaves a check undone, never failed.
 */
export { VerificationModule } from './verification.module.js';
