import { type FileHandle, open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Inject, Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { Counter, Registry } from 'prom-client';
import { blobPath, FileStore } from '../blobs/index.js';
import { CONFIG, type Config } from '../config/index.js';
import { MARK } from './draw-mark.js';
import { HEAD_BYTES, recogniseImage } from './image-format.js';
import { isRefusal, PreviewError, type PreviewRefusal } from './preview-error.js';
import { PreviewPool } from './preview-pool.js';

export interface PreviewRequest {
  /** Of the blob, lower-case hex. */
  readonly sha256: string;
  readonly longSide: 320 | 1280;
  /** Drawn across it. */
  readonly mark: string;
  /** Whether there is room to keep it. */
  readonly keep: boolean;
}

/** Counted up whenever the same file would come out otherwise; what was made before is then made anew. */
const RECIPE = 1;
/** For so long it is not tried again: another version of the library may read it, and a machine under load is slow with anything. */
const REFUSED_MS: Readonly<Record<PreviewRefusal, number>> = { format: 0, damaged: 24 * 3_600_000, 'too-large': 24 * 3_600_000, 'too-costly': 3_600_000 };

/** Previews of blobs, made when they are first asked for and kept in `DATA_DIR/previews`, where everything may be deleted at any time. */
@Injectable()
export class Previews implements OnModuleDestroy {
  private readonly logger = new Logger('Previews');
  private readonly dataDir: string;
  private readonly files: FileStore;
  /** Under way, by file name. */
  private readonly underWay = new Map<string, Promise<Buffer>>();
  private readonly outcomes: Counter;

  constructor(@Inject(CONFIG) { dataDir }: Pick<Config, 'dataDir'>, private readonly pool: PreviewPool, metrics: Registry) {
    this.dataDir = dataDir;
    this.files = new FileStore(join(dataDir, 'previews'));
    this.outcomes = new Counter({ name: 'zhengben_previews_total', help: 'Previews that were not kept yet, by what came of them', labelNames: ['outcome'], registers: [metrics] });
  }

  onModuleDestroy(): void {
    this.pool.stop();
  }

  /** A WebP file. Who may have it is for the caller to decide. @throws PreviewError. */
  async read(request: PreviewRequest): Promise<Buffer> {
    const { sha256, longSide, mark } = request;
    if (!MARK.test(mark)) throw new Error('not a mark');
    // Also when it is kept: of a file that is gone nothing is shown.
    const file = await openBlob(blobPath(this.dataDir, sha256));
    try {
      const name = `${directoryOf(sha256)}/${longSide}-${mark}.webp`;
      return (await this.files.get(name)) ?? (await this.share(name, () => this.make(file, request, name)));
    } finally {
      await file.close();
    }
  }

  /** Removes what other recipes made, what was left half-written, and previews of blobs that are gone. @returns of how many blobs. */
  async sweep(): Promise<number> {
    await this.files.removeLeftovers();
    const recipes = (await this.list('.')).filter((name) => /^\d+$/.test(name));
    for (const old of recipes.filter((name) => name !== String(RECIPE))) await this.files.remove(old);
    let removed = 0;
    for (const part of await this.list(String(RECIPE))) {
      for (const sha256 of await this.list(`${RECIPE}/${part}`)) {
        if (await isThere(blobPath(this.dataDir, sha256))) continue;
        await this.files.remove(`${RECIPE}/${part}/${sha256}`);
        removed++;
      }
    }
    return removed;
  }

  /** Who asks for what is under way gets what comes of it. */
  private async share(name: string, make: () => Promise<Buffer>): Promise<Buffer> {
    const current = this.underWay.get(name) ?? make().finally(() => this.underWay.delete(name));
    this.underWay.set(name, current);
    return current;
  }

  private async make(file: FileHandle, { sha256, longSide, mark, keep }: PreviewRequest, name: string): Promise<Buffer> {
    const refused = `${directoryOf(sha256)}/refused.json`;
    const { buffer } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    const format = recogniseImage(buffer);
    if (format === null) throw new PreviewError('format');
    await this.assertNotRefused(refused);
    try {
      const image = await this.pool.make(file, { format, longSide, mark });
      this.outcomes.inc({ outcome: 'made' });
      if (keep) await this.keep(name, image);
      return image;
    } catch (error) {
      const code = error instanceof PreviewError ? error.code : 'failed';
      this.outcomes.inc({ outcome: code });
      if (keep && isRefusal(code)) await this.keep(refused, JSON.stringify({ reason: code, at: new Date().toISOString() }));
      throw error;
    }
  }

  /** A hostile file that takes all the time that it is given takes it once, not with every request. */
  private async assertNotRefused(name: string): Promise<void> {
    const bytes = await this.files.get(name);
    if (bytes === null) return;
    const { reason, at } = JSON.parse(bytes.toString('utf8')) as { reason: string; at: string };
    if (isRefusal(reason) && Date.now() - Date.parse(at) < REFUSED_MS[reason]) throw new PreviewError(reason, 'refused before');
  }

  /** What cannot be kept is made anew the next time. */
  private async keep(name: string, bytes: Uint8Array | string): Promise<void> {
    try {
      await this.files.put(name, bytes);
    } catch (error) {
      this.logger.warn(`a preview was not kept: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  private list(name: string): Promise<string[]> {
    return readdir(this.files.pathOf(name)).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    });
  }
}

/** All of one blob in one directory: they go together. */
function directoryOf(sha256: string): string {
  return `${RECIPE}/${sha256.slice(0, 2)}/${sha256}`;
}

async function openBlob(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new PreviewError('absent');
    throw error;
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
