import { randomFillSync } from 'node:crypto';

const SANE_ID = /^[A-Za-z0-9._:-]{8,128}$/;
const POOL_BYTES = 8_000;
const pool = Buffer.allocUnsafe(POOL_BYTES);
let used = POOL_BYTES;

/** A caller's own id is kept when it can do no harm in a log line or a header; otherwise the request gets a UUIDv7. */
export function requestIdOf(given: string | string[] | undefined): string {
  return typeof given === 'string' && SANE_ID.test(given) ? given : uuidv7();
}

/** A UUIDv7 (RFC 9562, section 5.7): 48 bits of Unix milliseconds, then 74 random bits. Random bytes are drawn 800 ids at a time. */
export function uuidv7(now: number = Date.now()): string {
  if (used >= POOL_BYTES) {
    randomFillSync(pool);
    used = 0;
  }
  const time = now.toString(16).padStart(12, '0');
  pool[used] = 0x70 | (pool[used]! & 0x0f);
  pool[used + 2] = 0x80 | (pool[used + 2]! & 0x3f);
  const rest = pool.toString('hex', used, used + 10);
  used += 10;
  return `${time.slice(0, 8)}-${time.slice(8)}-${rest.slice(0, 4)}-${rest.slice(4, 8)}-${rest.slice(8)}`;
}
