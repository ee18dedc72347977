import { z } from 'zod';
import { FileStore } from '../../platform/blobs/index.js';

const NAME = 'demo-seeds.json';
const stored = z.record(z.string(), z.string());

/** What was made already, in a file beside the data: what is there is not made again, though its owner has changed or withdrawn it since. */
export class SeedRecord {
  private constructor(private readonly files: FileStore, private readonly made: Record<string, string>) {}

  /** @throws Error when the file is not readable as a record. */
  static async open(dataDir: string): Promise<SeedRecord> {
    const files = new FileStore(dataDir);
    const text = await files.get(NAME);
    try {
      return new SeedRecord(files, text === null ? {} : stored.parse(JSON.parse(text.toString('utf8'))));
    } catch (error) {
      throw new Error(`${files.pathOf(NAME)} is not readable as a record of demo seeds: remove it`, { cause: error });
    }
  }

  /** @param make what is named, at most once but for a process that dies before it is written down: for that it names an idempotency key. @returns the number or id of what was made. */
  async once(name: string, make: () => Promise<string>): Promise<string> {
    const known = this.made[name];
    if (known !== undefined) return known;
    const made = await make();
    this.made[name] = made;
    await this.files.put(NAME, `${JSON.stringify(this.made, null, 2)}\n`);
    return made;
  }
}
