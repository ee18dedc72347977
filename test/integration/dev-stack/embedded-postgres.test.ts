import { chown, mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { startEmbeddedPostgres } from '../../../src/dev-stack/index.js';
import { isAlive } from '../../../src/dev-stack/processes.js';
import { canRunProjectAs, spawnDevStack } from '../../support/dev-stack-process.js';

jest.setTimeout(60_000);

const NOBODY = 65_534;
let parent: string;
let dataDir: string;

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'zhengben-embedded-'));
  dataDir = join(parent, `数据 dir, it's ${'long '.repeat(30)}`); // too long for a Unix socket, awkward for a shell
  await mkdir(dataDir);
});
afterEach(() => rm(parent, { recursive: true, force: true }));

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

describe('startEmbeddedPostgres', () => {
  it('keeps data and passwords from one start to the next, and loses both with the directory', async () => {
    const first = await startEmbeddedPostgres({ dataDir });
    await query(first.ownerUrl, 'CREATE TABLE kept AS SELECT 7 AS n');
    await query(first.ownerUrl, 'GRANT SELECT ON kept TO zhengben_service');
    await first.stop();
    await first.stop();
    expect(isAlive(first.pid)).toBe(false);

    const second = await startEmbeddedPostgres({ dataDir });
    await expect(query(second.serviceUrl, 'SELECT n FROM kept')).resolves.toEqual([{ n: 7 }]);
    expect(new URL(second.serviceUrl).password).toBe(new URL(first.serviceUrl).password);
    await second.stop();

    await rm(dataDir, { recursive: true });
    const third = await startEmbeddedPostgres({ dataDir });
    await expect(query(third.ownerUrl, 'SELECT n FROM kept')).rejects.toMatchObject({ code: '42P01' });
    await third.stop();
  });

  it('is durable, UTF-8, on the wanted port of the loopback only, and closed to strangers', async () => {
    const other = createServer();
    const port = await new Promise<number>((resolve) => { other.listen(0, '127.0.0.1', () => resolve(Number(Object(other.address()).port))); });
    await expect(startEmbeddedPostgres({ dataDir, port })).rejects.toMatchObject({ code: 'DEV_STACK.START_FAILED' });
    await new Promise((resolve) => { other.close(resolve); });

    const server = await startEmbeddedPostgres({ dataDir, port });
    expect(server.port).toBe(port);
    const [settings] = await query(server.adminUrl,
      `SELECT current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS commit, current_setting('listen_addresses') AS addresses,
              current_setting('unix_socket_directories') AS sockets, current_setting('server_encoding') AS encoding, current_setting('TimeZone') AS zone`);
    expect(settings).toEqual({ fsync: 'on', commit: 'on', addresses: '127.0.0.1', sockets: '', encoding: 'UTF8', zone: 'UTC' });
    const [sorting] = await query(server.serviceUrl, `SELECT lower('ÀÉ') AS lower, '正' < '本' AS codepoint_order`);
    expect(sorting).toEqual({ lower: 'àé', codepoint_order: false });

    const wrong = new URL(server.adminUrl);
    wrong.password = 'wrong';
    await expect(query(wrong.href, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
    for (const path of ['postgres/zhengben.json', 'postgres/pg_hba.conf', 'postgres.log']) {
      expect((await stat(join(dataDir, path))).mode & 0o077).toBe(0);
    }
    expect((await readdir(dataDir)).toSorted()).toEqual(['postgres', 'postgres.lock', 'postgres.log']);
    await server.stop();
    expect((await readdir(dataDir)).toSorted()).toEqual(['postgres', 'postgres.log']);
  });

  it('refuses a second start on the same data, from this process and from another', async () => {
    const server = await startEmbeddedPostgres({ dataDir, durable: false });
    await expect(startEmbeddedPostgres({ dataDir })).rejects.toMatchObject({ code: 'DEV_STACK.IN_USE' });
    await expect(spawnDevStack('postgres', dataDir).started).rejects.toThrow('DEV_STACK.IN_USE');
    await expect(query(server.serviceUrl, 'SELECT 1')).resolves.toHaveLength(1);
    await server.stop();
  });

  it('lets exactly one of several starts at the same moment win', async () => {
    const results = await Promise.allSettled([1, 2, 3, 4].map(() => startEmbeddedPostgres({ dataDir, durable: false })));
    const winners = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    expect(results.flatMap((result) => (result.status === 'rejected' ? [result.reason.code] : []))).toEqual(Array(3).fill('DEV_STACK.IN_USE'));
    await winners[0]?.stop();
  });

  it('says what is wrong with a directory that is not its own, or from another version', async () => {
    await mkdir(join(dataDir, 'postgres'));
    await writeFile(join(dataDir, 'postgres', 'letter.txt'), '');
    if (process.getuid?.() === 0) await chown(join(dataDir, 'postgres'), NOBODY, NOBODY);
    await expect(startEmbeddedPostgres({ dataDir })).rejects.toMatchObject({ code: 'DEV_STACK.FOREIGN_DIRECTORY' });
    await writeFile(join(dataDir, 'postgres', 'PG_VERSION'), '9\n');
    await expect(startEmbeddedPostgres({ dataDir })).rejects.toMatchObject({ code: 'DEV_STACK.WRONG_VERSION' });
    await expect(readFile(join(dataDir, 'postgres', 'letter.txt'), 'utf8')).resolves.toBe('');
  });

  it('runs for an ordinary user, with neither LANG nor HOME', async () => {
    const isRoot = process.getuid?.() === 0;
    const dropsRoot = canRunProjectAs(NOBODY, NOBODY);
    if (isRoot && !dropsRoot) process.stderr.write('SKIPPED: the ordinary user, because only root can enter this project\n');
    const options = { cwd: '/', env: { PATH: process.env['PATH'] } };
    if (dropsRoot) {
      await chown(parent, NOBODY, NOBODY);
      await chown(dataDir, NOBODY, NOBODY);
    }
    const run = spawnDevStack('postgres', dataDir, dropsRoot ? { ...options, uid: NOBODY, gid: NOBODY } : options);
    await expect(query((await run.started).adminUrl, 'SHOW server_encoding')).resolves.toEqual([{ server_encoding: 'UTF8' }]);
    await run.stop();
    if (!dropsRoot) return;

    // Root goes on with what the user made without changing whose it is; another user is told.
    expect((await stat(join(dataDir, 'postgres'))).uid).toBe(NOBODY);
    const asRoot = await startEmbeddedPostgres({ dataDir });
    await asRoot.stop();
    expect((await stat(join(dataDir, 'postgres'))).uid).toBe(NOBODY);
    const asUserAgain = spawnDevStack('postgres', dataDir, { ...options, uid: NOBODY, gid: NOBODY });
    await expect(asUserAgain.started).resolves.toHaveProperty('adminUrl');
    await asUserAgain.stop();
    await expect(spawnDevStack('postgres', dataDir, { ...options, uid: 1, gid: 1 }).started).rejects.toThrow('DEV_STACK.NOT_WRITABLE');
    await chown(parent, 1, 1);
    await chown(dataDir, 1, 1);
    await expect(spawnDevStack('postgres', dataDir, { ...options, uid: 1, gid: 1 }).started).rejects.toThrow('DEV_STACK.WRONG_OWNER');
  });
});
