import { bytesToHex } from '../../../lib/bytes/index.js';
import { HASH_LENGTH, TILE_HEIGHT } from '../../../lib/merkle/index.js';
import { parseCheckpoint } from '../../../lib/note/index.js';
import type { Tx } from '../../../platform/database/index.js';
import { type NoteVerifier, type RebuiltTile, TileTree } from '../../../platform/tlog/index.js';
import type { FileCheck } from './check-files.js';
import { checkStatement, STATEMENT_COLUMNS, type StatementRow } from './check-statement.js';
import type { Findings } from './findings.js';

/** Leaves read at once: at 65,535 bytes each still bounded. */
const PAGE = 512;

type EntryRow = StatementRow & { readonly leaf_index: string; readonly entry_ordinal: string; readonly entry_hash: Buffer };

interface CheckpointRow {
  readonly tree_size: string;
  readonly root_hash: Buffer;
  readonly note: string;
  readonly signed_at: Date;
}

export interface TreeContext {
  readonly tx: Tx;
  readonly files: FileCheck | null;
  readonly verifier: NoteVerifier;
  readonly origin: string | null;
  readonly findings: Findings;
  readonly onProgress: (done: number, total: number) => void;
}

/** Builds the tree anew from the statements' bytes, and holds every leaf, node, checkpoint and file against it. One pass, memory flat. */
export class TreeCheck {
  checkpoints = 0;
  private readonly full: { tile: RebuiltTile; entries: readonly Uint8Array[] | null }[] = [];
  private readonly tree = new TileTree((tile) => this.full.push({ tile, entries: tile.level === 0 ? this.entries.splice(0) : null }));
  /** The statements under the last, unfinished tile. */
  private entries: Uint8Array[] = [];
  /** The earliest deadline of a leaf that no checkpoint covers yet. */
  private earliestMergeBy: string | null = null;

  constructor(private readonly context: TreeContext) {}

  /** @returns the root of the tree of that size as the statements give it. */
  async run(treeSize: number): Promise<Buffer> {
    for (let from = 0; from < treeSize; from += PAGE) {
      await this.page(from, Math.min(treeSize, from + PAGE));
      this.context.onProgress(Math.min(treeSize, from + PAGE), treeSize);
    }
    const partials = this.tree.partials();
    await this.checkNodes(partials);
    for (const tile of partials) await this.context.files?.strays(tile, tile.level === 0 ? this.entries : null);
    return this.tree.root();
  }

  private async page(from: number, to: number): Promise<void> {
    const { tx, findings } = this.context;
    const rows: EntryRow[] = await tx.query(
      `SELECT e.leaf_index, e.ordinal AS entry_ordinal, e.leaf_hash AS entry_hash, ${STATEMENT_COLUMNS}
         FROM log_entry e LEFT JOIN statement s ON s.ordinal = e.ordinal LEFT JOIN statement_disclosure d ON d.subject = s.subject AND d.seq = s.seq
        WHERE e.leaf_index >= $1 AND e.leaf_index < $2 ORDER BY e.leaf_index`,
      [from, to],
    );
    const checkpoints: CheckpointRow[] = await tx.query('SELECT * FROM log_checkpoint WHERE tree_size > $1 AND tree_size <= $2 ORDER BY tree_size', [from, to]);
    const rowAt = new Map(rows.map((row) => [Number(row.leaf_index), row]));
    const checkpointAt = new Map(checkpoints.map((row) => [Number(row.tree_size), row]));
    for (let leafIndex = from; leafIndex < to; leafIndex++) {
      const row = rowAt.get(leafIndex);
      if (!row) findings.add('place', `log_entry ${leafIndex}`, 'is missing');
      this.append(leafIndex, row);
      const size = leafIndex + 1;
      const checkpoint = checkpointAt.get(size);
      if (checkpoint) this.checkCheckpoint(checkpoint);
      if (size === this.context.files?.publishedSize) await this.checkPublished(checkpoint);
    }
    const full = this.full.splice(0);
    await this.checkNodes(full.map(({ tile }) => tile));
    for (const { tile, entries } of full) await this.context.files?.full(tile, entries);
  }

  private append(leafIndex: number, row: EntryRow | undefined): void {
    const { origin, verifier, findings } = this.context;
    // The LEFT JOIN leaves every column of a lost statement null.
    if (!row || (row.bytes as Buffer | null) === null) {
      if (row) findings.add('place', `log_entry ${leafIndex}`, `its statement, ordinal ${row.entry_ordinal}, is missing`);
      this.entries.push(new Uint8Array(0));
      this.tree.append(row?.entry_hash ?? Buffer.alloc(HASH_LENGTH));
      return;
    }
    const { leafHash, mergeBy } = checkStatement(row, origin, verifier, findings);
    if (!leafHash.equals(row.entry_hash)) findings.add('place', `log_entry ${leafIndex}`, `leaf_hash is ${bytesToHex(row.entry_hash)}, its statement gives ${bytesToHex(leafHash)}`);
    if (mergeBy !== null && (this.earliestMergeBy === null || mergeBy < this.earliestMergeBy)) this.earliestMergeBy = mergeBy;
    this.entries.push(row.bytes);
    this.tree.append(leafHash);
  }

  private checkCheckpoint(row: CheckpointRow): void {
    const { origin, verifier, findings } = this.context;
    this.checkpoints++;
    const where = `log_checkpoint ${row.tree_size}`;
    const root = this.tree.root();
    if (!root.equals(row.root_hash)) findings.add('checkpoint', where, `root_hash is ${bytesToHex(row.root_hash)}, the statements give ${bytesToHex(root)}`);
    try {
      const { text, unknown } = verifier.open(row.note);
      const said = parseCheckpoint(text);
      if (unknown > 0) findings.add('checkpoint', where, 'its note has a signature by a key that is not the log’s');
      if (said.treeSize !== Number(row.tree_size)) findings.add('checkpoint', where, `its note says size ${said.treeSize}`);
      if (!root.equals(said.rootHash)) findings.add('checkpoint', where, `its note says root ${bytesToHex(said.rootHash)}, the statements give ${bytesToHex(root)}`);
      if (origin !== null && said.origin !== origin) findings.add('checkpoint', where, `its note is of the log «${said.origin}»`);
    } catch (error) {
      findings.add('checkpoint', where, `its note does not verify: ${(error as Error).message}`);
    }
    if (this.earliestMergeBy !== null && row.signed_at.toISOString() > this.earliestMergeBy) {
      findings.add('overdue', where, `was signed at ${row.signed_at.toISOString()}, but a leaf under it was promised by ${this.earliestMergeBy}`);
    }
    this.earliestMergeBy = null;
  }

  private async checkPublished(checkpoint: CheckpointRow | undefined): Promise<void> {
    const { files, findings } = this.context;
    if (!files) return;
    if (checkpoint?.note !== files.note) findings.add('file', 'checkpoint', checkpoint ? 'is not the note that the database has for its size' : `has size ${this.tree.size}, for which the database has no checkpoint`);
    for (const tile of this.tree.partials()) await files.partial(tile, tile.level === 0 ? this.entries : null);
  }

  /** Every node above the hashes of these tiles, in one query. */
  private async checkNodes(tiles: readonly RebuiltTile[]): Promise<void> {
    const expected = new Map<string, Buffer>();
    const [levels, firsts, ends]: [number[], number[], number[]] = [[], [], []];
    for (const tile of tiles) {
      for (let height = 1; height <= TILE_HEIGHT; height++) {
        const count = tile.nodesAt(height);
        if (count === 0) break;
        const level = tile.level * TILE_HEIGHT + height;
        const first = tile.index * 2 ** (TILE_HEIGHT - height);
        levels.push(level);
        firsts.push(first);
        ends.push(first + count);
        for (let i = 0; i < count; i++) expected.set(`${level}/${first + i}`, tile.node(height, i));
      }
    }
    if (levels.length === 0) return;
    const rows: { level: number; index: string; hash: Buffer }[] = await this.context.tx.query(
      `SELECT n.level, n.index, n.hash FROM unnest($1::smallint[], $2::bigint[], $3::bigint[]) AS w(level, first, past)
         JOIN log_node n ON n.level = w.level AND n.index >= w.first AND n.index < w.past`,
      [levels, firsts, ends],
    );
    for (const { level, index, hash } of rows) {
      const right = expected.get(`${level}/${index}`);
      if (right && !right.equals(hash)) this.context.findings.add('node', `log_node ${level}/${index}`, `hash is ${bytesToHex(hash)}, the statements give ${bytesToHex(right)}`);
      expected.delete(`${level}/${index}`);
    }
    for (const place of expected.keys()) this.context.findings.add('node', `log_node ${place}`, 'is missing');
  }
}
