import type { KeyObject } from 'node:crypto';
import type { Worker } from 'node:worker_threads';
import { startThread } from '../../platform/threads/index.js';

const SIGNATURE_BYTES = 64;

interface Waiting {
  readonly text: string;
  resolve(signature: Uint8Array): void;
  reject(error: Error): void;
}

/** Stands in no text that is signed: notes hold no control characters. */
const SEPARATOR = '\0';

/**
 * Ed25519 signatures (RFC 8032) over the UTF-8 of texts, made on a thread of its own. What is asked for in one turn of the event loop crosses in one message: a message
 * costs as much as a signature.
 */
export class SigningThread {
  private worker: Worker | null = null;
  private gathered: Waiting[] = [];
  /** Answered in the order of asking. */
  private readonly sent: Waiting[][] = [];

  constructor(private readonly key: KeyObject) {}

  sign(text: string): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      this.gathered.push({ text, resolve, reject });
      if (this.gathered.length === 1) setImmediate(() => this.send());
    });
  }

  async stop(): Promise<void> {
    await this.worker?.terminate();
  }

  private send(): void {
    const batch = this.gathered;
    this.gathered = [];
    this.worker ??= this.start();
    this.sent.push(batch);
    this.worker.ref();
    // One string crosses several times faster than as many arrays of bytes.
    this.worker.postMessage(batch.map(({ text }) => text).join(SEPARATOR));
  }

  private start(): Worker {
    const worker = startThread('sign', serve, this.key);
    worker.on('message', (signatures: Uint8Array) => {
      this.sent.shift()?.forEach(({ resolve }, i) => resolve(signatures.subarray(i * SIGNATURE_BYTES, (i + 1) * SIGNATURE_BYTES)));
      if (this.sent.length === 0) worker.unref();
    });
    worker.on('error', (error) => this.lose(worker, error));
    worker.on('exit', (code) => this.lose(worker, new Error(`the signing thread ended with ${code}`)));
    return worker;
  }

  /** Whoever waits is told; the next signature starts another thread. */
  private lose(worker: Worker, error: Error): void {
    if (this.worker !== worker) return;
    this.worker = null;
    for (const batch of this.sent.splice(0)) for (const { reject } of batch) reject(error);
  }
}

/** What runs on the thread. */
function serve(): void {
  const { parentPort, workerData } = process.getBuiltinModule('node:worker_threads');
  const { sign } = process.getBuiltinModule('node:crypto');
  parentPort?.on('message', (texts: string) => parentPort.postMessage(Buffer.concat(texts.split('\0').map((text) => sign(null, Buffer.from(text), workerData as KeyObject)))));
}
