import { readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { OpenAPIObject } from '@nestjs/swagger';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { VERIFIER_PATH } from './security-headers.js';

export interface BuiltPage {
  /** dist/web: index.html, what it loads, and verify.html. */
  readonly directory: string;
  /** docs/openapi.json, or null. */
  readonly openapi: OpenAPIObject | null;
}

const INDEX = 'index.html';
/** What Vite names by its digest never changes. */
const IMMUTABLE = 'public, max-age=31536000, immutable';

/**
 * Serves the page: the files that are there at the start, each under its own path; any other path that a person opens is the page itself, which
 * knows its routes. Files are looked up in a list, so that no path leads out of the directory.
 */
export async function servePage(fastify: FastifyInstance, directory: string): Promise<void> {
  const files = new Set(await list(directory));
  if (!files.has(INDEX)) return;
  await fastify.register(fastifyStatic, { root: directory, serve: false, preCompressed: true, cacheControl: false });
  fastify.get('/*', async (request: FastifyRequest<{ Params: { '*': string } }>, reply: FastifyReply) => {
    const path = request.params['*'];
    if (files.has(path)) return send(reply, path);
    // A person's browser asks for HTML; whoever asks for something else is told that it is not there.
    const opens = /^(?!api\/|log\/|health\/|metrics$)[^.]*$/.test(path) && (request.headers.accept ?? '').includes('text/html');
    if (opens) return send(reply, INDEX);
    reply.callNotFound();
    return reply;
  });
}

function send(reply: FastifyReply, path: string): FastifyReply {
  reply.header('cache-control', path.startsWith('assets/') ? IMMUTABLE : 'no-cache');
  if (`/${path}` === VERIFIER_PATH) reply.header('content-disposition', 'attachment; filename="zhengben-verify.html"');
  return reply.sendFile(path);
}

async function list(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true, recursive: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map((entry) => relative(directory, join(entry.parentPath, entry.name)).split(sep).join('/'));
}
