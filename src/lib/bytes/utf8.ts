import { VerificationError } from '../errors/index.js';

// TextEncoder and TextDecoder are host APIs, not ECMAScript: this library must run where neither exists. Where the host has an encoder, it is
// used for its speed, but never on a lone surrogate: it would replace it silently, and two different strings must never hash alike.
interface Encoder {
  encode(text: string): Uint8Array;
}
const HostEncoder = (globalThis as { TextEncoder?: new () => Encoder }).TextEncoder;
const hostEncoder = HostEncoder === undefined ? undefined : new HostEncoder();

/** Whether a string has no lone surrogate, so that UTF-8 can hold it. */
export function isWellFormed(text: string): boolean {
  // In a regular expression with `u` a surrogate pair is one character: only lone ones are left to match.
  return !/[\ud800-\udfff]/.test(text) || !/\p{Surrogate}/u.test(text);
}

/** UTF-8 of a well-formed string (RFC 3629). Throws BYTES.INVALID_UTF8 on a lone surrogate. */
export function encodeUtf8(text: string): Uint8Array {
  return hostEncoder !== undefined && isWellFormed(text) ? hostEncoder.encode(text) : encodePortably(text);
}

/** {@link encodeUtf8} in ECMAScript alone. */
function encodePortably(text: string): Uint8Array {
  const out = new Uint8Array(utf8Length(text));
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    let point = text.charCodeAt(i);
    if (point < 0x80) {
      out[length++] = point;
      continue;
    }
    if (point >= 0xd800 && point <= 0xdfff) {
      const low = point <= 0xdbff ? text.charCodeAt(i + 1) : Number.NaN;
      if (!(low >= 0xdc00 && low <= 0xdfff)) throw new VerificationError('BYTES.INVALID_UTF8', `lone surrogate at ${i}`);
      point = 0x10000 + ((point - 0xd800) << 10) + (low - 0xdc00);
      i++;
    }
    if (point < 0x800) {
      out[length++] = 0xc0 | (point >> 6);
    } else {
      if (point < 0x10000) {
        out[length++] = 0xe0 | (point >> 12);
      } else {
        out[length++] = 0xf0 | (point >> 18);
        out[length++] = 0x80 | ((point >> 12) & 0x3f);
      }
      out[length++] = 0x80 | ((point >> 6) & 0x3f);
    }
    out[length++] = 0x80 | (point & 0x3f);
  }
  return out;
}

/** Bytes of the encoding, for well-formed text; at least as many for any other. */
function utf8Length(text: string): number {
  let length = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) continue;
    // A surrogate pair is two units and four bytes; of any other unit from U+0800 on there are three.
    length += unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 1 : 2;
  }
  return length;
}

/** Units that `String.fromCharCode` takes at once without exhausting the stack. */
const CHUNK_UNITS = 8192;

/**
 * The string that `bytes` encode. Throws BYTES.INVALID_UTF8 on anything RFC 3629 forbids: overlong forms, surrogates,
 * code points above U+10FFFF, truncated sequences. A byte order mark is a character like any other.
 */
export function decodeUtf8(bytes: Uint8Array): string {
  let text = '';
  let units: number[] = [];
  let i = 0;
  while (i < bytes.length) {
    const lead = bytes[i] as number;
    if (lead < 0x80) {
      units.push(lead);
      i++;
    } else {
      const point = decodeMultibyte(bytes, i, lead);
      if (point < 0x10000) {
        units.push(point);
      } else {
        units.push(0xd800 + ((point - 0x10000) >> 10), 0xdc00 + ((point - 0x10000) & 0x3ff));
      }
      i += point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    }
    if (units.length >= CHUNK_UNITS) {
      text += String.fromCharCode(...units);
      units = [];
    }
  }
  return text + String.fromCharCode(...units);
}

function decodeMultibyte(bytes: Uint8Array, at: number, lead: number): number {
  const length = lead >= 0xc2 && lead <= 0xdf ? 2 : lead >= 0xe0 && lead <= 0xef ? 3 : lead >= 0xf0 && lead <= 0xf4 ? 4 : 0;
  let point = length === 2 ? lead & 0x1f : length === 3 ? lead & 0x0f : lead & 0x07;
  for (let k = 1; k < length; k++) {
    const byte = bytes[at + k];
    if (byte === undefined || (byte & 0xc0) !== 0x80) throw invalid(at);
    point = (point << 6) | (byte & 0x3f);
  }
  const overlong = length === 0 || (length === 3 && point < 0x800) || (length === 4 && point < 0x10000);
  if (overlong || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) throw invalid(at);
  return point;
}

function invalid(at: number): VerificationError {
  return new VerificationError('BYTES.INVALID_UTF8', `not UTF-8 at byte ${at}`);
}
