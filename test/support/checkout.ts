import { type ChildProcess, spawn, spawnSync, type SpawnOptions } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { cp, mkdtemp, rm, symlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const ROOT = join(__dirname, '../..');
/** What a fresh clone does not have. */
const NOT_IN_A_CLONE = new Set(['.git', 'node_modules', 'dist', '.data', 'coverage', 'artifacts', 'cache', 'test-results']);

export interface Checkout {
  readonly directory: string;
  remove(): Promise<void>;
}

/** A copy of the project as it is now, with its dependencies (the same ones) and built, and without data. */
export async function makeCheckout(parent = tmpdir()): Promise<Checkout> {
  const directory = await mkdtemp(join(parent, 'zhengben-checkout-'));
  await cp(ROOT, directory, { recursive: true, filter: (path) => !NOT_IN_A_CLONE.has(relative(ROOT, path).split(sep)[0] ?? '') });
  await symlink(join(ROOT, 'node_modules'), join(directory, 'node_modules'));
  const built = spawnSync(process.execPath, ['tools/build.mjs'], { cwd: directory, encoding: 'utf8' });
  if (built.status !== 0) throw new Error(`the build failed: ${built.stderr}`);
  return { directory, remove: () => rm(directory, { recursive: true, force: true, maxRetries: 3 }) };
}

/** A program that a test starts, reads and ends. */
export class Running {
  stdout = '';
  stderr = '';
  readonly exited: Promise<number | string>;

  constructor(readonly child: ChildProcess) {
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.stdout += text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    this.exited = new Promise((resolve) => {
      child.once('close', (code, signal) => resolve(code ?? signal ?? 'gone'));
    });
  }

  /** Resolves with the first match in what it prints; rejects when it ends, or takes too long, before. */
  async prints(pattern: RegExp, timeoutMs = 90_000): Promise<RegExpExecArray> {
    for (const deadline = Date.now() + timeoutMs; ; await sleep(20)) {
      const match = pattern.exec(this.stdout);
      if (match) return match;
      if (this.child.exitCode !== null || this.child.signalCode !== null || Date.now() > deadline) {
        throw new Error(`«${String(pattern)}» was not printed (${this.child.exitCode ?? this.child.signalCode ?? 'still running'}):\n${this.stdout}\n${this.stderr}`);
      }
    }
  }

  /** The address at which it says that it listens. */
  async url(): Promise<string> {
    return (await this.prints(/is listening at (\S+)/))[1] ?? '';
  }

  /** @returns the exit code, or the signal that ended it; «stuck» when it goes on for a minute, after which it is killed. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | string> {
    this.child.kill(signal);
    const timeout = new AbortController();
    const stuck = sleep(60_000, 'stuck', { signal: timeout.signal }).catch(() => 'stopped');
    const outcome = await Promise.race([this.exited, stuck]);
    timeout.abort();
    if (outcome === 'stuck') this.child.kill('SIGKILL');
    return outcome;
  }
}

/** Starts the service of a checkout as `npm start` does, without npm, in development unless told otherwise. */
export function startService({ directory }: Checkout, env: Record<string, string>, options: SpawnOptions = {}): Running {
  return run(process.execPath, ['--enable-source-maps', join(directory, 'dist/src/main.js')], { cwd: directory, env: { PATH: process.env['PATH'], HOME: directory, ...env }, ...options });
}

export function run(command: string, args: readonly string[], options: SpawnOptions): Running {
  return new Running(spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options }));
}

/** What a service of this checkout has left running: processes that work in its directory, or have it in their command line. */
export function leftRunning({ directory }: Checkout): string[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((pid) => {
    try {
      const commandLine = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
      return readlinkSync(`/proc/${pid}/cwd`).startsWith(directory) || commandLine.includes(directory) ? [`${pid} ${commandLine}`] : [];
    } catch {
      return []; // it has just ended, or is another user's
    }
  });
}

/** A port of 127.0.0.1 that is taken until `release`. */
export async function takePort(): Promise<{ port: number; release(): Promise<void> }> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return { port: address.port, release: () => new Promise<void>((resolve) => { server.close(() => resolve()); }) };
}
