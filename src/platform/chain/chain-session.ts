import { z } from 'zod';
import { ChainError, RpcRefusal } from './errors.js';
import type { JsonRpcEndpoint } from './json-rpc-endpoint.js';

const quantity = z.string().regex(/^0x[0-9a-fA-F]{1,64}$/).transform((hex) => BigInt(hex));
const smallQuantity = quantity.refine((value) => value <= BigInt(Number.MAX_SAFE_INTEGER), 'beyond 2^53').transform(Number);
const hash = z.string().regex(/^0x[0-9a-fA-F]{64}$/).transform((hex) => hex.toLowerCase());
const data = z.string().regex(/^0x(?:[0-9a-fA-F]{2})*$/).transform((hex) => hex.toLowerCase());
const address = z.string().regex(/^0x[0-9a-fA-F]{40}$/).transform((hex) => hex.toLowerCase());

const blockSchema = z.object({ number: smallQuantity, hash, timestamp: smallQuantity, baseFeePerGas: quantity.optional() });
const receiptSchema = z.object({
  transactionHash: hash,
  blockNumber: smallQuantity,
  blockHash: hash,
  status: smallQuantity.optional(),
  contractAddress: address.nullish(),
  logs: z.array(z.object({ address, topics: z.array(hash), data, logIndex: smallQuantity })).default([]),
});
const logSchema = z.object({ address, blockNumber: smallQuantity, blockHash: hash, transactionHash: hash, logIndex: smallQuantity, topics: z.array(hash), data });

/** A mined block; `timestamp` in seconds since 1970. */
export interface Block {
  readonly number: number;
  readonly hash: string;
  readonly timestamp: number;
  /** Absent before EIP-1559. */
  readonly baseFeePerGas?: bigint | undefined;
}
export interface TransactionReceipt {
  readonly transactionHash: string;
  readonly blockNumber: number;
  readonly blockHash: string;
  readonly succeeded: boolean;
  readonly contractAddress: string | null;
  readonly logs: readonly { readonly address: string; readonly topics: readonly string[]; readonly data: string; readonly logIndex: number }[];
}
export type EventLog = z.infer<typeof logSchema>;

/** What a node said to a signed transaction. `unknown`: it may have taken it or not. */
export type BroadcastOutcome = 'sent' | 'known' | 'nonce-too-low' | 'underpriced' | 'insufficient-funds' | 'refused' | 'unknown';

export interface CallRequest {
  /** Absent for a deployment. */
  readonly to?: string;
  readonly data: string;
  readonly from?: string;
}

/** The words of geth, Nethermind, Erigon, Besu, reth, anvil and Hardhat; the codes alone (−32000, −32003) say nothing. */
const OUTCOME_OF_WORDS: readonly (readonly [RegExp, BroadcastOutcome])[] = [
  [/already known|known transaction|already imported|alreadyknown|already exists/i, 'known'],
  [/nonce (?:is )?too low|oldnonce|nonce below/i, 'nonce-too-low'],
  [/underpriced|fee too low|feetoolow|less than block base fee|too low to (?:replace|compete)/i, 'underpriced'],
  [/insufficient funds|enough funds|insufficientfunds|upfront cost/i, 'insufficient-funds'],
];

/**
 * One node, asked after its chain id and block 0 were seen. All reads of one piece of work go to the same node, so that they can agree with each
 * other; what it says is still only what one node says.
 */
export class ChainSession {
  constructor(
    private readonly endpoint: JsonRpcEndpoint,
    readonly chainId: number,
    /** Hash of block 0, 0x…: tells one development chain from the next, which has the same id and the same addresses. */
    readonly genesisHash: string,
  ) {}

  get host(): string {
    return this.endpoint.host;
  }

  speaksWith(endpoint: JsonRpcEndpoint): boolean {
    return this.endpoint === endpoint;
  }

  async latestBlock(): Promise<Block> {
    const block = await this.#ask('eth_getBlockByNumber', ['latest', false], blockSchema.nullable());
    if (!block) throw new ChainError('CHAIN.MALFORMED_ANSWER', `${this.host}: no latest block`);
    return block;
  }

  /** @returns null when the node has no finalised block, or does not know the tag. */
  async finalizedBlockNumber(): Promise<number | null> {
    try {
      return (await this.#ask('eth_getBlockByNumber', ['finalized', false], blockSchema.nullable()))?.number ?? null;
    } catch (error) {
      if (error instanceof RpcRefusal) return null;
      throw error;
    }
  }

  block(number: number): Promise<Block | null> {
    return this.#ask('eth_getBlockByNumber', [toQuantity(number), false], blockSchema.nullable());
  }

  /** @returns null when it is not mined as far as this node knows, which may be late. */
  async receipt(transactionHash: string): Promise<TransactionReceipt | null> {
    const receipt = await this.#ask('eth_getTransactionReceipt', [transactionHash], receiptSchema.nullable());
    if (!receipt || receipt.transactionHash !== transactionHash.toLowerCase()) return null;
    return { ...receipt, succeeded: receipt.status === 1, contractAddress: receipt.contractAddress ?? null };
  }

  /** @returns how many transactions of `account` are in the chain up to that block: its next nonce. */
  transactionCount(account: string, atBlock: number): Promise<number> {
    return this.#ask('eth_getTransactionCount', [account, toQuantity(atBlock)], smallQuantity);
  }

  /** In wei. */
  balance(account: string, atBlock: number): Promise<bigint> {
    return this.#ask('eth_getBalance', [account, toQuantity(atBlock)], quantity);
  }

  code(account: string, atBlock: number): Promise<string> {
    return this.#ask('eth_getCode', [account, toQuantity(atBlock)], data);
  }

  /** @throws RpcRefusal with `revertData` when the call reverts. */
  call(request: CallRequest, atBlock: number): Promise<string> {
    return this.#ask('eth_call', [request, toQuantity(atBlock)], data);
  }

  /** On what is mined: some nodes would else count what is pending. @throws RpcRefusal with `revertData` when the transaction would revert. */
  estimateGas(request: CallRequest): Promise<bigint> {
    return this.#ask('eth_estimateGas', [request, 'latest'], quantity);
  }

  /** What a block producer asks per gas, in wei; 1 gwei when the node does not say. */
  async priorityFee(): Promise<bigint> {
    try {
      return await this.#ask('eth_maxPriorityFeePerGas', [], quantity);
    } catch (error) {
      if (error instanceof RpcRefusal) return 1_000_000_000n;
      throw error;
    }
  }

  logs(filter: { address: string; fromBlock: number; toBlock: number; topics: readonly (string | null | readonly string[])[] }): Promise<EventLog[]> {
    return this.#ask('eth_getLogs', [{ ...filter, fromBlock: toQuantity(filter.fromBlock), toBlock: toQuantity(filter.toBlock) }], z.array(logSchema));
  }

  /** Sends signed bytes, in one exchange. Never throws for what the node answers: whoever sends must find out on the chain anyway. */
  async broadcast(raw: string): Promise<{ outcome: BroadcastOutcome; detail: string }> {
    try {
      await this.endpoint.call('eth_sendRawTransaction', [raw], 1);
      return { outcome: 'sent', detail: '' };
    } catch (error) {
      if (!(error instanceof RpcRefusal)) return { outcome: 'unknown', detail: error instanceof Error ? error.message : String(error) };
      if (error.transactionHash !== null) return { outcome: 'sent', detail: error.rpcMessage };
      const known = OUTCOME_OF_WORDS.find(([words]) => words.test(error.rpcMessage));
      return { outcome: known?.[1] ?? 'refused', detail: error.rpcMessage };
    }
  }

  /** Asked again right before a broadcast: the node behind a URL may have been replaced since. */
  async isStillThisChain(): Promise<boolean> {
    const seen = await identify(this.endpoint);
    return seen.chainId === this.chainId && seen.genesisHash === this.genesisHash;
  }

  async #ask<T>(method: string, params: readonly unknown[], schema: z.ZodType<T>): Promise<T> {
    return ask(this.endpoint, method, params, schema);
  }
}

/** Chain id and hash of block 0 as the node says them. */
export async function identify(endpoint: JsonRpcEndpoint): Promise<{ chainId: number; genesisHash: string }> {
  const chainId = await ask(endpoint, 'eth_chainId', [], smallQuantity);
  const genesis = await ask(endpoint, 'eth_getBlockByNumber', ['0x0', false], blockSchema);
  return { chainId, genesisHash: genesis.hash };
}

async function ask<T>(endpoint: JsonRpcEndpoint, method: string, params: readonly unknown[], schema: z.ZodType<T>): Promise<T> {
  const answer = schema.safeParse(await endpoint.call(method, params));
  if (answer.success) return answer.data;
  throw new ChainError('CHAIN.MALFORMED_ANSWER', `${endpoint.host}: ${method}: not the answer of an Ethereum node`, { cause: answer.error });
}

function toQuantity(value: number): string {
  return `0x${value.toString(16)}`;
}
