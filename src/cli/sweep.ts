import { Command } from 'commander';
import { BlobStore } from '../platform/blobs/index.js';
import type { Config } from '../platform/config/index.js';
import { withDatabase } from './operator/log-parts.js';
import { OperatorEnvironment } from './operator/operator-environment.js';

/** `zhengben sweep`: the service does it by itself; this is for an operator who needs the room now. */
export function createSweepCommand(): Command {
  return new Command('sweep').description('Remove uploads that belong to no work, a day after they were last wanted.').action(sweep);
}

async function sweep(): Promise<void> {
  const env = new OperatorEnvironment(process.env);
  const removed = await env.withService((url) => withDatabase(url, async (dataSource) => {
    const blobs = new BlobStore({ dataDir: env.dataDir } as Config, dataSource);
    await blobs.onModuleInit();
    return blobs.sweep();
  }));
  process.stdout.write(`${removed} files removed\n`);
}
