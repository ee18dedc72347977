import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { CliError } from '../cli-error.js';

export const MANIFEST = 'manifest.json';
/** As sha256sum(1) reads it: a backup can be checked without this program. */
export const SUMS = 'SHA256SUMS';

const hex64 = z.string().regex(/^[0-9a-f]{64}$/);

const manifestSchema = z.object({
  format: z.literal('zhengben-backup/1'),
  createdAt: z.iso.datetime(),
  /** Of the log as the database has it, and as it was published. */
  treeSize: z.int().min(0),
  rootHash: hex64,
  publishedSize: z.int().min(0),
  migrations: z.array(z.string()),
  tables: z.array(z.object({ name: z.string(), columns: z.array(z.string()), rows: z.int().min(0) })),
  /** Lines of SHA256SUMS, and the digest of that file. */
  files: z.int().min(0),
  sums: hex64,
});

export type Manifest = z.infer<typeof manifestSchema>;

/** @throws CliError when the directory is not a backup. */
export async function readManifest(directory: string): Promise<Manifest> {
  const text = await readFile(join(directory, MANIFEST), 'utf8').catch(() => {
    throw new CliError(`${directory} is not a backup: there is no ${MANIFEST}`);
  });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new CliError(`${directory}/${MANIFEST} is damaged`, 1);
  }
  const parsed = manifestSchema.safeParse(json);
  if (!parsed.success) throw new CliError(`${directory}/${MANIFEST} is not one that this version can read: ${parsed.error.issues[0]?.message ?? ''}`);
  return parsed.data;
}

export interface Sum {
  readonly sha256: string;
  readonly path: string;
}

/** The files of a backup, one after the other. */
export async function* readSums(directory: string): AsyncGenerator<Sum> {
  for await (const line of createInterface({ input: createReadStream(join(directory, SUMS)), crlfDelay: Infinity })) {
    const [, sha256, path] = /^([0-9a-f]{64}) {2}([\w./-]+)$/.exec(line) ?? [];
    // The paths are joined to a directory: none may lead out of it.
    if (sha256 === undefined || path === undefined || path.split('/').includes('..') || path.startsWith('/')) throw new CliError(`${directory}/${SUMS} is damaged`, 1);
    yield { sha256, path };
  }
}

/** Hex. The file is never held in memory. */
export async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** Reads every file. @throws CliError with exit code 1 that names the first that is missing or damaged. */
export async function verifyBackup(directory: string, manifest: Manifest, onProgress: (done: number, total: number) => void): Promise<void> {
  const sums = await digestOf(join(directory, SUMS)).catch(() => null);
  if (sums !== manifest.sums) throw new CliError(`${directory}/${SUMS} is ${sums === null ? 'missing' : 'damaged'}`, 1);
  let done = 0;
  for await (const { sha256, path } of readSums(directory)) {
    const found = await digestOf(join(directory, path)).catch(() => null);
    if (found !== sha256) throw new CliError(`${directory}/${path} is ${found === null ? 'missing' : 'damaged: its digest is another than when the backup was made'}`, 1);
    onProgress(++done, manifest.files);
  }
}
