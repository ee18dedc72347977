import { bytesToHex, equalBytes } from '../bytes/index.js';
import { VerificationError } from '../errors/index.js';
import { openNote, type VerifierKey } from '../note/index.js';
import { attempt, type CheckOutcome, fail, pass, skipped } from '../proof/index.js';
import type { ReadReason, ReadVerdict } from './read-verdict.js';
import { computeVerdictDigest } from './verdict-note.js';

/**
 * That a told log gave this answer under its own name. That the note is of what stands in the file is checked untold as well: a verdict that
 * contradicts its own note is refuted; that it fits proves nothing.
 */
export function checkVerdictSignature({ verdict, note }: ReadVerdict, logKeys: readonly VerifierKey[]): CheckOutcome {
  if (note === null) return fail('the note cannot be read');
  const { note: signed, ...unsigned } = verdict;
  const digest = attempt(() => computeVerdictDigest(unsigned));
  if (digest === null || !equalBytes(digest, note.digest)) return fail('the note is of another verdict than this');
  if (note.issuedAt !== verdict.issuedAt) return fail(`issued at ${verdict.issuedAt}, says the verdict; its note says ${note.issuedAt}`);
  if (logKeys.length === 0) return skipped('no log key was told, so nobody known has signed the verdict');
  const refusal = findRefusal(signed, note.origin, logKeys);
  return refusal === null ? pass(`the verdict is signed by ${note.origin}`) : fail(`not by a key that was told: ${refusal}`);
}

/** That the tree is one of the same log, signed by it, and `asOf` says of it what the log does. */
export function checkCheckpointSignature({ verdict: { asOf }, note, checkpoint }: ReadVerdict, logKeys: readonly VerifierKey[]): CheckOutcome {
  if (asOf === null) return skipped('the verdict rests on no tree');
  if (checkpoint === null) return fail('the checkpoint cannot be read');
  if (asOf.treeSize !== checkpoint.treeSize) return fail(`asOf is of ${asOf.treeSize} leaves, its checkpoint of ${checkpoint.treeSize}`);
  if (asOf.rootHash !== bytesToHex(checkpoint.rootHash)) return fail('asOf has another root than its checkpoint');
  if (note !== null && note.origin !== checkpoint.origin) return fail(`the checkpoint is of the log ${checkpoint.origin}, the verdict of ${note.origin}`);
  if (logKeys.length === 0) return skipped('no log key was told, so nobody known has signed the checkpoint');
  const refusal = findRefusal(asOf.checkpoint, checkpoint.origin, logKeys);
  return refusal === null ? pass(`the checkpoint is signed by ${checkpoint.origin}`) : fail(`not by a key that was told: ${refusal}`);
}

/** That the same log promised, before it answered, a place to each statement that comes with a receipt. */
export function checkReceipts(read: ReadVerdict, logKeys: readonly VerifierKey[]): CheckOutcome {
  const promised = read.reasons.filter(({ reason }) => reason.receipt !== null);
  if (promised.length === 0) return skipped('no receipts');
  for (const one of promised) {
    const fault = findReceiptFault(read, one, logKeys);
    if (fault !== null) return fail(`${one.place}: ${fault}`);
  }
  if (logKeys.length === 0) return skipped('no log key was told, so nobody known has signed the receipts');
  return pass(`${promised.length} statement(s) have the log’s receipt`);
}

function findReceiptFault({ verdict, note }: ReadVerdict, { reason, receipt, leafHash }: ReadReason, logKeys: readonly VerifierKey[]): string | null {
  if (receipt === null || leafHash === null) return 'a receipt or a statement that cannot be read';
  if (!equalBytes(receipt.leafHash, leafHash)) return 'the receipt is of another statement';
  if (note !== null && note.origin !== receipt.origin) return `the receipt is of the log ${receipt.origin}`;
  if (receipt.acceptedAt > verdict.issuedAt) return 'the receipt is younger than the verdict';
  const refusal = logKeys.length === 0 ? null : findRefusal(reason.receipt ?? '', receipt.origin, logKeys);
  return refusal === null ? null : `not by a key that was told: ${refusal}`;
}

/** A key of the same operator for something else (a witness, another log) does not count. */
function findRefusal(note: string, origin: string, logKeys: readonly VerifierKey[]): string | null {
  try {
    const { verified } = openNote(note, logKeys);
    return verified.some((key) => key.name === origin) ? null : `the origin ${origin} is not the name of the key`;
  } catch (error) {
    if (error instanceof VerificationError) return error.code;
    throw error;
  }
}
