import { canonicalBytes } from '../canonical-json/index.js';
import { VerificationError } from '../errors/index.js';
import { type Hash, hashLeaf } from '../merkle/index.js';
import { type Checkpoint, parseCheckpoint, splitNote } from '../note/index.js';
import { envelopeSchema, MAX_STATEMENT_BYTES, type Statement } from '../statement/index.js';
import type { BundleEntry, ProofBundle } from './bundle.js';
import { parseTlogProof, type TlogProof } from './tlog-proof.js';

/** An entry read as far as it can be; what could not be read is a fault, and some check fails on it. */
export interface ReadEntry {
  /** JSON pointer into the bundle. */
  readonly place: string;
  readonly entry: BundleEntry;
  /** Null when it is no statement at all. Unknown types are statements: a verifier needs only the envelope. */
  readonly statement: Statement | null;
  /** Over the canonical form of what was sent, never over what zod made of it. */
  readonly leafHash: Hash | null;
  readonly proof: TlogProof | null;
}

export interface ReadChain {
  readonly subject: string;
  readonly complete: boolean;
  readonly entries: readonly ReadEntry[];
}

export interface ReadBundle {
  readonly bundle: ProofBundle;
  readonly chains: readonly ReadChain[];
  readonly entries: readonly ReadEntry[];
  /** The signed note that all entries share; null when they do not share one. */
  readonly checkpointNote: string | null;
  /** Its text, unverified. */
  readonly checkpoint: Checkpoint | null;
}

export function readEntries(bundle: ProofBundle): ReadBundle {
  const chains = bundle.chains.map((chain, c) => ({
    subject: chain.subject,
    complete: chain.complete,
    entries: chain.entries.map((entry, e) => readEntry(entry, `/chains/${c}/entries/${e}`)),
  }));
  const entries = chains.flatMap((chain) => chain.entries);
  const notes = new Set(entries.map((entry) => entry.proof?.checkpoint ?? null));
  const [first = null] = notes;
  const checkpointNote = notes.size === 1 ? first : null;
  const checkpoint = checkpointNote === null ? null : attempt(() => parseCheckpoint(splitNote(checkpointNote).text));
  return { bundle, chains, entries, checkpointNote, checkpoint };
}

function readEntry(entry: BundleEntry, place: string): ReadEntry {
  const bytes = attempt(() => canonicalBytes(entry.statement));
  const fits = bytes !== null && bytes.length <= MAX_STATEMENT_BYTES;
  const envelope = envelopeSchema.safeParse(entry.statement);
  return {
    place,
    entry,
    // The raw body, for zod's copy may lack keys that the leaf hash covers.
    statement: fits && envelope.success ? { ...envelope.data, body: entry.statement['body'] as Statement['body'] } : null,
    leafHash: fits ? hashLeaf(bytes) : null,
    proof: attempt(() => parseTlogProof(entry.proof)),
  };
}

/** The value, or null when the input is refused. Anything but a refusal is a bug and passes through. */
export function attempt<T>(action: () => T): T | null {
  try {
    return action();
  } catch (error) {
    if (error instanceof VerificationError) return null;
    throw error;
  }
}
