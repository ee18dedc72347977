import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Registry } from 'prom-client';
import { blobPath } from '../../../../src/platform/blobs/index.js';
import { PreviewPool, type PreviewPoolOptions, Previews } from '../../../../src/platform/previews/index.js';

export const MARK = 'ZB-7K3M-9Q4D-W2XC-V';

export interface PreviewRig {
  readonly previews: Previews;
  readonly pool: PreviewPool;
  readonly metrics: Registry;
}

export function previewsIn(dataDir: string, options?: PreviewPoolOptions): PreviewRig {
  const [pool, metrics] = [new PreviewPool(options), new Registry()];
  return { pool, metrics, previews: new Previews({ dataDir }, pool, metrics) };
}

/** As a deposit leaves it. @returns its digest. */
export async function placeBlob(dataDir: string, bytes: Uint8Array): Promise<string> {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const path = blobPath(dataDir, sha256);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytes);
  return sha256;
}
