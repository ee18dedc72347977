import { constants } from 'node:fs';
import { access, mkdir, realpath } from 'node:fs/promises';
import { DevStackError, messageOf } from './errors.js';

/** Makes the directory (closed to others) unless it is there, and returns its real path. */
export async function openDataDirectory(path: string): Promise<string> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
    const directory = await realpath(path);
    await access(directory, constants.W_OK | constants.X_OK);
    return directory;
  } catch (cause) {
    throw new DevStackError('DEV_STACK.NOT_WRITABLE',
      `The data directory ${path} cannot be used by user ${process.getuid?.()} (${messageOf(cause)}). Give it to that user, or set DATA_DIR to a directory that is theirs.`, { cause });
  }
}
