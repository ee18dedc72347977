import { ANCHOR_TRANSITIONS } from '../../../src/modules/anchoring/anchor-status.js';
import { AnchorLease, HeldLease } from '../../../src/modules/anchoring/anchor-lease.js';
import {
  enterInstance, insertAdopted, insertPrepared, insertTransaction, markAnchored, markEnded, markFinal, markReopened,
} from '../../../src/modules/anchoring/anchor-store.js';
import type { ChainInstance } from '../../../src/modules/anchoring/anchor-records.js';
import { toHash, toTreeSize } from '../../../src/lib/merkle/index.js';
import { dataSourceOptions, type Tx } from '../../../src/platform/database/index.js';
import { createTestDatabase, type TestDatabase } from '../../support/index.js';
import { DataSource } from 'typeorm';

const SENDER = `0x${'5e'.repeat(20)}`;
const mined = { transactionHash: `0x${'aa'.repeat(32)}`, blockNumber: 7, blockHash: `0x${'bb'.repeat(32)}`, blockTime: new Date('2026-01-01T00:00:00Z') };

let database: TestDatabase;
let dataSource: DataSource;
let lease: HeldLease;
let instance: ChainInstance;

beforeEach(async () => {
  database = await createTestDatabase();
  dataSource = await new DataSource(dataSourceOptions(database.serviceUrl, 3, () => undefined)).initialize();
  const taken = await new AnchorLease(dataSource, 'test', 600).acquire();
  if (!(taken instanceof HeldLease)) throw new Error('not acquired');
  lease = taken;
  instance = await write((tx) => enterInstance(tx, lease.epoch, { chainId: 31_337, genesisHash: `0x${'01'.repeat(32)}`, contract: `0x${'02'.repeat(20)}` })).then(({ instance }) => instance);
});
afterEach(async () => {
  await dataSource.destroy();
  await database.drop();
});

function write<T>(act: (tx: Tx) => Promise<T>): Promise<T> {
  return lease.write('test', act);
}

function prepare(size: number, nonce: number): Promise<string> {
  return write((tx) => insertPrepared(tx, lease.epoch, instance, { treeSize: toTreeSize(size), rootHash: toHash(new Uint8Array(32)), sender: SENDER, nonce }));
}

function store(anchorId: string, nonce: number, fee: bigint, tip: bigint, replaces: string | null = null, at = instance): Promise<string> {
  const transactionHash = `0x${Buffer.from(`${anchorId}.${nonce}.${fee}.${tip}`).toString('hex').padEnd(64, '0')}`;
  return write((tx) => insertTransaction(tx, lease.epoch, at, {
    transactionHash, anchorId, kind: 'anchor', previousSize: 0, raw: '0x02', gasLimit: 100_000n, maxFeePerGas: fee, maxPriorityFeePerGas: tip, sender: SENDER, nonce, replaces,
  })).then(() => transactionHash);
}

const refusal = (code: string): object => ({ driverError: { code } });

it('has the same transitions as the code', async () => {
  const rows = await dataSource.query<{ from: string; to: string[] }[]>(
    'SELECT from_status AS from, array_agg(to_status ORDER BY to_status) AS to FROM anchor_transition GROUP BY from_status');
  expect(Object.fromEntries(rows.map(({ from, to }) => [from, to]))).toEqual(ANCHOR_TRANSITIONS);
});

it('refuses a transition that is not in the table, whoever asks', async () => {
  const id = await prepare(3, 0);
  await expect(write((tx) => markFinal(tx, lease.epoch, instance, 100))).resolves.toBeUndefined(); // nothing is anchored
  await expect(write((tx) => tx.query(`UPDATE anchor SET status = 'reopened', lease_epoch = $1`, [lease.epoch]))).rejects.toMatchObject(refusal('ZB042'));
  await write((tx) => markEnded(tx, lease.epoch, id, 'superseded', null));
  await expect(write((tx) => markAnchored(tx, lease.epoch, id, mined))).rejects.toMatchObject(refusal('ZB042'));
  await expect(write((tx) => tx.query(
    `INSERT INTO anchor (instance_id, tree_size, root_hash, status, lease_epoch) VALUES ($1, 5, sha256('x'), 'superseded', $2)`, [instance.id, lease.epoch],
  ))).rejects.toMatchObject(refusal('ZB042'));
});

it('keeps the history of every anchor', async () => {
  const id = await prepare(3, 0);
  await write((tx) => markAnchored(tx, lease.epoch, id, mined));
  await write((tx) => markReopened(tx, lease.epoch, id));
  const rows = await dataSource.query<{ change: string }[]>(`SELECT from_status || ' > ' || to_status AS change FROM anchor_status_change ORDER BY id`);
  expect(rows.map(({ change }) => change)).toEqual([' > prepared', 'prepared > anchored', 'anchored > reopened']);
});

it('gives a nonce to one anchor for ever, prepares one at a time, and anchors a size once', async () => {
  const id = await prepare(3, 0);
  await expect(prepare(4, 1)).rejects.toMatchObject({ driverError: { code: '23505', constraint: 'anchor_one_prepared' } });
  await write((tx) => markEnded(tx, lease.epoch, id, 'superseded', null));
  await expect(prepare(4, 0)).rejects.toMatchObject({ driverError: { code: '23505', constraint: 'anchor_instance_id_sender_nonce_key' } });
  const second = await prepare(4, 1);
  await write((tx) => markAnchored(tx, lease.epoch, second, mined));
  await expect(write((tx) => insertAdopted(tx, lease.epoch, instance, { treeSize: toTreeSize(4), rootHash: toHash(new Uint8Array(32)), mined })))
    .rejects.toMatchObject({ driverError: { code: '23505', constraint: 'anchor_live' } });
});

it('refuses a replacement unless both fees are an eighth higher, and a second one of the same', async () => {
  const id = await prepare(3, 0);
  const first = await store(id, 0, 800n, 80n);
  await expect(store(id, 0, 899n, 90n, first)).rejects.toMatchObject(refusal('ZB043'));
  await expect(store(id, 0, 900n, 89n, first)).rejects.toMatchObject(refusal('ZB043'));
  await expect(store(id, 0, 900n, 90n)).rejects.toMatchObject(refusal('23505'));
  await store(id, 0, 900n, 90n, first);
  await expect(store(id, 0, 950n, 95n, first)).rejects.toMatchObject(refusal('23505'));
});

it('refuses a transaction with another nonce than its anchor’s, or of a chain instance that is not the current one', async () => {
  const id = await prepare(3, 0);
  await expect(store(id, 1, 800n, 80n)).rejects.toMatchObject(refusal('23503'));
  const hash = await store(id, 0, 800n, 80n);
  const { lost } = await write((tx) => enterInstance(tx, lease.epoch, { ...instance, genesisHash: `0x${'09'.repeat(32)}` }));
  expect(lost).toBe(1);
  await expect(store(id, 0, 900n, 90n, hash)).rejects.toMatchObject(refusal('ZB042'));
  await expect(write((tx) => tx.query('UPDATE anchor_transaction SET last_broadcast_at = now(), lease_epoch = $1', [lease.epoch]))).rejects.toMatchObject(refusal('ZB042'));
});

it('lets the service change neither what was signed nor what happened', async () => {
  const id = await prepare(3, 0);
  await store(id, 0, 800n, 80n);
  for (const sql of [
    'UPDATE anchor_transaction SET raw = raw', 'DELETE FROM anchor_transaction', 'UPDATE anchor SET tree_size = 4', 'UPDATE anchor SET nonce = 9', 'DELETE FROM anchor',
    `UPDATE anchor_status_change SET to_status = 'final'`, 'DELETE FROM anchor_status_change', 'TRUNCATE anchor', `INSERT INTO anchor_transition VALUES ('', 'final')`,
    'DELETE FROM anchor_lease', 'UPDATE chain_instance SET contract = contract',
  ]) {
    await expect(dataSource.query(sql)).rejects.toMatchObject(refusal('42501'));
  }
});
