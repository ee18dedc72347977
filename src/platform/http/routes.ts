import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';

export interface Route {
  readonly method: string;
  /** With `:parameters` and `*`. */
  readonly path: string;
}

const routesByApplication = new WeakMap<NestFastifyApplication, Route[]>();

/** Notes every route as it is registered, whoever registers it: a test holds each of them against the list of public ones. */
export function collectRoutes(app: NestFastifyApplication, fastify: FastifyInstance): void {
  const routes: Route[] = [];
  routesByApplication.set(app, routes);
  fastify.addHook('onRoute', ({ method, path }) => {
    for (const each of Array.isArray(method) ? method : [method]) routes.push({ method: each, path });
  });
}

/** The routes of an initialised application made by `createHttpApplication`. */
export function routesOf(app: NestFastifyApplication): readonly Route[] {
  return routesByApplication.get(app) ?? [];
}
