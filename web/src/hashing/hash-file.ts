import type { HashMessage, HashRequest } from './hash.worker.ts';
import { newHashWorker } from './new-hash-worker.ts';

export interface Digests {
  readonly byteLength: number;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
  readonly sm3: string;
}

/** The file cannot be read: it was moved, changed or taken back while it was. `reason` is the name of the browser's error. */
export class UnreadableFile extends Error {
  override readonly name = 'UnreadableFile';
  constructor(readonly fileName: string, readonly reason: string) {
    super(`${fileName}: ${reason}`);
  }
}

/**
 * SHA-256 and SM3 of a file, in a worker, so that the page stays alive; nothing leaves the computer.
 * @param onProgress bytes hashed so far.
 * @param signal ends the worker at once. @throws the signal's reason, or {@link UnreadableFile}.
 */
export async function hashFile(file: File, onProgress: (bytes: number) => void, signal: AbortSignal): Promise<Digests> {
  signal.throwIfAborted();
  const worker = newHashWorker();
  try {
    return await new Promise<Digests>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
      worker.addEventListener('error', (event) => reject(new UnreadableFile(file.name, event.message)));
      worker.addEventListener('message', ({ data }: MessageEvent<HashMessage>) => {
        if (data.type === 'progress') onProgress(data.bytes);
        else if (data.type === 'failed') reject(new UnreadableFile(file.name, data.reason));
        else resolve({ byteLength: data.byteLength, sha256: data.sha256, sm3: data.sm3 });
      });
      worker.postMessage({ file } satisfies HashRequest);
    });
  } finally {
    worker.terminate();
  }
}
