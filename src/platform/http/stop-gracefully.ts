import { type AddressInfo, Server } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { HealthRegistry } from './health-registry.js';

export interface StopOptions {
  /** How long idle connections may linger, so that a request already on its way is still answered. */
  readonly idleMs?: number;
  /** How long running requests may take; a large upload that takes longer is cut. */
  readonly patienceMs?: number;
}

const QUIET_MS = 50;
const MOST_WAIT_MS = 1_000;

/**
 * Stops without losing a request: not ready any more; once nobody connects any more (or after a second) no new connection; from then on every
 * answer says `Connection: close`; when all connections are gone (idle ones after `idleMs`) the application's modules are shut down.
 */
export async function stopGracefully(app: NestFastifyApplication, { idleMs = 1_000, patienceMs = 30_000 }: StopOptions = {}): Promise<void> {
  app.get(HealthRegistry).stop();
  const server = app.getHttpServer();
  if (server.listening) {
    await untilQuiet(server, Math.min(QUIET_MS, idleMs));
    const drained = new Promise<void>((done) => {
      // http.Server#close would cut idle keep-alive connections at once, and with them requests that are on the wire.
      Server.prototype.close.call(server, () => done());
    });
    const idle = setTimeout(() => server.closeIdleConnections(), idleMs);
    const sweep = setInterval(() => server.closeIdleConnections(), Math.max(50, idleMs));
    const cut = setTimeout(() => server.closeAllConnections(), patienceMs);
    await drained;
    clearTimeout(idle);
    clearInterval(sweep);
    clearTimeout(cut);
  }
  await app.close();
}

/** Connections that the kernel has accepted and this process has not would be reset with the listening socket. */
async function untilQuiet(server: Server, quietMs: number): Promise<void> {
  let connected = true;
  const onConnection = () => {
    connected = true;
  };
  server.on('connection', onConnection);
  for (const deadline = Date.now() + MOST_WAIT_MS; connected && Date.now() < deadline; ) {
    connected = false;
    await new Promise((done) => setTimeout(done, quietMs));
  }
  server.off('connection', onConnection);
}

/** The address that the application listens at, e.g. `http://127.0.0.1:3000`. */
export function listeningUrl(app: NestFastifyApplication): string {
  const address = app.getHttpServer().address() as AddressInfo | null;
  if (address === null) throw new Error('the application does not listen');
  return `http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`;
}
