import type { Config } from '../../platform/config/index.js';

export interface AnchorerOptions {
  readonly chainId: number;
  /** Address of the `CheckpointAnchor`, 0x…. */
  readonly contract: string;
  /** The origin that the contract must name. */
  readonly origin: string;
  readonly intervalSeconds: number;
  /** An anchor with more confirmations than these is final, and so is one in a block that the chain calls finalised, whichever comes first. The block itself is the first confirmation. */
  readonly confirmations: number;
  /** How long a process that died keeps others from anchoring. */
  readonly leaseSeconds: number;
  /** The same bytes are sent again when they are not mined after this. */
  readonly rebroadcastSeconds: number;
  /** A transaction with raised fees takes the place of one that is not mined after this. */
  readonly stuckSeconds: number;
  /** How long a node may be behind what was seen of the chain before it is believed that the chain itself went back. */
  readonly staleSeconds: number;
  /** In wei. No transaction offers more. */
  readonly maxFeePerGas: bigint;
}

export function anchorerOptions(config: Config): AnchorerOptions {
  const interval = config.chain.intervalSeconds;
  return {
    chainId: config.chain.chainId,
    contract: config.chain.contract,
    origin: config.log.origin,
    intervalSeconds: interval,
    confirmations: config.chain.confirmations,
    leaseSeconds: Math.min(Math.max(interval * 1.5, 3), 15),
    rebroadcastSeconds: Math.max(interval, 5),
    stuckSeconds: Math.max(interval * 3, 60),
    staleSeconds: 60,
    maxFeePerGas: 1_000n * 10n ** 9n,
  };
}
