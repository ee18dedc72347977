import { uuidv7 } from '../random/index.js';

const SANE_ID = /^[A-Za-z0-9._:-]{8,128}$/;

/** A caller's own id is kept when it can do no harm in a log line or a header; otherwise the request gets a UUIDv7. */
export function requestIdOf(given: string | string[] | undefined): string {
  return typeof given === 'string' && SANE_ID.test(given) ? given : uuidv7();
}
