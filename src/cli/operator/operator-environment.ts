import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CliError } from '../cli-error.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** What operators' commands need of the service's environment: less than the service itself, which also needs a chain. */
export class OperatorEnvironment {
  readonly dataDir: string;

  constructor(private readonly env: Environment) {
    this.dataDir = resolve(this.value('DATA_DIR') ?? '.data');
  }

  value(name: string): string | undefined {
    const value = this.env[name];
    return value === '' ? undefined : value;
  }

  /** @throws CliError that says what to set. */
  required(name: string, what: string): string {
    const value = this.value(name);
    if (value === undefined) throw new CliError(`set ${name}: ${what}`);
    return value;
  }

  get isProduction(): boolean {
    return this.value('NODE_ENV') === 'production';
  }

  /** Acts as the service's role: `DATABASE_URL`. */
  withService<T>(act: (url: string) => Promise<T>): Promise<T> {
    return this.withUrl('DATABASE_URL', 'serviceUrl', 'the PostgreSQL to use as the role zhengben_service', act);
  }

  /** Acts as the role that owns the schema: `DATABASE_MIGRATION_URL`. */
  withOwner<T>(act: (url: string) => Promise<T>): Promise<T> {
    return this.withUrl('DATABASE_MIGRATION_URL', 'ownerUrl', 'the PostgreSQL to use as the role that owns the schema', act);
  }

  /** In development, when nothing is set: the embedded database on DATA_DIR, whether the service runs at the moment or not. */
  private async withUrl<T>(name: string, member: 'serviceUrl' | 'ownerUrl', what: string, act: (url: string) => Promise<T>): Promise<T> {
    const url = this.value(name);
    if (url !== undefined) return act(url);
    if (this.isProduction || this.value('DATABASE_URL') !== undefined) throw new CliError(`set ${name}: ${what}`);
    const { findRunningPostgres } = await import('../../dev-stack/running-postgres.js');
    const running = await findRunningPostgres(this.dataDir);
    if (running) return act(running[member]);
    const { startEmbeddedPostgres } = await import('../../dev-stack/embedded-postgres.js');
    const started = await startEmbeddedPostgres({ dataDir: this.dataDir }).catch((error: unknown) => {
      throw new CliError(`set ${name}: ${what}. (The embedded database did not start either: ${(error as Error).message})`);
    });
    try {
      return await act(started[member]);
    } finally {
      await started.stop();
    }
  }

  /** The log's signing key: `LOG_KEY_FILE`, or the one that development made. Secret. */
  signerKey(): string {
    return this.readKey('LOG_KEY_FILE', join(this.dataDir, 'keys', 'log.key'));
  }

  previousSignerKey(): string | null {
    return this.value('LOG_PREVIOUS_KEY_FILE') === undefined ? null : this.readKey('LOG_PREVIOUS_KEY_FILE', null);
  }

  get mergeDelaySeconds(): number {
    const seconds = Number(this.value('MERGE_DELAY') ?? 86_400);
    if (!Number.isSafeInteger(seconds) || seconds <= 0) throw new CliError('MERGE_DELAY is a number of seconds');
    return seconds;
  }

  private readKey(name: string, fallback: string | null): string {
    const path = this.value(name) ?? (!this.isProduction && fallback !== null && existsSync(fallback) ? fallback : undefined);
    if (path === undefined) throw new CliError(`set ${name}: a file with the signing key of the log, made by «zhengben log keygen ORIGIN»`);
    return readKeyFile(path, name);
  }
}

/** @throws CliError. The message never quotes the key. */
export function readKeyFile(path: string, name: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    throw new CliError(`${name}: cannot read ${path} (${(error as NodeJS.ErrnoException).code ?? 'unreadable'})`);
  }
}
