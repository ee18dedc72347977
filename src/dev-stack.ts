import { resolve } from 'node:path';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { Wallet } from 'ethers';
import { parseSignerKey } from './lib/note/index.js';
import { deployDevSettlement, ensureDevKeys, startEmbeddedPostgres, startHardhatNode } from './dev-stack/index.js';
import { openDataDirectory } from './dev-stack/data-directory.js';
import { lockDirectory } from './dev-stack/directory-lock.js';
import { runMigrations } from './migrations/index.js';
import { deployCheckpointAnchor } from './platform/chain/index.js';
import { type Config, ConfigError, loadConfig } from './platform/config/index.js';
import { assertPortFree } from './platform/http/index.js';

type Environment = Readonly<Record<string, string | undefined>>;
type Say = (line: string) => void;

export interface DevStack {
  /** What the service runs with. */
  readonly config: Config;
  /** Whether the chain is the embedded one, new at every start. */
  readonly chainIsNew: boolean;
  /** The embedded database's, as the owner of the schema, when demo seeds are to be put into it; null for a database that was given, and with `DEMO_SEEDS=off`. */
  readonly seedsInto: string | null;
  stop(): Promise<void>;
}

/** Something that was started, and what the service is to be configured with because of it. */
interface Started {
  readonly environment: Record<string, string>;
  /** Of a database. */
  readonly ownerUrl?: string;
  stop(): Promise<void>;
}

/** The well-known first account of every Hardhat node: pays for the deployment and owns the contract. Worth nothing anywhere else. */
const HARDHAT_ACCOUNT = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266';
/** pg says that a pool has ended before its connections have; a server that stops under them would make them report a loss. */
const GOODBYE_MS = 100;
const ANCHORER_FUNDS = '0x3635c9adc5dea00000';

/**
 * Starts what is not configured: a PostgreSQL when `DATABASE_URL` is unset, a chain with the contract when `EVM_RPC_URL` is, and makes keys.
 * Data stand in `DATA_DIR` and survive; the chain does not, and the service anchors its newest checkpoint anew. Never used in production.
 *
 * @param stopping when it aborts, what was started is stopped again and its reason is thrown.
 * @throws ConfigError and a taken port before anything is started; DevStackError.
 */
export async function startDevStack(given: Environment, say: Say, stopping: AbortSignal): Promise<DevStack> {
  const { DEMO_SEEDS: seeds = 'on' } = given;
  if (seeds !== 'on' && seeds !== 'off') throw new ConfigError([`DEMO_SEEDS: is on or off, not «${seeds}»`]);
  const dataDir = await openDataDirectory(resolve(given['DATA_DIR'] ?? '.data'));
  const unlock = await lockDirectory(`${dataDir}/zhengben.lock`);
  const started: Started[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(started.map((part) => part.stop()));
    await unlock();
  };
  try {
    const env = await addKeys({ LOG_LEVEL: 'warn', LOG_ORIGIN: 'localhost/zhengben', ...given, DATA_DIR: dataDir });
    const starts: { placeholder: Environment; start: () => Promise<Started> }[] = [];
    if (env['DATABASE_URL'] === undefined) starts.push({ placeholder: { DATABASE_URL: 'postgres://embedded' }, start: () => startDatabase(dataDir, say) });
    if (env['EVM_RPC_URL'] === undefined) starts.push({ placeholder: { EVM_RPC_URL: 'http://embedded', ANCHOR_CONTRACT: `0x${'0'.repeat(40)}` }, start: () => startChain(dataDir, env, say) });
    const { host, port } = loadConfig(Object.assign({}, env, ...starts.map(({ placeholder }) => placeholder)));
    await assertPortFree(host, port);

    // Each is waited for even when another fails or a signal comes: what is half started could not be stopped.
    const outcomes = await Promise.allSettled(starts.map(({ start }) => start()));
    started.push(...outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : [])));
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed) throw failed.reason;
    stopping.throwIfAborted();
    const config = loadConfig(Object.assign({}, env, ...started.map(({ environment }) => environment)));
    const ownerUrl = started.flatMap((part) => part.ownerUrl ?? [])[0];
    return { config, chainIsNew: env['EVM_RPC_URL'] === undefined, seedsInto: seeds === 'on' && ownerUrl !== undefined ? ownerUrl : null, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

type WithKeys = Environment & { readonly LOG_ORIGIN: string; readonly LOG_KEY_FILE: string; readonly ANCHOR_KEY_FILE: string };

async function addKeys(env: Environment & { readonly DATA_DIR: string; readonly LOG_ORIGIN: string }): Promise<WithKeys> {
  const { LOG_KEY_FILE: logKeyFile, ANCHOR_KEY_FILE: anchorKeyFile } = env;
  if (logKeyFile !== undefined && anchorKeyFile !== undefined) return { ...env, LOG_KEY_FILE: logKeyFile, ANCHOR_KEY_FILE: anchorKeyFile };
  const made = await ensureDevKeys({ dataDir: env.DATA_DIR, origin: env.LOG_ORIGIN });
  return { ...env, LOG_KEY_FILE: logKeyFile ?? made.logKeyFile, ANCHOR_KEY_FILE: anchorKeyFile ?? made.anchorKeyFile };
}

async function startDatabase(dataDir: string, say: Say): Promise<Started> {
  const postgres = await startEmbeddedPostgres({ dataDir, log: (line) => say(`database: ${line}`) });
  try {
    const ran = await runMigrations(postgres.ownerUrl);
    if (ran.length > 0) say(`database: ${ran.length} migrations`);
    return {
      environment: { DATABASE_URL: postgres.serviceUrl },
      ownerUrl: postgres.ownerUrl,
      stop: async () => {
        await sleep(GOODBYE_MS);
        await postgres.stop();
      },
    };
  } catch (error) {
    await postgres.stop();
    throw error;
  }
}

async function startChain(dataDir: string, env: WithKeys, say: Say): Promise<Started> {
  const chain = await startHardhatNode({ dataDir, log: (line) => say(`chain: ${line}`) });
  try {
    const anchorer = new Wallet((await readFile(env.ANCHOR_KEY_FILE, 'utf8')).trim()).address;
    const { publicKey } = parseSignerKey((await readFile(env.LOG_KEY_FILE, 'utf8')).trim()).verifierKey;
    await callChain(chain.url, 'hardhat_setBalance', [anchorer, ANCHORER_FUNDS]);
    const { address } = await deployCheckpointAnchor({ rpcUrl: chain.url, unlocked: HARDHAT_ACCOUNT, owner: HARDHAT_ACCOUNT, anchorer, origin: env.LOG_ORIGIN, logKey: publicKey });
    say(`chain: new development chain, contract deployed at ${address}`);
    const settlement = env['SETTLEMENT_CONTRACT'] === undefined ? await startSettlement(chain.url, dataDir, say) : {};
    return {
      environment: { EVM_RPC_URL: chain.url, PUBLIC_RPC_URL: env['PUBLIC_RPC_URL'] ?? chain.url, EVM_CHAIN_ID: '31337', ANCHOR_CONTRACT: address, ANCHOR_CONFIRMATIONS: env['ANCHOR_CONFIRMATIONS'] ?? '0', ...settlement },
      stop: () => chain.stop(),
    };
  } catch (error) {
    await chain.stop();
    throw error;
  }
}

async function startSettlement(url: string, dataDir: string, say: Say): Promise<Record<string, string>> {
  const { settler, token, environment } = await deployDevSettlement({ rpcUrl: url, dataDir, owner: HARDHAT_ACCOUNT });
  await callChain(url, 'hardhat_setBalance', [settler, ANCHORER_FUNDS]);
  say(`chain: payments by the contract ${environment['SETTLEMENT_CONTRACT']}, in ETH and in a test token that anybody mints, erc20:31337:${token.toLowerCase()}`);
  return environment;
}

async function callChain(url: string, method: string, params: readonly unknown[]): Promise<void> {
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }) });
  const { error } = (await response.json()) as { error?: { message: string } };
  if (error) throw new Error(`${method}: ${error.message}`);
}
