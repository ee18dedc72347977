import type { Hash, TreeSize } from '../../lib/merkle/index.js';
import type { BroadcastOutcome } from '../../platform/chain/index.js';
import type { Tx } from '../../platform/database/index.js';
import {
  ANCHOR_COLUMNS, type AnchorRecord, type AnchorRow, type ChainInstance, fromEvmHex, type Mined, toAnchorRecord, toEvmHex, type TransactionRecord,
} from './anchor-records.js';
import { type AnchorStatus, IN_FLIGHT } from './anchor-status.js';

interface InstanceRow { id: number; chain_id: string; genesis_hash: Buffer; contract: Buffer }

export async function currentInstance(tx: Tx): Promise<ChainInstance | null> {
  const [row] = await tx.query<InstanceRow[]>('SELECT id, chain_id, genesis_hash, contract FROM chain_instance WHERE is_current');
  return row ? { id: row.id, chainId: Number(row.chain_id), genesisHash: toEvmHex(row.genesis_hash), contract: toEvmHex(row.contract) } : null;
}

/**
 * Makes this instance the current one. Anchors of all others become chain-lost; if it was left before and has come back, its own are reopened.
 * @returns it, and how many anchors were lost.
 */
export async function enterInstance(tx: Tx, epoch: string, seen: Omit<ChainInstance, 'id'>): Promise<{ instance: ChainInstance; lost: number }> {
  await tx.query('UPDATE chain_instance SET is_current = false, lease_epoch = $1 WHERE is_current', [epoch]);
  const [row] = await tx.query<{ id: number }[]>(
    `INSERT INTO chain_instance (chain_id, genesis_hash, contract, is_current, lease_epoch) VALUES ($2, $3, $4, true, $1)
     ON CONFLICT (chain_id, genesis_hash, contract) DO UPDATE SET is_current = true, lease_epoch = $1 RETURNING id`,
    [epoch, seen.chainId, fromEvmHex(seen.genesisHash), fromEvmHex(seen.contract)],
  );
  if (!row) throw new Error('a chain instance was not stored');
  const [, lost] = await tx.query<[unknown, number]>(
    `UPDATE anchor SET status = 'chain-lost', lease_epoch = $1 WHERE instance_id <> $2 AND status <> 'chain-lost'`, [epoch, row.id]);
  await tx.query(
    `UPDATE anchor SET status = 'reopened', lease_epoch = $1, ${CLEARED} WHERE instance_id = $2 AND status = 'chain-lost'`, [epoch, row.id]);
  return { instance: { id: row.id, ...seen }, lost };
}

export async function insertPrepared(
  tx: Tx, epoch: string, instance: ChainInstance, anchor: { treeSize: TreeSize; rootHash: Hash; sender: string; nonce: number },
): Promise<string> {
  const [row] = await tx.query<{ id: string }[]>(
    `INSERT INTO anchor (instance_id, tree_size, root_hash, status, sender, nonce, lease_epoch) VALUES ($2, $3, $4, 'prepared', $5, $6, $1) RETURNING id`,
    [epoch, instance.id, anchor.treeSize, Buffer.from(anchor.rootHash), fromEvmHex(anchor.sender), anchor.nonce],
  );
  if (!row) throw new Error('an anchor was not stored');
  return row.id;
}

/** An anchor that the contract has and the database does not. */
export async function insertAdopted(tx: Tx, epoch: string, instance: ChainInstance, anchor: { treeSize: TreeSize; rootHash: Hash; mined: Mined }): Promise<void> {
  await tx.query(
    `INSERT INTO anchor (instance_id, tree_size, root_hash, status, transaction_hash, block_number, block_hash, block_time, anchored_at, lease_epoch)
     VALUES ($2, $3, $4, 'anchored', $5, $6, $7, $8, now(), $1)`,
    [epoch, instance.id, anchor.treeSize, Buffer.from(anchor.rootHash), ...minedValues(anchor.mined)],
  );
}

export async function insertTransaction(
  tx: Tx, epoch: string, instance: ChainInstance,
  transaction: Omit<TransactionRecord, 'broadcastAge' | 'lastBroadcastAge' | 'lastOutcome'> & { sender: string; nonce: number; replaces: string | null },
): Promise<void> {
  await tx.query(
    `INSERT INTO anchor_transaction (lease_epoch, instance_id, transaction_hash, anchor_id, sender, nonce, kind, previous_size, raw, gas_limit,
                                     max_fee_per_gas, max_priority_fee_per_gas, replaces)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
    [epoch, instance.id, fromEvmHex(transaction.transactionHash), transaction.anchorId, fromEvmHex(transaction.sender), transaction.nonce, transaction.kind,
      transaction.previousSize, fromEvmHex(transaction.raw), String(transaction.gasLimit), String(transaction.maxFeePerGas),
      String(transaction.maxPriorityFeePerGas), transaction.replaces === null ? null : fromEvmHex(transaction.replaces)],
  );
}

/** @param taken whether a node has it now, as far as its answer says. */
export async function noteBroadcast(tx: Tx, epoch: string, instance: ChainInstance, transaction: TransactionRecord, outcome: BroadcastOutcome, taken: boolean): Promise<void> {
  await tx.query(
    `UPDATE anchor_transaction SET last_outcome = $4, lease_epoch = $1,
            broadcast_at = CASE WHEN $5 THEN coalesce(broadcast_at, clock_timestamp()) ELSE broadcast_at END,
            last_broadcast_at = CASE WHEN $5 THEN clock_timestamp() ELSE last_broadcast_at END
      WHERE instance_id = $2 AND transaction_hash = $3`,
    [epoch, instance.id, fromEvmHex(transaction.transactionHash), outcome, taken],
  );
  if (taken) {
    await tx.query(`UPDATE anchor SET status = 'broadcast', lease_epoch = $1 WHERE id = $2 AND status IN ('prepared', 'reopened')`, [epoch, transaction.anchorId]);
  }
}

export async function markAnchored(tx: Tx, epoch: string, anchorId: string, mined: Mined): Promise<void> {
  await tx.query(
    `UPDATE anchor SET status = 'anchored', anchored_at = now(), lease_epoch = $1, transaction_hash = $3, block_number = $4, block_hash = $5, block_time = $6 WHERE id = $2`,
    [epoch, anchorId, ...minedValues(mined)],
  );
}

/** It ended without being anchored, in the transaction that is mined there (unknown when another one took the nonce). */
export async function markEnded(tx: Tx, epoch: string, anchorId: string, status: Extract<AnchorStatus, 'reverted' | 'superseded'>, mined: Mined | null): Promise<void> {
  await tx.query(
    `UPDATE anchor SET status = $3, lease_epoch = $1, transaction_hash = $4, block_number = $5, block_hash = $6, block_time = $7 WHERE id = $2`,
    [epoch, anchorId, status, ...(mined ? minedValues(mined) : [null, null, null, null])],
  );
}

export async function markReopened(tx: Tx, epoch: string, anchorId: string): Promise<void> {
  await tx.query(`UPDATE anchor SET status = 'reopened', lease_epoch = $1, ${CLEARED} WHERE id = $2`, [epoch, anchorId]);
}

export async function markFinal(tx: Tx, epoch: string, instance: ChainInstance, upToBlock: number): Promise<void> {
  await tx.query(
    `UPDATE anchor SET status = 'final', final_at = now(), lease_epoch = $1 WHERE instance_id = $2 AND status = 'anchored' AND block_number <= $3`,
    [epoch, instance.id, upToBlock],
  );
}

/** The lowest block of an anchor that is not final; null when there is none. */
export async function lowestNotFinal(tx: Tx, instance: ChainInstance): Promise<number | null> {
  const [row] = await tx.query<{ lowest: string | null }[]>(`SELECT min(block_number) AS lowest FROM anchor WHERE instance_id = $1 AND status = 'anchored'`, [instance.id]);
  return row?.lowest ? Number(row.lowest) : null;
}

/** Those that wait for the chain, in the order that it must take them in. */
export async function inFlight(tx: Tx, instance: ChainInstance): Promise<AnchorRecord[]> {
  const rows = await tx.query<AnchorRow[]>(
    `SELECT ${ANCHOR_COLUMNS} FROM anchor a WHERE instance_id = $1 AND status = ANY ($2) ORDER BY nonce NULLS FIRST, tree_size`, [instance.id, [...IN_FLIGHT]]);
  return rows.map(toAnchorRecord);
}

/** Live anchors from the highest block down. */
export async function liveByBlock(tx: Tx, instance: ChainInstance, limit: number): Promise<AnchorRecord[]> {
  const rows = await tx.query<AnchorRow[]>(
    `SELECT ${ANCHOR_COLUMNS} FROM anchor a WHERE instance_id = $1 AND status IN ('anchored', 'final') ORDER BY block_number DESC, tree_size DESC LIMIT $2`,
    [instance.id, limit],
  );
  return rows.map(toAnchorRecord);
}

export async function liveAt(tx: Tx, instance: ChainInstance, treeSize: TreeSize): Promise<AnchorRecord | null> {
  const [row] = await tx.query<AnchorRow[]>(
    `SELECT ${ANCHOR_COLUMNS} FROM anchor a WHERE instance_id = $1 AND tree_size = $2 AND status IN ('anchored', 'final')`, [instance.id, treeSize]);
  return row ? toAnchorRecord(row) : null;
}

/** Ended ones whose nonce the chain does not count as used (any more). */
export async function endedFromNonce(tx: Tx, instance: ChainInstance, sender: string, nonce: number): Promise<AnchorRecord[]> {
  const rows = await tx.query<AnchorRow[]>(
    `SELECT ${ANCHOR_COLUMNS} FROM anchor a WHERE instance_id = $1 AND sender = $2 AND nonce >= $3 AND status IN ('reverted', 'superseded')`,
    [instance.id, fromEvmHex(sender), nonce],
  );
  return rows.map(toAnchorRecord);
}

/** What the database knows of the chain: the highest block that something of ours stands in, and the next nonce. */
export async function knownOfChain(tx: Tx, instance: ChainInstance, sender: string): Promise<{ highestBlock: number; nextNonce: number }> {
  const [row] = await tx.query<{ highest: string | null; next: string | null }[]>(
    `SELECT (SELECT max(block_number) FROM anchor WHERE instance_id = $1) AS highest,
            (SELECT max(nonce) + 1 FROM anchor WHERE instance_id = $1 AND sender = $2) AS next`,
    [instance.id, fromEvmHex(sender)],
  );
  return { highestBlock: Number(row?.highest ?? 0), nextNonce: Number(row?.next ?? 0) };
}

/** All transactions of an anchor, the newest first. */
export async function transactionsOf(tx: Tx, anchor: AnchorRecord): Promise<TransactionRecord[]> {
  const rows = await tx.query<TransactionRow[]>(
    `SELECT transaction_hash, anchor_id, kind, previous_size, raw, gas_limit, max_fee_per_gas, max_priority_fee_per_gas, last_outcome,
            extract(epoch FROM clock_timestamp() - broadcast_at) AS age, extract(epoch FROM clock_timestamp() - last_broadcast_at) AS last_age
       FROM anchor_transaction WHERE anchor_id = $1 ORDER BY max_fee_per_gas DESC`,
    [anchor.id],
  );
  return rows.map((row) => ({
    transactionHash: toEvmHex(row.transaction_hash),
    anchorId: row.anchor_id,
    kind: row.kind,
    previousSize: row.previous_size === null ? null : Number(row.previous_size),
    raw: toEvmHex(row.raw),
    gasLimit: BigInt(row.gas_limit),
    maxFeePerGas: BigInt(row.max_fee_per_gas),
    maxPriorityFeePerGas: BigInt(row.max_priority_fee_per_gas),
    lastOutcome: row.last_outcome,
    broadcastAge: row.age === null ? null : Number(row.age),
    lastBroadcastAge: row.last_age === null ? null : Number(row.last_age),
  }));
}

interface TransactionRow {
  transaction_hash: Buffer;
  anchor_id: string;
  kind: 'anchor' | 'cancel';
  previous_size: string | null;
  raw: Buffer;
  gas_limit: string;
  max_fee_per_gas: string;
  max_priority_fee_per_gas: string;
  last_outcome: BroadcastOutcome | null;
  age: string | null;
  last_age: string | null;
}

const CLEARED = 'transaction_hash = NULL, block_number = NULL, block_hash = NULL, block_time = NULL, anchored_at = NULL, final_at = NULL';

function minedValues(mined: Mined): [Buffer, number, Buffer, Date] {
  return [fromEvmHex(mined.transactionHash), mined.blockNumber, fromEvmHex(mined.blockHash), mined.blockTime];
}
