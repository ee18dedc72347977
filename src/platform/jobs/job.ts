import type { z } from 'zod';
import type { Tx } from '../database/index.js';

/** A kind of job: its name in the queue and the form of its payload. Jobs outlive deployments, so payloads are parsed again when they run. */
export interface Job<Payload> {
  readonly name: string;
  readonly payload: z.ZodType<Payload>;
}

/** @param name `module.verb-object`, for ever: queued jobs carry it. */
export function defineJob<Payload>(name: string, payload: z.ZodType<Payload>): Job<Payload> {
  return { name, payload };
}

export interface EnqueueOptions {
  /** Jobs of one queue run one after the other. */
  readonly queue?: string;
  readonly runAt?: Date;
  /** 25 by default: with exponential backoff that is about three days. */
  readonly maxAttempts?: number;
  /** A second job with the key of one that still waits replaces it. */
  readonly key?: string;
  /** Smaller runs first; 0 by default. */
  readonly priority?: number;
}

/** Puts a job into the queue within the transaction: it runs once that is committed, and never when it is rolled back. */
export async function enqueueJob<Payload>(tx: Tx, job: Job<Payload>, payload: Payload, options: EnqueueOptions = {}): Promise<void> {
  await tx.query(
    `SELECT 1 FROM graphile_worker.add_job(identifier => $1, payload => $2::json, queue_name => $3, run_at => $4, max_attempts => $5, job_key => $6, priority => $7)`,
    [
      job.name,
      JSON.stringify(job.payload.parse(payload)),
      options.queue ?? null,
      options.runAt ?? null,
      options.maxAttempts ?? null,
      options.key ?? null,
      options.priority ?? null,
    ],
  );
}
