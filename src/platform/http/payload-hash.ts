import { hash } from 'node:crypto';
import { canonicalize } from '../../lib/canonical-json/index.js';

/** What an idempotency key stands for: what is done, e.g. `grant`; to what, e.g. a work number; and what was sent. */
export interface KeyedAct {
  readonly act: string;
  readonly subject: string;
  readonly payload: unknown;
}

/** The same for the same act with the same payload, however it was spelled. */
export function computePayloadHash({ act, subject, payload }: KeyedAct): Buffer {
  return hash('sha256', canonicalize({ act, subject, payload: JSON.parse(JSON.stringify(payload ?? null)) as never }), 'buffer');
}
