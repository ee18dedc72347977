import type { Block } from './chain-session.js';

/** EIP-1559 fees per gas, in wei. */
export interface Fees {
  readonly maxFeePerGas: bigint;
  readonly maxPriorityFeePerGas: bigint;
}

/** Twice the base fee: mined even after six full blocks in a row, each of which raises it by an eighth. @returns null when what it takes now is beyond the limit. */
export function offerFees(latest: Block, priorityFee: bigint, limit: bigint): Fees | null {
  const base = latest.baseFeePerGas ?? 0n;
  if (base + priorityFee > limit) return null;
  const offered = larger(base * 2n + priorityFee, 1n);
  return { maxFeePerGas: offered > limit ? limit : offered, maxPriorityFeePerGas: priorityFee };
}

/** What nodes take as a replacement: both fees at least 12.5 % above, rounded up, and no less than a new transaction would offer. @returns null beyond the limit. */
export function raiseFees(previous: Fees, fresh: Fees, limit: bigint): Fees | null {
  const raised = {
    maxFeePerGas: larger(raise(previous.maxFeePerGas), fresh.maxFeePerGas),
    maxPriorityFeePerGas: larger(raise(previous.maxPriorityFeePerGas), fresh.maxPriorityFeePerGas),
  };
  return raised.maxFeePerGas > limit ? null : raised;
}

function raise(fee: bigint): bigint {
  return (fee * 9n + 7n) / 8n;
}

function larger(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
