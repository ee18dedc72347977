import type { DataSource, EntityManager } from 'typeorm';

/** An open transaction. Stores take it as a required argument, so that nothing can silently run outside of it. */
export type Tx = EntityManager;

/** serialization_failure and deadlock_detected: the same closure may simply run again. */
const RETRYABLE: ReadonlySet<string> = new Set(['40001', '40P01']);

/** The SQLSTATE of a database error, e.g. `23505`, or undefined for any other error. */
export function sqlState(error: unknown): string | undefined {
  const code = (error as { driverError?: { code?: unknown }; code?: unknown } | null)?.driverError?.code ?? (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : undefined;
}

/** The name of the constraint that a database error speaks of. */
export function violatedConstraint(error: unknown): string | undefined {
  return (error as { driverError?: { constraint?: string } } | null)?.driverError?.constraint;
}

/** Runs `act` again, at most `attempts` times, while PostgreSQL says that it was a matter of timing. `act` has no effect outside the database. */
export async function retrying<T>(act: () => Promise<T>, attempts = 5): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await act();
    } catch (error) {
      if (attempt >= attempts || !RETRYABLE.has(sqlState(error) ?? '')) throw error;
      await new Promise((done) => setTimeout(done, Math.random() * 10 * 2 ** attempt));
    }
  }
}

/** Runs `act` in one READ COMMITTED transaction; on 40001 and 40P01 the whole closure runs again. */
export function transact<T>(dataSource: DataSource, act: (tx: Tx) => Promise<T>): Promise<T> {
  return retrying(() => dataSource.transaction(act));
}
