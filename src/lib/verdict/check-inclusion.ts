import { base64ToBytes } from '../bytes/index.js';
import { VerificationError } from '../errors/index.js';
import { toHash, verifyInclusion } from '../merkle/index.js';
import type { Checkpoint } from '../note/index.js';
import { type CheckOutcome, fail, pass, skipped } from '../proof/index.js';
import type { ReadReason, ReadVerdict } from './read-verdict.js';

/** That every statement is a leaf of the tree of `asOf`, but for those that the log only promised a place. */
export function checkInclusion({ reasons, checkpoint }: ReadVerdict): CheckOutcome {
  const bare = reasons.find(({ reason }) => reason.inclusion === null && reason.receipt === null);
  if (bare !== undefined) return fail(`${bare.place} has neither a place in the log nor the promise of one`);
  const placed = reasons.filter(({ reason }) => reason.inclusion !== null);
  if (placed.length === 0) return skipped('no statement is said to have a place in the log');
  if (checkpoint === null) return fail('there is no checkpoint that says what is in the log');
  for (const one of placed) {
    const refusal = findRefusal(one, checkpoint);
    if (refusal !== null) return fail(`${one.place} is not in the tree of the checkpoint (${refusal})`);
  }
  return pass(`${placed.length} of ${reasons.length} statement(s) are in the tree of ${checkpoint.treeSize} leaves`);
}

function findRefusal({ reason: { inclusion }, leafHash }: ReadReason, { treeSize, rootHash }: Checkpoint): string | null {
  if (inclusion === null || leafHash === null) return 'no statement';
  try {
    verifyInclusion({ leafHash, leafIndex: inclusion.leafIndex, treeSize, rootHash, proof: inclusion.path.map((hash) => toHash(base64ToBytes(hash))) });
    return null;
  } catch (error) {
    if (error instanceof VerificationError) return error.code;
    throw error;
  }
}
