import { canonicalBytes } from '../canonical-json/index.js';
import { type Hash, hashLeaf } from '../merkle/index.js';
import { type Checkpoint, parseCheckpoint, parseReceipt, type Receipt, splitNote } from '../note/index.js';
import { attempt } from '../proof/index.js';
import { envelopeSchema, MAX_STATEMENT_BYTES, type Statement } from '../statement/index.js';
import type { RightsVerdict, VerdictReason } from './schema.js';
import { parseVerdictNote, type VerdictNote } from './verdict-note.js';

/** A reason read as far as it can be; what could not be read is a fault, and some check fails on it. */
export interface ReadReason {
  /** JSON pointer into the verdict. */
  readonly place: string;
  readonly reason: VerdictReason;
  /** Null when it is no statement at all. Unknown types are statements: a verifier needs only the envelope. */
  readonly statement: Statement | null;
  /** Over the canonical form of what was sent, never over what zod made of it. */
  readonly leafHash: Hash | null;
  /** The text of `receipt`, unverified; null when there is none, or none that can be read. */
  readonly receipt: Receipt | null;
}

export interface ReadVerdict {
  readonly verdict: RightsVerdict;
  readonly reasons: readonly ReadReason[];
  /** The text of `note`, unverified. */
  readonly note: VerdictNote | null;
  /** The text of `asOf.checkpoint`, unverified; null when there is none, or none that can be read. */
  readonly checkpoint: Checkpoint | null;
}

export function readVerdict(verdict: RightsVerdict): ReadVerdict {
  const { asOf } = verdict;
  return {
    verdict,
    reasons: verdict.reasons.map((reason, r) => readReason(reason, `/reasons/${r}`)),
    note: attempt(() => parseVerdictNote(splitNote(verdict.note).text)),
    checkpoint: asOf === null ? null : attempt(() => parseCheckpoint(splitNote(asOf.checkpoint).text)),
  };
}

function readReason(reason: VerdictReason, place: string): ReadReason {
  const bytes = attempt(() => canonicalBytes(reason.statement));
  const fits = bytes !== null && bytes.length <= MAX_STATEMENT_BYTES;
  const envelope = envelopeSchema.safeParse(reason.statement);
  const { receipt } = reason;
  return {
    place,
    reason,
    statement: fits && envelope.success ? envelope.data : null,
    leafHash: fits ? hashLeaf(bytes) : null,
    receipt: receipt === null ? null : attempt(() => parseReceipt(splitNote(receipt).text)),
  };
}
