import { Command } from 'commander';
import { parseVerifierKey } from '../lib/note/index.js';
import { fsckLog, type FsckReport, TileStore } from '../modules/log/index.js';
import { CliError } from './cli-error.js';
import { openLogKeys, withDatabase } from './operator/log-parts.js';
import { OperatorEnvironment } from './operator/operator-environment.js';
import { Progress } from './progress.js';

interface FsckOptions {
  readonly logKey: readonly string[];
  readonly files: boolean;
  readonly json?: true;
}

/** `zhengben log fsck`: as the service's role, beside a running service if need be. */
export function createFsckCommand(): Command {
  return new Command('fsck')
    .description('Rebuild the log from the raw statements and name everything in the database and among the published files that differs.')
    .option('--log-key <vkey>', 'the log’s verifier key, instead of LOG_KEY_FILE (repeatable)', (vkey: string, all: readonly string[]) => [...all, vkey], [])
    .option('--no-files', 'leave the published files unchecked')
    .option('--json', 'print the report as JSON')
    .addHelpText('after', '\nExit codes: 0 all is as it must be, 1 something differs, 2 unusable input or no database.')
    .action(fsck);
}

async function fsck(options: FsckOptions): Promise<void> {
  const env = new OperatorEnvironment(process.env);
  const vkeys = options.logKey.length > 0 ? options.logKey.map(assertVerifierKey) : openLogKeys(env).vkeys;
  const progress = new Progress('leaves');
  const files = options.files ? new TileStore({ dataDir: env.dataDir }) : null;
  const report = await env.withService((url) => withDatabase(url, (dataSource) => fsckLog({ dataSource, files, vkeys, onProgress: progress.update }))).finally(progress.end);
  process.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : format(report));
  process.exitCode = report.ok ? 0 : 1;
}

function assertVerifierKey(vkey: string): string {
  try {
    parseVerifierKey(vkey);
    return vkey;
  } catch (error) {
    throw new CliError(`--log-key: ${vkey} is not a verifier key (${(error as Error).message})`);
  }
}

function format(report: FsckReport): string {
  const lines = report.findings.map(({ kind, where, detail }) => `${kind}: ${where}: ${detail}`);
  if (report.findingsTotal > lines.length) lines.push(`… and ${report.findingsTotal - lines.length} more`);
  lines.push(...report.notes);
  const checked = `${report.treeSize} leaves, ${report.pending} waiting, ${report.checkpoints} checkpoints, ${report.files} files; root ${report.rootHash}`;
  lines.push(report.ok ? `the log is as its statements say: ${checked}` : `${report.findingsTotal} differences in ${checked}`);
  return `${lines.join('\n')}\n`;
}
