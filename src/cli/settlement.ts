import { Command } from 'commander';
import { type Deployment, deployRightsSettlement } from '../platform/chain/index.js';
import { CliError } from './cli-error.js';
import { addressOf, assertAddress } from './operator/evm-address.js';
import { OperatorEnvironment, readKeyFile } from './operator/operator-environment.js';

interface DeployOptions {
  readonly rpc?: string;
  readonly deployerKeyFile: string;
  readonly owner: string;
  readonly orderSigner?: string;
  readonly settler?: string;
}

/** `zhengben settlement deploy`. Keys come from files: what stands on a command line is seen by every process. */
export function createSettlementCommand(): Command {
  const deploy = new Command('deploy')
    .description('Deploy the contract RightsSettlement, which holds payments on chain, and print what to set.')
    .requiredOption('--deployer-key-file <file>', 'private key that pays, 0x and 64 hex digits; it gets no role in the contract')
    .requiredOption('--owner <address>', 'cold address that may only change the other two')
    .option('--order-signer <address>', 'address that signs orders; the one of ORDER_SIGNER_KEY_FILE when not given')
    .option('--settler <address>', 'hot address that releases and refunds; the one of SETTLEMENT_KEY_FILE when not given')
    .option('--rpc <url>', 'JSON-RPC URL of the chain; the first of EVM_RPC_URL when not given')
    .action(deployContract);
  return new Command('settlement').description('The contract that holds payments on chain.').addCommand(deploy);
}

async function deployContract(options: DeployOptions): Promise<void> {
  const env = new OperatorEnvironment(process.env);
  const rpcUrl = options.rpc ?? env.value('EVM_RPC_URL')?.split(',')[0]?.trim();
  if (rpcUrl === undefined) throw new CliError('give --rpc URL, or set EVM_RPC_URL');
  const keyOf = (name: string, whose: string): string => addressOf(readKeyFile(env.required(name, `a file with the private key of the ${whose}`), name), name);
  const roles = {
    owner: assertAddress(options.owner, '--owner'),
    orderSigner: assertAddress(options.orderSigner ?? keyOf('ORDER_SIGNER_KEY_FILE', 'order signer'), '--order-signer'),
    settler: assertAddress(options.settler ?? keyOf('SETTLEMENT_KEY_FILE', 'settler'), '--settler'),
  };
  if (new Set(Object.values(roles).map((address) => address.toLowerCase())).size < 3) throw new CliError('owner, order signer and settler are three different addresses: one stolen key must not have two of the roles');
  const deployerKey = readKeyFile(options.deployerKeyFile, '--deployer-key-file');
  addressOf(deployerKey, '--deployer-key-file');
  const deployed = await deploySafely({ rpcUrl, deployerKey, ...roles });
  process.stdout.write(`EVM_CHAIN_ID=${deployed.chainId}\nSETTLEMENT_CONTRACT=${deployed.address}\n`);
  process.stderr.write(`Deployed in block ${deployed.blockNumber} by transaction ${deployed.transactionHash}; owner ${roles.owner}, order signer ${roles.orderSigner}, settler ${roles.settler}.\n` +
    'Set the two variables above, SETTLEMENT_KEY_FILE, ORDER_SIGNER_KEY_FILE and EVM_RPC_URL, and give the settler gas for a release or refund a sale.\n');
}

async function deploySafely(request: Parameters<typeof deployRightsSettlement>[0]): Promise<Deployment> {
  try {
    return await deployRightsSettlement(request);
  } catch (error) {
    throw new CliError(`the contract was not deployed: ${(error as Error).message}`, 1);
  }
}
