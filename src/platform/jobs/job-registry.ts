import type { Job } from './job.js';

/** Runs at least once: it must bear to be repeated. Throwing means «try again later». */
export type JobHandler<Payload> = (payload: Payload, run: { readonly attempt: number; readonly signal: AbortSignal | undefined }) => Promise<void>;

type Runnable = JobHandler<unknown>;

/** Who does what. Modules register in `onModuleInit`; the runner starts after all of them. */
export class JobRegistry {
  private readonly handlers = new Map<string, Runnable>();
  private readonly schedules = new Map<string, string>();

  handle<Payload>(job: Job<Payload>, handler: JobHandler<Payload>): void {
    if (this.handlers.has(job.name)) throw new Error(`two handlers for the job «${job.name}»`);
    this.handlers.set(job.name, async (payload, run) => handler(job.payload.parse(payload), run));
  }

  /** @param pattern five fields, UTC, e.g. `17 * * * *`: once for all processes together. */
  schedule(name: string, pattern: string, act: () => Promise<void>): void {
    if (this.handlers.has(name)) throw new Error(`two handlers for the job «${name}»`);
    this.handlers.set(name, act);
    this.schedules.set(name, pattern);
  }

  entries(): ReadonlyMap<string, Runnable> {
    return this.handlers;
  }

  cron(): readonly { name: string; pattern: string }[] {
    return [...this.schedules].map(([name, pattern]) => ({ name, pattern }));
  }
}
