import { z } from 'zod';
import { canonicalize, type JsonValue, parseJson } from '../canonical-json/index.js';
import { VerificationError } from '../errors/index.js';

export const VERDICT_FORMAT = 'zhengben-verdict/1';

// Bounds on what a stranger can make a verifier do. Statements are at most 64 KiB each, and few are near it.
export const MAX_VERDICT_UNITS = 8 * 1024 * 1024;
const MAX_REASONS = 200;
const MAX_CONDITIONS = 100;
const MAX_WORD_UNITS = 200;
const MAX_CHECKPOINT_UNITS = 16_384;
const MAX_NOTE_UNITS = 2_048;
/** Short, for there can be one a reason, and every signature line in it may cost a verification. */
const MAX_RECEIPT_UNITS = 1_024;
/** A tree of 2^53 leaves has no longer path. */
const MAX_PATH = 64;

// The forms of words, times, hashes and notes are checked with their truth: a wrong one refutes. Here only what a reader must be able to go by.
const word = z.string().max(MAX_WORD_UNITS);
const subject = z.string().min(1).max(80);

const questionSchema = z.strictObject({
  work: subject,
  /** Who asks to act; null: anyone. */
  account: word.nullable(),
  right: word,
  territory: word,
  use: word,
  language: word,
  /** The moment of the act. */
  at: word,
  /** What the log had been told by then was taken into account. */
  knownAt: word,
});

const inclusionSchema = z.strictObject({ leafIndex: z.int().min(0), path: z.array(word).max(MAX_PATH) });

const reasonSchema = z.strictObject({
  rule: word,
  effect: z.enum(['permits', 'forbids', 'doubts']),
  article: word,
  work: subject,
  subject,
  statement: z.custom<{ readonly [key: string]: JsonValue }>((value) => typeof value === 'object' && value !== null && !Array.isArray(value)),
  /** The statement's place in the tree of `asOf`. */
  inclusion: inclusionSchema.nullable(),
  /** The log's promise, of a statement that has no place yet. */
  receipt: z.string().max(MAX_RECEIPT_UNITS).nullable(),
});

const asOfSchema = z.strictObject({ treeSize: z.int().min(0), rootHash: word, checkpoint: z.string().max(MAX_CHECKPOINT_UNITS) });

const verdictSchema = z.strictObject({
  format: z.literal(VERDICT_FORMAT),
  question: questionSchema,
  verdict: z.enum(['permitted', 'forbidden', 'unclear']),
  conditions: z.array(word).max(MAX_CONDITIONS),
  reasons: z.array(reasonSchema).max(MAX_REASONS),
  asOf: asOfSchema.nullable(),
  issuedAt: word,
  note: z.string().max(MAX_NOTE_UNITS),
});

const unsignedSchema = verdictSchema.omit({ note: true });

/** docs/spec/verdict.md. */
export type RightsVerdict = z.infer<typeof verdictSchema>;
export type UnsignedVerdict = Omit<RightsVerdict, 'note'>;
export type RightsAnswer = RightsVerdict['verdict'];
export type VerdictQuestion = z.infer<typeof questionSchema>;
export type VerdictReason = z.infer<typeof reasonSchema>;

/**
 * The outer shape of a verdict, from its text or from a parsed value. What it claims is for {@link verifyVerdict} to check. Throws BUNDLE.TOO_LARGE,
 * BUNDLE.MALFORMED, or a JSON.* code.
 */
export function parseVerdict(input: unknown): RightsVerdict {
  // A value of unknown making (getters, shared parts) goes through text once.
  const text = typeof input === 'string' ? input : canonicalize(input);
  if (text.length > MAX_VERDICT_UNITS) throw new VerificationError('BUNDLE.TOO_LARGE', `a verdict of ${text.length} characters`);
  const value = parseJson(text);
  assertShape(verdictSchema, value);
  // Not zod's copy, which could lack keys that the signature covers.
  return value as unknown as RightsVerdict;
}

/** For who writes: what no reader would take must not be signed. Throws BUNDLE.MALFORMED. */
export function assertUnsignedVerdict(verdict: UnsignedVerdict): void {
  assertShape(unsignedSchema, verdict);
}

function assertShape(schema: z.ZodType, value: unknown): void {
  const parsed = schema.safeParse(value);
  if (parsed.success) return;
  const [issue] = parsed.error.issues;
  throw new VerificationError('BUNDLE.MALFORMED', `not a verdict: ${issue?.path.map((part) => `/${String(part)}`).join('') ?? ''} ${issue?.message ?? ''}`);
}

/** Whether a text says that it is a verdict, of whatever version. Nothing else is looked at. Throws a JSON.* code. */
export function isVerdictText(text: string): boolean {
  if (text.length > MAX_VERDICT_UNITS) return false;
  const value = parseJson(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const { format } = value;
  return typeof format === 'string' && format.startsWith('zhengben-verdict/');
}
