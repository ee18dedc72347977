import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Command } from 'commander';
import { makeBackup } from './backup/make-backup.js';
import { CliError } from './cli-error.js';
import { OperatorEnvironment } from './operator/operator-environment.js';

/** `zhengben backup`: needs no pg_dump, and no pause of the service. */
export function createBackupCommand(): Command {
  return new Command('backup')
    .description('Copy the database, the files of works and the published log into a new directory, as of one moment.')
    .argument('<dir>', 'a directory that does not exist; it appears when the backup is whole')
    .addHelpText('after', '\nKeys are not part of it: keep LOG_KEY_FILE and ANCHOR_KEY_FILE elsewhere. Exit codes: 0 done, 1 files of works are missing or damaged (the rest is saved), 2 not done.')
    .action(backup);
}

async function backup(directory: string): Promise<void> {
  const env = new OperatorEnvironment(process.env);
  const target = resolve(directory);
  if (await stat(target).then(() => true, () => false)) throw new CliError(`${target} exists; a backup is never overwritten`);
  const result = await env.withOwner((ownerUrl) => makeBackup({ ownerUrl, dataDir: env.dataDir, target, say: (line) => process.stdout.write(`${line}\n`) })).catch((error: unknown) => {
    throw error instanceof CliError ? error : new CliError(`no backup was made: ${(error as Error).message}`);
  });
  process.stdout.write(`${target}: tree size ${result.treeSize}, ${result.rows} rows, ${result.blobs} files. It holds personal data and password hashes: keep it where no one else can read it.\n`);
  if (result.damaged.length > 0) throw new CliError(`${result.damaged.length} files of works are missing or damaged on disk:\n  ${result.damaged.slice(0, 100).join('\n  ')}`, 1);
}
