import { join } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
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
