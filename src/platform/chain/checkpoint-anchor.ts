import { Interface } from 'ethers';
import { bytesToHex, hexToBytes } from '../../lib/bytes/index.js';
import { type Hash, toHash, toTreeSize, type TreeSize } from '../../lib/merkle/index.js';
import { checkpointAnchorAbi } from './abi/checkpoint-anchor.js';
import type { ChainSession, EventLog } from './chain-session.js';
import { ChainError } from './errors.js';

const contractInterface = new Interface(checkpointAnchorAbi);

/** The last checkpoint that a contract accepted; size 0 before the first. `blockTime` in seconds since 1970. */
export interface AnchoredHead {
  readonly treeSize: TreeSize;
  readonly rootHash: Hash;
  readonly blockTime: number;
}

/** Where in the chain a checkpoint was anchored. */
export interface AnchoredEvent {
  readonly transactionHash: string;
  readonly blockNumber: number;
  readonly blockHash: string;
}

/** The contract `CheckpointAnchor` at one address of one chain, read at named blocks. */
export class CheckpointAnchorContract {
  constructor(
    private readonly session: ChainSession,
    readonly address: string,
  ) {}

  /** @returns false when there is no contract at the address. */
  async exists(atBlock: number): Promise<boolean> {
    return (await this.session.code(this.address, atBlock)) !== '0x';
  }

  /** The origin line of the log that it anchors. */
  async origin(atBlock: number): Promise<string> {
    return String((await this.#read('origin', [], atBlock))[0]);
  }

  /** The Ed25519 public key of the log, 32 bytes. */
  async logKey(atBlock: number): Promise<Uint8Array> {
    return fromHex(String((await this.#read('logKey', [], atBlock))[0]));
  }

  /** The address whose transactions it accepts, checksummed. */
  async anchorer(atBlock: number): Promise<string> {
    return String((await this.#read('anchorer', [], atBlock))[0]);
  }

  async head(atBlock: number): Promise<AnchoredHead> {
    const [treeSize, rootHash, blockTime] = await this.#read('head', [], atBlock);
    return { treeSize: toTreeSize(Number(treeSize)), rootHash: toHash(fromHex(String(rootHash))), blockTime: Number(blockTime) };
  }

  /** @returns the time, in seconds since 1970, of the block that anchored this checkpoint; 0 when none has, up to `atBlock`. */
  async anchoredAt(treeSize: TreeSize, rootHash: Hash, atBlock: number): Promise<number> {
    return Number((await this.#read('anchoredAt', [treeSize, toHex(rootHash)], atBlock))[0]);
  }

  /** @returns where this checkpoint was anchored, searched for in a range of blocks; null when it is not there. */
  async findAnchored(treeSize: TreeSize, rootHash: Hash, fromBlock: number, toBlock: number): Promise<AnchoredEvent | null> {
    const topics = contractInterface.encodeFilterTopics('CheckpointAnchored', [treeSize, toHex(rootHash)]).map(String);
    const logs: EventLog[] = await this.session.logs({ address: this.address, fromBlock, toBlock, topics });
    const log = logs.at(-1);
    return log ? { transactionHash: log.transactionHash, blockNumber: log.blockNumber, blockHash: log.blockHash } : null;
  }

  async #read(name: string, args: readonly unknown[], atBlock: number): Promise<readonly unknown[]> {
    const answer = await this.session.call({ to: this.address, data: contractInterface.encodeFunctionData(name, args) }, atBlock);
    try {
      return [...contractInterface.decodeFunctionResult(name, answer)];
    } catch (error) {
      throw new ChainError('CHAIN.MALFORMED_ANSWER', `${this.session.host}: ${name}() of ${this.address} is not a CheckpointAnchor's`, { cause: error });
    }
  }
}

/** The input of a transaction that anchors a checkpoint. @param consistencyProof RFC 9162 §2.1.4, from the contract's head; empty for its first. */
export function encodeAnchorCall(treeSize: TreeSize, rootHash: Hash, consistencyProof: readonly Hash[]): string {
  return contractInterface.encodeFunctionData('anchor', [treeSize, toHex(rootHash), consistencyProof.map(toHex)]);
}

/** @returns the name of the contract's error, e.g. `CheckpointAnchorNotAnchorer`, or null when it is none of them. */
export function parseRevert(revertData: string | null): string | null {
  if (revertData === null || revertData.length < 10) return null;
  return contractInterface.parseError(revertData)?.name ?? null;
}

function toHex(bytes: Uint8Array): string {
  return `0x${bytesToHex(bytes)}`;
}

function fromHex(hex: string): Uint8Array {
  return hexToBytes(hex.slice(2).toLowerCase());
}
