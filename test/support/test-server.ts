import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../src/dev-stack/embedded-postgres.js';
import { messageOf } from '../../src/dev-stack/errors.js';
import { stopOrphan } from '../../src/dev-stack/postgres-orphan.js';
import { processIdentity } from '../../src/dev-stack/processes.js';

const PREFIX = 'zhengben-test-';
const CHAIN_PREFIX = 'zhengben-chain-';
const HOUR_MS = 3_600_000;
const MEMORY = '/dev/shm';
/** What the databases of a whole run may need together, several times over. */
const ENOUGH_BYTES = 8 * 1024 ** 3;

/**
 * Hands out the one PostgreSQL server of a test run, over HTTP because jest's workers are other processes. The server
 * starts at the first request, so that a run of pure unit tests does without.
 */
export async function openTestServer(): Promise<{ url: string; close(): Promise<void> }> {
  await removeLeftovers();
  const directory = await mkdtemp(join(await roomyPlace(), PREFIX));
  await writeFile(join(directory, 'owner'), processIdentity(process.pid) ?? '');
  let postgres: Promise<EmbeddedPostgres> | undefined;
  const path = `/${randomUUID()}`;
  const server = createServer((request, response) => {
    // A connection that is kept may be closed by this end just when a later suite of the same process asks again.
    response.setHeader('connection', 'close');
    if (request.url !== path) {
      response.writeHead(404).end();
      return;
    }
    postgres ??= startEmbeddedPostgres({ dataDir: directory, durable: false });
    postgres.then(
      ({ adminUrl, ownerUrl, serviceUrl }) => response.end(JSON.stringify({ adminUrl, ownerUrl, serviceUrl })),
      (error: unknown) => response.writeHead(500).end(messageOf(error)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('The test server has no port');
  server.unref();
  return {
    url: `http://127.0.0.1:${address.port}${path}`,
    async close() {
      server.close();
      server.closeAllConnections();
      await postgres?.then((running) => running.stop(), () => undefined);
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Memory, where there is plenty: a database is some nine hundred files, and to copy the template takes 40 ms there and 170 on a disk. */
async function roomyPlace(): Promise<string> {
  const room = await statfs(MEMORY).catch(() => null);
  return room !== null && room.bavail * room.bsize >= ENOUGH_BYTES ? MEMORY : tmpdir();
}

/** Stops the servers and removes the directories of runs that were killed. */
async function removeLeftovers(): Promise<void> {
  for (const place of [tmpdir(), MEMORY]) await removeLeftoversOf(place);
}

async function removeLeftoversOf(place: string): Promise<void> {
  for (const name of await readdir(place).catch(() => [])) {
    const directory = join(place, name);
    const info = await stat(directory).catch(() => undefined);
    if (info === undefined || info.uid !== process.getuid?.()) continue;
    if (name.startsWith(CHAIN_PREFIX) && Date.now() - info.mtimeMs > 24 * HOUR_MS) await rm(directory, { recursive: true, force: true });
    if (!name.startsWith(PREFIX)) continue;
    const owner = await readFile(join(directory, 'owner'), 'utf8').catch(() => undefined);
    if (owner === undefined ? Date.now() - info.mtimeMs < HOUR_MS : processIdentity(pidOf(owner)) === owner) continue;
    const identity = await readFile(join(directory, 'postgres', 'zhengben.json'), 'utf8').catch(() => undefined);
    if (identity !== undefined) {
      const { marker } = JSON.parse(identity) as { marker: string };
      await stopOrphan(join(directory, 'postgres'), marker, () => undefined);
    }
    await rm(directory, { recursive: true, force: true });
  }
}

function pidOf(identity: string): number {
  return Number(/(\d+)\/[^/]+$/.exec(identity)?.[1] ?? 0);
}
