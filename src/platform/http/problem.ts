import { HttpException } from '@nestjs/common';
import { DomainError, ERROR_STATUS, type ErrorCode, type FieldFault } from '../../lib/errors/index.js';
import { isDatabaseUnavailable } from '../database/index.js';

/** An `application/problem+json` document, RFC 9457. `type` names the code; its meaning stands in docs/errors. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: ErrorCode;
  readonly detail: string;
  readonly requestId: string;
  readonly errors?: readonly FieldFault[];
  readonly [member: string]: unknown;
}

/** What Fastify refuses by itself, by its error code. */
const FASTIFY_CODES: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: ['HTTP.PAYLOAD_TOO_LARGE', 'The body is longer than this route accepts'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['HTTP.UNSUPPORTED_MEDIA_TYPE', 'Send application/json, or the media type that this route names'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['HTTP.BAD_REQUEST', 'The body is not as long as Content-Length says'],
  FST_ERR_BAD_URL: ['HTTP.BAD_REQUEST', 'The address is malformed'],
  FST_ERR_MAX_PARAM_LENGTH: ['HTTP.URI_TOO_LONG', 'A part of the address is too long'],
  FST_ERR_NOT_FOUND: ['HTTP.NOT_FOUND', 'There is nothing at this address'],
};

/** By status: what Nest and Fastify throw without a code of ours. Their messages stay inside. */
const STATUS_CODES: Readonly<Record<number, readonly [ErrorCode, string]>> = {
  400: ['HTTP.BAD_REQUEST', 'The request is malformed'],
  401: ['HTTP.UNAUTHENTICATED', 'Sign in first'],
  403: ['HTTP.FORBIDDEN', 'This is not allowed'],
  404: ['HTTP.NOT_FOUND', 'There is nothing at this address'],
  405: ['HTTP.METHOD_NOT_ALLOWED', 'This method is not served here'],
  413: ['HTTP.PAYLOAD_TOO_LARGE', 'The body is longer than this route accepts'],
  414: ['HTTP.URI_TOO_LONG', 'The address is too long'],
  415: ['HTTP.UNSUPPORTED_MEDIA_TYPE', 'Send application/json, or the media type that this route names'],
  422: ['HTTP.UNPROCESSABLE', 'A rule refuses this'],
  429: ['HTTP.TOO_MANY_REQUESTS', 'Too many requests'],
  503: ['HTTP.UNAVAILABLE', 'The service is stopping or overloaded: try again'],
};

/** A restart of PostgreSQL takes about as long. */
const DATABASE_RETRY_SECONDS = 2;

/** The refusal that a thrown value stands for, or null when it is a fault of ours. */
export function toDomainError(thrown: unknown): DomainError | null {
  if (thrown instanceof DomainError) return thrown;
  if (isDatabaseUnavailable(thrown)) {
    return new DomainError('HTTP.UNAVAILABLE', 'The database cannot be reached at the moment. Repeat the request with the same Idempotency-Key', { retryAfterSeconds: DATABASE_RETRY_SECONDS, cause: thrown });
  }
  const mapped = FASTIFY_CODES[String((thrown as { code?: unknown } | null)?.code)] ?? STATUS_CODES[statusOf(thrown)];
  return mapped ? new DomainError(mapped[0], mapped[1], { cause: thrown }) : null;
}

function statusOf(thrown: unknown): number {
  if (thrown instanceof HttpException) return thrown.getStatus();
  const status = (thrown as { statusCode?: unknown } | null)?.statusCode;
  return typeof status === 'number' ? status : 500;
}

export function toProblem(error: DomainError, requestId: string): Problem {
  return {
    ...error.members,
    type: `urn:zhengben:error:${error.code}`,
    title: titleOf(error.code),
    status: ERROR_STATUS[error.code],
    code: error.code,
    detail: error.detail,
    requestId,
    ...(error.errors && error.errors.length > 0 ? { errors: error.errors } : {}),
  };
}

/** `WORKS.ALREADY_CLAIMED` → «Already claimed». */
function titleOf(code: ErrorCode): string {
  const words = (code.split('.').at(-1) ?? code).toLowerCase().replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
