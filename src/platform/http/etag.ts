import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** A strong entity tag (RFC 9110, section 8.8.3) of exactly these bytes, or of whatever text changes when they do. */
export function etagOf(content: string | Uint8Array): string {
  return `"${createHash('sha256').update(content).digest('base64url').slice(0, 27)}"`;
}

/**
 * Sets `ETag`; when the caller's copy is still good, also the status 304.
 * @returns true when there is nothing to send: the handler returns without a body.
 */
export function isNotModified(request: FastifyRequest, reply: FastifyReply, etag: string): boolean {
  reply.header('ETag', etag);
  const known = request.headers['if-none-match'];
  if (known === undefined) return false;
  const same = known.trim() === '*' || known.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);
  if (same) reply.code(304);
  return same;
}
