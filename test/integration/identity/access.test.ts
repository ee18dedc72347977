import { MetadataScanner, ModulesContainer } from '@nestjs/core';
import { API_KEY_SCOPES } from '../../../src/modules/identity/index.js';
import { routesOf, SCOPES } from '../../../src/platform/http/index.js';
import { startApplication, type TestApplication } from '../../support/start-application.js';

/** Every route that answers without credentials. Whoever adds one adds it here, and says why in the review. */
const PUBLIC_ROUTES = new Set([
  'GET /health/live', 'GET /health/ready', 'GET /metrics',
  'GET /api/openapi.json', 'GET /api/docs', 'GET /api/docs/', 'GET /api/docs/*', 'GET /api/docs/index.html', 'GET /api/docs/LICENSE', 'GET /api/docs/swagger-ui-init.js',
  'GET /api/docs/docs/swagger-ui-init.js',
  'GET /log/checkpoint', 'GET /log/vkey', 'GET /log/tile/*', 'GET /api/v1/verify/trust',
  'GET /api/docs/docs/*', 'GET /api/v1/anchors', 'GET /api/v1/chain', 'POST /api/v1/verify',
  'GET /api/v1/works', 'GET /api/v1/works/:number', 'GET /api/v1/works/:number/history', 'GET /api/v1/works/:number/proof', 'GET /api/v1/works/:number/certificate.pdf', 'GET /api/v1/works/:number/events',
  'GET /api/v1/works/:number/contents/:sha256/preview',
  'GET /api/v1/works/:number/availability', 'GET /api/v1/rights/check', 'GET /api/v1/licences/:number', 'GET /api/v1/licences/:number/proof', 'GET /api/v1/licences/:number/history',
  'GET /api/v1/works/:number/holdings', 'GET /api/v1/works/:number/licence-terms', 'GET /api/v1/works/:number/training-mining', 'GET /api/v1/licence-terms/:number', 'GET /api/v1/licence-presets', 'GET /api/v1/odrl-profile',
  'GET /api/v1/listings', 'GET /api/v1/listings/:number', 'GET /api/v1/listings/:number/quote', 'GET /api/v1/sellers/:account',
  // The link is the secret.
  'GET /api/v1/deliveries/:token',
  'POST /api/v1/accounts', 'POST /api/v1/sessions',
  'POST /api/v1/password-resets', 'POST /api/v1/password-resets/completion', 'POST /api/v1/email-verifications/completion',
]);

let service: TestApplication;
beforeAll(async () => {
  service = await startApplication();
}, 60_000);
afterAll(() => service?.stop());

test('every route is closed, or is on the list of public ones', async () => {
  const routes = routesOf(service.app).filter(({ method }) => method !== 'HEAD' && method !== 'OPTIONS');
  expect(routes.length).toBeGreaterThan(20);
  const open: string[] = [];
  for (const { method, path } of routes) {
    const url = `${service.url}${path.replaceAll(/:[A-Za-z]+/g, '0193a000-0000-7000-8000-000000000000').replaceAll('*', 'x')}`;
    for (const headers of [{}, { cookie: `__Host-zhengben=${'A'.repeat(43)}` }] as Record<string, string>[]) {
      const response = await fetch(url, { method, headers, redirect: 'manual', signal: AbortSignal.timeout(5_000) });
      const body = response.headers.get('content-type')?.startsWith('application/problem+json') ? ((await response.json()) as { code: string }) : null;
      if (!body) await response.body?.cancel();
      if (response.status !== 401 || body?.code !== 'HTTP.UNAUTHENTICATED') open.push(`${method} ${path}`);
    }
  }
  expect([...new Set(open)].filter((route) => !PUBLIC_ROUTES.has(route))).toEqual([]);
}, 60_000);

test('an invented API key opens nothing, not even public routes', async () => {
  for (const authorization of [`Bearer zb_${'A'.repeat(43)}`, 'Bearer zb_short', 'Bearer', 'Basic YTpi', '']) {
    const response = await fetch(`${service.url}/api/v1/accounts/current`, { headers: { authorization } });
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer realm="zhengben"');
  }
});

test('routes name only scopes that a key can have', () => {
  const scanner = new MetadataScanner();
  const named = new Set<string>();
  const controllers = [...service.app.get(ModulesContainer).values()].flatMap((module) => [...module.controllers.values()]);
  for (const { metatype } of controllers) {
    const prototype = (metatype as unknown as { prototype: Record<string, object> }).prototype;
    for (const method of scanner.getAllMethodNames(prototype)) {
      for (const scope of (Reflect.getMetadata(SCOPES, prototype[method] ?? {}) as string[] | undefined) ?? []) named.add(scope);
    }
  }
  expect(named.size).toBeGreaterThan(2);
  expect([...named].filter((scope) => !(API_KEY_SCOPES as readonly string[]).includes(scope))).toEqual([]);
});
