import { canonicalize } from './canonicalize.js';
import type { JsonValue } from './parse.js';

/**
 * Whether a text that JSON.parse reads is the canonical one of the value that it holds (RFC 8785, whole numbers only): parsing it and writing it
 * again gives the same text. Throws what JSON.parse and {@link canonicalize} throw.
 */
export function isCanonical(text: string): boolean {
  const value = JSON.parse(text) as JsonValue;
  // JavaScript keeps the order in which members are parsed, so that writing them in that order again tests the spelling; their order is tested apart.
  if (JSON.stringify(value) === text && !/\\ud/.test(text) && isOrdered(value)) return true;
  // Keys that look like numbers are put first by JavaScript, where RFC 8785 does not want them; and a lone surrogate, which is refused, is spelled \ud….
  return canonicalize(value) === text;
}

function isOrdered(value: JsonValue): boolean {
  if (value === null) return true;
  if (typeof value === 'number') return Number.isSafeInteger(value);
  if (typeof value !== 'object') return true;
  if (Array.isArray(value)) return value.every(isOrdered);
  let before: string | undefined;
  for (const key of Object.keys(value)) {
    if ((before !== undefined && key <= before) || !isOrdered(value[key] as JsonValue)) return false;
    before = key;
  }
  return true;
}
