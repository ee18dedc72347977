import { Command } from 'commander';
import { bytesToHex } from '../lib/bytes/index.js';
import { parseSignerKey, parseVerifierKey } from '../lib/note/index.js';
import { type Deployment, deployCheckpointAnchor } from '../platform/chain/index.js';
import { CliError } from './cli-error.js';
import { addressOf, assertAddress } from './operator/evm-address.js';
import { OperatorEnvironment, readKeyFile } from './operator/operator-environment.js';

interface DeployOptions {
  readonly rpc?: string;
  readonly deployerKeyFile: string;
  readonly owner: string;
  readonly anchorer?: string;
  readonly logKey?: string;
  readonly predecessor?: string;
}

/** `zhengben anchor deploy`. Keys come from files: what stands on a command line is seen by every process. */
export function createAnchorCommand(): Command {
  const deploy = new Command('deploy')
    .description('Deploy the contract CheckpointAnchor of a log, and print what to set.')
    .requiredOption('--deployer-key-file <file>', 'private key that pays, 0x and 64 hex digits; it gets no role in the contract')
    .requiredOption('--owner <address>', 'cold address that may only change the anchorer')
    .option('--anchorer <address>', 'hot address that anchors; the one of ANCHOR_KEY_FILE when not given')
    .option('--rpc <url>', 'JSON-RPC URL of the chain; the first of EVM_RPC_URL when not given')
    .option('--log-key <vkey>', 'the log’s verifier key, whose name is its origin; that of LOG_KEY_FILE when not given')
    .option('--predecessor <address>', 'contract of the log that this one succeeds')
    .action(deployContract);
  return new Command('anchor').description('The contract that anchors the log.').addCommand(deploy);
}

async function deployContract(options: DeployOptions): Promise<void> {
  const env = new OperatorEnvironment(process.env);
  const rpcUrl = options.rpc ?? env.value('EVM_RPC_URL')?.split(',')[0]?.trim();
  if (rpcUrl === undefined) throw new CliError('give --rpc URL, or set EVM_RPC_URL');
  const logKey = readLogKey(options, env);
  const anchorer = options.anchorer ?? addressOf(readKeyFile(env.required('ANCHOR_KEY_FILE', 'a file with the private key of the anchorer'), 'ANCHOR_KEY_FILE'), 'ANCHOR_KEY_FILE');
  const deployerKey = readKeyFile(options.deployerKeyFile, '--deployer-key-file');
  addressOf(deployerKey, '--deployer-key-file');
  const owner = assertAddress(options.owner, '--owner');
  const deployed = await deploySafely({
    rpcUrl, deployerKey, owner, anchorer: assertAddress(anchorer, '--anchorer'), origin: logKey.name, logKey: logKey.publicKey,
    ...(options.predecessor === undefined ? {} : { predecessor: assertAddress(options.predecessor, '--predecessor') }),
  });
  process.stdout.write(`EVM_CHAIN_ID=${deployed.chainId}\nANCHOR_CONTRACT=${deployed.address}\n`);
  process.stderr.write(`Deployed in block ${deployed.blockNumber} by transaction ${deployed.transactionHash}; origin ${logKey.name}, log key ${bytesToHex(logKey.publicKey)}, anchorer ${anchorer}, owner ${owner}.\n` +
    `Set the two variables above, LOG_ORIGIN=${logKey.name} and EVM_RPC_URL, and publish ${deployed.chainId}:${deployed.address} where verifiers can learn it: zhengben verify --contract ${deployed.chainId}:${deployed.address}\n`);
}

function readLogKey(options: DeployOptions, env: OperatorEnvironment): { name: string; publicKey: Uint8Array } {
  try {
    return options.logKey === undefined ? parseSignerKey(env.signerKey()).verifierKey : parseVerifierKey(options.logKey);
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw new CliError(`the log key cannot be used: ${(error as Error).message}`);
  }
}

async function deploySafely(request: Parameters<typeof deployCheckpointAnchor>[0]): Promise<Deployment> {
  try {
    return await deployCheckpointAnchor(request);
  } catch (error) {
    throw new CliError(`the contract was not deployed: ${(error as Error).message}`, 1);
  }
}
