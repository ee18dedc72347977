import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Command } from 'commander';
import { bytesToHex } from '../lib/bytes/index.js';
import { VerificationError } from '../lib/errors/index.js';
import { parseBundle, type ProofBundle } from '../lib/proof/index.js';
import { parseWorkNumber } from '../lib/statement/index.js';
import { openLogSource } from '../platform/tlog/index.js';
import { CliError } from './cli-error.js';
import { LogFollower } from './mirror/follow-log.js';
import { MirrorStore } from './mirror/mirror-store.js';
import { proveChain, type ProvenChain } from './mirror/prove-chain.js';
import { Progress } from './progress.js';

interface MirrorOptions {
  readonly logKey: readonly string[];
  readonly follow?: true;
  readonly interval: string;
  readonly work?: string;
  readonly bundle?: string;
  readonly json?: true;
}

/** `zhengben log mirror`: an auditor's command. Needs no database and no service but the log itself. */
export function createMirrorCommand(): Command {
  return new Command('mirror')
    .description('Copy a log and check it: every signature, every hash, and that it never takes back what it said.')
    .argument('<url>', 'the log: http(s)://…/log, or a directory that holds one')
    .argument('<dir>', 'the mirror; made when it is not there. Any web server may serve it as a log')
    .option('--log-key <vkey>', 'the log’s verifier key, learnt from somewhere else (repeatable)', (vkey: string, all: readonly string[]) => [...all, vkey], [])
    .option('--follow', 'go on until interrupted')
    .option('--interval <seconds>', 'between two looks with --follow', '10')
    .option('--work <number>', 'then prove that this work’s chain is complete: every statement of it that the log holds')
    .option('--bundle <file>', 'with --work: a proof bundle that must say the same')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', '\nExit codes: 0 all is well, 1 the log contradicts itself or what it serves is wrong, 2 unusable input or the log cannot be reached.')
    .action(mirror);
}

async function mirror(url: string, directory: string, options: MirrorOptions): Promise<void> {
  const intervalMs = Number(options.interval) * 1000;
  if (!(intervalMs >= 100)) throw new CliError('--interval is a number of seconds, at least 0.1');
  const work = options.work === undefined ? null : parseWorkNumber(options.work);
  if (options.work !== undefined && work === null) throw new CliError(`${options.work} is not a work number`);
  const bundle = options.bundle === undefined ? null : await readBundle(options.bundle);
  if (bundle && !work) throw new CliError('--bundle goes with --work');
  const say = (line: string): void => {
    (options.json ? process.stderr : process.stdout).write(`${line}\n`);
  };
  const progress = new Progress('entries');
  const store = new MirrorStore(resolve(directory));
  const source = await reach(() => openLogSource(url));
  const follower = await reach(() => LogFollower.open(source, store, options.logKey, { say, onProgress: progress.update }));
  await reach(() => follower.step()).finally(progress.end);
  report(follower, say);
  if (work) {
    const chain = await proveChain({ name: store.root, get: (path) => store.get(path) }, follower.current?.treeSize ?? 0, work.number, bundle, (done) => progress.update(done, follower.current?.treeSize)).finally(progress.end);
    printChain(chain, options, say);
    if (chain.problems.length > 0) throw new CliError(`the chain of ${work.number} is not as it must be:\n  ${chain.problems.join('\n  ')}`, 1);
  } else if (options.json) {
    process.stdout.write(`${JSON.stringify({ treeSize: follower.current?.treeSize ?? 0, rootHash: bytesToHex(follower.current?.rootHash ?? new Uint8Array()) })}\n`);
  }
  if (options.follow) await follow(follower, intervalMs, say, progress);
}

async function follow(follower: LogFollower, intervalMs: number, say: (line: string) => void, progress: Progress): Promise<void> {
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort());
  for (;;) {
    await sleep(intervalMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    if (stopping.signal.aborted) return;
    try {
      if (await follower.step().finally(progress.end)) report(follower, say);
    } catch (error) {
      // What proves something ends the command; a network that is down does not.
      if (error instanceof CliError) throw error;
      say(`not reached, trying again: ${(error as Error).message}`);
    }
  }
}

function report(follower: LogFollower, say: (line: string) => void): void {
  const head = follower.current;
  say(head === null ? 'the log is empty' : `${new Date().toISOString()} size ${head.treeSize}, root ${bytesToHex(head.rootHash)}: signature, entries and consistency are right`);
}

function printChain(chain: ProvenChain, options: MirrorOptions, say: (line: string) => void): void {
  if (options.json) {
    process.stdout.write(`${JSON.stringify(chain, null, 2)}\n`);
    return;
  }
  for (const { leafIndex, leafHash, statement } of chain.links) say(`  entry ${leafIndex}  seq ${statement.seq}  ${statement.type}  ${statement.issuedAt}  ${leafHash}`);
  if (chain.problems.length === 0) say(`${chain.subject}: these are all statements of it among the first ${chain.treeSize} entries, seq 0 to ${chain.links.length - 1} without a gap`);
}

async function readBundle(path: string): Promise<ProofBundle> {
  try {
    return parseBundle(await readFile(path, 'utf8'));
  } catch (error) {
    throw new CliError(`${path} is no proof bundle: ${(error as Error).message}`);
  }
}

async function reach<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof CliError) throw error;
    if (error instanceof VerificationError) throw new CliError(`${error.code}: ${error.message}`);
    throw new CliError((error as Error).message);
  }
}
