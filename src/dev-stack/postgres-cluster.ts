import { execFile } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { chmod, chown, mkdir, open, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { platform } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DevStackError, messageOf, systemErrorCode } from './errors.js';
import { POSTGRES_ENVIRONMENT, type PostgresBinaries } from './postgres-binaries.js';
import type { ServerAccount } from './server-account.js';

const IDENTITY_FILE = 'zhengben.json';

/** What a cluster of ours carries inside it, so that it appears and disappears with the data. */
export interface ClusterIdentity {
  /** Stands on the server's command line, which is how an orphan is recognised. */
  readonly marker: string;
  readonly adminPassword: string;
  readonly ownerPassword: string;
  readonly servicePassword: string;
}

/**
 * How a server process names its data directory. A server that runs under another account could not walk the path to
 * it (a project in /root), but it inherits its working directory from us, and /proc/self/cwd needs no walk.
 */
export function dataDirectoryArgument(clusterDir: string, account: ServerAccount): string {
  return account !== null && platform() === 'linux' ? '/proc/self/cwd' : clusterDir;
}

/** Opens the cluster in `clusterDir`, or makes one there. Half a cluster is never seen: it is made beside and renamed. */
export async function openCluster(clusterDir: string, binaries: PostgresBinaries, account: ServerAccount, durable: boolean): Promise<ClusterIdentity> {
  const existing = await readIdentity(clusterDir, binaries);
  if (existing !== undefined) return existing;
  const parent = join(clusterDir, '..');
  for (const name of await readdir(parent)) {
    if (name.startsWith('postgres.new-')) await rm(join(parent, name), { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  }
  const staging = join(parent, `postgres.new-${randomUUID()}`);
  const data = join(staging, 'data');
  const identity: ClusterIdentity = {
    marker: `zhengben-${randomBytes(12).toString('hex')}`,
    adminPassword: randomPassword(), ownerPassword: randomPassword(), servicePassword: randomPassword(),
  };
  try {
    await makeDirectory(staging, account);
    await makeDirectory(data, account);
    await writePrivateFile(join(staging, 'password'), identity.adminPassword, account);
    await runInitdb(data, binaries, account, durable);
    await writePrivateFile(join(data, IDENTITY_FILE), JSON.stringify(identity), account);
    await syncToDisk(data);
    await rename(data, clusterDir);
    await syncToDisk(parent);
  } finally {
    await rm(staging, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  }
  return identity;
}

async function readIdentity(clusterDir: string, binaries: PostgresBinaries): Promise<ClusterIdentity | undefined> {
  let version: string;
  try {
    if ((await readdir(clusterDir)).length === 0) return undefined;
    version = (await readFile(join(clusterDir, 'PG_VERSION'), 'utf8')).trim();
    if (version === binaries.majorVersion) return parseIdentity(await readFile(join(clusterDir, IDENTITY_FILE), 'utf8'));
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'ENOENT' && !(await exists(clusterDir))) return undefined;
    throw new DevStackError('DEV_STACK.FOREIGN_DIRECTORY',
      `${clusterDir} is not a database that this service made, or part of it is gone. Move it away, or delete it to begin with an empty database.`, { cause: error });
  }
  throw new DevStackError('DEV_STACK.WRONG_VERSION',
    `${clusterDir} was made by PostgreSQL ${version}, and PostgreSQL ${binaries.majorVersion} is installed. Move the directory away or delete it to begin with an empty database, or install the version that made it.`);
}

function parseIdentity(text: string): ClusterIdentity {
  const value = JSON.parse(text) as Partial<Record<keyof ClusterIdentity, unknown>>;
  const { marker, adminPassword, ownerPassword, servicePassword } = value;
  if (typeof marker !== 'string' || typeof adminPassword !== 'string' || typeof ownerPassword !== 'string' || typeof servicePassword !== 'string') {
    throw new SyntaxError(`${IDENTITY_FILE} is incomplete`);
  }
  return { marker, adminPassword, ownerPassword, servicePassword };
}

async function runInitdb(data: string, binaries: PostgresBinaries, account: ServerAccount, durable: boolean): Promise<void> {
  const directory = dataDirectoryArgument(data, account);
  try {
    await promisify(execFile)(binaries.initdb, [
      '-D', directory, '--username=postgres', '--auth=scram-sha-256', `--pwfile=${directory}/../password`, '--encoding=UTF8', '--locale=C',
      '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--no-instructions', ...(durable ? [] : ['--no-sync']),
    ], { ...account, cwd: data, env: POSTGRES_ENVIRONMENT });
  } catch (cause) {
    const output = messageOf(cause);
    const hint = output.includes('could not look up effective user')
      ? ' PostgreSQL needs its user to have a name: add this user id to /etc/passwd (in a container, run as a user of the image), or set DATABASE_URL.'
      : ' Check that the disk has 100 MB free and is writable, or set DATABASE_URL.';
    throw new DevStackError('DEV_STACK.START_FAILED', `A database could not be made in ${data}: ${output}.${hint}`, { cause });
  }
}

function randomPassword(): string {
  return randomBytes(24).toString('base64url');
}

async function makeDirectory(path: string, account: ServerAccount): Promise<void> {
  await mkdir(path);
  await chmod(path, 0o700);
  if (account !== null) await chown(path, account.uid, account.gid);
}

async function writePrivateFile(path: string, text: string, account: ServerAccount): Promise<void> {
  await writeFile(path, text, { mode: 0o600, flag: 'wx', flush: true });
  if (account !== null) await chown(path, account.uid, account.gid);
}

/** A rename is durable only when its directory is. */
async function syncToDisk(directory: string): Promise<void> {
  const handle = await open(directory);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function exists(path: string): Promise<boolean> {
  return readdir(path).then(() => true, () => false);
}
