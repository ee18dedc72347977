import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { encodeEntries, entriesPath, TILE_WIDTH, type Tile, tilePath, tilesBetween, toTreeSize, type TreeSize } from '../../lib/merkle/index.js';
import { writePoint } from '../../platform/fault-points/index.js';
import { removePartials } from '../../platform/tlog/index.js';
import { readRow } from './log-nodes.js';
import { TileStore } from './tile-store.js';

/** Leaves that are published at once: bounds what is held in memory. */
const STEP = 16 * TILE_WIDTH;
const FILES_AT_ONCE = 8;

/**
 * Brings tiles, entries and checkpoint into the store, and only then says in the database that they are published: nobody is served
 * what an auditor could not fetch. The same code runs after every batch and, after a crash, at boot.
 */
@Injectable()
export class PublishTree {
  constructor(@InjectDataSource() private readonly dataSource: DataSource, private readonly tiles: TileStore) {}

  /** @returns the size that is published now. */
  async execute(): Promise<TreeSize> {
    const [head]: { tree_size: string; published_size: string; note: string | null }[] = await this.dataSource.query(
      'SELECT h.tree_size, h.published_size, c.note FROM log_head h LEFT JOIN log_checkpoint c ON c.tree_size = h.tree_size',
    );
    const target = Number(head?.tree_size ?? 0);
    const published = Number(head?.published_size ?? 0);
    if (target === published || !head?.note) return toTreeSize(published);

    for (let from = published; from < target;) {
      const to = Math.min(target, (Math.floor(from / STEP) + 1) * STEP);
      await this.writeTiles(tilesBetween(from, to).filter((tile) => tile.width === TILE_WIDTH));
      from = to;
    }
    // Those of the right edge last, and all of them: one of a higher level may have grown in an earlier step than the last.
    await this.writeTiles(partialTiles(published, target));
    await this.putCheckpoint(target, head.note);
    await removePartials(this.tiles, published, target);
    return toTreeSize(target);
  }

  /**
   * Another process may publish at the same time, and put an older checkpoint over this one at any moment. Whoever has written, file or row, looks
   * at both afterwards: so the last of all leaves the newest.
   */
  private async putCheckpoint(size: number, note: string): Promise<void> {
    await writePoint('publish.checkpoint', () => this.tiles.put('checkpoint', note));
    await writePoint('publish.head', () => this.dataSource.query('UPDATE log_head SET published_size = $1 WHERE published_size < $1', [size]));
    const [newest]: { tree_size: string; note: string }[] = await this.dataSource.query('SELECT c.tree_size, c.note FROM log_head h JOIN log_checkpoint c ON c.tree_size = h.published_size');
    if (newest && (await this.tiles.checkpoint())?.toString('utf8') !== newest.note) await this.putCheckpoint(Number(newest.tree_size), newest.note);
  }

  private async writeTiles(tiles: readonly Tile[]): Promise<void> {
    for (let at = 0; at < tiles.length; at += FILES_AT_ONCE) {
      await Promise.all(tiles.slice(at, at + FILES_AT_ONCE).map((tile) => this.writeTile(tile)));
    }
  }

  private async writeTile({ level, index, width }: Tile): Promise<void> {
    const hashes = await readRow(this.dataSource, level * 8, index * TILE_WIDTH, width);
    await writePoint('publish.tile', () => this.tiles.put(tilePath(level, index, width), hashes));
    if (level > 0) return;
    const entries = encodeEntries(await readEntries(this.dataSource, index * TILE_WIDTH, width));
    await writePoint('publish.entries', () => this.tiles.put(entriesPath(index, width), entries));
  }
}

/** The unfinished tiles of a tree that are not those of the old size. */
function partialTiles(oldSize: number, newSize: number): Tile[] {
  const tiles: Tile[] = [];
  let [before, after] = [oldSize, newSize];
  for (let level = 0; after > before; level++) {
    const width = after % TILE_WIDTH;
    if (width > 0) tiles.push({ level, index: Math.floor(after / TILE_WIDTH), width });
    [before, after] = [Math.floor(before / TILE_WIDTH), Math.floor(after / TILE_WIDTH)];
  }
  return tiles;
}

/** The statements of consecutive leaves, in order. Gaps throw. */
export async function readEntries(dataSource: Pick<DataSource, 'query'>, start: number, count: number): Promise<Uint8Array[]> {
  const rows: { bytes: Buffer | null }[] = await dataSource.query(
    // A scalar subquery is a look-up by key; a join would become a scan of all statements whenever the statistics are older than the rows.
    'SELECT (SELECT s.bytes FROM statement s WHERE s.ordinal = e.ordinal) AS bytes FROM log_entry e WHERE e.leaf_index >= $1 AND e.leaf_index < $2 ORDER BY e.leaf_index',
    [start, start + count],
  );
  const entries = rows.flatMap(({ bytes }) => (bytes === null ? [] : [bytes]));
  if (entries.length !== count) throw new Error(`the log misses entries from ${start} to ${start + count}: run «zhengben log fsck»`);
  return entries;
}
