import { NEVER_SENT } from './anchor-records.js';
import { insertAdopted, insertPrepared, insertTransaction, knownOfChain, liveAt } from './anchor-store.js';
import { AnchoringProblem } from './anchoring.errors.js';
import { checkAnchoredHead } from './check-anchored-head.js';
import { chooseFees } from './choose-fees.js';
import { findAnchor } from './find-anchor.js';
import { sendTransaction } from './send-transaction.js';
import { signAnchor } from './sign-anchor.js';
import type { TickContext } from './tick-context.js';

/**
 * Anchors the newest published checkpoint when the contract does not have it. Called when nothing is in flight.
 * The claim of the nonce and the signed bytes are stored in one transaction, and only then broadcast.
 * @returns whether the chain is to be looked at again soon.
 * @throws AnchoringProblem ANCHORING.FORK when the contract's head is not a checkpoint of this log: nothing is anchored on top of that. ChainError CHAIN.DISAGREEMENT when only some nodes say so.
 */
export async function anchorCheckpoint(context: TickContext): Promise<boolean> {
  const { log, view, lease, instance, signer, options, session } = context;
  const { nextNonce, highestBlock } = await knownOfChain(context.dataSource.manager, instance, signer.address);
  // Something was settled in a block after the one that this view is of: its head is not the contract's any more.
  if (view.latest.number < highestBlock) return true;
  const published = await log.published();
  await refuseFork(context);
  const isAdopted = await adoptHead(context);
  if (!published || published.treeSize <= view.head.treeSize) return isAdopted;

  const fees = chooseFees(view.latest, await session.priorityFee(), options.maxFeePerGas);
  const nonce = Math.max(nextNonce, view.nonce);
  const signed = await signAnchor(context, published, nonce, fees);
  const anchorId = await lease.write('anchor.store', async (tx) => {
    const id = await insertPrepared(tx, lease.epoch, instance, { ...published, sender: signer.address, nonce });
    await insertTransaction(tx, lease.epoch, instance, { ...signed, anchorId: id, sender: signer.address, nonce, replaces: null });
    return id;
  });
  await sendTransaction(context, { ...signed, anchorId, ...NEVER_SENT });
  return true;
}

async function refuseFork({ log, chain, session, contract, view: { head } }: TickContext): Promise<void> {
  if ((await checkAnchoredHead(chain, session, contract.address, head, log)) === null) return;
  throw new AnchoringProblem('ANCHORING.FORK',
    `${contract.address} has anchored a tree of ${head.treeSize} leaves that this log does not hold: it was cut back, or another copy of it runs. Run «zhengben log recover», or begin a successor`);
}

/** The head is this log's and the database does not know: it was restored from a backup, or another anchorer's key was at work. */
async function adoptHead(context: TickContext): Promise<boolean> {
  const { treeSize, rootHash, blockTime } = context.view.head;
  const { lease, instance } = context;
  if (treeSize === 0 || (await liveAt(context.dataSource.manager, instance, treeSize))) return false;
  const mined = await findAnchor(context, treeSize, rootHash, blockTime);
  if (!mined) return false;
  await lease.write('anchor.adopt', (tx) => insertAdopted(tx, lease.epoch, instance, { treeSize, rootHash, mined }));
  return true;
}
