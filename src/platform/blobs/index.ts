/** Files: durable small ones (tiles), and content-addressed deposits. Owns the table blob. */
export { blobPath } from './blob-path.js';
export { BlobStore, isOutOfSpace, type StagedBlob } from './blob-store.js';
export { BlobsModule } from './blobs.module.js';
export { FileStore, syncDirectory } from './file-store.js';
