/**
 * The append-only tree of RFC 6962 over SHA-256: roots, appending, inclusion and consistency proofs, and its layout in tiles
 * (C2SP tlog-tiles). Planning a proof is apart from reading hashes, so that a store can fetch all nodes at once.
 */
export { EMPTY_ROOT, hashLeaf, hashNode } from './hash.js';
export {
  assembleProof, type ConsistencyClaim, type InclusionClaim, planConsistencyProof, planInclusionProof, verifyConsistency, verifyInclusion,
} from './proof.js';
export {
  decodeEntries, encodeEntries, entriesPath, parseTilePath, type Tile, TILE_HEIGHT, TILE_WIDTH, tilePath, type TilePath, tilesBetween,
} from './tiles.js';
export { type Appended, appendLeaves, computeRoot, decomposeTree, foldSubtrees } from './tree.js';
export { type Hash, HASH_LENGTH, type LeafIndex, type NodeId, toHash, toLeafIndex, toTreeSize, type TreeSize } from './types.js';
