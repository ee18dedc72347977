import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { formatSignerKey } from '../../src/lib/note/index.js';
import { LogKeys, LogReader } from '../../src/modules/log/index.js';
import { PublishTree } from '../../src/modules/log/publish-tree.js';
import { SequenceBatch } from '../../src/modules/log/sequence-batch.js';
import { TileStore } from '../../src/modules/log/tile-store.js';
import type { Config } from '../../src/platform/config/index.js';
import { dataSourceOptions } from '../../src/platform/database/index.js';
import { createTestDatabase, type TestDatabase } from './databases.js';

export interface LogFixture {
  readonly database: TestDatabase;
  readonly dataSource: DataSource;
  readonly config: Config;
  readonly keys: LogKeys;
  readonly tiles: TileStore;
  readonly reader: LogReader;
  readonly batch: SequenceBatch;
  readonly publish: PublishTree;
  stop(): Promise<void>;
}

/** The log's parts on a database of their own, without HTTP and without a timer: a test decides when a batch runs. */
export async function openLog(): Promise<LogFixture> {
  const [database, dataDir] = await Promise.all([createTestDatabase(), mkdtemp(join(tmpdir(), 'zhengben-log-'))]);
  const dataSource = await new DataSource(dataSourceOptions(database.serviceUrl, 10, () => undefined)).initialize();
  const origin = 'test.example/log';
  const config = { dataDir, log: { origin, signerKey: formatSignerKey(origin, randomBytes(32)), previousSignerKey: null, mergeDelaySeconds: 86_400, sequenceIntervalMs: 50 } } as Config;
  const keys = new LogKeys(config);
  const tiles = new TileStore(config);
  return {
    database, dataSource, config, keys, tiles, reader: new LogReader(dataSource), batch: new SequenceBatch(dataSource, keys), publish: new PublishTree(dataSource, tiles),
    stop: async () => {
      await dataSource.destroy();
      await database.drop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
