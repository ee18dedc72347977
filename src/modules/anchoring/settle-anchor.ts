import type { Block } from '../../platform/chain/index.js';
import type { AnchorRecord, TransactionRecord } from './anchor-records.js';
import { markAnchored, markEnded, transactionsOf } from './anchor-store.js';
import { findAnchor } from './find-anchor.js';
import type { AnchorerMemory } from './open-tick.js';
import { pushTransaction } from './push-transaction.js';
import { type TickContext, toMined } from './tick-context.js';

/**
 * Finds out what became of an anchor in flight, and helps it on when it is not in the chain. The node's receipt says where to look; that
 * the checkpoint is anchored is the contract's word alone.
 * @param ahead the anchor with the next lower nonce, when that is in flight too: after a reorganisation.
 * @returns whether it is settled.
 */
export async function settleAnchor(context: TickContext, memory: AnchorerMemory, anchor: AnchorRecord, ahead: AnchorRecord | null): Promise<boolean> {
  const transactions = await transactionsOf(context.dataSource.manager, anchor);
  for (const transaction of transactions) {
    const verdict = await settleByReceipt(context, anchor, transaction);
    if (verdict !== 'not-mined') {
      memory.unexplainedSince.delete(anchor.id);
      return verdict === 'settled';
    }
  }
  if (await settleByContract(context, anchor, transactions)) return true;
  if (anchor.nonce === null) return end(context, anchor);
  if (anchor.nonce >= context.view.nonce) {
    await pushTransaction(context, anchor, transactions, ahead);
    return false;
  }
  return settleUnexplained(context, memory, anchor);
}

type Verdict = 'settled' | 'waiting' | 'not-mined';

async function settleByReceipt(context: TickContext, anchor: AnchorRecord, transaction: TransactionRecord): Promise<Verdict> {
  const { session, contract, view, lease } = context;
  const receipt = await session.receipt(transaction.transactionHash);
  const block = receipt && (await session.block(receipt.blockNumber));
  if (!receipt || !block || block.hash !== receipt.blockHash) return 'not-mined';
  const mined = toMined(transaction.transactionHash, block);
  if (!receipt.succeeded || transaction.kind === 'cancel') {
    const status = receipt.succeeded ? 'superseded' : 'reverted';
    await lease.write('anchor.end', (tx) => markEnded(tx, lease.epoch, anchor.id, status, mined));
    return 'settled';
  }
  // A receipt is a node's word; the contract's state is what a verifier will ask for.
  const anchoredAt = await contract.anchoredAt(anchor.treeSize, anchor.rootHash, laterOf(view.latest, block).number);
  if (anchoredAt !== block.timestamp) return 'waiting';
  await lease.write('anchor.mark-anchored', (tx) => markAnchored(tx, lease.epoch, anchor.id, mined));
  return 'settled';
}

/** A receipt may be late while the contract already knows. Only a transaction of this anchor settles it: another's leaves our nonce unused. */
async function settleByContract(context: TickContext, anchor: AnchorRecord, transactions: readonly TransactionRecord[]): Promise<boolean> {
  const { contract, view, lease } = context;
  const anchoredAt = await contract.anchoredAt(anchor.treeSize, anchor.rootHash, view.latest.number);
  if (anchoredAt === 0) return false;
  const mined = await findAnchor(context, anchor.treeSize, anchor.rootHash, anchoredAt);
  if (!mined) return false;
  const isOurs = anchor.nonce === null || transactions.some(({ transactionHash }) => transactionHash === mined.transactionHash);
  if (!isOurs) return false;
  await lease.write('anchor.mark-anchored', (tx) => markAnchored(tx, lease.epoch, anchor.id, mined));
  return true;
}

/**
 * The nonce is used up and no transaction of ours is known: receipts that are late, or someone else uses the key. Believed to be the latter
 * after a while; should it have been anchored after all, it is taken up again as the contract's head.
 */
async function settleUnexplained(context: TickContext, memory: AnchorerMemory, anchor: AnchorRecord): Promise<boolean> {
  const now = performance.now();
  const since = memory.unexplainedSince.get(anchor.id) ?? now;
  memory.unexplainedSince.set(anchor.id, since);
  if (now - since < context.options.staleSeconds * 1000) return false;
  memory.unexplainedSince.delete(anchor.id);
  return end(context, anchor);
}

async function end({ lease }: TickContext, anchor: AnchorRecord): Promise<true> {
  await lease.write('anchor.end', (tx) => markEnded(tx, lease.epoch, anchor.id, 'superseded', null));
  return true;
}

function laterOf(a: Block, b: Block): Block {
  return a.number >= b.number ? a : b;
}
