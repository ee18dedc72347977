import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemErrorCode } from './errors.js';

/** True while a process of that id exists, whoever owns it. A zombie counts as gone: it holds nothing any more. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return systemErrorCode(error) === 'EPERM';
  }
  return statFields(pid)?.[0] !== 'Z';
}

/**
 * Names one process and no later one with the same id: a start time beside the id. Process ids repeat at every
 * start of a container, so an id alone proves nothing. Undefined when the process is gone.
 */
export function processIdentity(pid: number): string | undefined {
  if (!isAlive(pid)) return undefined;
  const startTicks = statFields(pid)?.[19];
  if (startTicks !== undefined) return `${bootId()}/${pid}/${startTicks}`;
  const startedAt = ps(pid, 'lstart=');
  return startedAt === undefined ? undefined : `${pid}/${startedAt}`;
}

/** The command line of a process, arguments joined by spaces; undefined when it is gone or hidden. */
export function commandLine(pid: number): string | undefined {
  if (process.platform !== 'linux') return ps(pid, 'args=');
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    return undefined;
  }
}

/** Waits until the process is gone; false when it is still there after `timeoutMs`. */
export async function waitForExit(pid: number, timeoutMs: number): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  while (isAlive(pid)) {
    if (Date.now() > deadline) return false;
    await sleep(15);
  }
  return true;
}

/** proc(5) stat from the third field (state) on; the second may contain spaces and parentheses. */
function statFields(pid: number): string[] | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return 'boot';
  }
}

function ps(pid: number, format: string): string | undefined {
  try {
    return execFileSync('ps', ['-ww', '-o', format, '-p', String(pid)], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined;
  }
}
