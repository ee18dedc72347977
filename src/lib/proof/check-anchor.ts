import { keccak_256 } from '@noble/hashes/sha3.js';
import { bytesToHex, encodeUtf8 } from '../bytes/index.js';
import type { Checkpoint } from '../note/index.js';
import type { BundleAnchor } from './bundle.js';
import type { ChainReader } from './chain-reader.js';
import type { ReadBundle } from './entries.js';
import { type CheckOutcome, fail, pass, skipped } from './report.js';
import { isAddress, type Trust } from './trust.js';

/** Hardhat's and anvil's chain id: whoever runs such a chain sets its clock. */
const DEVELOPMENT_CHAIN_ID = 31337;
const ANCHORED_TOPIC = `0x${bytesToHex(keccak_256(encodeUtf8('CheckpointAnchored(uint64,bytes32,uint64)')))}`;
const HASH_PATTERN = /^0x[0-9a-f]{64}$/;

/** That the anchor is of the checkpoint of the bundle and not of some other tree. */
export function checkAnchorRoot({ bundle: { anchor }, checkpoint }: ReadBundle): CheckOutcome {
  if (anchor === null) return skipped('the bundle says nothing of an anchor');
  if (checkpoint === null) return fail('there is no checkpoint that could have been anchored');
  if (anchor.treeSize !== checkpoint.treeSize) return fail(`the anchor is of ${anchor.treeSize} leaves, the checkpoint of ${checkpoint.treeSize}`);
  if (anchor.rootHash !== bytesToHex(checkpoint.rootHash)) return fail('the anchor is of another root than the checkpoint');
  return pass(`the anchor is of the checkpoint of ${checkpoint.treeSize} leaves`);
}

export interface OnChain {
  readonly outcome: CheckOutcome;
  /** Seconds since 1970, as the told contract states it; null unless the check passed. */
  readonly blockTime: number | null;
  readonly developmentChain: boolean;
}

/**
 * That the told contract, asked over the caller's RPC, holds the checkpoint. Whatever the bundle says of the anchor must agree with the told contract
 * and with the chain. An RPC that cannot answer, that lags behind the anchor's block, or that leads to another chain instance, leaves it skipped: that speaks of the RPC, not of the bundle.
 */
export async function checkAnchorOnChain(read: ReadBundle, trust: Trust, chain: ChainReader | undefined): Promise<OnChain> {
  const { bundle: { anchor }, checkpoint } = read;
  const developmentChain = (trust.contract?.chainId ?? anchor?.chainId) === DEVELOPMENT_CHAIN_ID;
  const done = (outcome: CheckOutcome, blockTime: number | null = null): OnChain => ({ outcome, blockTime, developmentChain });
  if (anchor === null) return done(skipped('the bundle says nothing of an anchor'));
  const malformed = findMalformed(anchor);
  if (malformed !== null) return done(fail(`the anchor’s ${malformed} is malformed`));
  if (trust.contract === null) return done(skipped('no contract was told; the one inside the bundle proves nothing'));
  if (anchor.chainId !== trust.contract.chainId) return done(fail(`anchored on chain ${anchor.chainId}, not on the told ${trust.contract.chainId}`));
  if (anchor.contract.toLowerCase() !== trust.contract.address) return done(fail('anchored in another contract than the told one'));
  if (checkpoint === null) return done(fail('there is no checkpoint that could have been anchored'));
  if (chain === undefined) return done(skipped('no RPC was told, so the contract was not asked'));
  try {
    return await ask(chain, trust.contract.address, anchor, checkpoint, done);
  } catch (error) {
    return done(skipped(`the chain could not be asked: ${error instanceof Error ? error.message : 'unknown error'}`));
  }
}

type Done = (outcome: CheckOutcome, blockTime?: number) => OnChain;

async function ask(chain: ChainReader, contract: string, anchor: BundleAnchor, checkpoint: Checkpoint, done: Done): Promise<OnChain> {
  const chainId = await chain.chainId();
  if (chainId !== anchor.chainId) return done(skipped(`the RPC is of chain ${chainId}, not of ${anchor.chainId}`));
  if ((await chain.genesisHash()) !== anchor.genesisHash) return done(skipped('the RPC is of another instance of this chain: its block 0 differs'));
  // A node that lags behind the anchor has not seen it, nor perhaps the contract: that is no denial. Asked first, so that it cannot catch up in between.
  const isBehind = (await chain.block(anchor.blockNumber)) === null;
  const origin = await chain.contractOrigin(contract);
  if (origin === '') return done(isBehind ? behind(anchor) : fail('there is no CheckpointAnchor at the told address'));
  if (origin !== checkpoint.origin) return done(fail(`the told contract anchors the log ${origin}, not ${checkpoint.origin}`));
  const blockTime = await chain.anchoredAt(contract, checkpoint.treeSize, bytesToHex(checkpoint.rootHash));
  if (blockTime === 0) return done(isBehind ? behind(anchor) : fail('the told contract never anchored this root'));
  const contradiction = await findContradiction(chain, contract, anchor, checkpoint, blockTime);
  if (contradiction !== null) return done(fail(contradiction));
  const text = `the told contract anchored this root at ${toInstant(blockTime)}`;
  return done(pass(chainId === DEVELOPMENT_CHAIN_ID ? `${text}; a development chain: proves no time` : text), blockTime);
}

function behind({ blockNumber }: BundleAnchor): CheckOutcome {
  return skipped(`the RPC does not know block ${blockNumber} yet, in which the anchor is said to be`);
}

async function findContradiction(
  chain: ChainReader, contract: string, anchor: BundleAnchor, checkpoint: Checkpoint, blockTime: number,
): Promise<string | null> {
  if (toInstant(blockTime) !== anchor.blockTime) return `anchored at ${toInstant(blockTime)}, not at ${anchor.blockTime}`;
  const block = await chain.block(anchor.blockNumber);
  if (block === null || block.hash !== anchor.blockHash) return `block ${anchor.blockNumber} of the chain is another than the anchor’s`;
  if (block.timestamp !== blockTime) return `block ${anchor.blockNumber} is not the one that anchored this root`;
  const transaction = await chain.transaction(anchor.transactionHash);
  if (transaction === null) return 'the chain knows no such transaction';
  if (transaction.blockNumber !== anchor.blockNumber || transaction.blockHash !== anchor.blockHash) return 'the transaction is in another block';
  const [size, root] = [`0x${checkpoint.treeSize.toString(16).padStart(64, '0')}`, `0x${bytesToHex(checkpoint.rootHash)}`];
  const anchors = transaction.logs.some(({ address, topics }) => address.toLowerCase() === contract && topics[0] === ANCHORED_TOPIC && topics[1] === size && topics[2] === root);
  return transaction.succeeded && anchors ? null : 'the transaction is not the one that anchored this root';
}

function findMalformed(anchor: BundleAnchor): string | null {
  if (!isAddress(anchor.contract)) return 'contract';
  for (const member of ['genesisHash', 'transactionHash', 'blockHash'] as const) if (!HASH_PATTERN.test(anchor[member])) return member;
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(anchor.blockTime) ? null : 'blockTime';
}

/** ISO 8601 UTC with milliseconds. Throws RangeError beyond what a date can hold. */
export function toInstant(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}
