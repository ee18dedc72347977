import type { Hash, TreeSize } from '../../lib/merkle/index.js';
import { toHash, toTreeSize } from '../../lib/merkle/index.js';
import type { BroadcastOutcome } from '../../platform/chain/index.js';
import type { AnchorStatus } from './anchor-status.js';

/** EVM hashes and addresses in these records are 0x… in lower case; times are Dates; fees in wei. */
export interface ChainInstance {
  readonly id: number;
  readonly chainId: number;
  readonly genesisHash: string;
  readonly contract: string;
}

/** Where a transaction is mined. */
export interface Mined {
  readonly transactionHash: string;
  readonly blockNumber: number;
  readonly blockHash: string;
  readonly blockTime: Date;
}

export interface AnchorRecord {
  readonly id: string;
  readonly treeSize: TreeSize;
  readonly rootHash: Hash;
  readonly status: AnchorStatus;
  /** Null when another anchored it. */
  readonly nonce: number | null;
  readonly mined: Mined | null;
}

export interface TransactionRecord {
  readonly transactionHash: string;
  readonly anchorId: string;
  readonly kind: 'anchor' | 'cancel';
  readonly previousSize: number | null;
  readonly raw: string;
  readonly gasLimit: bigint;
  readonly maxFeePerGas: bigint;
  readonly maxPriorityFeePerGas: bigint;
  /** What a node said last; null before. */
  readonly lastOutcome: BroadcastOutcome | null;
  /** Seconds since it was first and last taken by a node; null before. */
  readonly broadcastAge: number | null;
  readonly lastBroadcastAge: number | null;
}

/** Of a transaction that no node was given yet. */
export const NEVER_SENT = { lastOutcome: null, broadcastAge: null, lastBroadcastAge: null } as const satisfies Partial<TransactionRecord>;

export interface AnchorRow {
  id: string;
  tree_size: string;
  root_hash: Buffer;
  status: AnchorStatus;
  nonce: string | null;
  transaction_hash: Buffer | null;
  block_number: string | null;
  block_hash: Buffer | null;
  block_time: Date | null;
}

export const ANCHOR_COLUMNS = 'a.id, a.tree_size, a.root_hash, a.status, a.nonce, a.transaction_hash, a.block_number, a.block_hash, a.block_time';

export function toAnchorRecord(row: AnchorRow): AnchorRecord {
  const { transaction_hash: transactionHash, block_hash: blockHash, block_time: blockTime } = row;
  return {
    id: row.id,
    treeSize: toTreeSize(Number(row.tree_size)),
    rootHash: toHash(new Uint8Array(row.root_hash)),
    status: row.status,
    nonce: row.nonce === null ? null : Number(row.nonce),
    mined: transactionHash && blockHash && blockTime
      ? { transactionHash: toEvmHex(transactionHash), blockNumber: Number(row.block_number), blockHash: toEvmHex(blockHash), blockTime }
      : null,
  };
}

/** Bytes of PostgreSQL as 0x…, in lower case. */
export function toEvmHex(bytes: Buffer): string {
  return `0x${bytes.toString('hex')}`;
}

export function fromEvmHex(hex: string): Buffer {
  return Buffer.from(hex.slice(2), 'hex');
}
