import { encodeEntries, entriesPath, TILE_WIDTH, tilePath, tilesBetween } from '../../lib/merkle/index.js';
import type { FileStore } from '../blobs/file-store.js';
import type { LogSource } from './log-source.js';
import { readEntriesOf, readTileOf, walkEntries } from './read-log.js';
import { hashEntry, type RebuiltTile, TileTree } from './tile-tree.js';

/** What a log serves does not give the root that it signed; nothing of it was kept. */
export class ServedTreeError extends Error {
  override readonly name = 'ServedTreeError';
}

export interface DownloadRequest {
  readonly source: LogSource;
  /** Holds a verified log of `from` leaves (0: nothing yet), and after success one of `to.treeSize`. */
  readonly store: FileStore;
  readonly from: number;
  /** Leaves what was copied when the root is wrong. For a store that holds more than was verified here. */
  readonly keepOnFailure?: boolean;
  /** A checkpoint whose signature the caller has verified. */
  readonly to: { readonly treeSize: number; readonly rootHash: Uint8Array };
  /** Each verified-to-be entry in order. Called before the root is known to be right. */
  readonly onEntry?: (leafIndex: number, entry: Uint8Array) => void;
  readonly onProgress?: (done: number) => void;
}

/**
 * Copies entries and tiles from one size to a greater one. Hashes come from the entries alone; the source's own tiles are compared with them.
 * Full bundles that an interrupted run has left are hashed again, not fetched again. The store's `checkpoint` is the caller's to write, last.
 * @returns paths of tiles that the source serves wrongly or not at all (the store gets the right ones).
 * @throws ServedTreeError when the entries do not give the root.
 */
export async function downloadTree(request: DownloadRequest): Promise<string[]> {
  const { store, from, to } = request;
  const attempt = await copyEntries(request, true);
  if (attempt.matches) return attempt.wrongTiles;
  if (!request.keepOnFailure) await removeBeyond(store, from, to.treeSize);
  if (attempt.reused > 0) {
    // What lay there from before may have been damaged since.
    const again = await copyEntries(request, false);
    if (again.matches) return again.wrongTiles;
    if (!request.keepOnFailure) await removeBeyond(store, from, to.treeSize);
  }
  throw new ServedTreeError(`the entries that ${request.source.name} serves do not give the root of its checkpoint of size ${to.treeSize}`);
}

interface Attempt {
  readonly matches: boolean;
  readonly reused: number;
  readonly wrongTiles: string[];
}

async function copyEntries({ source, store, from, to, onEntry, onProgress }: DownloadRequest, reuse: boolean): Promise<Attempt> {
  const own: LogSource = { name: store.root, get: (path) => store.get(path) };
  const wrongTiles: string[] = [];
  let reused = 0;
  const full: RebuiltTile[] = [];
  const tree = await TileTree.resume(from, async (level, index, width) => {
    const hashes = await readTileOf(own, level, index, width);
    if (hashes === null) throw new Error(`${store.root} has lost ${tilePath(level, index, width)}: delete the directory, or mend it from another mirror`);
    return hashes;
  }, (tile) => full.push(tile));
  const known = [...tree.lastLeaves];
  const edge = Math.floor(from / TILE_WIDTH);

  const read = async (index: number, width: number): Promise<Uint8Array[] | null> => {
    if (reuse && width === TILE_WIDTH) {
      const kept = await readKept(own, index);
      if (kept) {
        reused++;
        return kept;
      }
    }
    return readEntriesOf(source, index, width);
  };
  const start = edge * TILE_WIDTH;
  for await (const bundle of walkEntries(start, to.treeSize, read)) {
    for (const [at, entry] of bundle.entries.entries()) {
      const leafIndex = bundle.start + at;
      const leafHash = hashEntry(entry);
      if (leafIndex < from) {
        if (!known[leafIndex - start]?.equals(leafHash)) return { matches: false, reused, wrongTiles };
        continue;
      }
      onEntry?.(leafIndex, entry);
      tree.append(leafHash);
    }
    if (bundle.entries.length === TILE_WIDTH) {
      const path = entriesPath(bundle.start / TILE_WIDTH);
      if ((await store.get(path)) === null || !reuse) await store.put(path, encodeEntries(bundle.entries));
    }
    await Promise.all(full.splice(0).map((tile) => keepTile(source, store, tile, wrongTiles)));
    onProgress?.(bundle.start + bundle.entries.length);
    const width = to.treeSize % TILE_WIDTH;
    if (width > 0 && bundle.start + bundle.entries.length === to.treeSize) await store.put(entriesPath(Math.floor(to.treeSize / TILE_WIDTH), width), encodeEntries(bundle.entries));
  }
  const matches = tree.root().equals(to.rootHash);
  if (matches) await Promise.all(tree.partials().map((tile) => keepTile(source, store, tile, wrongTiles)));
  return { matches, reused, wrongTiles };
}

async function readKept(own: LogSource, index: number): Promise<Uint8Array[] | null> {
  try {
    const entries = await readEntriesOf(own, index, TILE_WIDTH);
    return entries?.length === TILE_WIDTH ? entries : null;
  } catch {
    return null; // damaged: fetched anew
  }
}

async function keepTile(source: LogSource, store: FileStore, tile: RebuiltTile, wrongTiles: string[]): Promise<void> {
  const path = tilePath(tile.level, tile.index, tile.width);
  const { bytes } = tile;
  const served = await readTileOf(source, tile.level, tile.index, tile.width).catch(() => null);
  if (!served || !bytes.equals(served)) wrongTiles.push(path);
  const kept = await store.get(path);
  if (!kept?.equals(bytes)) await store.put(path, bytes);
}

async function removeBeyond(store: FileStore, from: number, to: number): Promise<void> {
  for (const { level, index } of tilesBetween(from, to)) {
    // The last verified size stands on these; everything after them is doubtful.
    const first = Math.floor(from / TILE_WIDTH ** (level + 1));
    const width = Math.floor(from / TILE_WIDTH ** level) % TILE_WIDTH;
    await store.remove(tilePath(level, index));
    if (level === 0) await store.remove(entriesPath(index));
    if (index !== first || width === 0) {
      await store.remove(`${tilePath(level, index)}.p`);
      if (level === 0) await store.remove(`${entriesPath(index)}.p`);
    }
  }
}

/**
 * Removes the partial tiles of those that have become full, once the greater size is in place. Before that they stay, as docs/spec/log.md promises:
 * whoever holds a checkpoint of any size since may still fetch what is under it.
 */
export async function removePartials(store: FileStore, oldSize: number, newSize: number): Promise<void> {
  for (const { level, index, width } of tilesBetween(oldSize, newSize)) {
    if (width < TILE_WIDTH) continue;
    await store.remove(`${tilePath(level, index)}.p`);
    if (level === 0) await store.remove(`${entriesPath(index)}.p`);
  }
}
