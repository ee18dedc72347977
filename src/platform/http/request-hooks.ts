import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { Histogram, type Registry } from 'prom-client';
import { securityHeaders } from './security-headers.js';

interface HookOptions {
  readonly logger: Logger;
  readonly metrics: Registry;
  readonly production: boolean;
  readonly publicRpcUrl: string | null;
  /** True once no new connection is accepted: clients are told to send no further request on theirs. Before that they would only connect anew. */
  readonly stopping: () => boolean;
}

/** What every request passes, whether a route is found or not: id, security headers, one log line, one measurement. */
export function registerRequestHooks(fastify: FastifyInstance, { logger, metrics, production, publicRpcUrl, stopping }: HookOptions): void {
  const headersFor = securityHeaders(production, publicRpcUrl);
  const duration = new Histogram({
    name: 'zhengben_http_request_duration_seconds',
    help: 'From the first byte of the request to the last of the answer',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [metrics],
  });
  const children = new Map<string, { observe(seconds: number): void }>();

  fastify.decorateRequest('caller', null);
  fastify.addHook('onRequest', (request, reply, done) => {
    // On the reply, not on the raw response: headers set there first make Node take its slow path for all of them.
    reply.header('x-request-id', request.id);
    for (const [name, value] of headersFor(request.url)) reply.header(name, value);
    if (stopping()) reply.header('connection', 'close');
    done();
  });
  // What a caller is told as this caller may hold names and identity numbers. A route that lets copies be kept says so itself.
  fastify.addHook('onSend', (request, reply, _payload, done) => {
    if (request.caller && !reply.hasHeader('cache-control')) reply.header('cache-control', 'private, no-store');
    done();
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'none';
    const milliseconds = reply.elapsedTime;
    const key = `${request.method} ${route} ${reply.statusCode}`;
    let child = children.get(key);
    if (!child) {
      child = duration.labels({ method: request.method, route, status: String(reply.statusCode) });
      children.set(key, child);
    }
    child.observe(milliseconds / 1000);
    logger.info(
      { requestId: request.id, method: request.method, route, path: pathOf(request.url, route), status: reply.statusCode, ms: Math.round(milliseconds * 10) / 10, account: request.caller?.accountId },
      'request',
    );
    done();
  });
}

/** Without the query: search words are nobody's business. Nor with a token that is all that it takes to get something: of such a path the route says enough. */
function pathOf(url: string, route: string): string {
  if (route.includes(':token')) return route;
  const query = url.indexOf('?');
  return query === -1 ? url : url.slice(0, query);
}
