/**
 * The log: statements, their places in one append-only Merkle tree, signed checkpoints, tiles and receipts.
 *
 * It owns the tables statement, statement_disclosure, statement_pending, subject_head, log_entry, log_node, log_checkpoint and log_head. Invariants: the tree
 * never forks; a batch never holds seq n + 1 of a subject before n; nothing is served that is not published; what is logged is never changed.
 */
export { type AppendedStatement, AppendStatement, type UnstoredStatement } from './append-statement.js';
export { CheckHead } from './check-head.js';
export { type Act, type ComposedStatement, composeStatement, type Link } from './compose-statement.js';
export { LogEvents } from './log-events.js';
export { LogGate } from './log-gate.js';
export { LogKeys } from './log-keys.js';
export { LogModule } from './log.module.js';
export { type ChainEntry, LogReader, type PlacedStatement, type PublishedCheckpoint } from './log-reader.js';
export { ProveStatements, type ProvenStatement } from './prove-statements.js';
export { type Finding, type FindingKind } from './fsck/findings.js';
export { fsckLog, type FsckReport, type FsckRequest } from './fsck/fsck-log.js';
export { type Projection, type RecoveredStatement, RecoveryError } from './recovery/recovered-statement.js';
export { recoverLog, type RecoverRequest, type Recovery } from './recovery/recover-log.js';
export { rotateKey } from './rotate-key.js';
export { type Predecessor, readPredecessor, succeedLog, type Succession } from './succeed-log.js';
export { TileStore } from './tile-store.js';
