import type { DataSource } from 'typeorm';
import type { AnchoredHead, Block, ChainClient, ChainSession, CheckpointAnchorContract, TransactionSigner } from '../../platform/chain/index.js';
import type { HeldLease } from './anchor-lease.js';
import type { ChainInstance, Mined } from './anchor-records.js';
import type { AnchorerOptions } from './anchorer-options.js';
import type { LogSource } from './log-source.js';

/** What does not change while the process runs. */
export interface AnchorerParts {
  readonly dataSource: DataSource;
  readonly log: LogSource;
  readonly signer: TransactionSigner;
  readonly options: AnchorerOptions;
}

/** One look at the chain by one node; all of it as of the block `latest`. */
export interface ChainView {
  readonly latest: Block;
  readonly head: AnchoredHead;
  /** How many transactions of the anchorer are in the chain: the lowest nonce that is not used up. */
  readonly nonce: number;
}

/** One tick's lease, node, instance and view of the chain. */
export interface TickContext extends AnchorerParts {
  readonly lease: HeldLease;
  readonly chain: ChainClient;
  readonly session: ChainSession;
  readonly contract: CheckpointAnchorContract;
  readonly instance: ChainInstance;
  readonly view: ChainView;
}

export function toMined(transactionHash: string, block: Block): Mined {
  return { transactionHash, blockNumber: block.number, blockHash: block.hash, blockTime: new Date(block.timestamp * 1000) };
}
