/** Reading and writing JSON where bytes are hashed: RFC 8785 out, strict RFC 7493 in. */
export { canonicalBytes, canonicalize, type CanonicalOptions } from './canonicalize.js';
export { isCanonical } from './is-canonical.js';
export { type JsonValue, MAX_DEPTH, parseJson, parseJsonBytes } from './parse.js';
