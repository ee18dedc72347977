import { VerificationError } from '../errors/index.js';
import { toTreeSize } from './types.js';

// C2SP tlog-tiles: the tree as static files of 256 hashes.
export const TILE_HEIGHT = 8;
export const TILE_WIDTH = 256;

/** `level` counts tiles of height 8, 0 at the leaves; `width` is the number of hashes, 256 when full. */
export interface Tile {
  readonly level: number;
  readonly index: number;
  readonly width: number;
}

export type TilePath = ({ readonly kind: 'tile' } & Tile) | { readonly kind: 'entries'; readonly level: 0; readonly index: number; readonly width: number };

/** `tile/<L>/<N>[.p/<W>]`, such as `tile/0/x001/067.p/12`. */
export function tilePath(level: number, index: number, width: number = TILE_WIDTH): string {
  if (!Number.isInteger(level) || level < 0 || level > MAX_LEVEL) throw tileError(`level ${level}`);
  return `tile/${level}/${indexPath(index, width)}`;
}

/** `tile/entries/<N>[.p/<W>]`. */
export function entriesPath(index: number, width: number = TILE_WIDTH): string {
  return `tile/entries/${indexPath(index, width)}`;
}

const MAX_LEVEL = 63;
const PATH_PATTERN = /^tile\/(entries|\d{1,2})\/((?:x\d{3}\/){0,5}\d{3})(?:\.p\/(\d{1,3}))?$/;

/** The tile that a path names, or null. Exactly the spellings that {@link tilePath} and {@link entriesPath} write. */
export function parseTilePath(path: string): TilePath | null {
  const match = PATH_PATTERN.exec(path);
  if (match === null) return null;
  const [, kind = '', digits = '', partial] = match;
  const index = Number(digits.replaceAll(/[x/]/g, ''));
  const width = partial === undefined ? TILE_WIDTH : Number(partial);
  const level = kind === 'entries' ? 0 : Number(kind);
  const isValid = Number.isSafeInteger(index) && width >= 1 && (partial === undefined ? true : width < TILE_WIDTH) && level <= MAX_LEVEL;
  if (!isValid) return null;
  // Leading zeroes would give one tile several addresses.
  const spelled = kind === 'entries' ? entriesPath(index, width) : tilePath(level, index, width);
  if (spelled !== path) return null;
  return kind === 'entries' ? { kind: 'entries', level: 0, index, width } : { kind: 'tile', level, index, width };
}

/**
 * The tiles that a log must write when it grows from one size to another, leaves first; those of level 0 are also its entry
 * bundles. A tile that ends up the same is not listed. Throws MERKLE.INVALID_SIZE when the tree would shrink.
 */
export function tilesBetween(oldSize: number, newSize: number): Tile[] {
  if (toTreeSize(oldSize) > toTreeSize(newSize)) throw new VerificationError('MERKLE.INVALID_SIZE', `from ${oldSize} to ${newSize}`);
  const tiles: Tile[] = [];
  let [before, after] = [oldSize, newSize];
  for (let level = 0; after > before; level++) {
    for (let index = Math.floor(before / TILE_WIDTH); index * TILE_WIDTH < after; index++) {
      tiles.push({ level, index, width: Math.min(TILE_WIDTH, after - index * TILE_WIDTH) });
    }
    [before, after] = [Math.floor(before / TILE_WIDTH), Math.floor(after / TILE_WIDTH)];
  }
  return tiles;
}

const MAX_ENTRY_LENGTH = 0xffff;

/** An entry bundle: each entry after its length as two bytes, big-endian. Throws MERKLE.INVALID_ENTRIES above 65,535 bytes. */
export function encodeEntries(entries: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const entry of entries) {
    if (entry.length > MAX_ENTRY_LENGTH) throw new VerificationError('MERKLE.INVALID_ENTRIES', `an entry of ${entry.length} bytes`);
    length += 2 + entry.length;
  }
  const out = new Uint8Array(length);
  let at = 0;
  for (const entry of entries) {
    out[at] = entry.length >> 8;
    out[at + 1] = entry.length & 0xff;
    out.set(entry, at + 2);
    at += 2 + entry.length;
  }
  return out;
}

/** Inverse of {@link encodeEntries}. Throws MERKLE.INVALID_ENTRIES when truncated or longer than one bundle of 256. */
export function decodeEntries(bundle: Uint8Array): Uint8Array[] {
  const entries: Uint8Array[] = [];
  let at = 0;
  while (at < bundle.length) {
    const [high, low] = [bundle[at], bundle[at + 1]];
    const end = at + 2 + (high ?? 0) * 256 + (low ?? 0);
    if (low === undefined || end > bundle.length) throw new VerificationError('MERKLE.INVALID_ENTRIES', `truncated at byte ${at}`);
    if (entries.length === TILE_WIDTH) throw new VerificationError('MERKLE.INVALID_ENTRIES', 'more than 256 entries');
    entries.push(bundle.slice(at + 2, end));
    at = end;
  }
  return entries;
}

function indexPath(index: number, width: number): string {
  if (!Number.isSafeInteger(index) || index < 0) throw tileError(`index ${index}`);
  if (!Number.isInteger(width) || width < 1 || width > TILE_WIDTH) throw tileError(`width ${width}`);
  const groups: string[] = [];
  let rest = index;
  do {
    groups.unshift(String(rest % 1000).padStart(3, '0'));
    rest = Math.floor(rest / 1000);
  } while (rest > 0);
  const path = groups.map((group, i) => (i < groups.length - 1 ? `x${group}` : group)).join('/');
  return width === TILE_WIDTH ? path : `${path}.p/${width}`;
}

function tileError(detail: string): VerificationError {
  return new VerificationError('MERKLE.INVALID_TILE', `no tile of ${detail}`);
}
