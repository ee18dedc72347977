/** Nothing of an API answer is ever rendered. */
const API_POLICY = "default-src 'none'; frame-ancestors 'none'";
/** The OpenAPI page: its own scripts, the inline styles that Swagger UI sets, nothing from elsewhere. */
const DOCS_POLICY = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
/** The page: WebAssembly hashes files in a worker; previews are shown from object URLs. */
const PAGE_POLICY =
  "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; media-src 'self' blob:; " +
  "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

type Headers = readonly (readonly [name: string, value: string])[];

/** @returns the headers for a path: every answer carries them, errors too. */
export function securityHeaders(production: boolean): (path: string) => Headers {
  const common: [string, string][] = [
    ['x-content-type-options', 'nosniff'],
    ['referrer-policy', 'no-referrer'],
    ['x-frame-options', 'DENY'],
    ['cross-origin-opener-policy', 'same-origin'],
  ];
  if (production) common.push(['strict-transport-security', 'max-age=63072000; includeSubDomains']);
  const withPolicy = (policy: string): Headers => [...common, ['content-security-policy', policy]];
  const [api, docs, page] = [withPolicy(API_POLICY), withPolicy(DOCS_POLICY), withPolicy(PAGE_POLICY)];
  return (path) => {
    if (path.startsWith('/api/docs')) return docs;
    return path.startsWith('/api/') || path.startsWith('/log/') || path.startsWith('/health/') || path === '/metrics' ? api : page;
  };
}
