import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { INestApplicationContext } from '@nestjs/common';
import { AppModule } from './app.module.js';
import { AnchorReader } from './modules/anchoring/index.js';
import { createDemoAccount, type DemoAccount } from './modules/identity/index.js';
import { LogKeys, LogReader } from './modules/log/index.js';
import { type Config, loadConfig } from './platform/config/index.js';
import { assertPortFree, type BuiltPage, createHttpApplication, createLogger, listeningUrl, stopGracefully } from './platform/http/index.js';
import { explainFailure } from './explain-failure.js';
import type { DemoSeeds } from './seed-development.js';

type Stop = () => Promise<void>;

/** Aborts at the first SIGTERM or SIGINT. */
const asked = new AbortController();
/** What is to be stopped, the last started first. */
const stops: Stop[] = [];

/** @throws the reason of `asked` when a signal came meanwhile; what was started by then stands in `stops`. */
async function start(): Promise<void> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== undefined && value !== ''));
  const needsDevStack = env['NODE_ENV'] !== 'production' && (env['DATABASE_URL'] === undefined || env['EVM_RPC_URL'] === undefined);
  // Loaded only when it is wanted: it stands on development dependencies, which production does not have.
  const devStack = needsDevStack ? await (await import('./dev-stack.js')).startDevStack(env, say, asked.signal) : null;
  if (devStack) stops.push(() => devStack.stop());
  const config = devStack?.config ?? loadConfig(env);
  if (!devStack) await assertPortFree(config.host, config.port);

  const logger = createLogger(config);
  const app = await createHttpApplication(AppModule.of(config), config, { logger, page: await readPage() });
  stops.push(() => stopGracefully(app));
  asked.signal.throwIfAborted();
  await app.listen(config.port, config.host);
  asked.signal.throwIfAborted();
  const url = listeningUrl(app);
  const { vkey } = app.get(LogKeys, { strict: false });
  if (config.production) {
    logger.info({ url, logKey: vkey, contract: `${config.chain.chainId}:${config.chain.contract}`, rpc: config.chain.rpcUrls.map(withoutSecrets) }, 'listening');
    return;
  }
  const demo = await createDemoAccount(app, config);
  const seeds = devStack?.seedsInto ? await seed(app, config, demo, devStack.seedsInto, url) : null;
  printWelcome(url, config, demo, seeds);
  await writeDemoVariables(url, config, demo, seeds, vkey);
  if (devStack?.chainIsNew) await sayWhenAnchoredAgain(app);
}

/** What the build put beside this file. */
async function readPage(): Promise<BuiltPage> {
  const openapi = await readFile(new URL('../openapi.json', import.meta.url), 'utf8').then((text) => JSON.parse(text) as BuiltPage['openapi'], () => null);
  return { directory: fileURLToPath(new URL('../web', import.meta.url)), openapi };
}

/** Something to look at and to buy, in the embedded database. The service runs without it too. */
async function seed(app: INestApplicationContext, config: Config, demo: DemoAccount, ownerUrl: string, url: string): Promise<DemoSeeds | null> {
  const { seedDevelopment } = await import('./seed-development.js');
  try {
    return await seedDevelopment(app, config, demo, { ownerUrl, url, signal: asked.signal });
  } catch (error) {
    asked.signal.throwIfAborted();
    say(`demo seeds were not made, the next start tries again: ${error instanceof Error ? error.message : String(error)}`);
    return null;
  }
}

/** For the README's tour: a shell reads it with `. .data/demo.env`. */
async function writeDemoVariables(url: string, config: Config, demo: DemoAccount, seeds: DemoSeeds | null, vkey: string): Promise<void> {
  const variables = { URL: toLocalhost(url), KEY: demo.apiKey, LOG_KEY: vkey, CONTRACT: `${config.chain.chainId}:${config.chain.contract}`, RPC: config.chain.rpcUrls[0], ...(seeds === null ? {} : { BUYER_KEY: seeds.buyer.apiKey }) };
  const path = join(config.dataDir, 'demo.env');
  await writeFile(path, Object.entries(variables).map(([name, value]) => `${name}='${value}'\n`).join(''), { mode: 0o600 });
  say(`These stand in ${path} too, for the tour in the README.\n`);
}

/** The embedded chain begins anew at every start; what was anchored on the one before needs a new anchor. */
async function sayWhenAnchoredAgain(app: INestApplicationContext): Promise<void> {
  const checkpoint = await app.get(LogReader, { strict: false }).published();
  if (!checkpoint) return;
  say(`chain: the one before is gone with its anchors; anchoring the newest checkpoint anew (${checkpoint.treeSize} statements)`);
  const anchors = app.get(AnchorReader, { strict: false });
  while (!asked.signal.aborted) {
    const anchor = await anchors.latest();
    if (anchor && anchor.treeSize >= checkpoint.treeSize) {
      say(`chain: anchored again in block ${anchor.blockNumber} (${anchor.treeSize} statements)`);
      return;
    }
    await sleep(250, undefined, { signal: asked.signal }).catch(() => undefined);
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function printWelcome(url: string, config: Config, demo: DemoAccount, seeds: DemoSeeds | null): void {
  const base = toLocalhost(url);
  say('');
  say(`Zhengben 正本 is listening at ${base}`);
  say(`  API          ${base}/api/v1      documentation ${base}/api/docs`);
  say(`  log          ${base}/log/checkpoint      key ${base}/log/vkey`);
  say(`  chain        ${config.chain.rpcUrls.map(withoutSecrets).join(', ')}      contract ${config.chain.chainId}:${config.chain.contract}`);
  say(`  demo account ${demo.email}   password ${demo.password}`);
  say(`  demo key     ${demo.apiKey}`);
  if (seeds === null) return;
  say(`  demo market  ${seeds.works} works and ${seeds.listings} listings of the demo account, marked as demo (DEMO_SEEDS=off leaves a new instance empty)`);
  for (const [who, { email, password }] of [['demo buyer  ', seeds.buyer], ...seeds.operators.map((operator) => ['operator    ', operator] as const)] as const) say(`  ${who} ${email}   password ${password}`);
}

function toLocalhost(url: string): string {
  return url.replace('127.0.0.1', 'localhost');
}

/** RPC providers put their customers' keys into paths and user names. */
function withoutSecrets(url: string): string {
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}`;
}

async function stopAll(): Promise<void> {
  for (const stop of stops.splice(0).toReversed()) await stop();
}

async function run(): Promise<number> {
  try {
    await start();
    if (!asked.signal.aborted) await new Promise((resolve) => asked.signal.addEventListener('abort', resolve));
    await stopAll();
    return 0;
  } catch (error) {
    await stopAll();
    if (asked.signal.aborted && error === asked.signal.reason) return 0;
    const { message, exitCode } = explainFailure(error);
    process.stderr.write(`${message}\n`);
    if (process.env['LOG_LEVEL'] === 'debug') process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    return exitCode;
  }
}

// Every signal but the first is ignored: at a terminal npm passes Ctrl-C on to a program that has had it already.
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => asked.abort());

run().then((exitCode) => process.exit(exitCode), (error: unknown) => {
  process.stderr.write(`Zhengben did not stop cleanly: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
