import { createReadStream } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';

export interface StaticServer {
  readonly url: string;
  /** Paths that were asked for. */
  readonly requests: string[];
  /** Answers before the files do; returns whether it did. */
  intercept: (request: IncomingMessage, response: ServerResponse) => boolean;
  stop(): Promise<void>;
}

/** Serves a directory as any web server would. */
export async function serveDirectory(directory: string): Promise<StaticServer> {
  const requests: string[] = [];
  const self: StaticServer = { url: '', requests, intercept: () => false, stop: () => new Promise((done) => { server.close(() => done()); server.closeAllConnections(); }) };
  const server = createServer((request, response) => {
    requests.push(request.url ?? '');
    if (self.intercept(request, response)) return;
    createReadStream(join(directory, request.url ?? '')).once('error', () => response.writeHead(404).end()).pipe(response);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  return Object.assign(self, { url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}` });
}
