/**
 * Proof bundles: their form, and the verifier. The bundle is the attacker's; whom to trust is a parameter; the report says what was proved and what was
 * not. A bundle never vouches for itself.
 */
export { actorMessage, recoverEip191Address, type SignedAct, verifyActorSignature } from './actor-signature.js';
export {
  BUNDLE_EXTENSION, BUNDLE_FORMAT, BUNDLE_MEDIA_TYPE, type BundleAnchor, type BundleChain, type BundleEntry, parseBundle, type ProofBundle,
} from './bundle.js';
export type { ChainBlock, ChainLog, ChainReader, ChainTransaction } from './chain-reader.js';
export { JsonRpcChainReader } from './json-rpc-chain-reader.js';
export { toInstant } from './check-anchor.js';
export { attempt } from './entries.js';
export { type CheckLine, type CheckName, type CheckOutcome, CHECKS, fail, pass, type Report, skipped, type Verdict } from './report.js';
export { formatTlogProof, parseTlogProof, type TlogProof } from './tlog-proof.js';
export { type FileDigest, parseTrust, type Trust, type TrustInput } from './trust.js';
export { verifyBundle, type VerifyOptions } from './verify-bundle.js';
