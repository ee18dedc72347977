/** Of a file, both ends included. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/** One range: `0-499`, `500-`, `-500`. Fifteen digits are exact, and more than any file has. */
const RANGE = /^bytes *= *(?:(\d{1,15})-(\d{1,15})?|-(\d{1,15})) *$/i;

/**
 * What a `Range` header asks for (RFC 9110, section 14.1.2). Several ranges at once, other units and what is malformed are as if nothing had been asked, as section 14.2 allows: the whole file is sent.
 * @returns null for the whole file; `unsatisfiable` when the file has none of those bytes (416).
 */
export function parseByteRange(header: string | undefined, byteLength: number): ByteRange | 'unsatisfiable' | null {
  const match = header === undefined ? null : RANGE.exec(header);
  if (match === null) return null;
  const [, from, to, suffix] = match;
  if (suffix !== undefined) {
    const length = Math.min(Number(suffix), byteLength);
    return length === 0 ? 'unsatisfiable' : { first: byteLength - length, last: byteLength - 1 };
  }
  const first = Number(from);
  if (to !== undefined && Number(to) < first) return null;
  return first >= byteLength ? 'unsatisfiable' : { first, last: Math.min(to === undefined ? byteLength : Number(to), byteLength - 1) };
}
