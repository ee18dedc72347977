import { ChainError } from '../../../platform/chain/index.js';

/** Of what can be done without: null when a node does not say it. */
export function unlessChainError(error: unknown): null {
  if (error instanceof ChainError) return null;
  throw error;
}
