import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../../src/dev-stack/index.js';
import { formatSignerKey } from '../../src/lib/note/index.js';
import { runMigrations } from '../../src/migrations/index.js';
import { type Config, loadConfig } from '../../src/platform/config/index.js';

export interface BenchStack {
  readonly config: Config;
  readonly environment: Record<string, string>;
  readonly ownerUrl: string;
  readonly adminUrl: string;
  stop(): Promise<void>;
}

/**
 * A PostgreSQL of its own, durable as the development one is, and a configuration; no chain, for none of it may wait for one.
 * @param settings of that server, where its defaults are not for as much data.
 */
export async function startBenchStack(env: Record<string, string> = {}, settings: readonly string[] = []): Promise<BenchStack> {
  const dataDir = await mkdtemp(join(tmpdir(), 'zhengben-bench-'));
  const postgres = await startEmbeddedPostgres({ dataDir, settings });
  await runMigrations(postgres.ownerUrl);
  const origin = 'bench.example/log';
  await writeFile(join(dataDir, 'log.key'), formatSignerKey(origin, randomBytes(32)), { mode: 0o600 });
  await writeFile(join(dataDir, 'anchor.key'), `0x${randomBytes(32).toString('hex')}`, { mode: 0o600 });
  const environment: Record<string, string> = {
    PORT: '0', DATA_DIR: dataDir, DATABASE_URL: postgres.serviceUrl, LOG_ORIGIN: origin, LOG_LEVEL: 'error', LOG_KEY_FILE: join(dataDir, 'log.key'), ANCHOR_KEY_FILE: join(dataDir, 'anchor.key'),
    EVM_RPC_URL: 'http://127.0.0.1:1', ANCHOR_CONTRACT: '0x0000000000000000000000000000000000000001', ANCHOR_INTERVAL: '3600', RATE_LIMIT_PER_MINUTE: '1000000000', ...env,
  };
  return {
    config: loadConfig(environment), environment, ownerUrl: postgres.ownerUrl, adminUrl: postgres.adminUrl,
    stop: async () => {
      await postgres.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
