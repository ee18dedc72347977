import { readFile } from 'node:fs/promises';
import { Wallet } from 'ethers';
import { deployRightsSettlement, deployTestToken } from '../platform/chain/index.js';
import { ensureEvmKeyFile } from './dev-keys.js';

export interface DevSettlement {
  /** What the service is configured with. */
  readonly environment: Record<string, string>;
  /** Gas comes from its owner. */
  readonly settler: string;
  /** An ERC-20 that anybody mints: nothing that is paid in it is worth anything. */
  readonly token: string;
}

/** Payment on chain for development: a settlement contract, keys for its two roles in `<dataDir>/keys`, and a token. @param owner an account that the node signs for; pays, and owns the contract. */
export async function deployDevSettlement({ rpcUrl, dataDir, owner }: { readonly rpcUrl: string; readonly dataDir: string; readonly owner: string }): Promise<DevSettlement> {
  const [settlerFile, signerFile] = [await ensureEvmKeyFile(dataDir, 'settlement.key'), await ensureEvmKeyFile(dataDir, 'order-signer.key')];
  const [settler, orderSigner] = (await Promise.all([settlerFile, signerFile].map((path) => readFile(path, 'utf8')))).map((key) => new Wallet(key.trim()).address) as [string, string];
  const deployer = { rpcUrl, unlocked: owner };
  // One after the other: the node numbers the transactions of one account.
  const { address } = await deployRightsSettlement({ ...deployer, owner, orderSigner, settler });
  const { address: token } = await deployTestToken({ ...deployer, name: 'Zhengben test token', symbol: 'ZBT', decimals: 6 });
  return { settler, token, environment: { SETTLEMENT_CONTRACT: address, SETTLEMENT_KEY_FILE: settlerFile, ORDER_SIGNER_KEY_FILE: signerFile, SETTLEMENT_TOKENS: token, SETTLEMENT_CONFIRMATIONS: '0', SETTLEMENT_INTERVAL: '1' } };
}
