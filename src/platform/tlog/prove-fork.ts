import { bytesToHex, equalBytes } from '../../lib/bytes/index.js';
import { VerificationError } from '../../lib/errors/index.js';
import {
  assembleProof, decomposeTree, foldSubtrees, type Hash, HASH_LENGTH, hashNode, type NodeId, planConsistencyProof, TILE_HEIGHT, TILE_WIDTH, toHash, verifyConsistency,
} from '../../lib/merkle/index.js';
import type { LogSource } from './log-source.js';
import { readTileOf } from './read-log.js';

/** A checkpoint whose signature is good. */
export interface SignedHead {
  readonly treeSize: number;
  readonly rootHash: Uint8Array;
  readonly note: string;
}

/**
 * Two checkpoints of one log that cannot both be true. Whoever has the log's key can check it: both notes are signed, and `consistencyProof` (RFC 9162,
 * section 2.1.4) leads from `rootUnderNewer`, which is not the older one's root, to the newer one's.
 */
export interface ForkProof {
  readonly older: string;
  readonly newer: string;
  /** Hex: the root that the newer tree has at the older one's size. */
  readonly rootUnderNewer: string;
  /** Hex, empty when both have one size. */
  readonly consistencyProof: readonly string[];
}

/**
 * Whether two signed heads contradict each other, as the newer one's tiles in `source` tell.
 * @returns the proof when they do; null when the newer one only adds to the older.
 * @throws VerificationError when the tiles do not belong to the newer head: then nothing follows.
 */
export async function proveFork(source: LogSource, a: SignedHead, b: SignedHead): Promise<ForkProof | null> {
  const [older, newer] = a.treeSize <= b.treeSize ? [a, b] : [b, a];
  if (older.treeSize === newer.treeSize) {
    if (equalBytes(older.rootHash, newer.rootHash)) return null;
    return { older: older.note, newer: newer.note, rootUnderNewer: bytesToHex(newer.rootHash), consistencyProof: [] };
  }
  if (older.treeSize === 0) return null;
  const plan = planConsistencyProof(older.treeSize, newer.treeSize);
  const subtrees = decomposeTree(older.treeSize);
  const hashes = new Map<string, Hash>();
  for (const node of [...plan.flat(), ...subtrees]) hashes.set(keyOf(node), await readNode(source, node, newer.treeSize));
  const lookup = (node: NodeId): Hash => hashes.get(keyOf(node)) as Hash;
  const proof = assembleProof(plan, lookup);
  const rootUnderNewer = foldSubtrees(subtrees.map(lookup));
  verifyConsistency({ oldSize: older.treeSize, oldRoot: rootUnderNewer, newSize: newer.treeSize, newRoot: newer.rootHash, proof });
  if (equalBytes(rootUnderNewer, older.rootHash)) return null;
  return { older: older.note, newer: newer.note, rootUnderNewer: bytesToHex(rootUnderNewer), consistencyProof: proof.map((hash) => bytesToHex(hash)) };
}

function keyOf({ level, index }: NodeId): string {
  return `${level}/${index}`;
}

async function readNode(source: LogSource, { level, index }: NodeId, treeSize: number): Promise<Hash> {
  const tileLevel = Math.floor(level / TILE_HEIGHT);
  const count = 2 ** (level % TILE_HEIGHT);
  const first = index * count;
  const tileIndex = Math.floor(first / TILE_WIDTH);
  const width = Math.min(TILE_WIDTH, Math.floor(treeSize / TILE_WIDTH ** tileLevel) - tileIndex * TILE_WIDTH);
  const tile = await readTileOf(source, tileLevel, tileIndex, width);
  if (tile === null) throw new VerificationError('MERKLE.INVALID_TILE', `${source.name} misses a tile of level ${tileLevel}`);
  let row: Hash[] = [];
  for (let at = first % TILE_WIDTH; row.length < count; at++) row.push(toHash(tile.slice(at * HASH_LENGTH, (at + 1) * HASH_LENGTH)));
  while (row.length > 1) row = Array.from({ length: row.length / 2 }, (_, i) => hashNode(row[2 * i] as Hash, row[2 * i + 1] as Hash));
  return row[0] as Hash;
}
