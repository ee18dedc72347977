/**
 * Anchoring: publishes the log's checkpoints in the contract `CheckpointAnchor` and says what is anchored.
 *
 * It owns the tables chain_instance, anchor, anchor_transaction, anchor_status_change, anchor_transition and anchor_lease. Invariants: one process
 * anchors, by a lease with an epoch that every write must match; signed bytes are stored before they are broadcast; a nonce belongs to one anchor
 * for ever; `anchored` is said only when the contract itself agrees in a mined block, and taken back when the chain takes it back; nothing
 * signed for one chain instance is sent to another; nobody waits for the chain.
 */
export { AnchoringModule } from './anchoring.module.js';
export { type AnchorLag, AnchorReader, type ChainStatus } from './anchor-reader.js';
export { type AnchorView } from './anchor-view.js';
export { type AnchoringProblemCode } from './anchoring.errors.js';
