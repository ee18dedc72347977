import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { ERROR_STATUS } from '../../lib/errors/index.js';
import { PUBLIC_EXTENSION, SCOPES_EXTENSION } from './access.decorators.js';

type OperationObject = NonNullable<OpenAPIObject['paths'][string]['get']>;

const API_KEY = 'api-key';
const SESSION = 'session';

export const OPENAPI_PATH = '/api/openapi.json';
export const DOCS_PATH = '/api/docs';

const PROBLEM = {
  type: 'object',
  description: 'RFC 9457. `code` is one of a closed set; `errors` points at faults of the request by JSON pointers.',
  required: ['type', 'title', 'status', 'code', 'detail', 'requestId'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string', enum: Object.keys(ERROR_STATUS) },
    detail: { type: 'string' },
    requestId: { type: 'string' },
    errors: { type: 'array', items: { type: 'object', required: ['pointer', 'detail'], properties: { pointer: { type: 'string' }, detail: { type: 'string' } } } },
  },
};

const METHODS = ['get', 'put', 'post', 'delete', 'patch'] as const;

/** The OpenAPI document of every route; schemas come from the routes' zod schemas. The same for every deployment: it holds no host name. */
export function createOpenApiDocument(app: INestApplication): OpenAPIObject {
  const options = new DocumentBuilder()
    .setTitle('Zhengben 正本')
    .setDescription('Deposit original works, prove when and by whom, license and trade their rights. Errors are application/problem+json (RFC 9457) with a closed set of codes.')
    .setVersion('1')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'An API key, zb_…' }, API_KEY)
    .addCookieAuth('__Host-zhengben', { type: 'apiKey', in: 'cookie' }, SESSION)
    .build();
  const document = SwaggerModule.createDocument(app, options, { operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '')}_${method}` });
  for (const item of Object.values(document.paths)) {
    for (const method of METHODS) {
      const operation = item[method];
      if (operation) complete(operation);
    }
  }
  return {
    ...document,
    paths: sortKeys(document.paths),
    components: { ...document.components, schemas: sortKeys({ ...document.components?.schemas, Problem: PROBLEM }) },
  } as OpenAPIObject;
}

/** Who may call, and what a refusal looks like: the same for all routes, so no route says it. */
function complete(operation: OperationObject & { [PUBLIC_EXTENSION]?: unknown; [SCOPES_EXTENSION]?: unknown }): void {
  if (operation[PUBLIC_EXTENSION] === true) operation.security = [];
  else operation.security = operation[SCOPES_EXTENSION] === undefined ? [{ [SESSION]: [] }] : [{ [API_KEY]: [] }, { [SESSION]: [] }];
  delete operation[PUBLIC_EXTENSION];
  operation.responses['default'] = { description: 'Refused', content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } } };
}

/**
 * Serves the document and its page; both are made on the first request for them. Assets come from this process, not from a CDN.
 * @param committed docs/openapi.json, which says what the routes answer too; null: the document is made of the routes, which say what they take.
 */
export function serveOpenApi(app: INestApplication, committed: OpenAPIObject | null): void {
  SwaggerModule.setup(DOCS_PATH.slice(1), app, () => committed ?? createOpenApiDocument(app), {
    jsonDocumentUrl: OPENAPI_PATH.slice(1),
    raw: ['json'],
    customSiteTitle: 'Zhengben API',
    swaggerOptions: { persistAuthorization: false, tryItOutEnabled: false },
  });
}

function sortKeys<T>(record: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
