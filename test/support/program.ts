import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const ROOT = join(__dirname, '../..');

export interface Finished {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts one of the project's programs (`src/main.ts`, `src/cli/main.ts`) in a process of its own, as ECMAScript modules, without a build. */
export function startProgram(program: string, args: readonly string[], env: Record<string, string | undefined> = process.env): ChildProcess {
  const loader = pathToFileURL(join(ROOT, 'test/support/typescript-loader.mjs')).href;
  return spawn(process.execPath, ['--no-warnings', '--import', loader, join(ROOT, program), ...args], { cwd: ROOT, env: env as NodeJS.ProcessEnv, stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Runs a program to its end. */
export function runProgram(program: string, args: readonly string[], env?: Record<string, string | undefined>): Promise<Finished> {
  const child = startProgram(program, args, env);
  let [stdout, stderr] = ['', ''];
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode) => resolve({ exitCode, stdout, stderr }));
  });
}

/** Runs `zhengben`. */
export function zhengben(...args: string[]): Promise<Finished> {
  return runProgram('src/cli/main.ts', args);
}
