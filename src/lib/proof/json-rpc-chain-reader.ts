import { keccak_256 } from '@noble/hashes/sha3.js';
import { z } from 'zod';
import { bytesToHex, decodeUtf8, encodeUtf8, hexToBytes } from '../bytes/index.js';
import type { ChainBlock, ChainReader, ChainTransaction } from './chain-reader.js';

const hash = z.string().regex(/^0x[0-9a-fA-F]{64}$/).transform((text) => text.toLowerCase());
const address = z.string().regex(/^0x[0-9a-fA-F]{40}$/).transform((text) => text.toLowerCase());
const data = z.string().regex(/^0x(?:[0-9a-fA-F]{2})*$/).transform((text) => text.slice(2).toLowerCase());
const quantity = z.string().regex(/^0x[0-9a-fA-F]{1,14}$/).transform(Number).refine(Number.isSafeInteger);
const blockSchema = z.object({ hash, timestamp: quantity }).nullable();
const receiptSchema = z.object({ blockNumber: quantity, blockHash: hash, status: quantity, logs: z.array(z.object({ address, topics: z.array(hash) })) }).nullable();
const answerSchema = z.union([z.object({ error: z.object({ message: z.string() }) }), z.object({ result: z.unknown() })]);

/**
 * A chain asked over JSON-RPC. Every method rejects when the server does not answer, or not as Ethereum's JSON-RPC says.
 * What was answered is as true as the server is honest: an attacker who answers here decides what stands on the chain.
 */
export class JsonRpcChainReader implements ChainReader {
  /** @param post sends one request body and answers the response's text; it MUST bound what it reads and how long it waits. Only reads are sent, so that sending again is safe. */
  constructor(private readonly post: (body: string) => Promise<string>) {}

  async chainId(): Promise<number> {
    return this.call('eth_chainId', [], quantity);
  }

  async genesisHash(): Promise<string> {
    const genesis = await this.block(0);
    if (genesis === null) throw new Error('the RPC server has no block 0');
    return genesis.hash;
  }

  async block(number: number): Promise<ChainBlock | null> {
    return this.call('eth_getBlockByNumber', [`0x${number.toString(16)}`, false], blockSchema);
  }

  async transaction(transactionHash: string): Promise<ChainTransaction | null> {
    const receipt = await this.call('eth_getTransactionReceipt', [transactionHash], receiptSchema);
    return receipt === null ? null : { blockNumber: receipt.blockNumber, blockHash: receipt.blockHash, succeeded: receipt.status === 1, logs: receipt.logs };
  }

  async contractOrigin(contract: string): Promise<string> {
    // A call to an address without code answers with nothing, or another contract's refusal.
    if ((await this.call('eth_getCode', [contract, 'latest'], data)) === '') return '';
    return decodeString(await this.read(contract, 'origin()', ''));
  }

  async anchoredAt(contract: string, treeSize: number, rootHashHex: string): Promise<number> {
    const answer = await this.read(contract, 'anchoredAt(uint64,bytes32)', treeSize.toString(16).padStart(64, '0') + rootHashHex);
    return decodeNumber(answer, 0);
  }

  private read(contract: string, signature: string, args: string): Promise<string> {
    const selector = bytesToHex(keccak_256(encodeUtf8(signature)).subarray(0, 4));
    return this.call('eth_call', [{ to: contract, data: `0x${selector}${args}` }, 'latest'], data);
  }

  private async call<T>(method: string, params: readonly unknown[], schema: z.ZodType<T>): Promise<T> {
    const answer = answerSchema.parse(JSON.parse(await this.post(JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }))));
    if ('error' in answer) throw new Error(`${method}: ${answer.error.message.slice(0, 200)}`);
    const parsed = schema.safeParse(answer.result);
    if (!parsed.success) throw new Error(`${method}: an answer of another form`);
    return parsed.data;
  }
}

/** The 32-byte word at a byte offset, as a number. Contract ABI specification, «Formal specification of the encoding». */
function decodeNumber(words: string, at: number): number {
  const word = words.slice(2 * at, 2 * at + 64);
  const value = word.length === 64 ? Number(`0x${word}`) : Number.NaN;
  if (!Number.isSafeInteger(value)) throw new Error('the contract’s answer is no number');
  return value;
}

function decodeString(words: string): string {
  const at = decodeNumber(words, 0);
  const length = decodeNumber(words, at);
  const start = 2 * (at + 32);
  const hex = words.slice(start, start + 2 * length);
  if (hex.length !== 2 * length) throw new Error('the contract’s answer is no text');
  return decodeUtf8(hexToBytes(hex));
}
