import type { IncomingMessage } from 'node:http';
import { type DynamicModule, Module, type Type } from '@nestjs/common';
import { NestFactory, Reflector } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { OpenAPIObject } from '@nestjs/swagger';
import type { Logger } from 'pino';
import { Registry } from 'prom-client';
import type { Config } from '../config/index.js';
import { AccessGuard } from './access.guard.js';
import { registerBodyParsers } from './body-parsers.js';
import { AUTHENTICATOR, type Authenticator } from './caller.js';
import { HealthRegistry } from './health-registry.js';
import { HttpModule } from './http.module.js';
import { NestLogger } from './logger.js';
import { createOpenApiDocument, serveOpenApi } from './openapi.js';
import { ProblemFilter } from './problem.filter.js';
import { collectRoutes } from './routes.js';
import { type BuiltPage, servePage } from './serve-page.js';
import { RateLimiter } from './rate-limiter.js';
import { registerRequestHooks } from './request-hooks.js';
import { requestIdOf } from './request-id.js';
import { answerFrameworkError } from './framework-error.js';
import { SchemaValidationPipe } from './schema-validation.pipe.js';
import { securityHeaders } from './security-headers.js';

@Module({})
class HttpRoot {}

export interface HttpApplicationOptions {
  readonly logger: Logger;
  /** What `npm run build` made of web/ and of the routes; left out: neither page nor answers' schemas are served. */
  readonly page?: BuiltPage | null;
}

/** Everything else stands under `/api/v1`. */
const OUTSIDE_THE_PREFIX = ['health/*path', 'metrics', 'log', 'log/*path'];

/**
 * The service's HTTP side: NestJS on Fastify with ids, strict bodies, schemas, problem documents, access control and limits in place.
 * Not listening yet. Close it with `stopGracefully`, or with `app.close()` when nobody is connected.
 */
export async function createHttpApplication(rootModule: Type | DynamicModule, config: Config, { logger, page = null }: HttpApplicationOptions): Promise<NestFastifyApplication> {
  const metrics = new Registry();
  const adapter = new FastifyAdapter({
    logger: false,
    genReqId: (request: IncomingMessage) => requestIdOf(request.headers['x-request-id']),
    requestIdHeader: false,
    trustProxy: config.trustProxy.length > 0 && [...config.trustProxy],
    // While stopping, what still arrives on an open connection is served; a 503 would lose it.
    return503OnClosing: false,
    keepAliveTimeout: 72_000,
    // Slow senders of headers; bodies may take as long as an upload of a large file takes.
    requestTimeout: 0,
    routerOptions: { maxParamLength: 256, ignoreTrailingSlash: true },
    // Nest middleware is not used; guards, pipes and hooks are.
    skipMiddie: true,
    frameworkErrors: answerFrameworkError(securityHeaders(config.production, config.chain.publicRpcUrl)),
  });
  const root: DynamicModule = { module: HttpRoot, imports: [HttpModule.of(metrics), rootModule] };
  const app = await NestFactory.create<NestFastifyApplication>(root, adapter, { bodyParser: false, abortOnError: false, logger: new NestLogger(logger) });
  const health = app.get(HealthRegistry);
  const fastify = adapter.getInstance();
  collectRoutes(app, fastify);
  registerBodyParsers(fastify, config.limits.formBytes);
  registerRequestHooks(fastify, { logger, metrics, production: config.production, publicRpcUrl: config.chain.publicRpcUrl, stopping: () => health.isStopping && !fastify.server.listening });

  app.setGlobalPrefix('api/v1', { exclude: OUTSIDE_THE_PREFIX });
  app.useGlobalPipes(new SchemaValidationPipe());
  app.useGlobalFilters(new ProblemFilter(logger));
  app.useGlobalGuards(new AccessGuard(app.get(Reflector), config, new RateLimiter(config.limits.requestsPerMinute), authenticatorOf(app)));
  serveOpenApi(app, page?.openapi ?? null);
  if (page) await servePage(fastify, page.directory);
  return app;
}

/** The OpenAPI document of an application that is never started: its providers are not made, so it needs no database. */
export async function describeHttpApplication(rootModule: Type | DynamicModule): Promise<OpenAPIObject> {
  const root: DynamicModule = { module: HttpRoot, imports: [HttpModule.of(new Registry()), rootModule] };
  const app = await NestFactory.create<NestFastifyApplication>(root, new FastifyAdapter({ logger: false }), { preview: true, logger: false, abortOnError: false });
  try {
    app.setGlobalPrefix('api/v1', { exclude: OUTSIDE_THE_PREFIX });
    return createOpenApiDocument(app);
  } finally {
    await app.close();
  }
}

function authenticatorOf(app: NestFastifyApplication): Authenticator | null {
  try {
    return app.get<Authenticator>(AUTHENTICATOR, { strict: false });
  } catch {
    return null;
  }
}
