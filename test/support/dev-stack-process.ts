import { spawn, spawnSync, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const RUNNER = join(import.meta.dirname, 'run-typescript.cjs');
const PROGRAM = join(import.meta.dirname, 'dev-stack-program.ts');

export interface DevStackProcess {
  readonly child: ChildProcess;
  /** What it printed once it was up. */
  readonly started: Promise<{ pid: number; adminUrl: string; url: string }>;
  /** kill -9, and waits until it is gone. */
  kill(): Promise<void>;
  /** Asks it to stop what it started and end. */
  stop(): Promise<void>;
}

/** Starts the embedded database or the Hardhat node in a process of its own, so that a test can kill that process. */
export function spawnDevStack(what: 'postgres' | 'hardhat', dataDir: string, options: SpawnOptions = {}, command = [RUNNER, PROGRAM]): DevStackProcess {
  const child = spawn(process.execPath, [...command, what, dataDir], { ...options, stdio: ['pipe', 'pipe', 'pipe'] });
  const exited = new Promise<void>((resolve) => { child.once('exit', () => resolve()); });
  let errors = '';
  child.stderr?.on('data', (chunk: Buffer) => { errors += chunk.toString('utf8'); });
  const started = new Promise<{ pid: number; adminUrl: string; url: string }>((resolve, reject) => {
    if (child.stdout === null) throw new Error('stdout is a pipe');
    createInterface(child.stdout).once('line', (line) => resolve(JSON.parse(line)));
    child.once('exit', (code) => reject(new Error(`${what} ended with ${code}: ${errors}`)));
  });
  started.catch(() => undefined); // a test that kills it early does not ask
  return {
    child, started,
    kill: () => { child.kill('SIGKILL'); return exited; },
    stop: () => { child.stdin?.end(); return exited; },
  };
}

/** True when a process of that user can run Node and read this project (not so when it lies below /root). */
export function canRunProjectAs(uid: number, gid: number): boolean {
  return process.getuid?.() === 0 && spawnSync(process.execPath, ['-e', `require(${JSON.stringify(join(import.meta.dirname, '../../package.json'))})`], { uid, gid, cwd: '/' }).status === 0;
}
