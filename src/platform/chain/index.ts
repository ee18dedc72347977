/**
 * The EVM chain: JSON-RPC over several URLs, the contract `CheckpointAnchor`, signing without a node. Holds no state of the service and
 * decides nothing: what is anchored, and what that means, stands in src/modules/anchoring.
 */
export { ChainClient } from './chain-client.js';
export { createChainReader } from './create-chain-reader.js';
export { type Block, type BroadcastOutcome, ChainSession, type TransactionReceipt } from './chain-session.js';
export { type AnchoredEvent, type AnchoredHead, CheckpointAnchorContract, encodeAnchorCall, parseRevert } from './checkpoint-anchor.js';
export { type Deployer, type Deployment, type DeployRequest, deployCheckpointAnchor } from './deploy-checkpoint-anchor.js';
export { ChainError, type ChainErrorCode, RpcRefusal } from './errors.js';
export { DEFAULT_ENDPOINT_OPTIONS, type EndpointOptions } from './json-rpc-endpoint.js';
export { chainIdOf, type SignedTransaction, TransactionSigner, type UnsignedTransaction } from './sign-transaction.js';
