import { createServer } from 'node:net';

/** True when a server may listen on 127.0.0.1:`port` now. */
export async function isPortFree(port: number): Promise<boolean> {
  return (await tryListen(port)) !== undefined;
}

/** A port on 127.0.0.1 that is free now: `preferred` when it is, else one that the system picks. */
export async function findFreePort(preferred?: number): Promise<number> {
  const port = (preferred === undefined ? undefined : await tryListen(preferred)) ?? await tryListen(0);
  if (port === undefined) throw new Error('No free port on 127.0.0.1');
  return port;
}

function tryListen(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : undefined));
    });
  });
}
