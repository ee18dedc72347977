import { readdir } from 'node:fs/promises';
import { encodeEntries, entriesPath, TILE_WIDTH, tilePath } from '../../../lib/merkle/index.js';
import { parseCheckpoint, splitNote } from '../../../lib/note/index.js';
import type { FileStore } from '../../../platform/blobs/index.js';
import type { NoteVerifier, RebuiltTile } from '../../../platform/tlog/index.js';
import type { Findings } from './findings.js';

/** The published files, against tiles and entries that were rebuilt from the statements. */
export class FileCheck {
  checked = 0;

  private constructor(
    private readonly files: FileStore,
    private readonly findings: Findings,
    /** The signed note on disk; null when nothing is published. */
    readonly note: string | null,
    /** Its tree size: everything below it must be there. */
    readonly publishedSize: number,
  ) {}

  /** Reads the published checkpoint: to be called before the database's snapshot is taken, which is then at least as new. */
  static async open(files: FileStore, verifier: NoteVerifier, findings: Findings): Promise<FileCheck> {
    const bytes = await files.get('checkpoint');
    if (bytes === null) return new FileCheck(files, findings, null, 0);
    const note = bytes.toString('utf8');
    try {
      return new FileCheck(files, findings, note, parseCheckpoint(verifier.open(note).text).treeSize);
    } catch (error) {
      findings.add('file', 'checkpoint', `does not verify: ${(error as Error).message}`);
      return new FileCheck(files, findings, note, 0);
    }
  }

  /** A tile that is full. `entries`: the statements under a tile of level 0, in order. */
  async full(tile: RebuiltTile, entries: readonly Uint8Array[] | null): Promise<void> {
    const required = (tile.index + 1) * TILE_WIDTH ** (tile.level + 1) <= this.publishedSize;
    await this.compare(tilePath(tile.level, tile.index), tile.bytes, required);
    if (entries) await this.compare(entriesPath(tile.index), encodeEntries(entries), required);
    await this.strays(tile, entries);
  }

  /** The unfinished tiles of the tree of the published size. */
  async partial(tile: RebuiltTile, entries: readonly Uint8Array[] | null): Promise<void> {
    await this.compare(tilePath(tile.level, tile.index, tile.width), tile.bytes, true);
    if (entries) await this.compare(entriesPath(tile.index, tile.width), encodeEntries(entries.slice(0, tile.width)), true);
  }

  /** Partial files of other widths, which a crash may leave and anyone may still be served: prefixes of the tile. */
  async strays(tile: RebuiltTile, entries: readonly Uint8Array[] | null): Promise<void> {
    const { bytes } = tile;
    for (const width of await this.widths(`${tilePath(tile.level, tile.index)}.p`)) {
      if (width <= tile.width) await this.compare(tilePath(tile.level, tile.index, width), bytes.subarray(0, width * 32), false);
    }
    if (!entries) return;
    for (const width of await this.widths(`${entriesPath(tile.index)}.p`)) {
      if (width <= tile.width) await this.compare(entriesPath(tile.index, width), encodeEntries(entries.slice(0, width)), false);
    }
  }

  private async widths(directory: string): Promise<number[]> {
    const names = await readdir(this.files.pathOf(directory)).catch(() => [] as string[]);
    return names.filter((name) => /^[1-9]\d{0,2}$/.test(name)).map(Number);
  }

  private async compare(path: string, expected: Uint8Array, required: boolean): Promise<void> {
    const found = await this.files.get(path);
    if (found === null) {
      if (required && !(await this.hasMovedOn())) this.findings.add('file', path, 'is missing');
      return;
    }
    if (required) this.checked++;
    if (!found.equals(expected)) this.findings.add('file', path, `differs from what the statements give${found.length === expected.length ? '' : `: ${found.length} bytes instead of ${expected.length}`}`);
  }

  /** Whether the checkpoint on disk, read now, is at least of this size. A service may have published since {@link open}. */
  async reaches(size: number): Promise<boolean> {
    const now = await this.files.get('checkpoint');
    try {
      return now !== null && parseCheckpoint(splitNote(now.toString('utf8')).text).treeSize >= size;
    } catch {
      return false;
    }
  }

  /** A service that publishes meanwhile removes partial tiles that it has replaced. */
  private async hasMovedOn(): Promise<boolean> {
    const now = await this.files.get('checkpoint');
    return now !== null && now.toString('utf8') !== this.note;
  }
}
