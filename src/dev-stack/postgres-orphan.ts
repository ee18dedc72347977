import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DevStackError, systemErrorCode } from './errors.js';
import { commandLine, isAlive, waitForExit } from './processes.js';

/** A process id that no system hands out (the kernel's limit is 2^22). */
const NO_PROCESS = 2 ** 31 - 1;

/**
 * Ends the server that a killed parent left behind on this cluster, so that a new one can start.
 *
 * Only a process whose command line carries our marker is ended. When postmaster.pid names a process that is something
 * else by now (ids repeat, in containers at every start), its first line is replaced by an id that cannot exist: the
 * rest, which PostgreSQL uses to detect backends that are still attached to the data, stays.
 */
export async function stopOrphan(clusterDir: string, marker: string, log: (line: string) => void): Promise<void> {
  const path = join(clusterDir, 'postmaster.pid');
  const lines = await readLines(path);
  if (lines === undefined) return;
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0) {
    await writeFile(path, [NO_PROCESS, ...lines.slice(1)].join('\n'));
    return;
  }
  if (!isAlive(pid)) return;
  if (commandLine(pid)?.includes(marker) !== true) {
    log(`${path} names process ${pid}, which is not this database: ignored`);
    await writeFile(path, [NO_PROCESS, ...lines.slice(1)].join('\n'));
    return;
  }
  log(`an earlier run left its database server behind (pid ${pid}): stopping it`);
  await stopServer(pid);
}

/** Fast shutdown (no waiting for clients, everything flushed); immediate shutdown when that does not end in time. */
export async function stopServer(pid: number): Promise<void> {
  for (const [signal, patienceMs] of [['SIGINT', 30_000], ['SIGQUIT', 10_000]] as const) {
    try {
      process.kill(pid, signal);
    } catch (error) {
      if (systemErrorCode(error) === 'ESRCH') return;
      throw error;
    }
    if (await waitForExit(pid, patienceMs)) return;
  }
  throw new DevStackError('DEV_STACK.STOP_FAILED', `The database server (pid ${pid}) does not stop. End it by hand: kill -9 ${pid}`);
}

async function readLines(path: string): Promise<string[] | undefined> {
  try {
    return (await readFile(path, 'utf8')).split('\n');
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
