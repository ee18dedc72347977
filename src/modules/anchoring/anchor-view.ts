import { toEvmHex } from './anchor-records.js';

/** An anchor that stands: in the chain instance in use, and in its chain as far as the last look at it. EVM values 0x…, in lower case. */
export interface AnchorView {
  readonly chainId: number;
  /** Hash of block 0. */
  readonly genesisHash: string;
  readonly contract: string;
  readonly treeSize: number;
  /** Hex without 0x. */
  readonly rootHash: string;
  readonly status: 'anchored' | 'final';
  readonly transactionHash: string;
  readonly blockNumber: number;
  readonly blockHash: string;
  /** ISO 8601 UTC: the chain's word. */
  readonly blockTime: string;
  /** ISO 8601 UTC: when the service saw it. */
  readonly anchoredAt: string;
  readonly finalAt: string | null;
}

export interface AnchorViewRow {
  chain_id: string;
  genesis_hash: Buffer;
  contract: Buffer;
  tree_size: string;
  root_hash: Buffer;
  status: 'anchored' | 'final';
  transaction_hash: Buffer;
  block_number: string;
  block_hash: Buffer;
  block_time: Date;
  anchored_at: Date;
  final_at: Date | null;
}

/** Live anchors of the current chain instance; add AND…, ORDER BY…. */
export const SELECT_LIVE_ANCHORS = `
  SELECT i.chain_id, i.genesis_hash, i.contract, a.tree_size, a.root_hash, a.status, a.transaction_hash, a.block_number, a.block_hash, a.block_time, a.anchored_at, a.final_at
    FROM anchor a JOIN chain_instance i ON i.id = a.instance_id AND i.is_current
   WHERE a.status IN ('anchored', 'final')`;

export function toAnchorView(row: AnchorViewRow): AnchorView {
  return Object.freeze({
    chainId: Number(row.chain_id),
    genesisHash: toEvmHex(row.genesis_hash),
    contract: toEvmHex(row.contract),
    treeSize: Number(row.tree_size),
    rootHash: row.root_hash.toString('hex'),
    status: row.status,
    transactionHash: toEvmHex(row.transaction_hash),
    blockNumber: Number(row.block_number),
    blockHash: toEvmHex(row.block_hash),
    blockTime: row.block_time.toISOString(),
    anchoredAt: row.anchored_at.toISOString(),
    finalAt: row.final_at?.toISOString() ?? null,
  });
}
