import { z } from 'zod';

/** C0 and C1 controls but tab and line breaks; soft hyphen-like invisibles stay, they occur in real names. */
const CONTROL = /(?![\t\n\r])\p{Cc}/u;
const LINE_BREAK = /[\t\n\r\u2028\u2029]/;
/** Embeddings, overrides and isolates: they make a text read as something else than it is (Trojan Source). */
const BIDI_CONTROL = /[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]/;
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;
const NONCHARACTER = /[\ufdd0-\ufdef\ufffe\uffff]/;

function isPlain(text: string): boolean {
  return !CONTROL.test(text) && !BIDI_CONTROL.test(text) && !LONE_SURROGATE.test(text) && !NONCHARACTER.test(text);
}

/** One line of human text, trimmed and NFC. @param max in UTF-16 units. */
export function line(max: number) {
  return z.string().trim().normalize('NFC').min(1).max(max)
    .refine((text) => isPlain(text) && !LINE_BREAK.test(text), 'must be one line without control characters or direction overrides');
}

/** Several lines of human text. */
export function paragraphs(max: number) {
  return z.string().trim().normalize('NFC').min(1).max(max).refine(isPlain, 'must not hold control characters or direction overrides');
}

/** A file's name, never a path: what a browser or a camera made, shown but never used to open anything. */
export function fileName() {
  return line(255).refine((name) => !/[/\\]/.test(name) && name !== '.' && name !== '..', 'must be a file name, not a path');
}
