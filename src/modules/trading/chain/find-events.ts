import type { DataSource } from 'typeorm';
import { type ChainSession, type EventLog, parseSettlementEvent, type SettlementEvent } from '../../../platform/chain/index.js';
import { fromHex } from './evm-hex.js';
import type { Look, Witness } from './open-look.js';
import { unlessChainError } from './unless-chain-error.js';

/** Blocks that are looked at again, for what a node that was late had not shown. */
const OVERLAP = 32;
/** Nodes answer so many blocks at a time. */
const MOST_BLOCKS = 2_000;
/** What one node alone has claimed for so long holds up nobody any more. */
const FORGOTTEN_AFTER = 5_000;

/** An event that enough nodes confirm, deep enough. */
export interface FoundEvent {
  readonly event: SettlementEvent;
  readonly transactionHash: string;
  readonly logIndex: number;
  readonly blockNumber: number;
  readonly blockHash: string;
  /** Seconds since 1970. */
  readonly blockTime: number;
}

export interface Found {
  /** New ones, in the order of the chain. */
  readonly events: readonly FoundEvent[];
  /** Up to this block all is known now; null when too few nodes answered. */
  readonly scannedTo: number | null;
  /** How many are claimed by too few. */
  readonly unbelieved: number;
}

/**
 * Looks for events since the last look, at every node: one that only the second of them shows is found as well. What one node claims the others are asked about, by the transaction's receipt, and it is believed when enough
 * of them have it in the same block. A node that fails is left out of this look.
 * @param confirmations an event is found when it has more; its own block is the first.
 */
export async function findEvents(dataSource: DataSource, { instance, witnesses, needed }: Look, confirmations: number): Promise<Found> {
  const from = Math.max(0, instance.scannedTo + 1 - OVERLAP);
  const heard: { witness: Witness; logs: readonly EventLog[] }[] = [];
  for (const witness of witnesses) {
    const logs = await readLogs(witness.session, instance.contract, from, witness.latest.number - confirmations).catch(unlessChainError);
    if (logs !== null) heard.push({ witness, logs });
  }
  const candidates = new Map(heard.flatMap(({ logs }) => logs).map((log) => [keyOf(log), log]));
  const known = await knownKeys(dataSource, instance.id, [...candidates.values()]);
  const events: FoundEvent[] = [];
  const unbelieved: number[] = [];
  for (const [key, log] of candidates) {
    const event = parseSettlementEvent(log);
    if (event === null || known.has(key)) continue;
    const who = [];
    for (const { witness, logs } of heard) {
      if (who.length < needed && (logs.some((one) => isSame(one, log)) || (await confirms(witness.session, log)))) who.push(witness.session);
    }
    const block = who.length < needed ? null : await (who[0] as ChainSession).block(log.blockNumber).catch(unlessChainError);
    if (block?.hash === log.blockHash) events.push({ event, transactionHash: log.transactionHash, logIndex: log.logIndex, blockNumber: log.blockNumber, blockHash: log.blockHash, blockTime: block.timestamp });
    else unbelieved.push(log.blockNumber);
  }
  const heights = heard.map(({ witness }) => witness.latest.number - confirmations).toSorted((a, b) => b - a);
  const agreed = heights[needed - 1] ?? null;
  const waitingAt = unbelieved.filter((block) => agreed !== null && block > agreed - FORGOTTEN_AFTER);
  return {
    events: events.toSorted((a, b) => a.blockNumber - b.blockNumber || a.logIndex - b.logIndex), unbelieved: unbelieved.length,
    scannedTo: agreed === null ? null : Math.min(agreed, ...waitingAt.map((block) => block - 1)),
  };
}

async function readLogs(session: ChainSession, address: string, from: number, to: number): Promise<EventLog[]> {
  const logs: EventLog[] = [];
  for (let fromBlock = from; fromBlock <= to; fromBlock += MOST_BLOCKS) logs.push(...(await session.logs({ address, fromBlock, toBlock: Math.min(to, fromBlock + MOST_BLOCKS - 1), topics: [] })));
  return logs.filter((log) => log.address === address);
}

/** A receipt says the same as a log, out of another of the node's indexes. */
async function confirms(session: ChainSession, log: EventLog): Promise<boolean> {
  const receipt = await session.receipt(log.transactionHash).catch(unlessChainError);
  return receipt !== null && receipt.succeeded && receipt.blockHash === log.blockHash && receipt.logs.some((one) => isSame({ ...log, ...one, topics: [...one.topics] }, log));
}

function isSame(a: EventLog, b: EventLog): boolean {
  return keyOf(a) === keyOf(b) && a.address === b.address && a.data === b.data && a.topics.join() === b.topics.join();
}

function keyOf({ transactionHash, logIndex, blockHash }: Pick<EventLog, 'transactionHash' | 'logIndex' | 'blockHash'>): string {
  return `${transactionHash}/${logIndex}/${blockHash}`;
}

async function knownKeys(dataSource: DataSource, instanceId: number, logs: readonly EventLog[]): Promise<ReadonlySet<string>> {
  const rows: { transaction_hash: string; log_index: number; block_hash: string }[] = await dataSource.query(
    `SELECT '0x' || encode(transaction_hash, 'hex') AS transaction_hash, log_index, '0x' || encode(block_hash, 'hex') AS block_hash FROM chain_event WHERE instance_id = $1 AND transaction_hash = ANY ($2::bytea[]) AND undone_at IS NULL`,
    [instanceId, logs.map((log) => fromHex(log.transactionHash))]);
  return new Set(rows.map((row) => keyOf({ transactionHash: row.transaction_hash, logIndex: row.log_index, blockHash: row.block_hash })));
}
