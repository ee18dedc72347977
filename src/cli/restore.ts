import { resolve } from 'node:path';
import { Command } from 'commander';
import { readManifest, verifyBackup } from './backup/manifest.js';
import { assertEmpty, restoreDatabase } from './backup/restore-database.js';
import { restoreFiles } from './backup/restore-files.js';
import { CliError } from './cli-error.js';
import { OperatorEnvironment } from './operator/operator-environment.js';
import { Progress } from './progress.js';

/** `zhengben restore`: into an empty database only. */
export function createRestoreCommand(): Command {
  return new Command('restore')
    .description('Bring a backup into an empty database and DATA_DIR, after checking every digest.')
    .argument('<dir>', 'a directory that «zhengben backup» made')
    .addHelpText('after', '\nA log in DATA_DIR that was published beyond the backup is left as it is; «zhengben log recover» then brings back what the database lacks.\nExit codes: 0 done, 1 the backup is damaged, 2 not done.')
    .action(restore);
}

async function restore(directory: string): Promise<void> {
  const env = new OperatorEnvironment(process.env);
  const source = resolve(directory);
  const manifest = await readManifest(source);
  const checking = new Progress('files checked');
  await verifyBackup(source, manifest, checking.update).finally(checking.end);
  await env.withOwner(async (ownerUrl) => {
    await assertEmpty(ownerUrl, manifest);
    const copying = new Progress('files');
    // Files first: once the database is there, all that it refers to is. Interrupted before that, the database is still empty and the command runs again.
    const { newerLog } = await restoreFiles(source, manifest, env.dataDir, copying.update).finally(copying.end);
    await restoreDatabase(ownerUrl, source, manifest);
    process.stdout.write(`restored the backup of ${manifest.createdAt}: tree size ${manifest.treeSize}\n`);
    if (newerLog !== null) {
      process.stdout.write(`The log in ${env.dataDir}/log was published to tree size ${newerLog}: the service will not sign until «zhengben log recover» has brought back what lies between.\n`);
    } else {
      process.stdout.write('If anything was logged after this backup, bring it back before you start the service: zhengben log recover --from URL|DIR of a mirror. To start without would fork the log.\n');
    }
  }).catch((error: unknown) => {
    throw error instanceof CliError ? error : new CliError(`not restored: ${(error as Error).message}`);
  });
}
