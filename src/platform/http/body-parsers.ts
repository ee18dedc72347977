import type { FastifyInstance } from 'fastify';
import { DomainError } from '../../lib/errors/index.js';
import { parseJsonBody } from './parse-json-body.js';

export const PROOF_MEDIA_TYPE = 'application/vnd.zhengben.proof+json';
/** Of a proof bundle, however it is sent: it is parsed and walked in JavaScript, in the one thread that serves everyone; a megabyte takes 200 ms. */
export const MOST_PROOF_BYTES = 2 * 1024 * 1024;
const LEAST_JSON_LIMIT = 128 * 1024;

/**
 * JSON only, parsed strictly. Multipart bodies stay an unread stream on `request.raw` for the handler that wants files.
 * Everything else is answered 415.
 * @param formBytes limit of the registration form; a list of digests may come with it, hence the room.
 */
export function registerBodyParsers(fastify: FastifyInstance, formBytes: number): void {
  fastify.removeAllContentTypeParsers();
  const parseWithin = (type: string, bodyLimit: number) =>
    fastify.addContentTypeParser(type, { parseAs: 'buffer', bodyLimit }, (_request, body: Buffer, done) => {
      try {
        // No body at all: the schema of the route says whether one is needed.
        done(null, body.length === 0 ? undefined : parseJsonBody(body));
      } catch (error) {
        done(error instanceof Error ? error : new DomainError('HTTP.INVALID_JSON', 'The body is not JSON'));
      }
    });
  parseWithin('application/json', Math.max(LEAST_JSON_LIMIT, 4 * formBytes));
  parseWithin(PROOF_MEDIA_TYPE, MOST_PROOF_BYTES);
  fastify.addContentTypeParser('multipart/form-data', (_request, _stream, done) => done(null));
}
