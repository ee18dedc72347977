import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { DomainError, ERROR_STATUS } from '../../lib/errors/index.js';
import { discardRest } from './discard-rest.js';
import { toDomainError, toProblem } from './problem.js';

/** Every error leaves as `application/problem+json`; what nobody foresaw is logged with its stack and answered `INTERNAL`. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly logger: Logger) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const refusal = toDomainError(thrown);
    if (!refusal || ERROR_STATUS[refusal.code] >= 500) {
      this.logger.error({ requestId: request.id, method: request.method, route: request.routeOptions?.url, err: thrown }, 'request failed');
    }
    const error = refusal ?? new DomainError('INTERNAL', 'The service failed; the request id finds the reason in its log');
    // A stream has begun: there is no taking back the status. A cut connection is the only way left to say that it is not whole.
    if (reply.raw.headersSent) {
      reply.raw.destroy();
      return;
    }
    discardRest(request.raw);
    if (error.retryAfterSeconds !== undefined) reply.header('Retry-After', String(Math.max(1, Math.ceil(error.retryAfterSeconds))));
    reply.removeHeader('ETag');
    reply.removeHeader('Cache-Control');
    reply
      .code(ERROR_STATUS[error.code])
      .header('Content-Type', 'application/problem+json; charset=utf-8')
      .send(JSON.stringify(toProblem(error, request.id)));
  }
}
