/** Nothing of an API answer is ever rendered. */
const API_POLICY = "default-src 'none'; frame-ancestors 'none'";
/** The OpenAPI page: its own scripts, the inline styles that Swagger UI sets, nothing from elsewhere. */
const DOCS_POLICY = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
/** The page: WebAssembly hashes files in a worker; previews are shown from object URLs; the verifier asks the chain itself. */
const pagePolicy = (chainOrigin: string | null): string =>
  "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; media-src 'self' blob:; " +
  `connect-src 'self'${chainOrigin === null ? '' : ` ${chainOrigin}`}; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'`;
/** A file of its own that is kept and opened from a disk, where no policy reaches it: here it has a stricter one than it would have there. */
const FILE_POLICY = "default-src 'none'; script-src 'unsafe-inline' 'wasm-unsafe-eval' blob:; worker-src blob:; style-src 'unsafe-inline'; img-src data: blob:; connect-src https: http://localhost:* http://127.0.0.1:*; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox allow-scripts allow-downloads allow-modals";

/** Served as a file to keep; see web/verify.html. */
export const VERIFIER_PATH = '/verify.html';

type Headers = readonly (readonly [name: string, value: string])[];

/**
 * @param publicRpcUrl what the page may ask besides the service.
 * @returns the headers for a path: every answer carries them, errors too.
 */
export function securityHeaders(production: boolean, publicRpcUrl: string | null): (path: string) => Headers {
  const common: [string, string][] = [
    ['x-content-type-options', 'nosniff'],
    ['referrer-policy', 'no-referrer'],
    ['x-frame-options', 'DENY'],
    ['cross-origin-opener-policy', 'same-origin'],
  ];
  if (production) common.push(['strict-transport-security', 'max-age=63072000; includeSubDomains']);
  const withPolicy = (policy: string): Headers => [...common, ['content-security-policy', policy]];
  const [api, docs, page, file] = [API_POLICY, DOCS_POLICY, pagePolicy(publicRpcUrl === null ? null : new URL(publicRpcUrl).origin), FILE_POLICY].map(withPolicy) as [Headers, Headers, Headers, Headers];
  return (path) => {
    if (path.startsWith('/api/docs')) return docs;
    if (path === VERIFIER_PATH) return file;
    return path.startsWith('/api/') || path.startsWith('/log/') || path.startsWith('/health/') || path === '/metrics' ? api : page;
  };
}
