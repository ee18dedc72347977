import { ChainError, type ChainErrorCode } from '../../../platform/chain/index.js';

/** Why payments on chain do not get on. Kept beside the lease, for operators; whoever pays has the contract's deadline. */
export type SettlementProblemCode =
  | ChainErrorCode
  /** There is no contract at the configured address. */
  | 'SETTLEMENT.CONTRACT_MISSING'
  /** Another key signs orders, or releases them, than ours. */
  | 'SETTLEMENT.NOT_OUR_ROLES'
  /** Of several URLs only one answers: what it says alone is not believed. */
  | 'SETTLEMENT.TOO_FEW_NODES'
  /** A node says what no other does. */
  | 'SETTLEMENT.UNBELIEVED_EVENT'
  /** An event contradicts what was done here: the keys were used elsewhere, or the database was restored. */
  | 'SETTLEMENT.UNEXPECTED_EVENT'
  | 'SETTLEMENT.FEE_TOO_HIGH'
  | 'SETTLEMENT.NOT_SENT'
  /** What was sold could not be taken back from a buyer who took the payment back. */
  | 'SETTLEMENT.NOT_RESCINDED'
  | 'SETTLEMENT.INTERNAL';

export class SettlementProblem extends Error {
  override readonly name = 'SettlementProblem';
  constructor(readonly code: SettlementProblemCode, message: string, options?: { cause?: unknown }) {
    super(message, options?.cause === undefined ? undefined : { cause: options.cause });
  }
}

export interface Problem {
  readonly code: SettlementProblemCode;
  readonly detail: string;
}

export function toProblem(error: unknown): Problem {
  const detail = error instanceof Error ? error.message : String(error);
  return { code: error instanceof SettlementProblem || error instanceof ChainError ? error.code : 'SETTLEMENT.INTERNAL', detail };
}
