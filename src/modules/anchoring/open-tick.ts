import { type AnchoredHead, type Block, type ChainClient, CheckpointAnchorContract } from '../../platform/chain/index.js';
import type { HeldLease } from './anchor-lease.js';
import type { ChainInstance } from './anchor-records.js';
import { currentInstance, enterInstance, knownOfChain } from './anchor-store.js';
import { AnchoringProblem } from './anchoring.errors.js';
import type { AnchorerParts, ChainView, TickContext } from './tick-context.js';

/** What a process remembers between ticks; losing it costs a check or a wait, never correctness. */
export interface AnchorerMemory {
  /** Instances whose contract was seen to be this log's. */
  readonly checkedInstances: Set<number>;
  /** Since when every look at the chain was behind what was seen of it before; milliseconds of the monotonic clock. */
  staleSince: number | null;
  /** Anchors whose nonce is used up while nothing is known of their transaction, since when. */
  readonly unexplainedSince: Map<string, number>;
}

/**
 * Settles where the anchorer stands: node, chain instance, contract, and one view of the chain.
 * @param onLost told of how many anchors a new chain instance has left behind.
 * @throws ChainError, AnchoringProblem, LeaseLostError
 */
export async function openTick(
  parts: AnchorerParts, chain: ChainClient, lease: HeldLease, memory: AnchorerMemory, onLost: (instance: ChainInstance, lost: number) => void,
): Promise<TickContext> {
  const known = await currentInstance(parts.dataSource.manager);
  const session = await chain.connect(known?.chainId === parts.options.chainId ? known.genesisHash : null);
  try {
    const seen = { chainId: session.chainId, genesisHash: session.genesisHash, contract: parts.options.contract.toLowerCase() };
    const isSame = known !== null && known.chainId === seen.chainId && known.genesisHash === seen.genesisHash && known.contract === seen.contract;
    const instance = isSame ? known : await enter(lease, seen, onLost);
    const contract = new CheckpointAnchorContract(session, instance.contract);
    const latest = await session.latestBlock();
    if (!memory.checkedInstances.has(instance.id)) {
      await checkContract(contract, latest, parts.options.origin);
      memory.checkedInstances.add(instance.id);
    }
    const { highestBlock } = await knownOfChain(parts.dataSource.manager, instance, parts.signer.address);
    refuseStaleView(latest, highestBlock, memory, parts.options.staleSeconds);
    const view: ChainView = {
      latest,
      head: await readHead(contract, latest, instance, memory),
      nonce: await session.transactionCount(parts.signer.address, latest.number),
    };
    return { ...parts, lease, chain, session, contract, instance, view };
  } catch (error) {
    chain.giveUpOn(session);
    throw error;
  }
}

async function enter(lease: HeldLease, seen: Omit<ChainInstance, 'id'>, onLost: (instance: ChainInstance, lost: number) => void): Promise<ChainInstance> {
  const { instance, lost } = await lease.write('anchor.enter-instance', (tx) => enterInstance(tx, lease.epoch, seen));
  if (lost > 0) onLost(instance, lost);
  return instance;
}

async function checkContract(contract: CheckpointAnchorContract, latest: Block, origin: string): Promise<void> {
  if (!(await contract.exists(latest.number))) {
    throw new AnchoringProblem('ANCHORING.CONTRACT_MISSING', `there is no contract at ${contract.address}: deploy a CheckpointAnchor and set ANCHOR_CONTRACT`);
  }
  const anchored = await contract.origin(latest.number);
  if (anchored !== origin) {
    throw new AnchoringProblem('ANCHORING.CONTRACT_OF_ANOTHER_LOG', `${contract.address} anchors the log «${anchored}», this one is «${origin}»`);
  }
}

/** A contract that was there and is gone: a development chain was reset in place, with the same block 0. */
async function readHead(contract: CheckpointAnchorContract, latest: Block, instance: ChainInstance, memory: AnchorerMemory): Promise<AnchoredHead> {
  try {
    return await contract.head(latest.number);
  } catch (error) {
    if (await contract.exists(latest.number)) throw error;
    memory.checkedInstances.delete(instance.id);
    throw new AnchoringProblem('ANCHORING.CONTRACT_MISSING', `there is no contract at ${contract.address} any more`, { cause: error });
  }
}

/**
 * A node that is behind knows nothing of our newest blocks: taken at its word, it would undo anchors that stand. Only when no node knows
 * better for a while has the chain itself gone back.
 */
function refuseStaleView(latest: Block, highestBlock: number, memory: AnchorerMemory, staleSeconds: number): void {
  if (latest.number >= highestBlock) {
    memory.staleSince = null;
    return;
  }
  const now = performance.now();
  memory.staleSince ??= now;
  if (now - memory.staleSince < staleSeconds * 1000) {
    throw new AnchoringProblem('ANCHORING.STALE_CHAIN', `the node is at block ${latest.number}, block ${highestBlock} was seen before`);
  }
}
