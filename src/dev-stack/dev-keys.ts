import { randomBytes, randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatSignerKey, parseSignerKey } from '../lib/note/index.js';
import { openDataDirectory } from './data-directory.js';
import { DevStackError, systemErrorCode } from './errors.js';

export interface DevKeys {
  /** A file with the log's signing key, `PRIVATE+KEY+<name>+<8 hex id>+<base64(0x01 ‖ seed)>` and a newline. For LOG_KEY_FILE. */
  readonly logKeyFile: string;
  /** A file with the anchorer's secp256k1 key, `0x` and 64 hex digits and a newline. For ANCHOR_KEY_FILE. */
  readonly anchorKeyFile: string;
}

/** The order of secp256k1 (SEC 2, §2.4.1): a private key is below it and not 0. */
const SECP256K1_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

/**
 * The keys of a development instance, in `<dataDir>/keys`, made at the first call and kept.
 *
 * @param origin the log's origin, which is the key's name
 * @throws DevStackError DEV_STACK.BAD_KEY_FILE when a file does not hold such a key, or the log key has another name
 */
export async function ensureDevKeys({ dataDir, origin }: { dataDir: string; origin: string }): Promise<DevKeys> {
  const directory = join(await openDataDirectory(dataDir), 'keys');
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const logKeyFile = join(directory, 'log.key');
  const anchorKeyFile = join(directory, 'anchor.key');

  const logKey = await readOrCreate(logKeyFile, () => formatSignerKey(origin, randomBytes(32)));
  const name = parseOrFail(logKeyFile, () => parseSignerKey(logKey).name);
  if (name !== origin) {
    throw new DevStackError('DEV_STACK.BAD_KEY_FILE',
      `${logKeyFile} is the key of the log «${name}», and LOG_ORIGIN is «${origin}». Set LOG_ORIGIN back, or use another DATA_DIR: a log keeps its name.`);
  }
  const anchorKey = await readOrCreate(anchorKeyFile, randomEvmKey);
  parseOrFail(anchorKeyFile, () => assertEvmKey(anchorKey));
  return { logKeyFile, anchorKeyFile };
}

/** Another secp256k1 key there, made at the first call and kept. @returns its file. @throws DevStackError as {@link ensureDevKeys}. */
export async function ensureEvmKeyFile(dataDir: string, name: string): Promise<string> {
  const directory = join(await openDataDirectory(dataDir), 'keys');
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const file = join(directory, name);
  const key = await readOrCreate(file, randomEvmKey);
  parseOrFail(file, () => assertEvmKey(key));
  return file;
}

/** Appears whole or not at all, and never replaces a key that is there, however many start at once. */
async function readOrCreate(path: string, make: () => string): Promise<string> {
  const existing = await readKey(path);
  if (existing !== undefined) return existing;
  const draft = `${path}.${randomUUID()}`;
  try {
    await writeFile(draft, `${make()}\n`, { mode: 0o600, flag: 'wx', flush: true });
    await link(draft, path);
  } catch (error) {
    if (systemErrorCode(error) !== 'EEXIST') throw error;
  } finally {
    await rm(draft, { force: true });
  }
  return await readKey(path) ?? readOrCreate(path, make);
}

async function readKey(path: string): Promise<string | undefined> {
  try {
    const text = (await readFile(path, 'utf8')).trimEnd();
    if (((await stat(path)).mode & 0o077) !== 0) {
      throw new DevStackError('DEV_STACK.BAD_KEY_FILE', `${path} can be read by other users. Run: chmod 600 '${path}'`);
    }
    return text;
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function parseOrFail<T>(path: string, parse: () => T): T {
  try {
    return parse();
  } catch (cause) {
    throw new DevStackError('DEV_STACK.BAD_KEY_FILE', `${path} does not hold a key. Restore it from a backup, or delete it (a new key cannot continue the old log).`, { cause });
  }
}

function randomEvmKey(): string {
  for (;;) {
    const key = `0x${randomBytes(32).toString('hex')}`;
    if (isEvmKey(key)) return key;
  }
}

function isEvmKey(key: string): boolean {
  if (!/^0x[0-9a-f]{64}$/.test(key)) return false;
  const scalar = BigInt(key);
  return scalar > 0n && scalar < SECP256K1_ORDER;
}

function assertEvmKey(key: string): void {
  if (!isEvmKey(key)) throw new SyntaxError('Not a secp256k1 private key');
}
