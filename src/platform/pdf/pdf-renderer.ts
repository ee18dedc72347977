import { createRequire } from 'node:module';
import type { Worker } from 'node:worker_threads';
import { startThread } from '../threads/index.js';
import { drawOnThread, type Order, type Report, type ThreadData } from './draw-on-thread.js';
import { PdfError } from './pdf-error.js';
import type { Printable, PrintableSheet } from './printable.js';

interface Waiting {
  readonly document: Printable | PrintableSheet;
  resolve(file: Buffer): void;
  reject(error: PdfError): void;
}

export interface PdfRendererOptions {
  /** So many may wait; who comes then is told `busy`. */
  readonly mostWaiting?: number;
  /** A document that takes longer fails, and its thread with it. */
  readonly timeoutMs?: number;
  /** A thread without work ends after this time: it holds two fonts of 10 MB. */
  readonly idleMs?: number;
}

/**
 * Draws PDFs one after the other on a thread of its own, which starts with the first: a contract takes a few hundred milliseconds of a processor, in which
 * nobody else would be served. The same document gives the same bytes, with the same version of the library, the font and zlib.
 */
export class PdfRenderer {
  private readonly queue: Waiting[] = [];
  private worker: Worker | null = null;
  private current: { id: number; waiting: Waiting; timer: NodeJS.Timeout } | null = null;
  private idle: NodeJS.Timeout | undefined;
  private lastId = 0;
  private readonly options: Required<PdfRendererOptions>;

  constructor(options: PdfRendererOptions = {}) {
    this.options = { mostWaiting: 32, timeoutMs: 30_000, idleMs: 60_000, ...options };
  }

  /** @throws PdfError `busy`, `timeout`, `failed` or `stopped`. */
  renderDocument(document: Printable | PrintableSheet): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      if (this.queue.length >= this.options.mostWaiting) {
        reject(new PdfError('busy', 'too many documents are waiting'));
        return;
      }
      this.queue.push({ document, resolve, reject });
      this.next();
    });
  }

  /** Who waits is told `stopped`. A document that is asked for later starts another thread. */
  async stop(): Promise<void> {
    const waiting = this.queue.splice(0);
    await this.drop(new PdfError('stopped', 'the service is stopping'));
    for (const { reject } of waiting) reject(new PdfError('stopped', 'the service is stopping'));
  }

  private next(): void {
    if (this.current) return;
    const waiting = this.queue.shift();
    clearTimeout(this.idle);
    if (!waiting) {
      this.worker?.unref();
      this.idle = setTimeout(() => void this.drop(new PdfError('stopped', 'idle')), this.options.idleMs).unref();
      return;
    }
    const id = ++this.lastId;
    const timer = setTimeout(() => void this.drop(new PdfError('timeout', `a document took longer than ${this.options.timeoutMs} ms`)), this.options.timeoutMs);
    this.current = { id, waiting, timer };
    try {
      const worker = (this.worker ??= this.start());
      worker.ref();
      worker.postMessage({ id, document: waiting.document } satisfies Order);
    } catch (error) {
      this.finish()?.reject(new PdfError('failed', 'the document could not be handed over', { cause: error }));
    }
  }

  private start(): Worker {
    const { resolve } = createRequire(import.meta.url);
    const font = (face: string): string => resolve(`@expo-google-fonts/noto-sans-sc/${face}`);
    const data: ThreadData = { library: resolve('pdfkit'), codes: resolve('qrcode'), regular: font('400Regular/NotoSansSC_400Regular.ttf'), bold: font('700Bold/NotoSansSC_700Bold.ttf') };
    const worker = startThread('pdf', drawOnThread, data);
    worker.on('message', (report: Report) => {
      if (worker !== this.worker || report.id !== this.current?.id) return;
      const waiting = this.finish();
      if ('bytes' in report) waiting?.resolve(Buffer.from(report.bytes.buffer, report.bytes.byteOffset, report.bytes.byteLength));
      else waiting?.reject(new PdfError('failed', report.error));
    });
    worker.on('error', (error) => this.lose(worker, new PdfError('failed', 'the PDF thread failed', { cause: error })));
    worker.on('exit', (code) => this.lose(worker, new PdfError('failed', `the PDF thread ended with ${code}`)));
    return worker;
  }

  /** Ends what is being drawn, and begins the next. */
  private finish(): Waiting | null {
    const current = this.current;
    this.current = null;
    clearTimeout(current?.timer);
    if (current) queueMicrotask(() => this.next());
    return current?.waiting ?? null;
  }

  private lose(worker: Worker, error: PdfError): void {
    if (worker !== this.worker) return;
    this.worker = null;
    this.finish()?.reject(error);
  }

  private async drop(error: PdfError): Promise<void> {
    clearTimeout(this.idle);
    const worker = this.worker;
    this.worker = null;
    this.finish()?.reject(error);
    await worker?.terminate();
  }
}
