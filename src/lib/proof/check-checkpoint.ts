import { VerificationError } from '../errors/index.js';
import { openNote, parseVerifierKey, type VerifierKey } from '../note/index.js';
import type { ReadBundle } from './entries.js';
import { type CheckOutcome, fail, pass, skipped } from './report.js';

/**
 * That a told log signed the checkpoint, under its own name: a key of the same operator for something else (a witness, another log) does not
 * count. Untold, the bundle's own key is tried, for a bundle that contradicts itself is refuted; that it fits proves nothing.
 */
export function checkCheckpointSignature({ bundle, checkpointNote, checkpoint }: ReadBundle, logKeys: readonly VerifierKey[]): CheckOutcome {
  if (checkpointNote === null || checkpoint === null) return fail('there is no one checkpoint to check');
  if (logKeys.length > 0) {
    const refusal = findRefusal(checkpointNote, checkpoint.origin, logKeys);
    return refusal === null ? pass(`the checkpoint is signed by ${checkpoint.origin}`) : fail(`not by a key that was told: ${refusal}`);
  }
  const refusal = findRefusal(checkpointNote, checkpoint.origin, () => [parseVerifierKey(bundle.logKey)]);
  return refusal === null
    ? skipped('no log key was told; the key inside the bundle fits, which proves nothing')
    : fail(`not even by the key that the bundle names: ${refusal}`);
}

function findRefusal(note: string, origin: string, keys: readonly VerifierKey[] | (() => readonly VerifierKey[])): string | null {
  try {
    const { verified } = openNote(note, typeof keys === 'function' ? keys() : keys);
    return verified.some((key) => key.name === origin) ? null : `the origin ${origin} is not the name of the key`;
  } catch (error) {
    if (error instanceof VerificationError) return error.code;
    throw error;
  }
}
