import { chainIdOf } from '../../platform/chain/index.js';
import { writePoint } from '../../platform/fault-points/index.js';
import type { TransactionRecord } from './anchor-records.js';
import { noteBroadcast } from './anchor-store.js';
import { AnchoringProblem } from './anchoring.errors.js';
import type { TickContext } from './tick-context.js';

/**
 * Broadcasts stored bytes, once or again: they are one transaction however often they are sent. Right before, the lease is prolonged and the
 * node asked again which chain it is on, since a reset development chain would accept the bytes of the one before.
 * @throws LeaseLostError; AnchoringProblem when the node refuses them for a reason that waiting does not mend.
 */
export async function sendTransaction(context: TickContext, transaction: TransactionRecord): Promise<void> {
  const { session, lease, instance } = context;
  if (chainIdOf(transaction.raw) !== instance.chainId) {
    throw new AnchoringProblem('ANCHORING.FOREIGN_TRANSACTION', `transaction ${transaction.transactionHash} is signed for another chain`);
  }
  await lease.renew();
  if (!(await session.isStillThisChain())) throw new AnchoringProblem('CHAIN.DISAGREEMENT', `${session.host} is on another chain since a moment ago`);
  const { outcome, detail } = await writePoint('anchor.broadcast', () => session.broadcast(transaction.raw));
  const taken = outcome === 'sent' || outcome === 'known';
  await lease.write('anchor.note-broadcast', (tx) => noteBroadcast(tx, lease.epoch, instance, transaction, outcome, taken));
  switch (outcome) {
    case 'insufficient-funds':
      throw new AnchoringProblem('ANCHORING.INSUFFICIENT_FUNDS', `the account ${context.signer.address} cannot pay for the anchor: ${detail}`);
    case 'refused':
      throw new AnchoringProblem('ANCHORING.REFUSED', `${session.host} does not take the transaction: ${detail}`);
    case 'unknown':
      throw new AnchoringProblem('CHAIN.UNAVAILABLE', detail);
    case 'sent':
    case 'known':
    // The next look at the chain explains these two: it was mined meanwhile, or its fee must rise.
    case 'nonce-too-low':
    case 'underpriced':
      return;
  }
}
