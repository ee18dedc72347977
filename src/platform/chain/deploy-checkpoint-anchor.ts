import { setTimeout as sleep } from 'node:timers/promises';
import { getAddress, getCreateAddress, Interface, ZeroAddress } from 'ethers';
import { bytesToHex } from '../../lib/bytes/index.js';
import { checkpointAnchorAbi, checkpointAnchorBytecode } from './abi/checkpoint-anchor.js';
import { identify, ChainSession, type TransactionReceipt } from './chain-session.js';
import { ChainError } from './errors.js';
import { DEFAULT_ENDPOINT_OPTIONS, JsonRpcEndpoint } from './json-rpc-endpoint.js';
import { TransactionSigner } from './sign-transaction.js';

/** Who pays: a private key (0x and 64 hex digits), or an account that a development node signs for. */
export type Deployer = { readonly deployerKey: string } | { readonly unlocked: string };

export type DeployRequest = Deployer & {
  readonly rpcUrl: string;
  /** Cold address that may only change the anchorer. */
  readonly owner: string;
  /** Hot address that anchors; not the owner's. */
  readonly anchorer: string;
  /** The log's origin line. */
  readonly origin: string;
  /** The log's Ed25519 public key, 32 bytes. */
  readonly logKey: Uint8Array;
  /** The contract of the log that this one succeeds. */
  readonly predecessor?: string;
  /** How long to wait for the block, in milliseconds; 5 minutes when not given. */
  readonly timeoutMs?: number;
};

export interface Deployment {
  /** Checksummed. */
  readonly address: string;
  readonly transactionHash: string;
  readonly blockNumber: number;
  readonly chainId: number;
  readonly genesisHash: string;
}

/**
 * Deploys a `CheckpointAnchor` and waits until it is mined.
 * @throws ChainError CHAIN.UNAVAILABLE when it is not mined in time, CHAIN.REFUSED (with the contract's revert data) when it cannot be.
 */
export function deployCheckpointAnchor(request: DeployRequest): Promise<Deployment> {
  const args = [request.origin, `0x${bytesToHex(request.logKey)}`, request.owner, request.anchorer, request.predecessor ?? ZeroAddress];
  return deployContract(request, checkpointAnchorBytecode + new Interface(checkpointAnchorAbi).encodeDeploy(args).slice(2));
}

/** @param data creation code with the constructor's arguments. @throws ChainError as {@link deployCheckpointAnchor}. */
export async function deployContract(request: Deployer & Pick<DeployRequest, 'rpcUrl' | 'timeoutMs'>, data: string): Promise<Deployment> {
  const stop = new AbortController();
  try {
    const endpoint = new JsonRpcEndpoint(request.rpcUrl, DEFAULT_ENDPOINT_OPTIONS, stop.signal);
    const { chainId, genesisHash } = await identify(endpoint);
    const session = new ChainSession(endpoint, chainId, genesisHash);
    const sent = 'unlocked' in request
      ? await sendUnlocked(endpoint, request.unlocked, data)
      : await sendSigned(session, new TransactionSigner(request.deployerKey), data);
    const receipt = await waitForReceipt(session, sent.transactionHash, request.timeoutMs ?? 300_000);
    if (!receipt.succeeded) throw new ChainError('CHAIN.REFUSED', `the deployment ${sent.transactionHash} was reverted`);
    const address = receipt.contractAddress ?? sent.expectedAddress;
    if (address === null) throw new ChainError('CHAIN.MALFORMED_ANSWER', `${endpoint.host}: a deployment without an address`);
    return { address: getAddress(address), transactionHash: sent.transactionHash, blockNumber: receipt.blockNumber, chainId, genesisHash };
  } finally {
    stop.abort();
  }
}

interface Sent {
  readonly transactionHash: string;
  readonly expectedAddress: string | null;
}

async function sendUnlocked(endpoint: JsonRpcEndpoint, from: string, data: string): Promise<Sent> {
  const hash = await endpoint.call('eth_sendTransaction', [{ from, data }]);
  return { transactionHash: String(hash).toLowerCase(), expectedAddress: null };
}

async function sendSigned(session: ChainSession, signer: TransactionSigner, data: string): Promise<Sent> {
  const latest = await session.latestBlock();
  const nonce = await session.transactionCount(signer.address, latest.number);
  const gas = await session.estimateGas({ from: signer.address, data });
  const priority = await session.priorityFee();
  const { raw, transactionHash } = await signer.sign({
    chainId: session.chainId,
    nonce,
    data,
    gasLimit: (gas * 5n) / 4n,
    maxPriorityFeePerGas: priority,
    maxFeePerGas: (latest.baseFeePerGas ?? 0n) * 2n + priority,
  });
  const { outcome, detail } = await session.broadcast(raw);
  if (outcome !== 'sent' && outcome !== 'known' && outcome !== 'unknown') throw new ChainError('CHAIN.REFUSED', `the deployment was not taken: ${detail}`);
  return { transactionHash, expectedAddress: getCreateAddress({ from: signer.address, nonce }) };
}

async function waitForReceipt(session: ChainSession, transactionHash: string, timeoutMs: number): Promise<TransactionReceipt> {
  const deadline = Date.now() + timeoutMs;
  for (let pause = 20; ; pause = Math.min(pause * 2, 2_000)) {
    const receipt = await session.receipt(transactionHash);
    if (receipt) return receipt;
    if (Date.now() > deadline) throw new ChainError('CHAIN.UNAVAILABLE', `the deployment ${transactionHash} was not mined in ${timeoutMs} ms`);
    await sleep(pause);
  }
}
