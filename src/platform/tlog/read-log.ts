import { VerificationError } from '../../lib/errors/index.js';
import { decodeEntries, entriesPath, HASH_LENGTH, TILE_WIDTH, tilePath } from '../../lib/merkle/index.js';
import type { LogSource } from './log-source.js';
import { TileTree } from './tile-tree.js';

const MAX_ENTRIES_BYTES = TILE_WIDTH * (2 + 0xffff);
const AHEAD = 8;

/** The first `width` entries of a bundle; a log that has grown may serve only the wider one. Null when there is neither. @throws VerificationError. */
export async function readEntriesOf(source: LogSource, index: number, width: number): Promise<Uint8Array[] | null> {
  for (const candidate of width === TILE_WIDTH ? [width] : [width, TILE_WIDTH]) {
    const bytes = await source.get(entriesPath(index, candidate), MAX_ENTRIES_BYTES);
    if (bytes === null) continue;
    const entries = decodeEntries(bytes);
    if (entries.length !== candidate) throw new VerificationError('MERKLE.INVALID_ENTRIES', `${entriesPath(index, candidate)} of ${source.name} holds ${entries.length} entries`);
    return entries.slice(0, width);
  }
  return null;
}

/** The first `width` hashes of a tile. Null when it is not there. @throws VerificationError. */
export async function readTileOf(source: LogSource, level: number, index: number, width: number): Promise<Uint8Array | null> {
  for (const candidate of width === TILE_WIDTH ? [width] : [width, TILE_WIDTH]) {
    const bytes = await source.get(tilePath(level, index, candidate), TILE_WIDTH * HASH_LENGTH);
    if (bytes === null) continue;
    if (bytes.length !== candidate * HASH_LENGTH) throw new VerificationError('MERKLE.INVALID_TILE', `${tilePath(level, index, candidate)} of ${source.name} has ${bytes.length} bytes`);
    return bytes.subarray(0, width * HASH_LENGTH);
  }
  return null;
}

/** The root over the first `size` leaves, from the tiles of a source that holds a tree of `heldSize` ≥ `size`: of partial tiles it may have only its own. */
export async function rootAt(source: LogSource, size: number, heldSize: number): Promise<Buffer> {
  const tree = await TileTree.resume(size, async (level, index, width) => {
    const heldWidth = Math.min(TILE_WIDTH, Math.floor(heldSize / TILE_WIDTH ** level) - index * TILE_WIDTH);
    const hashes = (await readTileOf(source, level, index, heldWidth)) ?? (await readTileOf(source, level, index, width));
    if (hashes === null) throw new VerificationError('MERKLE.INVALID_TILE', `${source.name} has no tile ${tilePath(level, index, width)}`);
    return hashes;
  });
  return tree.root();
}

export interface Bundle {
  /** Leaf index of the first entry. */
  readonly start: number;
  readonly entries: readonly Uint8Array[];
}

/** The entries [from, to) of a source in order, a bundle at a time, some fetched ahead. @throws VerificationError MERKLE.INVALID_ENTRIES when one is missing. */
export async function* walkEntries(from: number, to: number, read: (index: number, width: number) => Promise<Uint8Array[] | null>): AsyncGenerator<Bundle> {
  if (from >= to) return;
  const last = Math.ceil(to / TILE_WIDTH);
  const ahead: Promise<Uint8Array[] | null>[] = [];
  let next = Math.floor(from / TILE_WIDTH);
  for (let index = next; index < last; index++) {
    for (; next < last && next < index + AHEAD; next++) {
      const promise = read(next, Math.min(TILE_WIDTH, to - next * TILE_WIDTH));
      // Awaited in its turn; until then a failure is nobody's.
      promise.catch(() => undefined);
      ahead.push(promise);
    }
    const entries = await ahead.shift();
    if (!entries) throw new VerificationError('MERKLE.INVALID_ENTRIES', `there is no ${entriesPath(index, Math.min(TILE_WIDTH, to - index * TILE_WIDTH))}`);
    const start = index * TILE_WIDTH;
    const skip = Math.max(0, from - start);
    yield { start: start + skip, entries: entries.slice(skip) };
  }
}
