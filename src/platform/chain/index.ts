/**
 * The EVM chain: JSON-RPC over several URLs, the contracts `CheckpointAnchor` and `RightsSettlement`, signing without a node. Holds no state of the service and
 * decides nothing: what is anchored, and what that means, stands in src/modules/anchoring; what is paid, in src/modules/trading/chain.
 */
export { ChainClient } from './chain-client.js';
export { createChainReader } from './create-chain-reader.js';
export { type Block, type BroadcastOutcome, ChainSession, type EventLog, type TransactionReceipt } from './chain-session.js';
export { type AnchoredEvent, type AnchoredHead, CheckpointAnchorContract, encodeAnchorCall, parseRevert } from './checkpoint-anchor.js';
export { type Deployer, type Deployment, type DeployRequest, deployCheckpointAnchor } from './deploy-checkpoint-anchor.js';
export { deployRightsSettlement, deployTestToken } from './deploy-rights-settlement.js';
export { ChainError, type ChainErrorCode, RpcRefusal } from './errors.js';
export { type Fees, offerFees, raiseFees } from './fees.js';
export { DEFAULT_ENDPOINT_OPTIONS, type EndpointOptions } from './json-rpc-endpoint.js';
export { CHAIN_ORDER_STATES, type ChainOrder, type ChainOrderState, encodeRefund, encodeRelease, MAX_CHAIN_AMOUNT, MAX_PAYEES, MAX_TERM_SECONDS, OrderSigner, RightsSettlementContract } from './rights-settlement.js';
export { parseSettlementEvent, type SettlementEvent } from './settlement-events.js';
export { chainIdOf, type SignedTransaction, TransactionSigner, type UnsignedTransaction } from './sign-transaction.js';
