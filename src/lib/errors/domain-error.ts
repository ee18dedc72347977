import type { ErrorCode } from './codes.js';

/** One fault of a request: `pointer` is a JSON pointer (RFC 6901) into what was sent. */
export interface FieldFault {
  pointer: string;
  detail: string;
}

export interface DomainErrorOptions {
  errors?: readonly FieldFault[];
  /** Answered as `Retry-After`, in whole seconds. */
  retryAfterSeconds?: number;
  /** Further members of the problem document (RFC 9457, section 3.2). */
  members?: Readonly<Record<string, unknown>>;
  cause?: unknown;
}

/** A refusal that a client can act on. `detail` is shown to people and must hold no internals. */
export class DomainError extends Error {
  readonly errors: readonly FieldFault[] | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly members: Readonly<Record<string, unknown>> | undefined;

  constructor(
    readonly code: ErrorCode,
    readonly detail: string,
    options: DomainErrorOptions = {},
  ) {
    super(`${code}: ${detail}`, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'DomainError';
    this.errors = options.errors;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.members = options.members;
  }
}
