import type { DataSource } from 'typeorm';
import type { Tx } from '../../../platform/database/index.js';
import { transact } from '../../../platform/database/index.js';
import { writePoint } from '../../../platform/fault-points/index.js';
import { fromHex, toHex } from './evm-hex.js';

/** One contract on one chain that begins with one block 0. */
export interface SettlementInstance {
  readonly id: number;
  readonly chainId: number;
  readonly genesisHash: string;
  /** Lower case. */
  readonly contract: string;
  /** All events up to this block are known. */
  readonly scannedTo: number;
}

interface Row { id: number; chain_id: string; genesis_hash: Buffer; contract: Buffer; scanned_to: string }

const COLUMNS = 'i.id, i.chain_id, i.genesis_hash, i.contract, i.scanned_to';

function fromRow(row: Row): SettlementInstance {
  return { id: row.id, chainId: Number(row.chain_id), genesisHash: toHex(row.genesis_hash), contract: toHex(row.contract), scannedTo: Number(row.scanned_to) };
}

export async function currentInstance(db: Pick<DataSource, 'query'>): Promise<SettlementInstance | null> {
  const [row] = await db.query<Row[]>(`SELECT ${COLUMNS} FROM settlement_instance i WHERE i.is_current`);
  return row === undefined ? null : fromRow(row);
}

/** Earlier contracts of the same chain that orders were signed for: payments may still be in them, and what they owe is withdrawn whenever its owners like. */
export async function earlierInstances(db: Pick<DataSource, 'query'>, { id, chainId, genesisHash }: SettlementInstance): Promise<SettlementInstance[]> {
  const rows = await db.query<Row[]>(
    `SELECT ${COLUMNS} FROM settlement_instance i WHERE i.id <> $1 AND i.chain_id = $2 AND i.genesis_hash = $3 AND EXISTS (SELECT 1 FROM chain_payment p WHERE p.instance_id = i.id) ORDER BY i.id`, [id, chainId, fromHex(genesisHash)]);
  return rows.map(fromRow);
}

/** Which of a contract's roles are held by keys of ours. */
export interface OurRoles {
  readonly signer: boolean;
  readonly settler: boolean;
}

export async function noteRoles(dataSource: DataSource, { id }: Pick<SettlementInstance, 'id'>, { signer, settler }: OurRoles): Promise<void> {
  const rows = await dataSource.query<unknown[]>('SELECT 1 FROM settlement_instance WHERE id = $1 AND (our_signer, our_settler) <> ($2, $3)', [id, signer, settler]);
  if (rows.length > 0) await writePoint('settlement.note-roles', () => dataSource.query('UPDATE settlement_instance SET our_signer = $2, our_settler = $3 WHERE id = $1', [id, signer, settler]));
}

/** Makes this one the current one. Nothing in it is older than the block that it was first seen at: orders are signed for it from now on. */
export async function enterInstance(dataSource: DataSource, seen: Omit<SettlementInstance, 'id' | 'scannedTo'>, latestBlock: number): Promise<SettlementInstance> {
  await transact(dataSource, async (tx) => {
    await writePoint('settlement.enter-instance', async () => {
      await tx.query('UPDATE settlement_instance SET is_current = false WHERE is_current');
      await tx.query(
        `INSERT INTO settlement_instance (chain_id, genesis_hash, contract, is_current, our_signer, our_settler, scanned_to) VALUES ($1, $2, $3, true, true, true, $4)
         ON CONFLICT (chain_id, genesis_hash, contract) DO UPDATE SET is_current = true, our_signer = true, our_settler = true`,
        [seen.chainId, fromHex(seen.genesisHash), fromHex(seen.contract), latestBlock]);
    });
  });
  const entered = await currentInstance(dataSource);
  if (entered === null) throw new Error('a chain instance was not stored');
  return entered;
}

/** @param only `forward`: never back; `back`: blocks were undone, or an event was missed, and all is looked at again from there. */
export async function moveScan(db: Tx | DataSource, { id }: Pick<SettlementInstance, 'id'>, block: number, only: 'forward' | 'back'): Promise<void> {
  await writePoint('settlement.scan', () => db.query(`UPDATE settlement_instance SET scanned_to = $2 WHERE id = $1 AND scanned_to ${only === 'forward' ? '<' : '>'} $2`, [id, Math.max(block, -1)]));
}
