import type { FastifyReply, FastifyRequest } from 'fastify';
import { DomainError, ERROR_STATUS } from '../../lib/errors/index.js';
import { toDomainError, toProblem } from './problem.js';
import type { securityHeaders } from './security-headers.js';

/** What the router refuses before any hook or filter runs: a malformed address, an over-long parameter. */
export function answerFrameworkError(headersFor: ReturnType<typeof securityHeaders>) {
  return (thrown: Error, request: FastifyRequest, reply: FastifyReply): void => {
    const error = toDomainError(thrown) ?? new DomainError('HTTP.BAD_REQUEST', 'The address is malformed', { cause: thrown });
    for (const [name, value] of headersFor('/api/')) reply.header(name, value);
    reply
      .code(ERROR_STATUS[error.code])
      .header('X-Request-Id', request.id)
      .header('Content-Type', 'application/problem+json; charset=utf-8')
      .send(JSON.stringify(toProblem(error, request.id)));
  };
}
