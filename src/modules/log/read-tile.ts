import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { decodeEntries, encodeEntries, entriesPath, HASH_LENGTH, TILE_WIDTH, type TilePath, tilePath } from '../../lib/merkle/index.js';
import { readRow } from './log-nodes.js';
import { readEntries } from './publish-tree.js';
import { TileStore } from './tile-store.js';

/**
 * The bytes of a published tile, or null. A partial tile without a file of its own is the beginning of the widest that is published, which has one: strangers may ask for
 * any width, as often as they like, and must not reach the database with it. That is read only when a file is lost.
 */
@Injectable()
export class ReadTile {
  constructor(private readonly tiles: TileStore, @InjectDataSource() private readonly dataSource: DataSource) {}

  async execute({ kind, level, index, width }: TilePath): Promise<Uint8Array | null> {
    const [head]: { published_size: string }[] = await this.dataSource.query('SELECT published_size FROM log_head');
    const nodes = Math.floor(Number(head?.published_size ?? 0) / TILE_WIDTH ** level);
    const widest = Math.min(nodes - index * TILE_WIDTH, TILE_WIDTH);
    if (width > widest) return null;
    const pathOf = (of: number): string => (kind === 'entries' ? entriesPath(index, of) : tilePath(level, index, of));
    const stored = await this.tiles.get(pathOf(width));
    if (stored !== null) return stored;
    const wider = width < widest ? await this.tiles.get(pathOf(widest)) : null;
    if (wider !== null) return kind === 'tile' ? wider.subarray(0, width * HASH_LENGTH) : encodeEntries(decodeEntries(wider).slice(0, width));
    if (kind === 'tile') return readRow(this.dataSource, level * 8, index * TILE_WIDTH, width);
    return encodeEntries(await readEntries(this.dataSource, index * TILE_WIDTH, width));
  }
}
