import type { DataSource } from 'typeorm';
import { bytesToHex } from '../../../lib/bytes/index.js';
import { parseVerifierKey } from '../../../lib/note/index.js';
import type { FileStore } from '../../../platform/blobs/index.js';
import type { Tx } from '../../../platform/database/index.js';
import { NoteVerifier, parseKeyChange } from '../../../platform/tlog/index.js';
import { FileCheck } from './check-files.js';
import { checkSets } from './check-sets.js';
import { checkStatement, STATEMENT_COLUMNS, type StatementRow } from './check-statement.js';
import { TreeCheck } from './check-tree.js';
import { type Finding, Findings } from './findings.js';

export interface FsckRequest {
  readonly dataSource: DataSource;
  /** The directory of the published log; null leaves it unchecked. */
  readonly files: FileStore | null;
  /** The log's present verifier keys. Former ones follow from `log.key-changed`. */
  readonly vkeys: readonly string[];
  readonly now?: Date;
  /** How many findings to keep. */
  readonly limit?: number;
  readonly onProgress?: (done: number, total: number) => void;
}

export interface FsckReport {
  readonly ok: boolean;
  readonly treeSize: number;
  /** Hex, as the statements give it. */
  readonly rootHash: string;
  readonly publishedSize: number;
  readonly pending: number;
  readonly checkpoints: number;
  readonly files: number;
  readonly findings: readonly Finding[];
  /** Of which `findings` are the first. */
  readonly findingsTotal: number;
  readonly notes: readonly string[];
}

/**
 * Rebuilds the whole log from the raw statements and names everything that differs: rows, hashes, signatures, chains, queue and published files
 * (DESIGN invariant 4). Reads one snapshot, so that the service may go on meanwhile. It shares no code for leaves, nodes and tree with the sequencer; SHA-256 itself is Node's in both.
 * One column cannot be proven: `log_checkpoint.signed_at` is said by nobody but the database; it is only held against the receipts' deadlines.
 */
export async function fsckLog({ dataSource, files, vkeys, now = new Date(), limit = 100, onProgress = () => undefined }: FsckRequest): Promise<FsckReport> {
  const findings = new Findings(limit);
  const verifier = new NoteVerifier(vkeys);
  await addFormerKeys(dataSource, verifier);
  const fileCheck = files && (await FileCheck.open(files, verifier, findings));
  const [current] = vkeys;
  const origin = current === undefined ? null : parseVerifierKey(current).name;
  return dataSource.transaction('REPEATABLE READ', async (tx) => {
    await tx.query('SET TRANSACTION READ ONLY');
    const heads: { tree_size: string; root_hash: Buffer; published_size: string }[] = await tx.query('SELECT tree_size, root_hash, published_size FROM log_head');
    const [head] = heads;
    if (!head || heads.length !== 1) findings.add('head', 'log_head', `has ${heads.length} rows instead of one`);
    const treeSize = Number(head?.tree_size ?? 0);
    const tree = new TreeCheck({ tx, files: fileCheck, verifier, origin, findings, onProgress });
    const root = await tree.run(treeSize);
    if (head && !root.equals(head.root_hash)) findings.add('head', 'log_head', `root_hash is ${bytesToHex(head.root_hash)}, the statements give ${bytesToHex(root)}`);
    const publishedSize = Number(head?.published_size ?? 0);
    await checkHeads(tx, treeSize, publishedSize, fileCheck, findings);
    await checkSets(tx, treeSize, findings);
    const pending = await checkPending(tx, { origin, verifier, findings, now });
    return {
      ok: findings.total === 0, treeSize, rootHash: bytesToHex(root), publishedSize, pending, checkpoints: tree.checkpoints, files: fileCheck?.checked ?? 0,
      findings: findings.kept, findingsTotal: findings.total, notes: findings.notes,
    };
  });
}

/** Receipts and checkpoints of before a rotation are signed by a key that the log itself names. */
async function addFormerKeys(dataSource: DataSource, verifier: NoteVerifier): Promise<void> {
  const rows: { bytes: Buffer }[] = await dataSource.query(`SELECT bytes FROM statement WHERE subject = 'log' AND type = 'log.key-changed' ORDER BY seq DESC`);
  for (const { bytes } of rows) {
    const change = parseKeyChange(bytes);
    if (change && verifier.vkeys.includes(change.to)) verifier.add(change.from);
  }
}

async function checkHeads(tx: Tx, treeSize: number, publishedSize: number, files: FileCheck | null, findings: Findings): Promise<void> {
  const rows: { tree_size: string }[] = await tx.query('SELECT tree_size FROM log_checkpoint WHERE tree_size IN ($1, $2)', [treeSize, publishedSize]);
  const signed = new Set(rows.map((row) => Number(row.tree_size)));
  if (treeSize > 0 && !signed.has(treeSize)) findings.add('head', 'log_head', `there is no checkpoint of its tree size ${treeSize}: a recovery was interrupted, or the row is wrong`);
  if (publishedSize > 0 && !signed.has(publishedSize)) findings.add('head', 'log_head', `there is no checkpoint of its published size ${publishedSize}`);
  if (!files) return;
  if (files.publishedSize > treeSize) findings.add('file', 'checkpoint', `size ${files.publishedSize} was published, the database ends at ${treeSize}: run «zhengben log recover»`);
  else if (files.publishedSize < publishedSize && !(await files.reaches(publishedSize))) findings.add('file', 'checkpoint', `${files.note === null ? 'is missing' : `has size ${files.publishedSize}`}, but published_size is ${publishedSize}`);
  else if (files.publishedSize > publishedSize) findings.note(`the files are at size ${files.publishedSize}, published_size at ${publishedSize}: a publication was cut off; the service completes it`);
}

const PAGE = 512;

async function checkPending(tx: Tx, { origin, verifier, findings, now }: { origin: string | null; verifier: NoteVerifier; findings: Findings; now: Date }): Promise<number> {
  let pending = 0;
  for (let after = '-1'; ;) {
    const rows: StatementRow[] = await tx.query(
      `SELECT ${STATEMENT_COLUMNS} FROM statement_pending p JOIN statement s USING (ordinal) LEFT JOIN statement_disclosure d ON d.subject = s.subject AND d.seq = s.seq
        WHERE p.ordinal > $1 ORDER BY p.ordinal LIMIT ${PAGE}`,
      [after],
    );
    for (const row of rows) {
      const { mergeBy } = checkStatement(row, origin, verifier, findings);
      if (mergeBy !== null && mergeBy < now.toISOString()) findings.add('overdue', `statement ${row.subject}/${row.seq}`, `is not in the log, and was promised by ${mergeBy}`);
    }
    pending += rows.length;
    const last = rows.at(-1);
    if (!last) return pending;
    after = last.ordinal;
  }
}
