import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { writePoint } from '../fault-points/index.js';

/** Files without a name yet stand here: on the same file system, and where nobody looks for files that are whole. */
const TEMPORARY = '.tmp';
/** No write takes so long: what is older was left by a process that died. */
const LEFTOVER_MS = 3_600_000;

/** Durable files under one directory. A file is whole and synced before it has its name; its directory is synced after. */
export class FileStore {
  constructor(readonly root: string) {}

  pathOf(name: string): string {
    return join(this.root, name);
  }

  /** Puts `bytes` under `name`, replacing what was there. When it resolves, the file survives a power cut. */
  async put(name: string, bytes: Uint8Array | string): Promise<void> {
    const path = this.pathOf(name);
    const temporary = join(this.root, TEMPORARY, randomUUID());
    try {
      await writePoint('file.write', () => within(dirname(temporary), () => writeSynced(temporary, bytes)));
      await writePoint('file.rename', async () => {
        await within(dirname(path), () => rename(temporary, path));
        await syncDirectory(dirname(path));
      });
    } catch (error) {
      await writePoint('file.discard', () => rm(temporary, { force: true }));
      throw error;
    }
  }

  /** The file's bytes, or null when there is none. */
  async get(name: string): Promise<Buffer | null> {
    try {
      return await readFile(this.pathOf(name));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
  }

  async remove(name: string): Promise<void> {
    await writePoint('file.remove', () => rm(this.pathOf(name), { force: true, recursive: true }));
  }

  /** Removes what processes that died have left half-written. Others may be writing meanwhile. */
  async removeLeftovers(now = new Date()): Promise<void> {
    const directory = join(this.root, TEMPORARY);
    for (const name of await readdir(directory).catch(absent)) {
      const path = join(directory, name);
      const info = await stat(path).catch(absent);
      if ('mtime' in info && info.mtime.getTime() < now.getTime() - LEFTOVER_MS) await writePoint('file.sweep', () => rm(path, { force: true }));
    }
  }
}

function absent(error: NodeJS.ErrnoException): [] {
  if (error.code === 'ENOENT') return [];
  throw error;
}

/** Does what needs a directory; almost always it is there, and is made only when it turns out that it is not. */
async function within(directory: string, act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    await makeDirectory(directory);
    await act();
  }
}

/** A new directory is durable once the one that it stands in is synced, and so on up to one that was there before. */
async function makeDirectory(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true });
  if (first === undefined) return;
  for (let made = path; ; made = dirname(made)) {
    await syncDirectory(dirname(made));
    if (made === first) return;
  }
}

async function writeSynced(path: string, bytes: Uint8Array | string): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(bytes);
    await file.datasync();
  } finally {
    await file.close();
  }
}

/** Makes a rename durable. */
export async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
