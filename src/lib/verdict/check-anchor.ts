import { bytesToHex } from '../bytes/index.js';
import { type ChainReader, type CheckOutcome, fail, pass, skipped, toInstant, type Trust } from '../proof/index.js';
import type { ReadVerdict } from './read-verdict.js';

/** Hardhat's and anvil's chain id: whoever runs such a chain sets its clock. */
const DEVELOPMENT_CHAIN_ID = 31337;

export interface TreeOnChain {
  readonly outcome: CheckOutcome;
  /** Seconds since 1970, as the told contract states it; null unless the check passed. */
  readonly blockTime: number | null;
  readonly developmentChain: boolean;
}

/**
 * Whether the told contract holds the tree of `asOf`, which gives that tree a time by someone else's clock. Most trees are never anchored themselves, only
 * later ones that contain them: a contract that does not know this root leaves the check skipped.
 */
export async function checkTreeOnChain({ checkpoint }: ReadVerdict, { contract }: Trust, chain: ChainReader | undefined): Promise<TreeOnChain> {
  const developmentChain = contract?.chainId === DEVELOPMENT_CHAIN_ID;
  const done = (outcome: CheckOutcome, blockTime: number | null = null): TreeOnChain => ({ outcome, blockTime, developmentChain });
  if (checkpoint === null) return done(skipped('there is no checkpoint that could have been anchored'));
  if (contract === null || chain === undefined) return done(skipped('no contract and RPC were told'));
  try {
    const chainId = await chain.chainId();
    if (chainId !== contract.chainId) return done(skipped(`the RPC is of chain ${chainId}, not of ${contract.chainId}`));
    const origin = await chain.contractOrigin(contract.address);
    if (origin === '') return done(skipped('the RPC knows no CheckpointAnchor at the told address'));
    if (origin !== checkpoint.origin) return done(fail(`the told contract anchors the log ${origin}, not ${checkpoint.origin}`));
    const blockTime = await chain.anchoredAt(contract.address, checkpoint.treeSize, bytesToHex(checkpoint.rootHash));
    if (blockTime === 0) return done(skipped('the told contract holds no tree of this size and root'));
    const text = `the told contract anchored this root at ${toInstant(blockTime)}`;
    return done(pass(developmentChain ? `${text}; a development chain: proves no time` : text), blockTime);
  } catch (error) {
    return done(skipped(`the chain could not be asked: ${error instanceof Error ? error.message : 'unknown error'}`));
  }
}
