import { randomUUID } from 'node:crypto';
import { copyFile, mkdir, open, readFile, rename, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseCheckpoint, splitNote } from '../../lib/note/index.js';
import { type Manifest, readSums } from './manifest.js';

export interface RestoredFiles {
  /** The size that is published in DATA_DIR when it is beyond the backup's: what the database will lack. */
  readonly newerLog: number | null;
}

/**
 * Puts files of works and the published log where the service looks for them. What is there already stays: blobs have their digest for a name, and a log
 * that was published beyond the backup must never be set back.
 */
export async function restoreFiles(directory: string, manifest: Manifest, dataDir: string, onProgress: (done: number, total: number) => void): Promise<RestoredFiles> {
  const published = await publishedSize(dataDir);
  const newerLog = published !== null && published > manifest.publishedSize ? published : null;
  let done = 0;
  let checkpoint: string | null = null;
  for await (const { path } of readSums(directory)) {
    onProgress(++done, manifest.files);
    if (path === 'log/checkpoint') checkpoint = path;
    else if (path.startsWith('blobs/') || (path.startsWith('log/') && newerLog === null)) await place(directory, dataDir, path);
  }
  // Last: whoever reads it finds the tiles under it.
  if (checkpoint && newerLog === null) await place(directory, dataDir, checkpoint);
  return { newerLog };
}

/** @returns null when nothing is published there. */
export async function publishedSize(dataDir: string): Promise<number | null> {
  const note = await readFile(join(dataDir, 'log', 'checkpoint'), 'utf8').catch(() => null);
  return note === null ? null : parseCheckpoint(splitNote(note).text).treeSize;
}

async function place(directory: string, dataDir: string, path: string): Promise<void> {
  const [source, target] = [join(directory, path), join(dataDir, path)];
  const [wanted, present] = await Promise.all([stat(source), stat(target).catch(() => null)]);
  if (path.startsWith('blobs/') && present?.size === wanted.size) return;
  await mkdir(dirname(target), { recursive: true, mode: 0o700 });
  const temporary = `${target}.${randomUUID()}.tmp`;
  await copyFile(source, temporary);
  const file = await open(temporary, 'r+');
  try {
    await file.datasync();
  } finally {
    await file.close();
  }
  await rename(temporary, target);
}
