/** Why nothing can be read from, or written to, the chain at the moment. Closed: callers and tests compare codes. */
export type ChainErrorCode =
  /** No URL answered in time, or only with errors that a retry may mend. */
  | 'CHAIN.UNAVAILABLE'
  /** A URL answers for another chain id than the configured one. */
  | 'CHAIN.WRONG_CHAIN'
  /** The URLs answer with different blocks 0, or only some of them with a head that contradicts the log: at least one of them is not the chain. */
  | 'CHAIN.DISAGREEMENT'
  /** A node answered something that is not the JSON-RPC of an Ethereum node. */
  | 'CHAIN.MALFORMED_ANSWER'
  /** The node refused: an error answer that a retry does not mend. */
  | 'CHAIN.REFUSED';

export class ChainError extends Error {
  override readonly name: string = 'ChainError';
  constructor(
    readonly code: ChainErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options?.cause === undefined ? undefined : { cause: options.cause });
  }
}

/** An error member of a JSON-RPC 2.0 answer that a retry does not mend. */
export class RpcRefusal extends ChainError {
  override readonly name = 'RpcRefusal';
  constructor(
    readonly rpcCode: number,
    readonly rpcMessage: string,
    /** What the contract reverted with, 0x…, when the node says so. */
    readonly revertData: string | null,
    /** Set by nodes that answer a mined but reverted transaction with an error (Hardhat does). */
    readonly transactionHash: string | null,
  ) {
    super('CHAIN.REFUSED', `the node answered ${rpcCode}: ${rpcMessage.slice(0, 300)}`);
  }
}
