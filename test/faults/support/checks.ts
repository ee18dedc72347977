import { equalBytes } from '../../../src/lib/bytes/index.js';
import { computeRoot, toHash, verifyConsistency } from '../../../src/lib/merkle/index.js';
import { type Checkpoint, openNote, parseCheckpoint, parseVerifierKey } from '../../../src/lib/note/index.js';
import { auditLedger } from '../../../src/modules/accounting/index.js';
import { fsckLog, LogReader, TileStore } from '../../../src/modules/log/index.js';
import { ORDER_CHECKS } from '../../../src/modules/trading/index.js';
import type { Client } from '../../support/http-client.js';
import { eventually, type FaultRig, ORIGIN } from './fault-rig.js';
import { type Round, sha256Hex } from './load.js';

/** Fetches the log's checkpoint all the time, and remembers each that was ever served. */
export class CheckpointWatch {
  private readonly notes = new Set<string>();
  private held = { leaves: [] as readonly Uint8Array[], checkpoints: new Set<Checkpoint>() };
  private readonly checkpoints = new Map<string, Checkpoint>();
  private running: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(private readonly vkey: string) {}

  /** Until the service at the address does not answer any more. */
  follow(url: string): void {
    this.stopped = false;
    this.running = (async () => {
      while (!this.stopped) {
        const response = await fetch(`${url}/log/checkpoint`).catch(() => null);
        if (response === null) return;
        const text = await response.text().catch(() => '');
        if (response.status === 200) this.notes.add(text);
        await new Promise((done) => setTimeout(done, 20));
      }
    })();
  }

  async end(): Promise<void> {
    this.stopped = true;
    await this.running;
  }

  /** What was not yet held against a log that begins with these leaves, smallest first. @throws when one does not verify, or when what was there before is not what the log begins with. */
  fresh(leaves: readonly Uint8Array[]): Checkpoint[] {
    if (leaves.length < this.held.leaves.length || this.held.leaves.some((leaf, i) => !equalBytes(leaf, leaves[i] as Uint8Array))) throw new Error('the log does not begin with what it was before');
    const keys = [parseVerifierKey(this.vkey)];
    for (const note of this.notes) if (!this.checkpoints.has(note)) this.checkpoints.set(note, parseCheckpoint(openNote(note, keys).text));
    return [...this.checkpoints.values()].filter((checkpoint) => !this.held.checkpoints.has(checkpoint)).toSorted((a, b) => a.treeSize - b.treeSize);
  }

  /** All that was seen is of the log with these leaves. */
  hold(leaves: readonly Uint8Array[], checkpoints: readonly Checkpoint[]): void {
    this.held = { leaves, checkpoints: new Set([...this.held.checkpoints, ...checkpoints]) };
  }
}

/**
 * After a fault and a recovery: nothing acknowledged is lost or doubled, every statement has its place, no checkpoint that was served is
 * contradicted, files and database agree, and the chain has the newest checkpoint.
 * @param rounds all that was ever asked of this installation; every one settled.
 */
export async function assertNothingLost(rig: FaultRig, rounds: readonly Round[], watch: CheckpointWatch, url: string): Promise<void> {
  const statements = rounds.reduce((sum, round) => sum + round.statements, 0);
  const works = rounds.reduce((sum, round) => sum + round.deposits, 0);
  await assertLogged(rig, statements, works, rounds.reduce((sum, round) => sum + round.licences, 0));
  await assertMoney(rig, rounds.reduce((sum, round) => sum + round.movements, 0));
  await assertNoFork(rig, watch);
  expect(await assertSound(rig)).toEqual([]);
  await assertAnchored(rig, statements);
  const last = rounds.at(-1);
  if (last) await assertHeld(last, url, await rig.client(url));
}

async function one<Row>(rig: FaultRig, sql: string): Promise<Row> {
  const [row]: Row[] = await rig.database.query(sql);
  if (row === undefined) throw new Error(`no row: ${sql}`);
  return row;
}

async function assertLogged(rig: FaultRig, statements: number, works: number, licences: number): Promise<void> {
  await eventually(`${statements} statements are published`, async () => {
    const head = await one<{ tree_size: string; published_size: string }>(rig, 'SELECT tree_size, published_size FROM log_head');
    return Number(head.published_size) >= statements && head.tree_size === head.published_size;
  });
  const counted = await one<Record<string, string>>(rig, `
    SELECT (SELECT count(*) FROM work) AS works, (SELECT count(*) FROM licence) AS licences, (SELECT count(*) FROM statement) AS statements, (SELECT count(*) FROM log_entry) AS entries,
           (SELECT count(*) FROM statement_pending) AS pending, (SELECT count(*) FROM idempotency WHERE work_id IS NOT NULL) AS keys,
           (SELECT count(*) FROM log_entry a JOIN statement s ON s.ordinal = a.ordinal JOIN statement t ON t.subject = s.subject AND t.seq = s.seq + 1
             JOIN log_entry b ON b.ordinal = t.ordinal WHERE b.leaf_index < a.leaf_index) AS disordered`);
  const expected = { works: String(works), licences: String(licences), statements: String(statements), entries: String(statements), pending: '0', keys: String(works), disordered: '0' };
  expect(counted).toEqual(expected);
}

/** Each top-up was asked for once, each payout held and given back once, and nothing is anywhere that it does not belong. */
async function assertMoney(rig: FaultRig, movements: number): Promise<void> {
  expect((await auditLedger(rig.database, { more: ORDER_CHECKS })).difference).toBeNull();
  const counted = await one<Record<string, string>>(rig, `
    SELECT count(*) FILTER (WHERE kind = 'top-up' AND state = 'requested') AS topups, count(*) FILTER (WHERE kind = 'payout' AND state = 'cancelled') AS payouts, count(*) AS all FROM bank_movement WHERE note IS NULL`);
  expect(counted).toEqual({ topups: String(movements), payouts: String(movements), all: String(2 * movements) });
}

async function assertNoFork(rig: FaultRig, watch: CheckpointWatch): Promise<void> {
  const rows: { leaf_hash: Buffer }[] = await rig.database.query('SELECT leaf_hash FROM log_entry ORDER BY leaf_index');
  const leaves = rows.map((row) => toHash(row.leaf_hash));
  const reader = new LogReader(rig.database);
  const newRoot = computeRoot(leaves);
  const fresh = watch.fresh(leaves);
  for (const { origin, treeSize, rootHash } of fresh) {
    expect(origin).toBe(ORIGIN);
    if (treeSize > leaves.length || !equalBytes(computeRoot(leaves.slice(0, treeSize)), rootHash)) throw new Error(`the checkpoint of size ${treeSize} that was served is not of this log`);
    if (treeSize < leaves.length) {
      verifyConsistency({ oldSize: treeSize, oldRoot: rootHash, newSize: leaves.length, newRoot, proof: await reader.consistencyProof(treeSize, leaves.length) });
    }
  }
  watch.hold(leaves, fresh);
}

/** At any moment: rows, signatures and files are as the statements give them. @returns what is still to be done. */
export async function assertSound(rig: FaultRig): Promise<readonly string[]> {
  const { findings, notes } = await fsckLog({ dataSource: rig.database, files: new TileStore({ dataDir: rig.dataDir }), vkeys: [rig.vkey] });
  expect(findings).toEqual([]);
  return notes;
}

/** The newest checkpoint is anchored without help, and nothing was anchored twice. */
async function assertAnchored(rig: FaultRig, treeSize: number): Promise<void> {
  if (treeSize === 0) return;
  await eventually(`the tree of ${treeSize} leaves is anchored`, async () => {
    const rows: unknown[] = await rig.database.query(`SELECT 1 FROM anchor a JOIN chain_instance i ON i.id = a.instance_id WHERE i.is_current AND a.tree_size = $1 AND a.status IN ('anchored', 'final')`, [treeSize]);
    return rows.length === 1;
  });
  const { doubled } = await one<{ doubled: string }>(rig, `
    SELECT count(*) AS doubled FROM (SELECT instance_id, tree_size FROM anchor WHERE status IN ('anchored', 'final') GROUP BY 1, 2 HAVING count(*) > 1) twice`);
  expect(doubled).toBe('0');
}

/** Files that were acknowledged can be had, byte by byte. */
async function assertHeld(round: Round, url: string, { apiKey }: Client): Promise<void> {
  for (const [place, files] of round.files) {
    const number = round.numbers[place];
    for (const [position, bytes] of files.entries()) {
      const response = await fetch(`${url}/api/v1/works/${number}/contents/${position}`, { headers: { authorization: `Bearer ${apiKey}` } });
      expect([number, position, response.status, sha256Hex(new Uint8Array(await response.arrayBuffer()))]).toEqual([number, position, 200, sha256Hex(bytes)]);
    }
  }
}
