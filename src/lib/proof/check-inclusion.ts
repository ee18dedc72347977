import { VerificationError } from '../errors/index.js';
import { verifyInclusion } from '../merkle/index.js';
import type { ReadBundle } from './entries.js';
import { type CheckOutcome, fail, pass } from './report.js';

/** That every statement is a leaf of the one tree whose root the checkpoint states. */
export function checkInclusion({ entries, checkpointNote, checkpoint }: ReadBundle): CheckOutcome {
  const unreadable = entries.find((entry) => entry.proof === null || entry.leafHash === null);
  if (unreadable !== undefined) return fail(`${unreadable.place} has no readable statement and proof`);
  if (checkpointNote === null) return fail('the entries do not share one checkpoint');
  if (checkpoint === null) return fail('the checkpoint cannot be read');
  for (const { place, proof, leafHash } of entries) {
    if (proof === null || leafHash === null) continue;
    try {
      verifyInclusion({ leafHash, leafIndex: proof.index, treeSize: checkpoint.treeSize, rootHash: checkpoint.rootHash, proof: proof.proof });
    } catch (error) {
      if (error instanceof VerificationError) return fail(`${place} is not in the tree of the checkpoint (${error.code})`);
      throw error;
    }
  }
  return pass(`every statement is in the tree of ${checkpoint.treeSize} leaves`);
}
