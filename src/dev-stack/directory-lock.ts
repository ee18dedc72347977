import { randomUUID } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { DevStackError, systemErrorCode } from './errors.js';
import { processIdentity } from './processes.js';

/**
 * Takes the lock file `path` for this process, or fails with DEV_STACK.IN_USE. A lock whose process is gone (kill -9)
 * is taken over. The file appears with its content at once (link), so that nobody ever reads half of it.
 *
 * @returns a function that gives the lock back
 */
export async function lockDirectory(path: string): Promise<() => Promise<void>> {
  const mine = `${processIdentity(process.pid) ?? process.pid}\n${randomUUID()}\n`;
  const draft = `${path}.${randomUUID()}`;
  await writeFile(draft, mine, { mode: 0o644 }); // readable: another user is to see who holds it
  try {
    for (;;) {
      if (await tryLink(draft, path)) break;
      await evictDeadHolder(path, draft);
    }
  } finally {
    await rm(draft, { force: true });
  }
  return async () => {
    if ((await readIfPresent(path)) === mine) await rm(path, { force: true });
  };
}

async function evictDeadHolder(path: string, draft: string): Promise<void> {
  const held = await readIfPresent(path);
  if (held === undefined) return;
  const holder = livingHolder(held);
  if (holder !== undefined) {
    throw new DevStackError('DEV_STACK.IN_USE',
      `Another process (pid ${holder}) is using the development database locked by ${path}. Stop it first, or set DATA_DIR to another directory.`);
  }
  // One at a time: what is there may be removed only by whoever has just seen that it is still the dead one's.
  const evicting = `${path}.evicting`;
  if (await tryLink(draft, evicting)) {
    if ((await readIfPresent(path)) === held) await rm(path, { force: true });
    await rm(evicting, { force: true });
    return;
  }
  const evictor = await readIfPresent(evicting);
  if (evictor !== undefined && livingHolder(evictor) === undefined) await rm(evicting, { force: true });
  await sleep(5);
}

/** The pid in a lock file, when the process that wrote it still runs. */
function livingHolder(content: string): number | undefined {
  const identity = content.split('\n')[0] ?? '';
  const pid = pidOf(identity);
  return pid !== undefined && processIdentity(pid) === identity ? pid : undefined;
}

function pidOf(identity: string): number | undefined {
  const match = /^(?:[^/]+\/)?(\d+)\/[^/]+$/.exec(identity);
  return match?.[1] === undefined ? undefined : Number(match[1]);
}

async function tryLink(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (systemErrorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

async function readIfPresent(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
