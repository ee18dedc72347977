import type { LoggerService } from '@nestjs/common';
import { type Logger, pino } from 'pino';
import type { Config } from '../config/index.js';
import { describeError } from './describe-error.js';

export type { Logger } from 'pino';

/** What may never stand in a log, wherever it turns up in a logged object. */
const SECRETS = ['authorization', 'cookie', 'password', 'token', 'key', 'req.headers.authorization', 'req.headers.cookie'];

/**
 * JSON lines on standard output. They are gathered (at most a second in production, a tenth of one otherwise) and written without waiting:
 * one system call for many requests. pino flushes them when the process ends.
 */
export function createLogger(config: Pick<Config, 'logLevel' | 'production'>): Logger {
  const destination = pino.destination({ fd: 1, sync: false, minLength: 8_192, periodicFlush: config.production ? 1_000 : 100 });
  return pino({ level: config.logLevel, base: null, timestamp: pino.stdTimeFunctions.isoTime, redact: { paths: SECRETS, censor: '…' }, serializers: { err: (error: unknown) => describeError(error) } }, destination);
}

/** Where Nest tells what it builds and maps: of use to whoever develops the service, noise to who runs it. */
const WIRING: ReadonlySet<unknown> = new Set(['NestFactory', 'InstanceLoader', 'RoutesResolver', 'RouterExplorer', 'NestApplication']);

/** Who says that a start failed: the error reaches `main`, which explains it once. */
const FAILED_STARTS: ReadonlySet<unknown> = new Set(['ExceptionHandler', 'TypeOrmModule']);

/** Nest's own messages, and those of every `new Logger('Context')`, as JSON lines of the same log. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.write(WIRING.has(rest.at(-1)) ? 'debug' : 'info', message, rest);
  }
  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest);
  }
  debug(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }
  verbose(message: unknown, ...rest: unknown[]): void {
    this.write('trace', message, rest);
  }
  fatal(message: unknown, ...rest: unknown[]): void {
    this.write('fatal', message, rest);
  }
  /** Nest calls it as (message, stack?, context?). */
  error(message: unknown, ...rest: unknown[]): void {
    const context = rest.length > 0 ? rest.at(-1) : undefined;
    if (FAILED_STARTS.has(context) && !String(message).startsWith('Failed to close')) {
      this.write('debug', message, rest);
      return;
    }
    const stack = rest.length > 1 ? rest[0] : undefined;
    this.logger.error({ context, ...(message instanceof Error ? { err: message } : {}), ...(stack === undefined ? {} : { stack }) }, textOf(message));
  }

  private write(level: 'info' | 'warn' | 'debug' | 'trace' | 'fatal', message: unknown, rest: unknown[]): void {
    if (!this.logger.isLevelEnabled(level)) return;
    const context = rest.at(-1);
    const fields = typeof message === 'object' && message !== null && !(message instanceof Error) ? message : {};
    this.logger[level]({ context, ...fields, ...(message instanceof Error ? { err: message } : {}) }, textOf(message));
  }
}

function textOf(message: unknown): string | undefined {
  if (message instanceof Error) return message.message;
  return typeof message === 'object' ? undefined : String(message);
}
