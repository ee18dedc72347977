import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Transform, type Readable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import { syncDirectory } from '../../platform/blobs/file-store.js';
import { type Manifest, MANIFEST, SUMS } from './manifest.js';

/** A backup in the making, beside where it will be. It has its name only when it is whole and on disk. */
export class BackupWriter {
  private readonly partial: string;
  private readonly sums: WriteStream;
  private readonly sumsHash = createHash('sha256');
  private files = 0;

  private constructor(private readonly target: string) {
    this.partial = `${target}.partial`;
    this.sums = createWriteStream(join(this.partial, SUMS), { mode: 0o600, flush: true });
  }

  static async open(target: string): Promise<BackupWriter> {
    await rm(`${target}.partial`, { recursive: true, force: true });
    await mkdir(`${target}.partial`, { recursive: true, mode: 0o700 });
    return new BackupWriter(target);
  }

  /** @returns the digest, hex. */
  async add(path: string, source: Readable): Promise<string> {
    const hash = createHash('sha256');
    const hashing = new Transform({ transform: (chunk: Buffer, _encoding, done) => done(null, (hash.update(chunk), chunk)) });
    const target = join(this.partial, path);
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    await pipeline(source, hashing, createWriteStream(target, { flags: 'wx', mode: 0o600, flush: true }));
    const sha256 = hash.digest('hex');
    await this.note(sha256, path);
    return sha256;
  }

  /** A small file. */
  async addBytes(path: string, bytes: Uint8Array): Promise<void> {
    const target = join(this.partial, path);
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    await writeFile(target, bytes, { flag: 'wx', mode: 0o600, flush: true });
    await this.note(createHash('sha256').update(bytes).digest('hex'), path);
  }

  async finish(manifest: Omit<Manifest, 'files' | 'sums'>): Promise<void> {
    this.sums.end();
    await finished(this.sums);
    const whole: Manifest = { ...manifest, files: this.files, sums: this.sumsHash.digest('hex') };
    await writeFile(join(this.partial, MANIFEST), `${JSON.stringify(whole, null, 2)}\n`, { mode: 0o600, flush: true });
    await syncDirectory(this.partial);
    await rename(this.partial, this.target);
    await syncDirectory(dirname(this.target));
  }

  async abandon(): Promise<void> {
    this.sums.destroy();
    await rm(this.partial, { recursive: true, force: true });
  }

  private async note(sha256: string, path: string): Promise<void> {
    const line = `${sha256}  ${path}\n`;
    this.files++;
    this.sumsHash.update(line);
    if (!this.sums.write(line)) await once(this.sums, 'drain');
  }
}
