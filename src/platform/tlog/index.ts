/**
 * Reading a log of another as its auditors do: C2SP tlog-tiles over HTTP or from a directory, hashed anew from the entries. It shares no
 * code for leaves, nodes and trees with the service that writes the log, so that what it finds does not repeat that code's mistakes. No Nest, no database.
 */
export { downloadTree, type DownloadRequest, removePartials, ServedTreeError } from './download-tree.js';
export { proveFork, type ForkProof, type SignedHead } from './prove-fork.js';
export { type KeyChange, parseKeyChange } from './key-change.js';
export { openLogSource, type LogSource } from './log-source.js';
export { NoteVerifier, type VerifiedNote } from './note-verifier.js';
export { readEntriesOf, readTileOf, rootAt, walkEntries } from './read-log.js';
export { hashEntry, type RebuiltTile, sha256, TileTree } from './tile-tree.js';
