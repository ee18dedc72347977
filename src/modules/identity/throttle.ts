import type { DataSource } from 'typeorm';
import { DomainError } from '../../lib/errors/index.js';
import { hashSecret } from './secrets.js';

export interface Limit {
  /** What is counted, e.g. `sign-in:ip:203.0.113.7`; only its digest is stored. */
  readonly key: string;
  readonly most: number;
  readonly windowSeconds: number;
}

/**
 * Counts an attempt in the database, so that all processes count together. Every attempt counts before its outcome is known.
 * @returns seconds to wait, or 0 when the attempt is within the limit.
 */
export async function countAttempt(dataSource: DataSource, { key, most, windowSeconds }: Limit): Promise<number> {
  const rows: { attempts: number; wait: number }[] = await dataSource.query(
    `INSERT INTO throttle AS t (key_hash, attempts, window_ends_at) VALUES ($1, 1, now() + make_interval(secs => $2))
     ON CONFLICT (key_hash) DO UPDATE SET
       attempts = CASE WHEN t.window_ends_at <= now() THEN 1 ELSE t.attempts + 1 END,
       window_ends_at = CASE WHEN t.window_ends_at <= now() THEN excluded.window_ends_at ELSE t.window_ends_at END
     RETURNING attempts, ceil(extract(epoch FROM window_ends_at - now()))::int AS wait`,
    [hashSecret(key), windowSeconds],
  );
  const row = rows[0];
  return row && row.attempts > most ? Math.max(1, row.wait) : 0;
}

/** @throws DomainError HTTP.TOO_MANY_REQUESTS when any of the limits is passed. */
export async function assertWithinLimits(dataSource: DataSource, limits: readonly Limit[]): Promise<void> {
  let wait = 0;
  for (const limit of limits) wait = Math.max(wait, await countAttempt(dataSource, limit));
  if (wait > 0) throw new DomainError('HTTP.TOO_MANY_REQUESTS', 'Too many attempts; wait a while', { retryAfterSeconds: wait });
}

export async function forgetAttempts(dataSource: DataSource, keys: readonly string[]): Promise<void> {
  await dataSource.query('DELETE FROM throttle WHERE key_hash = ANY($1)', [keys.map(hashSecret)]);
}
