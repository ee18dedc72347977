import type { FileHandle } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { drawMark } from './draw-mark.js';
import { type ImageFormat, recogniseImage } from './image-format.js';
import { type LimitedChild, startLimitedChild } from './limited-child.js';
import { type ChildOrder, makeInChild } from './make-in-child.js';
import { isRefusal, PreviewError } from './preview-error.js';

export interface PreviewOrder {
  readonly format: ImageFormat;
  /** In pixels. */
  readonly longSide: number;
  /** Drawn across the picture. */
  readonly mark: string;
}

export interface PreviewPoolOptions {
  readonly mostAtOnce?: number;
  /** So many may wait; who comes then is told `busy`. */
  readonly mostWaiting?: number;
  /** Of one preview, once its turn has come. */
  readonly timeoutMs?: number;
  /** Resident, of one child. */
  readonly memoryBytes?: number;
  readonly mostPixels?: number;
}

interface Waiting {
  readonly file: FileHandle;
  readonly order: PreviewOrder;
  resolve(image: Buffer): void;
  reject(error: PreviewError): void;
}

/** No preview is longer: a child that sends more has fallen to somebody. */
const MOST_OUTPUT = 8 * 1024 ** 2;
const KEPT_ERRORS = 2_000;
/** By whom else: the kernel when memory is short, an operator. The other signals are the child's own doing. */
const FROM_OUTSIDE: ReadonlySet<string | null> = new Set(['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP']);

/**
 * Makes previews, each in a process of its own (see {@link startLimitedChild}) that is killed when it takes too long: a decoder that a hostile file breaks takes
 * neither the service nor the next picture with it.
 */
export class PreviewPool {
  private readonly waiting: Waiting[] = [];
  private readonly children = new Map<LimitedChild, (error: PreviewError) => void>();
  private readonly options: Required<PreviewPoolOptions>;

  constructor(options: PreviewPoolOptions = {}) {
    this.options = { mostAtOnce: 2, mostWaiting: 32, timeoutMs: 10_000, memoryBytes: 512 * 1024 ** 2, mostPixels: 50_000_000, ...options };
  }

  /** The processes that run now. */
  get processIds(): number[] {
    return [...this.children.keys()].flatMap(({ pid }) => pid ?? []);
  }

  /** @param file open for reading, until this resolves. @returns a WebP file. @throws PreviewError any but `absent` and `format`. */
  make(file: FileHandle, order: PreviewOrder): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const isBusy = this.children.size >= this.options.mostAtOnce && this.waiting.length >= this.options.mostWaiting;
      if (isBusy) reject(new PreviewError('busy'));
      else this.waiting.push({ file, order, resolve, reject });
      this.next();
    });
  }

  /** Who waits is told `stopped`. */
  stop(): void {
    for (const { reject } of this.waiting.splice(0)) reject(new PreviewError('stopped'));
    for (const kill of this.children.values()) kill(new PreviewError('stopped'));
  }

  private next(): void {
    while (this.children.size < this.options.mostAtOnce) {
      const waiting = this.waiting.shift();
      if (waiting === undefined) return;
      this.start(waiting);
    }
  }

  private start({ file, order: { mark, ...order }, resolve, reject }: Waiting): void {
    const { timeoutMs, memoryBytes, mostPixels } = this.options;
    const library = createRequire(import.meta.url).resolve('sharp');
    const argument = JSON.stringify({ ...order, library, mostPixels, memoryBytes, mark: drawMark(mark) } satisfies ChildOrder);
    // Several threads may use more of the processor than of the clock.
    const child = startLimitedChild(makeInChild, argument, file.fd, { memoryBytes, cpuSeconds: Math.ceil((2 * timeoutMs) / 1_000) });

    let verdict: PreviewError | null = null;
    const kill = (error: PreviewError): void => {
      verdict ??= error;
      child.kill('SIGKILL');
    };
    this.children.set(child, kill);
    const timer = setTimeout(() => kill(new PreviewError('too-costly', `longer than ${timeoutMs} ms`)), timeoutMs);
    const output: Buffer[] = [];
    let byteLength = 0;
    child.stdout.on('data', (chunk: Buffer) => {
      byteLength += chunk.length;
      if (byteLength > MOST_OUTPUT) kill(new PreviewError('too-costly', 'more than a preview'));
      else output.push(chunk);
    });
    let errors = '';
    child.stderr.on('data', (chunk: Buffer) => (errors = (errors + chunk.toString('utf8')).slice(-KEPT_ERRORS)));
    child.once('error', (error) => (verdict ??= new PreviewError('failed', 'no process for a preview', { cause: error })));
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      this.children.delete(child);
      const outcome = verdict ?? judge(code, signal, Buffer.concat(output), errors);
      if (outcome instanceof PreviewError) reject(outcome);
      else resolve(outcome);
      this.next();
    });
  }
}

/** What came of a child that ended without being told to. Its output is as little to be trusted as the file: more than how it begins and how long it is nobody looks at here. */
function judge(code: number | null, signal: string | null, output: Buffer, errors: string): Buffer | PreviewError {
  if (code === 0 && recogniseImage(output) === 'webp' && output.readUInt32LE(4) + 8 === output.length) return output;
  const word = output.subarray(0, 20).toString('latin1');
  if (code === 0 && isRefusal(word)) return new PreviewError(word);
  if (FROM_OUTSIDE.has(signal)) return new PreviewError('interrupted', `the process ended by ${signal}`);
  if (signal !== null) return new PreviewError('too-costly', `the process ended by ${signal}`);
  return new PreviewError('failed', `the process ended with ${code}: ${errors}`);
}
