import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import pg from 'pg';
import { isWrite } from './is-write.js';

type Method = (this: unknown, ...args: unknown[]) => unknown;

const FILE_WRITES = ['writeFile', 'appendFile', 'rename', 'rm', 'unlink', 'rmdir', 'truncate', 'copyFile', 'link', 'symlink', 'cp'] as const;

/** Tells of every write that the process makes in the database or among files. For tests only: it patches the client and the file system. */
export function traceUnnamedWrites(note: (write: string) => void): void {
  wrap(pg.Client.prototype as unknown as Record<string, Method>, 'query', ([query]) => {
    const text = typeof query === 'string' ? query : ((query as { text?: string } | undefined)?.text ?? '');
    if (isWrite(text)) note(text.replace(/\s+/g, ' ').trim().slice(0, 160));
  });
  const files = fs.promises as unknown as Record<string, Method>;
  for (const name of FILE_WRITES) wrap(files, name, ([path]) => note(`file ${name} ${String(path)}`));
  wrap(files, 'open', ([path, flags = 'r']) => {
    if (flags !== 'r') note(`file open ${String(path)}`);
  });
  wrap(fs as unknown as Record<string, Method>, 'createWriteStream', ([path]) => note(`file stream ${String(path)}`));
  syncBuiltinESMExports();
}

function wrap(owner: Record<string, Method>, name: string, look: (args: unknown[]) => void): void {
  const original = owner[name];
  if (original === undefined) throw new Error(`there is no ${name} to trace`);
  owner[name] = function traced(this: unknown, ...args: unknown[]): unknown {
    look(args);
    return original.apply(this, args);
  };
}
