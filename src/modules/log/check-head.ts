import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { bytesToHex, equalBytes } from '../../lib/bytes/index.js';
import { VerificationError } from '../../lib/errors/index.js';
import { decomposeTree, foldSubtrees, type Hash, type TreeSize } from '../../lib/merkle/index.js';
import { type Checkpoint, openNote, parseCheckpoint, parseVerifierKey } from '../../lib/note/index.js';
import { LogGate, type Witness } from './log-gate.js';
import { LogKeys } from './log-keys.js';
import { readNodes } from './log-nodes.js';
import { TileStore } from './tile-store.js';

const RECOVER = 'Bring back what is missing with «zhengben log recover --from URL|DIR» (a mirror, or the log directory itself), or begin a succession; see docs/operations.md.';

/** Whether the database still holds what was already said in public. A restored backup does not: to sign again would fork the log. */
@Injectable()
export class CheckHead {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly tiles: TileStore,
    private readonly keys: LogKeys,
    private readonly gate: LogGate,
  ) {}

  /** Compares with the last published checkpoint: closes the gate when the database is behind it or contradicts it, and opens what an earlier look has closed when it is not. */
  async executeAgainstPublished(): Promise<void> {
    const note = await this.tiles.checkpoint();
    if (note === null) return;
    const published = this.open(note.toString('utf8'));
    if (published === null) return;
    const { origin, treeSize, rootHash } = published;
    if (origin !== this.keys.origin) {
      this.gate.refuse(`The log directory belongs to «${origin}», this service is «${this.keys.origin}».`);
      return;
    }
    await this.gate.record('published', await this.findContradiction(treeSize, rootHash, 'published'));
  }

  private open(note: string): Checkpoint | null {
    try {
      return parseCheckpoint(openNote(note, this.keys.vkeys.map(parseVerifierKey)).text);
    } catch (error) {
      if (!(error instanceof VerificationError)) throw error;
      this.gate.refuse(`The published checkpoint is not signed by LOG_KEY_FILE or LOG_PREVIOUS_KEY_FILE (${error.message}). Nothing is signed. After a rotation set both; see docs/operations.md.`);
      return null;
    }
  }

  /** @param witness what said it. @returns how the database contradicts it, for an operator; null when it agrees. Closes nothing: whom to believe is for the caller to judge. */
  async findContradiction(treeSize: TreeSize, rootHash: Hash, witness: Witness): Promise<string | null> {
    const [head]: { tree_size: string }[] = await this.dataSource.query('SELECT tree_size FROM log_head');
    const size = Number(head?.tree_size ?? 0);
    if (size < treeSize) return `The database ends at tree size ${size}, but ${treeSize} was already ${witness}. Nothing is signed. ${RECOVER}`;
    const nodes = decomposeTree(treeSize);
    const root = foldSubtrees(nodes.map(await readNodes(this.dataSource, nodes)));
    if (equalBytes(root, rootHash)) return null;
    return `At tree size ${treeSize} the database has root ${bytesToHex(root)}, but ${bytesToHex(rootHash)} was already ${witness}. Nothing is signed. ${RECOVER}`;
  }
}
