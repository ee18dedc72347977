/**
 * Small pictures of blobs that anyone may see: re-encoded, without metadata, with a mark drawn across, made in killable processes, kept in `DATA_DIR/previews`.
 * Invariants: no byte of a blob is decoded in the service's own process; of a blob that is gone no preview is served.
 */
export { PreviewError, type PreviewErrorCode, type PreviewRefusal } from './preview-error.js';
export { PreviewPool, type PreviewPoolOptions } from './preview-pool.js';
export { type PreviewRequest, Previews } from './previews.js';
export { PreviewsModule } from './previews.module.js';
