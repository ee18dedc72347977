import { hash } from 'node:crypto';
import { HASH_LENGTH, TILE_HEIGHT, TILE_WIDTH } from '../../lib/merkle/index.js';

const scratch = Buffer.alloc(1 + 0xffff + 1);
const nodeInput = Buffer.alloc(1 + 2 * HASH_LENGTH, 1);

export function sha256(data: Uint8Array): Buffer {
  return hash('sha256', data, 'buffer');
}

/** RFC 6962, section 2.1: the hash of a leaf. `entry` has at most 65,535 bytes. */
export function hashEntry(entry: Uint8Array): Buffer {
  scratch[0] = 0;
  scratch.set(entry, 1);
  return sha256(scratch.subarray(0, 1 + entry.length));
}

function hashPair(left: Uint8Array, right: Uint8Array): Buffer {
  nodeInput.set(left, 1);
  nodeInput.set(right, 1 + HASH_LENGTH);
  return sha256(nodeInput);
}

/** A tile as it follows from the leaves: up to 256 hashes of one level, and what stands above them. */
export class RebuiltTile {
  readonly hashes: Buffer[] = [];
  private readonly above = new Map<number, Buffer>();

  /** @param level in tiles of height 8, 0 at the leaves. */
  constructor(readonly level: number, readonly index: number) {}

  get width(): number {
    return this.hashes.length;
  }

  /** The tile's bytes. */
  get bytes(): Buffer {
    return Buffer.concat(this.hashes);
  }

  /** The complete node over the hashes [place · 2^height, (place + 1) · 2^height) of this tile; height 0 … 8. */
  node(height: number, place: number): Buffer {
    if (height === 0) return this.hashes[place] as Buffer;
    const key = height * TILE_WIDTH + place;
    const known = this.above.get(key);
    if (known) return known;
    const made = hashPair(this.node(height - 1, 2 * place), this.node(height - 1, 2 * place + 1));
    this.above.set(key, made);
    return made;
  }

  /** How many complete nodes of that height stand above the hashes. */
  nodesAt(height: number): number {
    return Math.floor(this.width / 2 ** height);
  }

  /** The Merkle tree hash, by its recursive definition, over the hashes and one incomplete subtree to the right of them. */
  top(tail: Buffer | null): Buffer {
    return this.over(0, this.width + (tail ? 1 : 0), tail);
  }

  private over(start: number, count: number, tail: Buffer | null): Buffer {
    if (start === this.width) return tail as Buffer;
    const height = Math.log2(count);
    if (Number.isInteger(height) && start + count <= this.width) return this.node(height, start / count);
    let left = 1;
    while (left * 2 < count) left *= 2;
    return hashPair(this.over(start, left, tail), this.over(start + left, count - left, tail));
  }
}

/**
 * The tree of RFC 6962 rebuilt tile by tile from leaf hashes, top-down and without the code of src/lib/merkle. Holds one tile a level, whatever the size.
 * SHA-256 itself is Node's in both: one in ECMAScript takes seven times as long for a statement, and what is to be found are mistakes in trees.
 */
export class TileTree {
  private leaves = 0;
  private readonly edge: RebuiltTile[] = [];

  /** @param onTile told of every tile that becomes full, leaves first. */
  constructor(private readonly onTile: (tile: RebuiltTile) => void = () => undefined) {}

  /** A tree whose last tiles are known. @param readTile the first `width` hashes of a tile, one after the other. */
  static async resume(size: number, readTile: (level: number, index: number, width: number) => Promise<Uint8Array>, onTile?: (tile: RebuiltTile) => void): Promise<TileTree> {
    const tree = new TileTree(onTile);
    tree.leaves = size;
    for (let [level, count] = [0, size]; count > 0; level++, count = Math.floor(count / TILE_WIDTH)) {
      const tile = tree.tileAt(level, Math.floor(count / TILE_WIDTH));
      const width = count % TILE_WIDTH;
      if (width === 0) continue;
      const bytes = await readTile(level, tile.index, width);
      for (let at = 0; at < width; at++) tile.hashes.push(Buffer.from(bytes.subarray(at * HASH_LENGTH, (at + 1) * HASH_LENGTH)));
    }
    return tree;
  }

  get size(): number {
    return this.leaves;
  }

  append(leafHash: Buffer): void {
    this.leaves++;
    this.push(0, leafHash);
  }

  /** The root at the present size. */
  root(): Buffer {
    let tail: Buffer | null = null;
    for (const tile of this.edge) if (tile.width > 0) tail = tile.top(tail);
    return tail ?? sha256(Buffer.alloc(0));
  }

  /** The tiles on the right edge that are not full. */
  partials(): RebuiltTile[] {
    return this.edge.filter((tile) => tile.width > 0);
  }

  /** The last tile of the leaves, when it is not full. */
  get lastLeaves(): readonly Buffer[] {
    return this.edge[0]?.hashes ?? [];
  }

  private push(level: number, hash: Buffer): void {
    const tile = this.tileAt(level, 0);
    tile.hashes.push(hash);
    if (tile.width < TILE_WIDTH) return;
    this.onTile(tile);
    this.edge[level] = new RebuiltTile(level, tile.index + 1);
    this.push(level + 1, tile.node(TILE_HEIGHT, 0));
  }

  private tileAt(level: number, index: number): RebuiltTile {
    return (this.edge[level] ??= new RebuiltTile(level, index));
  }
}
