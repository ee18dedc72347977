/** The HTTP platform: application factory, access control, validation, problem documents, idempotency, pages, health and metrics. */
export { assertPortFree } from './assert-port-free.js';
export { Public, Scopes, Unlimited, PUBLIC, SCOPES } from './access.decorators.js';
export { MOST_PROOF_BYTES, PROOF_MEDIA_TYPE } from './body-parsers.js';
export { type ByteRange, parseByteRange } from './byte-range.js';
export { AUTHENTICATOR, type Authenticator, Caller } from './caller.js';
export { createHttpApplication, describeHttpApplication, type HttpApplicationOptions } from './create-http-application.js';
export { HealthRegistry, type HealthCheck, type Readiness } from './health-registry.js';
export { createLogger, type Logger, NestLogger } from './logger.js';
export { etagOf, isNotModified } from './etag.js';
export { deleteOldIdempotencyKeys, findStoredResponse, type Idempotent, IdempotencyKey, keyReused, runIdempotently, type StoredResponse } from './idempotency.js';
export { createOpenApiDocument } from './openapi.js';
export { computePayloadHash, type KeyedAct } from './payload-hash.js';
export { decodeCursor, encodeCursor, type Page, pageQuery, toPage } from './pagination.js';
export { type Route, routesOf } from './routes.js';
export type { BuiltPage } from './serve-page.js';
export { toFieldFaults } from './schema-validation.pipe.js';
export { listeningUrl, stopGracefully, type StopOptions } from './stop-gracefully.js';
