import { Command } from 'commander';
import { VerificationError } from '../lib/errors/index.js';
import { parseSignerKey } from '../lib/note/index.js';
import { readPredecessor, type Succession, succeedLog } from '../modules/log/index.js';
import { openLogSource } from '../platform/tlog/index.js';
import { CliError } from './cli-error.js';
import { openLogKeys, withDatabase } from './operator/log-parts.js';
import { OperatorEnvironment } from './operator/operator-environment.js';
import { Progress } from './progress.js';

interface SucceedOptions {
  readonly from: string;
  readonly logKey: readonly string[];
  readonly contract: string;
  readonly size?: string;
}

/** `zhengben log succeed`: the way out when a log, its key or its contract can no longer be trusted. */
export function createSucceedCommand(): Command {
  return new Command('succeed')
    .description('Begin a log that takes the place of another: its first statement names the other’s last good head. DATABASE_URL and LOG_KEY_FILE are the new log’s.')
    .requiredOption('--from <url|dir>', 'a mirror of the log that ends')
    .requiredOption('--log-key <vkey>', 'the verifier key of the log that ends (repeatable)', (vkey: string, all: readonly string[] = []) => [...all, vkey])
    .requiredOption('--contract <chainid:address>', 'the contract that anchored it')
    .option('--size <n>', 'its last good tree size; that of the mirror’s checkpoint when not given')
    .action(succeed);
}

async function succeed(options: SucceedOptions): Promise<void> {
  const env = new OperatorEnvironment(process.env);
  const keys = openLogKeys(env);
  const [, chainId = '', contract = ''] = /^(\d{1,15}):(0x[0-9a-fA-F]{40})$/.exec(options.contract) ?? [];
  if (contract === '') throw new CliError('--contract is CHAINID:ADDRESS');
  if (options.size !== undefined && !/^[1-9]\d{0,15}$/.test(options.size)) throw new CliError('--size is a tree size');
  const progress = new Progress('entries verified');
  const succession: Succession = {
    source: await openLogSource(options.from).catch((error: unknown) => {
      throw new CliError((error as Error).message);
    }),
    vkeys: options.logKey, treeSize: options.size === undefined ? null : Number(options.size), chainId: Number(chainId), contract, onProgress: progress.update,
  };
  try {
    const predecessor = await readPredecessor(succession).finally(progress.end);
    await env.withService((url) => withDatabase(url, (dataSource) => succeedLog(dataSource, keys, parseSignerKey(env.signerKey()), predecessor, succession)));
    process.stdout.write(`${keys.origin} succeeds ${predecessor.origin} at tree size ${predecessor.treeSize}, root ${predecessor.rootHash}\n`);
    process.stderr.write(`Next: zhengben anchor deploy --predecessor ${contract} …, set what it prints, and start the service with LOG_ORIGIN=${keys.origin}. Publish ${keys.vkey} and the new contract.\n` +
      'Keep serving the old log and its mirror: proofs of what it holds stay valid under its own key and contract.\n');
  } catch (error) {
    if (error instanceof RangeError) throw new CliError(error.message, 1);
    if (error instanceof VerificationError) throw new CliError(`${error.code}: ${error.message}`, 1);
    throw error;
  }
}
