import { type Block, type Fees, offerFees, raiseFees as raise } from '../../platform/chain/index.js';
import { AnchoringProblem } from './anchoring.errors.js';

export type { Fees };

/** @throws AnchoringProblem ANCHORING.FEE_TOO_HIGH */
export function chooseFees(latest: Block, priorityFee: bigint, limit: bigint): Fees {
  const fees = offerFees(latest, priorityFee, limit);
  if (fees === null) throw tooHigh((latest.baseFeePerGas ?? 0n) * 2n + priorityFee, limit);
  return fees;
}

/** @throws AnchoringProblem ANCHORING.FEE_TOO_HIGH */
export function raiseFees(previous: Fees, fresh: Fees, limit: bigint): Fees {
  const fees = raise(previous, fresh, limit);
  if (fees === null) throw tooHigh(previous.maxFeePerGas, limit);
  return fees;
}

function tooHigh(fee: bigint, limit: bigint): AnchoringProblem {
  return new AnchoringProblem('ANCHORING.FEE_TOO_HIGH', `${fee} wei per gas is more than the limit of ${limit}`);
}
