import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { DataSource } from 'typeorm';
import { DomainError } from '../../lib/errors/index.js';
import { sqlState, transact, type Tx, violatedConstraint } from '../database/index.js';
import { writePoint } from '../fault-points/index.js';

/** Visible ASCII; a UUID is what most clients send. */
const KEY = /^[\x21-\x7e]{1,255}$/;

/** Parameter: the `Idempotency-Key` header, or null. Answers 400 when it is not 1–255 visible ASCII characters. */
export const IdempotencyKey = createParamDecorator((_: unknown, context: ExecutionContext): string | null => {
  const key = context.switchToHttp().getRequest<FastifyRequest>().headers['idempotency-key'];
  if (key === undefined) return null;
  if (typeof key !== 'string' || !KEY.test(key)) throw new DomainError('HTTP.INVALID_IDEMPOTENCY_KEY', 'An Idempotency-Key has 1 to 255 visible ASCII characters');
  return key;
});

export interface Idempotent {
  readonly accountId: string;
  /** Null: the caller sent none, and the act simply runs. */
  readonly key: string | null;
  /** A digest of everything that the act depends on: route, canonical body, digests of files in their order. */
  readonly payloadHash: Uint8Array;
}

export interface StoredResponse<T> {
  readonly status: number;
  readonly body: T;
}

/** Keys whose act runs in this process: a second request need not even ask the database. */
const inFlight = new Set<string>();

/**
 * Runs `act` at most once for each (account, key), whatever is retried, and stores its answer in the act's own transaction.
 * The answer must be JSON: a retry gets it as stored. Given a transaction, the caller commits; given a data source, this does.
 * Only successes are stored: an act that throws may be tried again with the same key.
 * @throws DomainError HTTP.IDEMPOTENCY_KEY_REUSED when the key was used for another payload, HTTP.IDEMPOTENCY_IN_FLIGHT while the first still runs.
 */
export async function runIdempotently<T>(
  where: DataSource | Tx,
  { accountId, key, payloadHash }: Idempotent,
  act: (tx: Tx) => Promise<StoredResponse<T>>,
): Promise<StoredResponse<T> & { replayed: boolean }> {
  const within = <R>(run: (tx: Tx) => Promise<R>) => (where instanceof DataSource ? transact(where, run) : run(where));
  if (key === null) return within(async (tx) => ({ ...(await act(tx)), replayed: false }));
  const name = `${accountId} ${key}`;
  if (inFlight.has(name)) throw stillRuns();
  inFlight.add(name);
  try {
    return await within((tx) => actOnce(tx, { accountId, key, payloadHash }, name, act));
  } finally {
    inFlight.delete(name);
  }
}

async function actOnce<T>(
  tx: Tx,
  { accountId, key, payloadHash }: Idempotent,
  name: string,
  act: (tx: Tx) => Promise<StoredResponse<T>>,
): Promise<StoredResponse<T> & { replayed: boolean }> {
  // Other processes: the lock lives as long as the transaction, so whoever gets it sees what the one before has committed.
  const [lock]: { free: boolean }[] = await tx.query(`SELECT pg_try_advisory_xact_lock(hashtextextended($1, 7326)) AS free`, [name]);
  if (!lock?.free) throw stillRuns();
  const stored = await findStoredResponse<T>(tx, { accountId, key, payloadHash });
  if (stored) return { ...stored, replayed: true };
  const response = await act(tx);
  try {
    await writePoint('idempotency.store', () =>
      tx.query(`INSERT INTO idempotency (account_id, key, payload_hash, status, response) VALUES ($1, $2, $3, $4, $5)`, [
        accountId,
        key,
        Buffer.from(payloadHash),
        response.status,
        JSON.stringify(response.body ?? null),
      ]));
  } catch (error) {
    // Someone who does not take the lock (a batch of registrations) was quicker with the same key: this act is rolled back.
    if (sqlState(error) === '23505' && (violatedConstraint(error) ?? '').startsWith('idempotency')) throw stillRuns();
    throw error;
  }
  return { ...response, replayed: false };
}

/**
 * What the key was answered before; for acts that would look at things, before they run, which they themselves have changed.
 * @throws DomainError HTTP.IDEMPOTENCY_KEY_REUSED when the key was used for another payload.
 */
export async function findStoredResponse<T>(db: Pick<Tx, 'query'>, { accountId, key, payloadHash }: Idempotent): Promise<StoredResponse<T> | null> {
  if (key === null) return null;
  const [stored]: { payload_hash: Buffer; status: number; response: T }[] = await db.query(`SELECT payload_hash, status, response FROM idempotency WHERE account_id = $1 AND key = $2`, [accountId, key]);
  if (!stored) return null;
  if (!stored.payload_hash.equals(payloadHash)) throw keyReused();
  return { status: stored.status, body: stored.response };
}

export function keyReused(): DomainError {
  return new DomainError('HTTP.IDEMPOTENCY_KEY_REUSED', 'This Idempotency-Key was used for another request; take a new one');
}

function stillRuns(): DomainError {
  return new DomainError('HTTP.IDEMPOTENCY_IN_FLIGHT', 'The first request with this Idempotency-Key is still running', { retryAfterSeconds: 1 });
}

/** Keys are kept for 7 days (DESIGN, invariant 1). */
export async function deleteOldIdempotencyKeys(dataSource: DataSource): Promise<void> {
  await writePoint('idempotency.expire', () => dataSource.query(`DELETE FROM idempotency WHERE created_at < now() - interval '7 days'`));
}
