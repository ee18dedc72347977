import type { Worker } from 'node:worker_threads';
import { startThread } from '../threads/index.js';

/** SM3 of a file while it is being written. */
export interface FollowedFile {
  /** So many bytes of the file are written now: they may be read. */
  wrote(byteLength: number): void;
  /** Lower-case hex, once all that was written is digested. */
  digest(): Promise<string>;
  /** Nobody wants the digest any more. */
  abandon(): void;
}

type Order = { id: number; open: string } | { id: number; upTo: number } | { id: number; finish: boolean };
type Report = { id: number; digest?: string; error?: string };

interface Waiting {
  resolve(digest: string): void;
  reject(error: Error): void;
}

/**
 * Computes SM3 (GB/T 32905) on a thread of its own, which reads what was just written back from the file: SM3 has no instructions of its own in
 * today's processors and takes longer than all else that happens to an upload. One thread serves all uploads; it starts with the first.
 */
export class Sm3Thread {
  private worker: Worker | null = null;
  private readonly waiting = new Map<number, Waiting>();
  private lastId = 0;

  follow(path: string): FollowedFile {
    const id = ++this.lastId;
    this.order({ id, open: path });
    return {
      wrote: (upTo) => this.order({ id, upTo }),
      digest: () =>
        new Promise((resolve, reject) => {
          this.waiting.set(id, { resolve, reject });
          this.worker?.ref();
          this.order({ id, finish: true });
        }),
      abandon: () => this.order({ id, finish: false }),
    };
  }

  async stop(): Promise<void> {
    await this.worker?.terminate();
  }

  private order(order: Order): void {
    this.worker ??= this.start();
    this.worker.postMessage(order);
  }

  private start(): Worker {
    const worker = startThread('sm3', serve);
    worker.on('message', (report: Report) => {
      const waiting = this.waiting.get(report.id);
      if (report.digest === undefined) waiting?.reject(new Error(`SM3: ${report.error ?? 'no digest'}`));
      else waiting?.resolve(report.digest);
      this.forget(report.id);
    });
    worker.on('error', (error) => this.lose(worker, error));
    worker.on('exit', (code) => this.lose(worker, new Error(`the SM3 thread ended with ${code}`)));
    return worker;
  }

  private forget(id: number): void {
    this.waiting.delete(id);
    // A thread that nobody waits for keeps no process alive.
    if (this.waiting.size === 0) this.worker?.unref();
  }

  /** Whoever waits is told; the next upload starts another thread, which knows nothing of the files that this one followed. */
  private lose(worker: Worker, error: Error): void {
    if (this.worker !== worker) return;
    this.worker = null;
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
  }
}

/** What runs on the thread. */
function serve(): void {
  const { parentPort } = process.getBuiltinModule('node:worker_threads');
  const { createHash } = process.getBuiltinModule('node:crypto');
  const { closeSync, openSync, readSync } = process.getBuiltinModule('node:fs');
  const files = new Map<number, { descriptor: number; read: number; hash: import('node:crypto').Hash }>();
  const buffer = Buffer.allocUnsafeSlow(1 << 20);

  const read = (id: number, upTo: number): void => {
    const file = files.get(id);
    while (file && file.read < upTo) {
      const count = readSync(file.descriptor, buffer, 0, Math.min(buffer.length, upTo - file.read), file.read);
      if (count === 0) throw new Error('the file is shorter than what was written');
      file.hash.update(buffer.subarray(0, count));
      file.read += count;
    }
  };
  const close = (id: number): import('node:crypto').Hash | undefined => {
    const file = files.get(id);
    files.delete(id);
    if (file) closeSync(file.descriptor);
    return file?.hash;
  };

  parentPort?.on('message', (order: Order) => {
    const { id } = order;
    try {
      if ('open' in order) files.set(id, { descriptor: openSync(order.open, 'r'), read: 0, hash: createHash('sm3') });
      else if ('upTo' in order) read(id, order.upTo);
      else {
        const hash = close(id);
        if (order.finish) parentPort.postMessage(hash ? { id, digest: hash.digest('hex') } : { id, error: 'the file could not be read' });
      }
    } catch {
      // Told when the digest is asked for.
      close(id);
    }
  });
}
