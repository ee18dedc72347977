import { open } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** Where a log is read from. Everything that comes out of it is an attacker's until it is verified. */
export interface LogSource {
  /** For people: the URL or directory. */
  readonly name: string;
  /** A file of the log, such as `checkpoint` or `tile/0/000`; null when there is none. @throws Error when it has more than `maxBytes`. */
  get(path: string, maxBytes: number): Promise<Buffer | null>;
}

const ATTEMPTS = 5;
const TIMEOUT_MS = 30_000;

/**
 * @param location an http(s) URL (of the log, or of a service whose log is at `/log`), a file: URL, or a directory.
 * @throws Error when it cannot be reached or holds no checkpoint.
 */
export async function openLogSource(location: string): Promise<LogSource> {
  if (!/^https?:\/\//i.test(location)) {
    const source = new DirectorySource(/^file:/i.test(location) ? fileURLToPath(location) : resolve(location));
    if ((await source.get('checkpoint', MAX_CHECKPOINT)) === null) throw new Error(`${source.name} holds no log: there is no file «checkpoint»`);
    return source;
  }
  const base = location.replace(/\/+$/, '');
  for (const candidate of base.endsWith('/log') ? [base] : [base, `${base}/log`]) {
    const source = new HttpSource(candidate);
    const checkpoint = await source.get('checkpoint', MAX_CHECKPOINT);
    // What answers everything with a page is no log.
    if (checkpoint?.includes('\n\n\u2014 ')) return source;
  }
  throw new Error(`no log at ${location}: neither ${base}/checkpoint nor ${base}/log/checkpoint is a checkpoint; nothing may be logged yet`);
}

const MAX_CHECKPOINT = 1_000_000;

class DirectorySource implements LogSource {
  constructor(readonly name: string) {}

  async get(path: string, maxBytes: number): Promise<Buffer | null> {
    let file;
    try {
      file = await open(join(this.name, path));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT' || code === 'ENOTDIR') return null;
      throw error;
    }
    try {
      const { size } = await file.stat();
      if (size > maxBytes) throw new Error(`${path} of ${this.name} has ${size} bytes, at most ${maxBytes} are possible`);
      return await file.readFile();
    } finally {
      await file.close();
    }
  }
}

class HttpSource implements LogSource {
  constructor(readonly name: string) {}

  async get(path: string, maxBytes: number): Promise<Buffer | null> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.fetchOnce(path, maxBytes);
      } catch (error) {
        if (attempt === ATTEMPTS || error instanceof RangeError) throw new Error(`${this.name}/${path}: ${explain(error)}`, { cause: error });
        await sleep(100 * 3 ** attempt * (0.5 + Math.random()));
      }
    }
  }

  private async fetchOnce(path: string, maxBytes: number): Promise<Buffer | null> {
    const response = await fetch(`${this.name}/${path}`, { signal: AbortSignal.timeout(TIMEOUT_MS), headers: { 'user-agent': 'zhengben-mirror' } });
    if (response.status === 404) {
      await response.body?.cancel();
      return null;
    }
    if (!response.ok || !response.body) {
      await response.body?.cancel();
      throw new Error(`HTTP ${response.status}`);
    }
    const chunks: Uint8Array[] = [];
    let length = 0;
    for await (const chunk of response.body) {
      length += chunk.length;
      if (length > maxBytes) throw new RangeError(`more than ${maxBytes} bytes`);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  }
}

function explain(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error || (typeof cause === 'object' && cause !== null && 'message' in cause) ? `${message}: ${String((cause as Error).message)}` : message;
}
