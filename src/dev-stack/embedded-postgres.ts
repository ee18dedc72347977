import { spawn, type ChildProcess } from 'node:child_process';
import { open, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openDataDirectory } from './data-directory.js';
import { lockDirectory } from './directory-lock.js';
import { DevStackError } from './errors.js';
import { findFreePort, isPortFree } from './free-port.js';
import { findPostgresBinaries, POSTGRES_ENVIRONMENT } from './postgres-binaries.js';
import { dataDirectoryArgument, openCluster } from './postgres-cluster.js';
import { stopOrphan, stopServer } from './postgres-orphan.js';
import { DATABASE, ensureRolesAndDatabase, OWNER_ROLE, SERVICE_ROLE } from './postgres-roles.js';
import { chooseServerAccount } from './server-account.js';

export interface EmbeddedPostgresOptions {
  /** The cluster is `<dataDir>/postgres`; deleting that directory means an empty database at the next start. */
  readonly dataDir: string;
  /** Told what happens, a line at a time. The server's own log is `<dataDir>/postgres.log`. */
  readonly log?: (line: string) => void;
  /** A port of 127.0.0.1; a free one when not given. */
  readonly port?: number;
  /** False: faster, and a power cut may lose everything. For tests that need no durability. */
  readonly durable?: boolean;
  /** Of the server, besides its own, such as `shared_buffers=1GB`. */
  readonly settings?: readonly string[];
}

export interface EmbeddedPostgres {
  /** Superuser, database `postgres`. */
  readonly adminUrl: string;
  /** `zhengben_owner`, who owns the database and runs migrations. */
  readonly ownerUrl: string;
  /** `zhengben_service`, who owns nothing. */
  readonly serviceUrl: string;
  readonly port: number;
  readonly pid: number;
  /** Fast shutdown. Safe to call twice. */
  stop(): Promise<void>;
}

const START_TIMEOUT_MS = 120_000;
const LOG_LIMIT_BYTES = 8 * 1024 * 1024;
const FAST_AND_LOSE = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'wal_level=minimal', 'max_wal_senders=0', 'autovacuum_naptime=1h'];
/** What another process can cause between our look and our start; a second try mends it. */
const TRANSIENT = /Address already in use|lock file ".*" already exists|shared memory block .* still in use/;

/**
 * Starts a real PostgreSQL server on 127.0.0.1, with its data below `dataDir`, for development and tests. A server that a
 * killed parent left behind on the same data is stopped first.
 *
 * @throws DevStackError; its message says what to do
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const log = options.log ?? (() => undefined);
  const durable = options.durable ?? true;
  const dataDir = await openDataDirectory(options.dataDir);
  const unlock = await lockDirectory(join(dataDir, 'postgres.lock'));
  try {
    const clusterDir = join(dataDir, 'postgres');
    const account = await chooseServerAccount(clusterDir);
    const binaries = await findPostgresBinaries(account);
    const identity = await openCluster(clusterDir, binaries, account, durable);
    const urlOf = (user: string, password: string, port: number, database: string) => `postgres://${user}:${password}@127.0.0.1:${port}/${database}`;

    for (let attempt = 1; ; attempt += 1) {
      await stopOrphan(clusterDir, identity.marker, log);
      const port = await choosePort(options.port);
      const logPath = join(dataDir, 'postgres.log');
      const started = await spawnServer(logPath, binaries.postgres, [
        '-D', dataDirectoryArgument(clusterDir, account),
        ...[`cluster_name=${identity.marker}`, `port=${port}`, 'listen_addresses=127.0.0.1', 'unix_socket_directories=', 'max_connections=200',
          'timezone=UTC', 'log_timezone=UTC', 'jit=off', ...(durable ? [] : FAST_AND_LOSE), ...(options.settings ?? [])].flatMap((setting) => ['-c', setting]),
      ], { ...account, cwd: clusterDir, env: POSTGRES_ENVIRONMENT });
      const failure = await waitUntilReady(started.server, clusterDir, logPath, started.logOffset);
      if (failure !== undefined) {
        if (attempt < 3 && TRANSIENT.test(failure)) continue;
        throw new DevStackError('DEV_STACK.START_FAILED',
          `The embedded database did not start: ${failure}\nThe whole log is ${logPath}. If the data is damaged, delete ${clusterDir} to begin with an empty database, or set DATABASE_URL.`);
      }
      const pid = started.server.pid ?? 0;
      const adminUrl = urlOf('postgres', identity.adminPassword, port, 'postgres');
      const handle = superviseServer(started.server, pid, log, unlock);
      try {
        await ensureRolesAndDatabase(adminUrl, identity);
      } catch (error) {
        await handle.stop();
        throw error;
      }
      return {
        adminUrl, port, pid,
        ownerUrl: urlOf(OWNER_ROLE, identity.ownerPassword, port, DATABASE),
        serviceUrl: urlOf(SERVICE_ROLE, identity.servicePassword, port, DATABASE),
        stop: handle.stop,
      };
    }
  } catch (error) {
    await unlock();
    throw error;
  }
}

async function choosePort(wanted: number | undefined): Promise<number> {
  if (wanted !== undefined && !(await isPortFree(wanted))) {
    throw new DevStackError('DEV_STACK.START_FAILED', `Port ${wanted} of 127.0.0.1, wanted for the embedded database, is taken. Free it or choose another.`);
  }
  return wanted ?? await findFreePort();
}

/** In a session of its own: Ctrl-C at the terminal reaches the service, which ends its work before it stops the server. */
async function spawnServer(logPath: string, program: string, args: string[], options: { uid?: number; gid?: number; cwd: string; env: NodeJS.ProcessEnv }) {
  const tooLong = (await stat(logPath).catch(() => ({ size: 0 }))).size > LOG_LIMIT_BYTES;
  if (tooLong) await rm(logPath);
  const file = await open(logPath, 'a', 0o600);
  try {
    if (options.uid !== undefined && options.gid !== undefined) await file.chown(options.uid, options.gid); // who owns the data may start it again without root
    const logOffset = (await file.stat()).size;
    const server = spawn(program, args, { ...options, detached: true, stdio: ['ignore', file.fd, file.fd] });
    server.unref();
    return { server, logOffset };
  } finally {
    await file.close();
  }
}

/** Undefined once the server accepts connections; otherwise why it will not. */
async function waitUntilReady(server: ChildProcess, clusterDir: string, logPath: string, logOffset: number): Promise<string | undefined> {
  let failure: string | undefined;
  server.once('error', (error) => { failure = error.message; });
  server.once('exit', (code, signal) => { failure ??= `it ended with ${signal ?? `code ${code}`}`; });
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    // The server writes its state into the eighth line of its lock file (src/include/utils/pidfile.h).
    const lines = (await readFile(join(clusterDir, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
    if (failure === undefined && Number(lines[0]) === server.pid && lines[7]?.trim() === 'ready') return undefined;
    if (failure !== undefined) return `${failure}. ${(await readFile(logPath)).subarray(logOffset).toString('utf8').trim().slice(-2000)}`;
    if (Date.now() > deadline) {
      if (server.pid !== undefined) await stopServer(server.pid);
      return `it was not ready after ${START_TIMEOUT_MS / 1000} s`;
    }
    await sleep(10);
  }
}

function superviseServer(server: ChildProcess, pid: number, log: (line: string) => void, unlock: () => Promise<void>): { stop(): Promise<void> } {
  let stopping: Promise<void> | undefined;
  const onProcessExit = () => { server.kill('SIGINT'); };
  process.once('exit', onProcessExit);
  server.once('exit', (code, signal) => {
    if (stopping === undefined) log(`the embedded database ended by itself (${signal ?? `code ${code}`})`);
  });
  const stop = async () => {
    try {
      if (server.exitCode === null && server.signalCode === null) await stopServer(pid);
    } finally {
      process.removeListener('exit', onProcessExit);
      await unlock();
    }
  };
  return { stop: () => (stopping ??= stop()) };
}
