import { equalBytes } from '../../lib/bytes/index.js';
import { ChainClient, ChainError, CheckpointAnchorContract, type EndpointOptions, RpcRefusal } from '../../platform/chain/index.js';

export interface ChainSettings {
  readonly rpcUrls: readonly string[];
  readonly chainId: number;
  /** Address of the `CheckpointAnchor`, 0x…. */
  readonly contract: string;
  readonly origin: string;
  /** Ed25519 public keys of the log, 32 bytes each: the current one and those of before a rotation. A contract keeps the first for ever. */
  readonly logKeys: readonly Uint8Array[];
}

/**
 * Before the first request: does the chain see the settings as we do? A service that anchors into another log's contract would find out
 * only when its users ask.
 * @returns what is wrong, a line each. Empty when any URL confirms the settings, and when none answers: a chain that is down keeps nobody from starting.
 */
export async function findChainProblems(settings: ChainSettings, options: Partial<EndpointOptions>): Promise<string[]> {
  const found = await Promise.all(settings.rpcUrls.map((url) => askOne(url, settings, options)));
  if (found.some((problems) => problems?.length === 0)) return [];
  return [...new Set(found.flatMap((problems) => problems ?? []))];
}

/** @returns null when the node does not answer, or not as a node. */
async function askOne(url: string, { chainId, contract: address, origin, logKeys }: ChainSettings, options: Partial<EndpointOptions>): Promise<string[] | null> {
  const chain = new ChainClient([url], chainId, options);
  try {
    const session = await chain.connect(null);
    const { number } = await session.latestBlock();
    const contract = new CheckpointAnchorContract(session, address);
    if (!(await contract.exists(number))) return [`ANCHOR_CONTRACT: there is no contract at ${address} on chain ${chainId} (deploy one with «zhengben anchor deploy»)`];
    const problems: string[] = [];
    const anchored = await contract.origin(number);
    if (anchored !== origin) problems.push(`ANCHOR_CONTRACT: ${address} anchors the log «${anchored}», and LOG_ORIGIN is «${origin}»`);
    const logKey = await contract.logKey(number);
    if (!logKeys.some((key) => equalBytes(key, logKey))) problems.push(`ANCHOR_CONTRACT: ${address} was deployed for another log key than the one in LOG_KEY_FILE`);
    return problems;
  } catch (error) {
    if (!(error instanceof ChainError)) throw error;
    if (error.code === 'CHAIN.WRONG_CHAIN') return [`EVM_CHAIN_ID: ${error.message}`];
    const isNotAContractOfOurs = error instanceof RpcRefusal ? error.revertData !== null : error.code === 'CHAIN.MALFORMED_ANSWER' && error.message.includes(address);
    if (isNotAContractOfOurs) return [`ANCHOR_CONTRACT: what stands at ${address} is not a CheckpointAnchor`];
    return null;
  } finally {
    chain.close();
  }
}
