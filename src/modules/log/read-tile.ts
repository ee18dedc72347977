import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { encodeEntries, entriesPath, TILE_WIDTH, type TilePath, tilePath } from '../../lib/merkle/index.js';
import { readRow } from './log-nodes.js';
import { readEntries } from './publish-tree.js';
import { TileStore } from './tile-store.js';

/** The bytes of a published tile, or null. Partial tiles whose file is gone are prefixes of later ones and come from the database. */
@Injectable()
export class ReadTile {
  constructor(private readonly tiles: TileStore, @InjectDataSource() private readonly dataSource: DataSource) {}

  async execute({ kind, level, index, width }: TilePath): Promise<Uint8Array | null> {
    const [head]: { published_size: string }[] = await this.dataSource.query('SELECT published_size FROM log_head');
    const nodes = Math.floor(Number(head?.published_size ?? 0) / 256 ** level);
    if (index * TILE_WIDTH + width > nodes) return null;
    const stored = await this.tiles.get(kind === 'entries' ? entriesPath(index, width) : tilePath(level, index, width));
    if (stored !== null) return stored;
    if (kind === 'tile') return readRow(this.dataSource, level * 8, index * TILE_WIDTH, width);
    return encodeEntries(await readEntries(this.dataSource, index * TILE_WIDTH, width));
  }
}
