import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openDataDirectory } from './data-directory.js';
import { DevStackError } from './errors.js';
import { findFreePort } from './free-port.js';

export interface HardhatNodeOptions {
  /** The node's log is `<dataDir>/hardhat.log`; what Hardhat keeps in a home directory goes to `<dataDir>/hardhat`. The chain itself is in memory. */
  readonly dataDir: string;
  /** Preferred port of 127.0.0.1 (8545 when not given); when it is taken, a free one. 0: any free one. */
  readonly port?: number;
  readonly log?: (line: string) => void;
}

export interface HardhatNode {
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

export const DEV_CHAIN_ID = 31337;
const START_TIMEOUT_MS = 60_000;
/** The channel to the parent closes however the parent dies, kill -9 included; without the hook the node would live on. */
const DIE_WITH_PARENT = `data:text/javascript,${encodeURIComponent("process.on('disconnect', () => process.exit(0));")}`;

/**
 * Starts a Hardhat node on 127.0.0.1 with the project's configuration: an EVM chain for development, new at each start
 * (same addresses, another block 0), that ends with this process.
 *
 * @throws DevStackError
 */
export async function startHardhatNode(options: HardhatNodeOptions): Promise<HardhatNode> {
  const log = options.log ?? (() => undefined);
  const projectRoot = findProjectRoot();
  const dataDir = await openDataDirectory(options.dataDir);
  await mkdir(join(dataDir, 'hardhat'), { recursive: true, mode: 0o700 });
  const logPath = join(dataDir, 'hardhat.log');
  for (let port = await findFreePort(options.port ?? 8545), attempt = 1; ; port = await findFreePort(), attempt += 1) {
    const child = await spawnNode(projectRoot, dataDir, logPath, port);
    const result = await waitUntilReady(child, logPath);
    if ('url' in result) return supervise(child, result.url, log);
    await end(child);
    if (attempt < 3 && result.failure.includes('EADDRINUSE')) continue;
    throw new DevStackError('DEV_STACK.START_FAILED', `The Hardhat node did not start: ${result.failure}\nThe whole log is ${logPath}. To use a chain of your own, set EVM_RPC_URL.`);
  }
}

/** Sources run from src/ and, built, from dist/src/: the root is where Hardhat's configuration stands. */
function findProjectRoot(): string {
  for (let directory = dirname(fileURLToPath(import.meta.url)); ; directory = dirname(directory)) {
    if (existsSync(join(directory, 'hardhat.config.cjs')) && existsSync(join(directory, 'node_modules/hardhat/internal/cli/bootstrap.js'))) return directory;
    if (directory === dirname(directory)) {
      throw new DevStackError('DEV_STACK.NOT_INSTALLED', 'Hardhat is not installed: it is a development dependency. Run npm ci without --omit, or set EVM_RPC_URL.');
    }
  }
}

async function spawnNode(projectRoot: string, dataDir: string, logPath: string, port: number): Promise<ChildProcess> {
  const home = join(dataDir, 'hardhat');
  const file = await open(logPath, 'w', 0o600);
  try {
    const child = spawn(process.execPath, [
      '--import', DIE_WITH_PARENT, join(projectRoot, 'node_modules/hardhat/internal/cli/bootstrap.js'),
      '--config', join(projectRoot, 'hardhat.config.cjs'), 'node', '--hostname', '127.0.0.1', '--port', String(port),
    ], {
      cwd: projectRoot,
      detached: true, // Ctrl-C at the terminal is for the service, which still talks to the chain while it stops
      env: {
        PATH: process.env['PATH'], HOME: home, XDG_CONFIG_HOME: home, XDG_DATA_HOME: home, XDG_CACHE_HOME: home,
        NO_COLOR: '1', HARDHAT_DISABLE_TELEMETRY_PROMPT: 'true',
      },
      stdio: ['ignore', file.fd, file.fd, 'ipc'],
    });
    child.unref();
    child.channel?.unref();
    return child;
  } finally {
    await file.close();
  }
}

async function waitUntilReady(child: ChildProcess, logPath: string): Promise<{ url: string } | { failure: string }> {
  let failure: string | undefined;
  child.once('error', (error) => { failure = error.message; });
  child.once('exit', (code, signal) => { failure ??= `it ended with ${signal ?? `code ${code}`}`; });
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    const output = await readFile(logPath, 'utf8');
    if (failure !== undefined) return { failure: `${failure}. ${output.trim().slice(-2000)}` };
    // Its own words, so that another chain on the same port is never taken for it.
    const url = /server at (http:\/\/127\.0\.0\.1:\d+)\//.exec(output)?.[1];
    if (url !== undefined && await callRpc(url, 'eth_chainId') === `0x${DEV_CHAIN_ID.toString(16)}`) {
      await callRpc(url, 'hardhat_setLoggingEnabled', false); // a line for every call fills disks
      return { url };
    }
    if (Date.now() > deadline) return { failure: `it was not ready after ${START_TIMEOUT_MS / 1000} s. ${output.trim().slice(-2000)}` };
    await sleep(25);
  }
}

async function callRpc(url: string, method: string, ...params: unknown[]): Promise<unknown> {
  try {
    const response = await fetch(url, {
      method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    });
    return (await response.json() as { result?: unknown }).result;
  } catch {
    return undefined; // not up yet, or just gone: the caller looks again or sees the exit
  }
}

function supervise(child: ChildProcess, url: string, log: (line: string) => void): HardhatNode {
  let stopping: Promise<void> | undefined;
  child.once('exit', (code, signal) => {
    if (stopping === undefined) log(`the Hardhat node ended by itself (${signal ?? `code ${code}`})`);
  });
  return { url, pid: child.pid ?? 0, stop: () => (stopping ??= end(child)) };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise<void>((resolve) => { child.once('exit', () => resolve()); });
  const keepWaiting = setInterval(() => undefined, 1000);
  child.kill('SIGTERM');
  const timer = setTimeout(() => { child.kill('SIGKILL'); }, 5000);
  await exited;
  clearTimeout(timer);
  clearInterval(keepWaiting);
}
