import { statfs } from 'node:fs/promises';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../platform/config/index.js';

const MOST_RESERVED_BYTES = 1024 ** 3;
/** Of a small disk so many hundredths. */
const RESERVED_PERCENT = 5;
const LOOK_MS = 1_000;

/** The room that uploads leave on the disk of the data directory: whoever fills it with files must not stop the log, whose tiles and checkpoints stand beside them. */
@Injectable()
export class UploadReserve {
  private lookedAt = -Infinity;
  private look: Promise<boolean> = Promise.resolve(true);

  constructor(@Inject(CONFIG) private readonly config: Pick<Config, 'dataDir'>) {}

  /** Whether more than 1 GiB is free, or 5 % of a disk of less than 20 GiB; as of at most a second ago. */
  hasRoom(): Promise<boolean> {
    const now = performance.now();
    if (now - this.lookedAt >= LOOK_MS) {
      this.lookedAt = now;
      this.look = this.measure();
    }
    return this.look;
  }

  /** Runs `act`, and looks every second whether there still is room; `onFull` when there is none. */
  async watch<T>(act: () => Promise<T>, onFull: () => void): Promise<T> {
    const looking = setInterval(() => void this.hasRoom().then((hasRoom) => { if (!hasRoom) onFull(); }, () => undefined), LOOK_MS);
    try {
      return await act();
    } finally {
      clearInterval(looking);
    }
  }

  private async measure(): Promise<boolean> {
    const { bsize, blocks, bavail } = await statfs(this.config.dataDir);
    return bavail * bsize > Math.min(MOST_RESERVED_BYTES, (blocks * bsize * RESERVED_PERCENT) / 100);
  }
}
