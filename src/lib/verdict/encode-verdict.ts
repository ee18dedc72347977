import { canonicalize, type JsonValue } from '../canonical-json/index.js';
import type { UnsignedVerdict, VerdictReason } from './schema.js';

/** A verdict whose statements are still what they were logged as: canonical JSON texts, in the order of the reasons. */
export interface TextualVerdict extends Omit<UnsignedVerdict, 'reasons'> {
  readonly reasons: readonly Omit<VerdictReason, 'statement'>[];
}

const PLACE = '"statement":null';

/**
 * The canonical form (RFC 8785) of a verdict, without parsing its statements only to write them again. No string can hold {@link PLACE}: its quotes would
 * be escaped.
 */
export function encodeVerdict(verdict: TextualVerdict, statements: readonly string[]): string {
  const text = canonicalize({ ...verdict, reasons: verdict.reasons.map((reason) => ({ ...reason, statement: null })) } as unknown as JsonValue);
  return text.split(PLACE).reduce((whole, part, i) => `${whole}"statement":${statements[i - 1] ?? 'null'}${part}`);
}
