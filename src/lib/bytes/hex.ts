import { VerificationError } from '../errors/index.js';

const PAIRS: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Lower-case hexadecimal, without prefix. */
export function bytesToHex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += PAIRS[byte];
  return text;
}

/** Strict inverse of {@link bytesToHex}: lower case, even length, no prefix. Throws BYTES.INVALID_HEX. */
export function hexToBytes(text: string): Uint8Array {
  if (text.length % 2 !== 0) throw new VerificationError('BYTES.INVALID_HEX', 'odd number of hexadecimal digits');
  const out = new Uint8Array(text.length / 2);
  for (let i = 0; i < out.length; i++) {
    out[i] = (digit(text.charCodeAt(2 * i)) << 4) | digit(text.charCodeAt(2 * i + 1));
  }
  return out;
}

function digit(unit: number): number {
  if (unit >= 0x30 && unit <= 0x39) return unit - 0x30;
  if (unit >= 0x61 && unit <= 0x66) return unit - 0x57;
  throw new VerificationError('BYTES.INVALID_HEX', 'not a lower-case hexadecimal digit');
}
