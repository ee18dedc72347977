import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';

export interface CliRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface BuiltCli {
  /** Runs `zhengben` as a process of its own, in this environment (without one: almost none). */
  run(args: readonly string[], env?: Record<string, string | undefined>): Promise<CliRun>;
  remove(): Promise<void>;
}

const ROOT = resolve(__dirname, '../../..');

/** Compiles the command once; each command's module stays a file of its own, loaded only when called. Packages are found from inside the project. */
export async function buildCli(): Promise<BuiltCli> {
  const cache = join(ROOT, 'node_modules', '.cache');
  await mkdir(cache, { recursive: true });
  const outdir = await mkdtemp(join(cache, 'zhengben-cli-'));
  await build({
    entryPoints: [join(ROOT, 'src/cli/main.ts')], outdir, bundle: true, splitting: true, packages: 'external', platform: 'node', target: 'node20', format: 'esm',
    outExtension: { '.js': '.mjs' }, sourcemap: 'inline', logLevel: 'silent',
  });
  return { run: (args, env) => run(join(outdir, 'main.mjs'), args, env), remove: () => rm(outdir, { recursive: true }) };
}

function run(main: string, args: readonly string[], env: Record<string, string | undefined> = {}): Promise<CliRun> {
  const child = spawn(process.execPath, [main, ...args], { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: process.env['PATH'], ...env } as NodeJS.ProcessEnv });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((done, failed) => {
    child.once('error', failed);
    child.once('close', (code) => done({ code, stdout, stderr }));
  });
}
