import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

const SOURCES = join(__dirname, '../../src');

/** Whoever could write files, and why that is either under a point or no matter. */
const WRITERS: Readonly<Record<string, string>> = {
  'platform/blobs/blob-store.ts': 'under write points',
  'platform/blobs/file-store.ts': 'under write points',
  'platform/fault-points/fault-point.ts': 'the tests’ own notes',
  'platform/fault-points/trace-unnamed-writes.ts': 'watches the others',
  'platform/previews/previews.ts': 'opens to read',
  'platform/tlog/log-source.ts': 'opens to read',
  'platform/mail/file-outbox.ts': 'mail in development',
  'modules/identity/create-demo-account.ts': 'development only',
};

const WRITING = /\b(?:append|chmod|chown|copyFile|cp|createWriteStream|lchown|link|lutimes|mkdtemp|open|opendir|rename|rm|rmdir|symlink|truncate|unlink|utimes|write|writev|writeFile|appendFile)(?:Sync)?\b/;

test('files of the service are written by its two stores, whose writes are named', async () => {
  const writers: string[] = [];
  for (const area of ['platform', 'modules']) {
    for (const name of await readdir(join(SOURCES, area), { recursive: true })) {
      if (!name.endsWith('.ts')) continue;
      const text = await readFile(join(SOURCES, area, name), 'utf8');
      const imports = [...text.matchAll(/import ([^;]*?) from '(?:node:)?fs(?:\/promises)?'/g)].map((match) => match[1] ?? '');
      // Named imports are judged by their names; whoever imports all of it may do anything.
      if (imports.some((names) => !names.includes('{') || WRITING.test(names.replace(/\btype \w+/g, '')))) writers.push(`${area}/${name}`);
    }
  }
  expect(writers.filter((name) => WRITERS[name] === undefined)).toEqual([]);
  expect(writers).toEqual(expect.arrayContaining(Object.keys(WRITERS)));
});
