import { stat } from 'node:fs/promises';
import { Command } from 'commander';
import { DomainError, VerificationError } from '../lib/errors/index.js';
import { type Recovery, recoverLog, RecoveryError, TileStore } from '../modules/log/index.js';
import { recoverActorKeys } from '../modules/actor-keys/index.js';
import { recoverRights } from '../modules/licensing/index.js';
import { recoverWorks } from '../modules/works/index.js';
import { blobPath } from '../platform/blobs/index.js';
import { assertServiceRole } from '../platform/database/index.js';
import { openLogSource } from '../platform/tlog/index.js';
import { CliError } from './cli-error.js';
import { openLogKeys, withDatabase } from './operator/log-parts.js';
import { OperatorEnvironment } from './operator/operator-environment.js';
import { Progress } from './progress.js';

interface RecoverOptions {
  readonly from?: string;
  readonly logKey: readonly string[];
}

const PHASES = { verify: 'entries verified', copy: 'entries copied', import: 'entries imported' } as const;

/** `zhengben log recover`: with every service on this database stopped, or closed by what it is missing. */
export function createRecoverCommand(): Command {
  return new Command('recover')
    .description('After an old backup was restored: bring back the statements that the database has lost, from a mirror or from the published log.')
    .option('--from <url|dir>', 'a mirror’s directory or URL; the published log in DATA_DIR when not given')
    .option('--log-key <vkey>', 'a verifier key that counts besides LOG_KEY_FILE: one of before a rotation (repeatable)', (vkey: string, all: readonly string[]) => [...all, vkey], [])
    .addHelpText('after', '\nStop the service first. Interrupted, run it again: it goes on. Exit codes: 0 done, 1 it cannot be recovered like this, 2 unusable input.')
    .action(recover);
}

async function recover(options: RecoverOptions): Promise<void> {
  const env = new OperatorEnvironment(process.env);
  const keys = openLogKeys(env);
  const files = new TileStore({ dataDir: env.dataDir });
  const source = await openLogSource(options.from ?? files.root).catch((error: unknown) => {
    throw new CliError((error as Error).message);
  });
  let progress: { phase: keyof typeof PHASES; line: Progress } | null = null;
  const done = await env.withService((url) => withDatabase(url, async (dataSource) => {
    await assertServiceRole(dataSource).catch((error: unknown) => {
      throw new CliError((error as Error).message);
    });
    return recoverLog({
      dataSource, keys, files, source, vkeys: options.logKey,
      projections: [recoverWorks(async (sha256) => (await stat(blobPath(env.dataDir, sha256)).catch(() => null))?.size ?? null), recoverActorKeys(), recoverRights()],
      onProgress: (phase, count, total) => {
        if (progress?.phase !== phase) {
          progress?.line.end();
          progress = { phase, line: new Progress(PHASES[phase]) };
        }
        progress.line.update(count, total);
      },
    });
  })).catch((error: unknown) => {
    throw explain(error);
  }).finally(() => progress?.line.end());
  process.stdout.write(describe(done));
}

function explain(error: unknown): unknown {
  if (error instanceof RecoveryError) return new CliError([error.message, ...error.problems.map((problem) => `  ${problem}`)].join('\n'), 1);
  if (error instanceof VerificationError || error instanceof DomainError) return new CliError(`${error.code}: ${error.message}`, 1);
  return error;
}

function describe({ fromSize, toSize, inserted, placed, pending }: Recovery): string {
  if (fromSize === toSize) return `the database is at tree size ${toSize}, as the log is: there was nothing to recover\n`;
  return `recovered from tree size ${fromSize} to ${toSize}: ${inserted} statements brought back, ${placed} that were there have their places; ${pending} wait for theirs\n` +
    'What was sealed in the ones brought back (titles, names) is lost, and so are accounts and receipts of that time; the statements have new receipts.\n' +
    'Run «zhengben log fsck», then start the service.\n';
}
