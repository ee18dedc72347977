import { Logger } from '@nestjs/common';

/** Resolves with what an operator may see of a part that works; rejects when it does not. */
export type HealthCheck = () => Promise<Readonly<Record<string, unknown>> | void>;

export interface Readiness {
  readonly ready: boolean;
  readonly checks: Readonly<Record<string, Readonly<Record<string, unknown>> & { ok: boolean }>>;
}

const TIMEOUT_MS = 3_000;

/** The door for modules that know whether they can serve: `health.register('database', () => …)`. Injectable everywhere. */
export class HealthRegistry {
  private readonly checks = new Map<string, HealthCheck>();
  private readonly logger = new Logger('Health');
  private running: Promise<Readiness> | null = null;
  private readonly stopping = new AbortController();

  /** Of the same name the last one counts. Throws an Error's message away: it goes to the log, not to strangers. */
  register(name: string, check: HealthCheck): void {
    this.checks.set(name, check);
  }

  /** From now on not ready, whatever the checks say: the load balancer sends nothing new. */
  stop(): void {
    this.stopping.abort();
  }

  get isStopping(): boolean {
    return this.stopping.signal.aborted;
  }

  /** Aborts when the service begins to stop: what never ends by itself (event streams) must end then. */
  get stopSignal(): AbortSignal {
    return this.stopping.signal;
  }

  /** Runs every check at once; callers that come meanwhile share the answer. */
  async readiness(): Promise<Readiness> {
    if (this.isStopping) return { ready: false, checks: { process: { ok: false, detail: 'stopping' } } };
    this.running ??= this.run().finally(() => {
      this.running = null;
    });
    return this.running;
  }

  private async run(): Promise<Readiness> {
    const results = await Promise.all([...this.checks].map(async ([name, check]) => [name, await this.outcome(name, check)] as const));
    return { ready: results.every(([, result]) => result.ok), checks: Object.fromEntries(results) };
  }

  private async outcome(name: string, check: HealthCheck): Promise<{ ok: boolean }> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer within ${TIMEOUT_MS} ms`)), TIMEOUT_MS);
    });
    try {
      return { ...(await Promise.race([check(), late])), ok: true };
    } catch (error) {
      this.logger.warn(`${name} is not ready: ${error instanceof Error ? error.message : String(error)}`);
      return { ok: false };
    } finally {
      clearTimeout(timer);
    }
  }
}
