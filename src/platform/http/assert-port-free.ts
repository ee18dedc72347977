import { createServer } from 'node:net';

/**
 * Asked before anything else is started: a port that is taken should not cost a database its start and stop.
 * @throws the system's error, EADDRINUSE or EACCES, as listening would.
 */
export async function assertPortFree(host: string, port: number): Promise<void> {
  if (port === 0) return;
  await new Promise<void>((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve()));
  });
}
