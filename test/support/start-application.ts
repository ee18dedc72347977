import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Wallet } from 'ethers';
import { AppModule } from '../../src/app.module.js';
import { formatSignerKey, parseSignerKey } from '../../src/lib/note/index.js';
import { deployCheckpointAnchor } from '../../src/platform/chain/index.js';
import { type Config, loadConfig } from '../../src/platform/config/index.js';
import { type BuiltPage, createHttpApplication, createLogger, listeningUrl, stopGracefully } from '../../src/platform/http/index.js';
import { createTestDatabase, type TestDatabase } from './databases.js';
import { startTestChain, type TestChain } from './test-chain.js';

export interface TestApplication {
  readonly app: NestFastifyApplication;
  readonly url: string;
  readonly config: Config;
  readonly database: TestDatabase;
  readonly chain: TestChain | null;
  /** The environment that configures it: a second process may be started on the same data. */
  readonly environment: Record<string, string>;
  stop(): Promise<void>;
}

/** Nobody listens at port 1: the chain is down, and registrations go on. */
const NO_CHAIN = { EVM_RPC_URL: 'http://127.0.0.1:1', ANCHOR_CONTRACT: '0x0000000000000000000000000000000000000001' };
const HARDHAT_ACCOUNT = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266';

/** The whole service in this process, on a database of its own; with `chain`, on a Hardhat node of its own as well; with `page`, with what a build made of web/. */
export async function startApplication({ chain: withChain = false, env = {}, page = null }: { chain?: boolean; env?: Record<string, string>; page?: BuiltPage | null } = {}): Promise<TestApplication> {
  const directory = await mkdtemp(join(tmpdir(), 'zhengben-test-'));
  const [database, chain] = await Promise.all([createTestDatabase(), withChain ? startTestChain() : null]);
  const origin = 'test.example/log';
  const signerKey = formatSignerKey(origin, randomBytes(32));
  const anchorKey = `0x${randomBytes(32).toString('hex')}`;
  await writeFile(join(directory, 'log.key'), signerKey);
  await writeFile(join(directory, 'anchor.key'), anchorKey);
  const environment: Record<string, string> = {
    NODE_ENV: 'test', PORT: '0', DATA_DIR: directory, DATABASE_URL: database.serviceUrl, LOG_ORIGIN: origin, LOG_LEVEL: process.env['TEST_LOG_LEVEL'] ?? 'silent',
    LOG_KEY_FILE: join(directory, 'log.key'), ANCHOR_KEY_FILE: join(directory, 'anchor.key'), ANCHOR_INTERVAL: '0.3', ANCHOR_CONFIRMATIONS: '0', SEQUENCE_INTERVAL_MS: '50',
    RATE_LIMIT_PER_MINUTE: '1000000', ...(chain ? await deployOn(chain, signerKey, anchorKey, origin) : NO_CHAIN), ...env,
  };
  const config = loadConfig(environment);
  const app = await createHttpApplication(AppModule.of(config), config, { logger: createLogger(config), page });
  await app.listen(0, '127.0.0.1');
  return {
    app, url: listeningUrl(app), config, database, chain, environment,
    stop: async () => {
      await stopGracefully(app, { idleMs: 10 });
      await chain?.stop();
      await database.drop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function deployOn(chain: TestChain, signerKey: string, anchorKey: string, origin: string): Promise<Record<string, string>> {
  const anchorer = new Wallet(anchorKey).address;
  await fetch(chain.url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'hardhat_setBalance', params: [anchorer, '0x3635c9adc5dea00000'] }) });
  const { publicKey } = parseSignerKey(signerKey).verifierKey;
  const { address } = await deployCheckpointAnchor({ rpcUrl: chain.url, unlocked: HARDHAT_ACCOUNT, owner: HARDHAT_ACCOUNT, anchorer, origin, logKey: publicKey });
  return { EVM_RPC_URL: chain.url, PUBLIC_RPC_URL: chain.url, ANCHOR_CONTRACT: address };
}
