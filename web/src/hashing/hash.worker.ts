import { createSHA256, createSM3 } from 'hash-wasm';

// One file at a time, read in slices: a film of many gigabytes takes no more memory than a picture.

export interface HashRequest {
  readonly file: Blob;
}

export type HashMessage =
  | { readonly type: 'progress'; readonly bytes: number }
  | { readonly type: 'done'; readonly sha256: string; readonly sm3: string; readonly byteLength: number }
  | { readonly type: 'failed'; readonly reason: string };

const SLICE_BYTES = 4 * 1024 * 1024;
const TELL_EVERY_MS = 100;

const say = (message: HashMessage): void => self.postMessage(message);

self.addEventListener('message', ({ data: { file } }: MessageEvent<HashRequest>) => {
  hash(file).catch((error: unknown) => say({ type: 'failed', reason: error instanceof Error ? error.name : 'Error' }));
});

async function hash(file: Blob): Promise<void> {
  const [sha256, sm3] = await Promise.all([createSHA256(), createSM3()]);
  let told = 0;
  let bytes = 0;
  for (; bytes < file.size; bytes = Math.min(bytes + SLICE_BYTES, file.size)) {
    // Read by the browser while nothing else waits for it: slices come from the disk faster than they are hashed.
    const slice = new Uint8Array(await file.slice(bytes, bytes + SLICE_BYTES).arrayBuffer());
    if (slice.byteLength === 0) throw new DOMException('the file became shorter', 'NotReadableError');
    sha256.update(slice);
    sm3.update(slice);
    if (performance.now() - told > TELL_EVERY_MS) {
      told = performance.now();
      say({ type: 'progress', bytes: bytes + slice.byteLength });
    }
  }
  say({ type: 'done', sha256: sha256.digest('hex'), sm3: sm3.digest('hex'), byteLength: file.size });
}
