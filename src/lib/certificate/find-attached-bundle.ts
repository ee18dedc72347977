import { decodeUtf8 } from '../bytes/index.js';
import { BUNDLE_FORMAT } from '../proof/index.js';

/** Inflates zlib data (RFC 1950); MUST reject more than `mostBytes` of output. */
export type Inflate = (deflated: Uint8Array, mostBytes: number) => Promise<Uint8Array>;

const MOST_BYTES = 64 * 1024 * 1024;
/** Of a file that an attacker made of nothing but beginnings of attachments. */
const MOST_ATTACHMENTS = 50;
/** A dictionary stands at most so far before its stream. */
const DICTIONARY_BYTES = 2_048;

export function isPdf(bytes: Uint8Array): boolean {
  return toLatin1(bytes.subarray(0, 5)) === '%PDF-';
}

/**
 * The proof bundle that is attached to a certificate: the first embedded file that says it is one. ISO 32000-1, 7.11.4 (embedded files), 7.3.8 (streams).
 * The PDF is not read as a document: nothing that it shows matters, only what it carries, and that is checked like a bundle from anywhere.
 * @returns its text, or null: none is attached, or the file was encrypted or rewritten in another way.
 */
export async function findAttachedBundle(pdf: Uint8Array, inflate: Inflate): Promise<string | null> {
  let from = 0;
  for (let found = 0; found < MOST_ATTACHMENTS; found++) {
    const at = indexOf(pdf, '/EmbeddedFile', from);
    if (at === -1) return null;
    from = at + 1;
    const text = await readStream(pdf, at, inflate);
    if (text?.includes(`"${BUNDLE_FORMAT}"`)) return text;
  }
  return null;
}

async function readStream(pdf: Uint8Array, at: number, inflate: Inflate): Promise<string | null> {
  const keyword = indexOf(pdf, 'stream', at);
  if (keyword === -1 || keyword - at > DICTIONARY_BYTES) return null;
  const dictionary = toLatin1(pdf.subarray(Math.max(0, at - DICTIONARY_BYTES), keyword)).split(/\bobj\b/).at(-1) ?? '';
  // After the keyword: CR LF or LF.
  const start = keyword + 'stream'.length + (pdf[keyword + 'stream'.length] === 0x0d ? 2 : 1);
  const length = /\/Length (\d{1,10})(?! \d+ R)/.exec(dictionary)?.[1];
  const end = length === undefined ? indexOf(pdf, 'endstream', start) : start + Number(length);
  if (end <= start || end > pdf.length) return null;
  const data = pdf.subarray(start, end);
  try {
    return decodeUtf8(/\/FlateDecode\b/.test(dictionary) ? await inflate(data, MOST_BYTES) : data);
  } catch {
    return null;
  }
}

function indexOf(bytes: Uint8Array, word: string, from: number): number {
  const codes = Array.from(word, (character) => character.charCodeAt(0));
  for (let at = bytes.indexOf(codes[0] as number, from); at !== -1; at = bytes.indexOf(codes[0] as number, at + 1)) {
    if (codes.every((expected, i) => bytes[at + i] === expected)) return at;
  }
  return -1;
}

function toLatin1(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
}
