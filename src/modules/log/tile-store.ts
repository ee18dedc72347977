import { join } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import { entriesPath, tilePath } from '../../lib/merkle/index.js';
import { FileStore } from '../../platform/blobs/index.js';
import { CONFIG, type Config } from '../../platform/config/index.js';

/** The published log as static files, C2SP tlog-tiles: `checkpoint`, `tile/…`. A web server or CDN may serve this directory as it is. */
@Injectable()
export class TileStore extends FileStore {
  constructor(@Inject(CONFIG) config: Pick<Config, 'dataDir'>) {
    super(join(config.dataDir, 'log'));
  }

  checkpoint(): Promise<Buffer | null> {
    return this.get('checkpoint');
  }
}

/** The files of one tile at a width: its hashes and, at level 0, its entries. */
export function filesOfTile(level: number, index: number, width: number): string[] {
  return level === 0 ? [tilePath(level, index, width), entriesPath(index, width)] : [tilePath(level, index, width)];
}
