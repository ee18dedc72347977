import { type FileDigest, type ProofBundle, type Report, verifyBundle } from '../../../src/lib/proof/index.js';
import { hashFile } from '../hashing/hash-file.ts';
import { askChain } from './ask-chain.ts';
import { toTrustInput, type Trust } from './trust.ts';

export interface HashProgress {
  readonly fileName: string;
  /** Of all files together. */
  readonly bytes: number;
  readonly total: number;
}

/** Digests of files, one after the other: a disk is read best by one reader. */
export async function digestFiles(files: readonly File[], onProgress: (progress: HashProgress) => void, signal: AbortSignal): Promise<FileDigest[]> {
  const total = files.reduce((sum, file) => sum + file.size, 0);
  const digests: FileDigest[] = [];
  let before = 0;
  for (const file of files) {
    const done = before;
    onProgress({ fileName: file.name, bytes: done, total });
    digests.push({ name: file.name, ...(await hashFile(file, (bytes) => onProgress({ fileName: file.name, bytes: done + bytes, total }), signal)) });
    before += file.size;
  }
  return digests;
}

/** The whole verification, in this browser, with the reader's own trust. Nothing is sent but the questions to the chain. */
export function verifyHere(bundle: ProofBundle, files: readonly FileDigest[], trust: Trust): Promise<Report> {
  return verifyBundle(bundle, { files, trust: toTrustInput(trust), ...(trust.rpcUrl === null ? {} : { chain: askChain(trust.rpcUrl) }) });
}
