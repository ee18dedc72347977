import { VerificationError } from '../errors/index.js';

const SHARED = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const STANDARD = alphabet(`${SHARED}+/`, 'base64');
const URL_SAFE = alphabet(`${SHARED}-_`, 'base64url');

/** What Node.js has of its own, for its speed; elsewhere the same is done in ECMAScript. */
const hostBuffer = (globalThis as { Buffer?: { from(memory: ArrayBufferLike, offset: number, length: number): { toString(encoding: string): string } } }).Buffer;

interface Alphabet {
  readonly nodeEncoding: 'base64' | 'base64url';
  /** The two digits of each twelve bits. */
  readonly pairs: readonly string[];
  /** Sextet of each ASCII code; 255 where there is none. */
  readonly sextets: Uint8Array;
}

function alphabet(digits: string, nodeEncoding: Alphabet['nodeEncoding']): Alphabet {
  const sextets = new Uint8Array(128).fill(255);
  for (let i = 0; i < digits.length; i++) sextets[digits.charCodeAt(i)] = i;
  const pairs = Array.from({ length: 4096 }, (_, bits) => digits.charAt(bits >> 6) + digits.charAt(bits & 0x3f));
  return { nodeEncoding, pairs, sextets };
}

/** Base 64 with padding (RFC 4648, section 4). */
export function bytesToBase64(bytes: Uint8Array): string {
  const text = encode(bytes, STANDARD);
  return text + '='.repeat((4 - (text.length % 4)) % 4);
}

/** Strict inverse of {@link bytesToBase64}: padding required, unused bits zero, no white space. Throws BYTES.INVALID_BASE64. */
export function base64ToBytes(text: string): Uint8Array {
  if (text.length % 4 !== 0) throw invalid('length is not a multiple of four');
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  return decode(text.slice(0, text.length - padding), STANDARD);
}

/** Base 64 with the URL-safe alphabet and no padding (RFC 4648, section 5). */
export function bytesToBase64url(bytes: Uint8Array): string {
  return encode(bytes, URL_SAFE);
}

/** Strict inverse of {@link bytesToBase64url}: no padding, unused bits zero. Throws BYTES.INVALID_BASE64. */
export function base64urlToBytes(text: string): Uint8Array {
  return decode(text, URL_SAFE);
}

function encode(bytes: Uint8Array, { pairs, nodeEncoding }: Alphabet): string {
  if (hostBuffer !== undefined) return hostBuffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString(nodeEncoding);
  let text = '';
  let i = 0;
  for (; i + 2 < bytes.length; i += 3) {
    const group = ((bytes[i] as number) << 16) | ((bytes[i + 1] as number) << 8) | (bytes[i + 2] as number);
    text += (pairs[group >> 12] as string) + (pairs[group & 0xfff] as string);
  }
  const left = bytes.length - i;
  if (left === 1) text += pairs[(bytes[i] as number) << 4];
  if (left === 2) {
    const group = ((bytes[i] as number) << 10) | ((bytes[i + 1] as number) << 2);
    text += (pairs[group >> 6] as string) + (pairs[(group & 0x3f) << 6] as string).charAt(0);
  }
  return text;
}

function decode(text: string, { sextets }: Alphabet): Uint8Array {
  // One digit alone holds six bits: less than a byte.
  if (text.length % 4 === 1) throw invalid('truncated');
  const out = new Uint8Array(Math.floor((text.length * 3) / 4));
  let bits = 0;
  let pending = 0;
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    const sextet = sextets[text.charCodeAt(i)] ?? 255;
    if (sextet === 255) throw invalid('a character outside the alphabet');
    pending = ((pending << 6) | sextet) & 0xffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      out[length++] = (pending >> bits) & 0xff;
    }
  }
  // Otherwise several texts would decode to the same bytes, and what is signed could be re-spelled.
  if ((pending & ((1 << bits) - 1)) !== 0) throw invalid('unused bits are set');
  return out;
}

function invalid(reason: string): VerificationError {
  return new VerificationError('BYTES.INVALID_BASE64', `not base 64: ${reason}`);
}
