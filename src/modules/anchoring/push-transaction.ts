import { type AnchorRecord, NEVER_SENT, type TransactionRecord } from './anchor-records.js';
import { insertTransaction } from './anchor-store.js';
import { AnchoringProblem } from './anchoring.errors.js';
import { chooseFees, raiseFees } from './choose-fees.js';
import { sendTransaction } from './send-transaction.js';
import { type SignedAnchor, signAnchor, signCancel } from './sign-anchor.js';
import type { TickContext } from './tick-context.js';

/**
 * Helps on an anchor whose nonce is not used up: the same bytes again when there is doubt that a node has them; other bytes with the same nonce
 * and raised fees when they are stuck, or when the contract's head has moved so that it would refuse them.
 * @param transactions of the anchor, the newest first.
 * @param ahead the anchor in flight with the next lower nonce, which the contract takes first.
 */
export async function pushTransaction(
  context: TickContext, anchor: AnchorRecord, transactions: readonly TransactionRecord[], ahead: AnchorRecord | null,
): Promise<void> {
  const { options } = context;
  const newest = transactions[0];
  if (!newest || anchor.nonce === null) throw new Error(`anchor ${anchor.id} has no transaction`);
  const isOutdated = ahead ? false : isRefusedByNow(context, newest);
  const isStuck = newest.lastOutcome === 'underpriced' || (newest.broadcastAge !== null && newest.broadcastAge > options.stuckSeconds && anchor.status === 'broadcast');
  // Behind another one the contract's head is not yet what this one starts from: it is judged when its turn comes.
  if (isOutdated || (isStuck && !ahead)) {
    const replacement = await replace(context, anchor, anchor.nonce, newest);
    if (replacement) return sendTransaction(context, replacement);
  }
  const isDoubtful = anchor.status !== 'broadcast' || newest.lastBroadcastAge === null || newest.lastBroadcastAge > options.rebroadcastSeconds;
  if (isDoubtful && !isOutdated) await sendTransaction(context, newest);
}

function isRefusedByNow({ view }: TickContext, newest: TransactionRecord): boolean {
  return newest.kind === 'anchor' && newest.previousSize !== view.head.treeSize;
}

/** @returns null when the fees cannot be raised any more: then the old bytes must do. */
async function replace(context: TickContext, anchor: AnchorRecord, nonce: number, newest: TransactionRecord): Promise<TransactionRecord | null> {
  const { lease, instance, signer, view, options, session } = context;
  let signed: SignedAnchor;
  try {
    const fees = raiseFees(newest, chooseFees(view.latest, await session.priorityFee(), options.maxFeePerGas), options.maxFeePerGas);
    signed = newest.kind === 'cancel' || anchor.treeSize <= view.head.treeSize
      ? await signCancel(context, nonce, fees)
      : await signAnchor(context, anchor, nonce, fees);
  } catch (error) {
    if (error instanceof AnchoringProblem && error.code === 'ANCHORING.FEE_TOO_HIGH') return null;
    throw error;
  }
  const record = { ...signed, anchorId: anchor.id };
  await lease.write('anchor.store-replacement', (tx) =>
    insertTransaction(tx, lease.epoch, instance, { ...record, sender: signer.address, nonce, replaces: newest.transactionHash }));
  return { ...record, ...NEVER_SENT };
}
