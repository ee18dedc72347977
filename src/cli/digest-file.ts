import { createHash, getHashes } from 'node:crypto';
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import type { FileDigest } from '../lib/proof/index.js';
import { CliError } from './cli-error.js';

const CHUNK_BYTES = 1024 * 1024;

/** Length, SHA-256 and SM3 of a file, read once and never held whole. Throws CliError when it cannot be read. */
export async function digestFile(path: string): Promise<FileDigest> {
  const sha256 = createHash('sha256');
  // A build of OpenSSL in FIPS mode has no SM3: then SHA-256 alone decides.
  const sm3 = getHashes().includes('sm3') ? createHash('sm3') : null;
  let byteLength = 0;
  try {
    await using file = await open(path, 'r');
    const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, CHUNK_BYTES);
      if (bytesRead === 0) break;
      const chunk = buffer.subarray(0, bytesRead);
      sha256.update(chunk);
      sm3?.update(chunk);
      byteLength += bytesRead;
    }
  } catch (error) {
    throw new CliError(`cannot read ${path}: ${(error as Error).message}`);
  }
  return { name: basename(path), byteLength, sha256: sha256.digest('hex'), ...(sm3 === null ? {} : { sm3: sm3.digest('hex') }) };
}
