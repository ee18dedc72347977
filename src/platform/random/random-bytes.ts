import { randomFillSync } from 'node:crypto';

const POOL_BYTES = 8_192;
let pool = Buffer.allocUnsafe(POOL_BYTES);
let used = POOL_BYTES;

/** Random bytes that nobody else is given. The operating system is asked for thousands at a time: a call costs more than the bytes do. */
export function drawRandomBytes(count: number): Buffer {
  if (used + count > pool.length) {
    // A new buffer, not the old one filled again: views of it are still held.
    pool = randomFillSync(Buffer.allocUnsafeSlow(Math.max(POOL_BYTES, count)));
    used = 0;
  }
  used += count;
  return pool.subarray(used - count, used);
}
