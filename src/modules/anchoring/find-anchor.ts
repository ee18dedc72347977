import type { Hash, TreeSize } from '../../lib/merkle/index.js';
import type { ChainSession, CheckpointAnchorContract } from '../../platform/chain/index.js';
import type { Mined } from './anchor-records.js';
import { type ChainView, toMined } from './tick-context.js';

/**
 * Where a checkpoint was anchored, when only the contract's word for its block time is known. Providers limit the range of a search for
 * events: the blocks of that second are found by bisection first.
 * @returns null when the node does not have the event (yet).
 */
export async function findAnchor(
  { session, contract, view }: { session: ChainSession; contract: CheckpointAnchorContract; view: ChainView },
  treeSize: TreeSize,
  rootHash: Hash,
  blockTime: number,
): Promise<Mined | null> {
  const first = await firstBlockSince(session, blockTime, view.latest.number);
  const last = (await firstBlockSince(session, blockTime + 1, view.latest.number + 1)) - 1;
  if (first > last) return null;
  const event = await contract.findAnchored(treeSize, rootHash, first, last);
  const block = event && (await session.block(event.blockNumber));
  return block && block.hash === event.blockHash ? toMined(event.transactionHash, block) : null;
}

/** The lowest block number in [0, upTo] whose time is `seconds` or later; `upTo` itself is not asked for. */
async function firstBlockSince(session: ChainSession, seconds: number, upTo: number): Promise<number> {
  let low = 0;
  let high = upTo;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const block = await session.block(middle);
    if (block && block.timestamp < seconds) low = middle + 1;
    else high = middle;
  }
  return low;
}
