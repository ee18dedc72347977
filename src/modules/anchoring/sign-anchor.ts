import type { Hash, TreeSize } from '../../lib/merkle/index.js';
import { verifyConsistency } from '../../lib/merkle/index.js';
import { type AnchoredHead, encodeAnchorCall, parseRevert, RpcRefusal, type SignedTransaction } from '../../platform/chain/index.js';
import { AnchoringProblem } from './anchoring.errors.js';
import type { Fees } from './choose-fees.js';
import type { TickContext } from './tick-context.js';

/** Gas of a transfer to oneself. */
const CANCEL_GAS = 21_000n;

export interface SignedAnchor extends SignedTransaction, Fees {
  readonly kind: 'anchor' | 'cancel';
  readonly previousSize: number | null;
  readonly gasLimit: bigint;
}

/**
 * Builds and signs the transaction that takes the contract from its head to the checkpoint. The proof is verified here first, and the call is
 * tried on the node: nothing that the contract would refuse is paid for.
 * @throws AnchoringProblem ANCHORING.FORK, NOT_ANCHORER, REFUSED, INSUFFICIENT_FUNDS
 */
export async function signAnchor(
  context: TickContext, checkpoint: { treeSize: TreeSize; rootHash: Hash }, nonce: number, fees: Fees,
): Promise<SignedAnchor> {
  const { session, signer, view, instance } = context;
  const proof = await proveFrom(context, view.head, checkpoint);
  const request = { from: signer.address, to: instance.contract, data: encodeAnchorCall(checkpoint.treeSize, checkpoint.rootHash, proof) };
  const estimated = await session.estimateGas(request).catch((error: unknown) => {
    throw error instanceof RpcRefusal ? toRefusalProblem(error, signer.address) : error;
  });
  // The head may cross a power of two before it is mined; the proof's length, and so the gas, is fixed by what is signed.
  const gasLimit = (estimated * 5n) / 4n;
  await refuseIfPoor(context, gasLimit * fees.maxFeePerGas);
  const signed = await signer.sign({ chainId: instance.chainId, nonce, to: instance.contract, data: request.data, gasLimit, ...fees });
  return { ...signed, ...fees, kind: 'anchor', previousSize: view.head.treeSize, gasLimit };
}

/** A transaction that does nothing but use up a nonce. */
export async function signCancel(context: TickContext, nonce: number, fees: Fees): Promise<SignedAnchor> {
  const { signer, instance } = context;
  await refuseIfPoor(context, CANCEL_GAS * fees.maxFeePerGas);
  const signed = await signer.sign({ chainId: instance.chainId, nonce, to: signer.address, data: '0x', gasLimit: CANCEL_GAS, ...fees });
  return { ...signed, ...fees, kind: 'cancel', previousSize: null, gasLimit: CANCEL_GAS };
}

async function proveFrom({ log }: TickContext, head: AnchoredHead, { treeSize, rootHash }: { treeSize: TreeSize; rootHash: Hash }): Promise<readonly Hash[]> {
  if (head.treeSize === 0) return [];
  const proof = await log.consistencyProof(head.treeSize, treeSize);
  try {
    verifyConsistency({ oldSize: head.treeSize, oldRoot: head.rootHash, newSize: treeSize, newRoot: rootHash, proof: [...proof] });
  } catch (error) {
    throw new AnchoringProblem('ANCHORING.FORK', `the log of ${treeSize} leaves does not extend the anchored one of ${head.treeSize}`, { cause: error });
  }
  return proof;
}

/** Asked before anything is stored: an anchor that cannot be paid for would only hold up the next one. */
async function refuseIfPoor({ session, signer, view }: TickContext, cost: bigint): Promise<void> {
  const balance = await session.balance(signer.address, view.latest.number);
  if (balance >= cost) return;
  throw new AnchoringProblem('ANCHORING.INSUFFICIENT_FUNDS', `the account ${signer.address} holds ${balance} wei, an anchor may cost ${cost}: top it up`);
}

function toRefusalProblem(refusal: RpcRefusal, anchorer: string): AnchoringProblem {
  const revert = parseRevert(refusal.revertData);
  if (revert === 'CheckpointAnchorNotAnchorer') {
    return new AnchoringProblem('ANCHORING.NOT_ANCHORER', `the contract takes no anchors of ${anchorer}: its owner must call setAnchorer`, { cause: refusal });
  }
  if (/insufficient funds|enough funds|gas required exceeds allowance/i.test(refusal.rpcMessage)) {
    return new AnchoringProblem('ANCHORING.INSUFFICIENT_FUNDS', `the account ${anchorer} cannot pay for the anchor: top it up`, { cause: refusal });
  }
  return new AnchoringProblem('ANCHORING.REFUSED', `the contract refuses the anchor: ${revert ?? refusal.rpcMessage}`, { cause: refusal });
}
