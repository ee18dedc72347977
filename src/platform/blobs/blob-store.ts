import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, type ReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { CONFIG, type Config } from '../config/index.js';
import { writePoint } from '../fault-points/index.js';
import { blobPath } from './blob-path.js';
import { syncDirectory } from './file-store.js';
import { type FollowedFile, Sm3Thread } from './sm3-thread.js';

/** A file that has arrived whole and is on disk, but belongs to nothing yet. Digests are lower-case hex. */
export interface StagedBlob {
  readonly path: string;
  readonly byteLength: number;
  readonly sha256: string;
  readonly sm3: string;
}

/** Left over by whatever died: removed after a day, and not before, for an upload may take that long. */
const LEFTOVER_MS = 24 * 3600 * 1000;
const WRITE_BUFFER = 1024 * 1024;

/** Orphans that are looked for at once. */
const PAGE = 100;

/** A blob that nothing refers to, and its place in the order in which the sweeper looks at them. */
interface Orphan {
  readonly touchedAt: string;
  readonly sha256: string;
}

const OLDEST: Orphan = { touchedAt: '-infinity', sha256: '' };

/**
 * Content-addressed files. A file is hashed while it streams to a staging file, never held in memory; it gets its address after its row in
 * `blob` is written, so that the sweeper knows every file there is.
 */
@Injectable()
export class BlobStore implements OnModuleInit, OnModuleDestroy {
  private readonly dataDir: string;
  private readonly staging: string;
  private readonly blobs: string;
  /** Those of the 256 that are known to be there. */
  private readonly directories = new Set<string>();
  private readonly sm3 = new Sm3Thread();

  constructor(@Inject(CONFIG) config: Config, @InjectDataSource() private readonly dataSource: DataSource) {
    this.dataDir = config.dataDir;
    this.staging = join(config.dataDir, 'staging');
    this.blobs = join(config.dataDir, 'blobs');
  }

  async onModuleInit(): Promise<void> {
    await mkdir(this.staging, { recursive: true, mode: 0o700 });
    await mkdir(this.blobs, { recursive: true, mode: 0o700 });
  }

  async onModuleDestroy(): Promise<void> {
    await this.sm3.stop();
  }

  /** Streams to disk, hashing on the way. When it resolves, the file survives a power cut; on any failure it is gone. */
  async stage(source: Readable): Promise<StagedBlob> {
    const path = join(this.staging, randomUUID());
    try {
      return await writePoint('blob.stage', async () => ({ path, ...(await writeHashing(source, path, this.sm3)) }));
    } catch (error) {
      source.destroy();
      await this.discard({ path });
      throw error;
    }
  }

  /** Removes a staged file that nobody wants. */
  async discard(staged: Pick<StagedBlob, 'path'>): Promise<void> {
    await writePoint('blob.discard', () => rm(staged.path, { force: true }));
  }

  /** Gives staged files their addresses: first the rows, then the files. */
  async adopt(staged: readonly StagedBlob[]): Promise<void> {
    if (staged.length === 0) return;
    const distinct = [...new Map(staged.map((blob) => [blob.sha256, blob])).values()].toSorted((a, b) => (a.sha256 < b.sha256 ? -1 : 1));
    // Touching an old row under its lock keeps the sweeper from the file that is about to be used again.
    await writePoint('blob.row', () =>
      this.dataSource.query(
        `INSERT INTO blob (sha256, byte_length) SELECT decode(b.sha256, 'hex'), b.byte_length FROM unnest($1::text[], $2::bigint[]) AS b(sha256, byte_length)
         ON CONFLICT (sha256) DO UPDATE SET touched_at = now()`,
        [distinct.map((blob) => blob.sha256), distinct.map((blob) => blob.byteLength)],
      ));
    for (const blob of staged) {
      const target = this.pathOf(blob.sha256);
      await this.ensureDirectory(dirname(target));
      await writePoint('blob.place', () => rename(blob.path, target));
    }
    await Promise.all([...new Set(staged.map((blob) => dirname(this.pathOf(blob.sha256))))].map(syncDirectory));
  }

  private async ensureDirectory(directory: string): Promise<void> {
    if (this.directories.has(directory)) return;
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await syncDirectory(this.blobs);
    this.directories.add(directory);
  }

  /**
   * Streams a blob, or a part of it. Who may have it is for the caller to decide: addresses are never taken from outside.
   * @param part both ends included. @returns `byteLength` of the whole.
   */
  async read(sha256: string, part?: { readonly first: number; readonly last: number }): Promise<{ stream: ReadStream; byteLength: number }> {
    const path = this.pathOf(sha256);
    const { size } = await stat(path);
    return { stream: createReadStream(path, { highWaterMark: WRITE_BUFFER, ...(part === undefined ? {} : { start: part.first, end: part.last }) }), byteLength: size };
  }

  /**
   * Removes blobs that nothing refers to a day after they were last wanted, and staging files that died. The file goes while the row is
   * locked: an upload of the same bytes waits for the lock, and then writes both anew.
   * @returns how many blobs were removed.
   */
  async sweep(now = new Date()): Promise<number> {
    const before = new Date(now.getTime() - LEFTOVER_MS);
    for (const name of await readdir(this.staging)) {
      const path = join(this.staging, name);
      const { mtime } = await stat(path).catch(() => ({ mtime: now }));
      if (mtime < before) await writePoint('blob.sweep-staging', () => rm(path, { force: true }));
    }
    let removed = 0;
    for (let page = await this.findOrphans(before, OLDEST); page.length > 0; page = await this.findOrphans(before, page.at(-1) as Orphan)) {
      for (const { sha256 } of page) if (await this.removeOrphan(sha256, before)) removed++;
    }
    return removed;
  }

  /** @param after the last of the page before: to begin anew at the oldest would be to walk once more over all blobs that are in use. */
  private findOrphans(before: Date, after: Orphan): Promise<Orphan[]> {
    return this.dataSource.query(
      // The time as text: PostgreSQL counts microseconds, a Date does not.
      `SELECT encode(b.sha256, 'hex') AS sha256, b.touched_at::text AS "touchedAt" FROM blob b
        WHERE b.touched_at < $1 AND b.touched_at >= $2::timestamptz AND (b.touched_at, b.sha256) > ($2::timestamptz, decode($3, 'hex'))
          AND NOT EXISTS (SELECT 1 FROM blob_use u WHERE u.sha256 = b.sha256)
        ORDER BY b.touched_at, b.sha256 LIMIT ${PAGE}`,
      [before, after.touchedAt, after.sha256],
    );
  }

  /** @returns whether it still was one, and nobody was at it. */
  private removeOrphan(sha256: string, before: Date): Promise<boolean> {
    return this.dataSource.transaction(async (tx) => {
      const [row]: unknown[] = await tx.query(
        `SELECT 1 FROM blob b WHERE b.sha256 = decode($1, 'hex') AND b.touched_at < $2 AND NOT EXISTS (SELECT 1 FROM blob_use u WHERE u.sha256 = b.sha256)
            FOR UPDATE SKIP LOCKED`,
        [sha256, before],
      );
      if (!row) return false;
      await writePoint('blob.sweep-file', () => rm(this.pathOf(sha256), { force: true }));
      // The foreign key refuses this when something has come to refer to it since; the file was then written anew after its row.
      await writePoint('blob.sweep-row', () => tx.query(`DELETE FROM blob WHERE sha256 = decode($1, 'hex')`, [sha256]));
      return true;
    });
  }

  private pathOf(sha256: string): string {
    return blobPath(this.dataDir, sha256);
  }
}

/** What is gathered before it is written: fewer, larger writes, and all that a file takes of memory. */
async function writeHashing(source: Readable, path: string, thread: Sm3Thread): Promise<Omit<StagedBlob, 'path'>> {
  const sha256 = createHash('sha256');
  const file = await open(path, 'wx', 0o600);
  let followed: FollowedFile | null = null;
  let byteLength = 0;
  let sm3: string;
  try {
    let gathered: Buffer[] = [];
    let size = 0;
    for await (const chunk of source as AsyncIterable<Buffer>) {
      sha256.update(chunk);
      gathered.push(chunk);
      size += chunk.length;
      byteLength += chunk.length;
      if (size < WRITE_BUFFER) continue;
      await writeWhole(file, gathered, size);
      [gathered, size] = [[], 0];
      followed ??= thread.follow(path);
      followed.wrote(byteLength);
    }
    if (size > 0) await writeWhole(file, gathered, size);
    followed?.wrote(byteLength);
    // What fits in one write is digested here before another thread would have heard of it.
    const digest = followed ? followed.digest() : digestSm3(gathered);
    [sm3] = await Promise.all([digest, file.datasync()]);
  } catch (error) {
    followed?.abandon();
    throw error;
  } finally {
    await file.close();
  }
  return { byteLength, sha256: sha256.digest('hex'), sm3 };
}

function digestSm3(chunks: readonly Buffer[]): string {
  const sm3 = createHash('sm3');
  for (const chunk of chunks) sm3.update(chunk);
  return sm3.digest('hex');
}

/** A disk that has room for a part takes that part and says no more than how much it was; only the write after it fails. */
async function writeWhole(file: FileHandle, chunks: readonly Buffer[], byteLength: number): Promise<void> {
  const { bytesWritten } = await file.writev(chunks);
  if (bytesWritten === byteLength) return;
  const rest = Buffer.concat(chunks).subarray(bytesWritten);
  for (let at = 0; at < rest.length;) at += (await file.write(rest, at)).bytesWritten;
}

/** A write found no room. */
export function isOutOfSpace(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException | null)?.code ?? '');
}
