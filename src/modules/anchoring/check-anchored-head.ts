import type { ChainClient } from '../../platform/chain/index.js';
import { CheckpointAnchorContract } from '../../platform/chain/index.js';
import type { LogSource } from './log-source.js';

/**
 * Before the first signature of this process: the log must hold what the contract has anchored (DESIGN invariant 2), or it closes itself.
 * @returns false when the contract contradicts the log; true when it does not, or there is nothing to compare with.
 * @throws ChainError when the chain does not answer; that keeps nobody from starting.
 */
export async function checkAnchoredHead(chain: ChainClient, contract: string, log: LogSource): Promise<boolean> {
  const session = await chain.connect(null);
  const { number } = await session.latestBlock();
  const anchor = new CheckpointAnchorContract(session, contract);
  if (!(await anchor.exists(number))) return true;
  const head = await anchor.head(number);
  return head.treeSize === 0 || log.holds(head.treeSize, head.rootHash);
}
