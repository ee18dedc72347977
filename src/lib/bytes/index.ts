/** Byte arrays and their text forms. Every decoder is strict: one byte string has one spelling. */
export { bytesToBase64, bytesToBase64url, base64ToBytes, base64urlToBytes } from './base64.js';
export { bytesToHex, hexToBytes } from './hex.js';
export { decodeUtf8, encodeUtf8, isWellFormed } from './utf8.js';

/** The parts one after another, in a new array. */
export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const out = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** Whether both hold the same bytes. Not constant-time: for public values only. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
