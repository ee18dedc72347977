import type { Block } from '../../platform/chain/index.js';
import { AnchoringProblem } from './anchoring.errors.js';

/** EIP-1559 fees per gas, in wei. */
export interface Fees {
  readonly maxFeePerGas: bigint;
  readonly maxPriorityFeePerGas: bigint;
}

/** Twice the base fee: mined even after six full blocks in a row, each of which raises it by an eighth. */
export function chooseFees(latest: Block, priorityFee: bigint, limit: bigint): Fees {
  const maxFeePerGas = (latest.baseFeePerGas ?? 0n) * 2n + priorityFee;
  if ((latest.baseFeePerGas ?? 0n) + priorityFee > limit) throw tooHigh(maxFeePerGas, limit);
  const offered = maxFeePerGas > limit ? limit : maxFeePerGas;
  return { maxFeePerGas: offered > 0n ? offered : 1n, maxPriorityFeePerGas: priorityFee };
}

/** What nodes take as a replacement: both fees at least 12.5 % above, rounded up, and no less than a new transaction would offer. */
export function raiseFees(previous: Fees, fresh: Fees, limit: bigint): Fees {
  const raised = {
    maxFeePerGas: larger(raise(previous.maxFeePerGas), fresh.maxFeePerGas),
    maxPriorityFeePerGas: larger(raise(previous.maxPriorityFeePerGas), fresh.maxPriorityFeePerGas),
  };
  if (raised.maxFeePerGas > limit) throw tooHigh(raised.maxFeePerGas, limit);
  return raised;
}

function raise(fee: bigint): bigint {
  return (fee * 9n + 7n) / 8n;
}

function larger(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

function tooHigh(fee: bigint, limit: bigint): AnchoringProblem {
  return new AnchoringProblem('ANCHORING.FEE_TOO_HIGH', `${fee} wei per gas is more than the limit of ${limit}`);
}
