import { hexToBytes } from '../../lib/bytes/index.js';
import { toHash, toTreeSize } from '../../lib/merkle/index.js';
import type { ChainReader } from '../../lib/proof/index.js';
import { ChainSession, identify } from './chain-session.js';
import { CheckpointAnchorContract } from './checkpoint-anchor.js';
import { DEFAULT_ENDPOINT_OPTIONS, JsonRpcEndpoint } from './json-rpc-endpoint.js';

/** The verifier's port to a chain, over one JSON-RPC URL that the user of the verifier trusts. Opens no connection before it is asked. */
export function createChainReader(rpcUrl: string): ChainReader {
  const endpoint = new JsonRpcEndpoint(rpcUrl, DEFAULT_ENDPOINT_OPTIONS, new AbortController().signal);
  let opened: Promise<ChainSession> | null = null;
  const session = (): Promise<ChainSession> => {
    opened ??= identify(endpoint).then(
      ({ chainId, genesisHash }) => new ChainSession(endpoint, chainId, genesisHash),
      (error: unknown) => {
        opened = null;
        throw error;
      },
    );
    return opened;
  };
  const latest = async (): Promise<[ChainSession, number]> => {
    const chain = await session();
    return [chain, (await chain.latestBlock()).number];
  };
  return {
    chainId: async () => (await session()).chainId,
    genesisHash: async () => (await session()).genesisHash,
    async contractOrigin(contract) {
      const [chain, number] = await latest();
      return new CheckpointAnchorContract(chain, contract).origin(number);
    },
    async anchoredAt(contract, treeSize, rootHashHex) {
      const [chain, number] = await latest();
      return new CheckpointAnchorContract(chain, contract).anchoredAt(toTreeSize(treeSize), toHash(hexToBytes(rootHashHex)), number);
    },
    transaction: async (hash) => (await session()).receipt(hash),
    block: async (number) => (await session()).block(number),
  };
}
