import { join } from 'node:path';

/** Where a blob lies below the directory of data. @param sha256 lower-case hex. */
export function blobPath(dataDir: string, sha256: string): string {
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw new Error('not a digest');
  return join(dataDir, 'blobs', sha256.slice(0, 2), sha256);
}
