import { ChainError, type ChainErrorCode } from '../../platform/chain/index.js';

/** Why anchoring does not get on. Shown in the status of the chain, never answered to a request: registrations go on without it. */
export type AnchoringProblemCode =
  | ChainErrorCode
  /** The contract's head is not a checkpoint of this log, or is ahead of it: another fork was anchored, or this one was cut back. */
  | 'ANCHORING.FORK'
  /** There is no contract at the configured address, or it anchors a log of another origin. */
  | 'ANCHORING.CONTRACT_MISSING'
  | 'ANCHORING.CONTRACT_OF_ANOTHER_LOG'
  /** The contract takes anchors of another address only. */
  | 'ANCHORING.NOT_ANCHORER'
  /** The contract would refuse the anchor, for another reason than the above. */
  | 'ANCHORING.REFUSED'
  | 'ANCHORING.INSUFFICIENT_FUNDS'
  /** The fee that it would take now is beyond the configured limit. */
  | 'ANCHORING.FEE_TOO_HIGH'
  /** The node is behind what was already seen of the chain. */
  | 'ANCHORING.STALE_CHAIN'
  /** Signed bytes for another chain than the one that is there: a fault of the database. */
  | 'ANCHORING.FOREIGN_TRANSACTION'
  | 'ANCHORING.INTERNAL';

export class AnchoringProblem extends Error {
  override readonly name = 'AnchoringProblem';
  constructor(
    readonly code: AnchoringProblemCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options?.cause === undefined ? undefined : { cause: options.cause });
  }
}

/** Another process anchors, or this one lost the lease: it must stop writing and broadcasting at once. */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError';
}

export function toProblem(error: unknown): { code: AnchoringProblemCode; detail: string } {
  const detail = error instanceof Error ? error.message : String(error);
  return { code: error instanceof AnchoringProblem || error instanceof ChainError ? error.code : 'ANCHORING.INTERNAL', detail };
}
