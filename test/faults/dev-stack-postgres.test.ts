import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { startEmbeddedPostgres } from '../../src/dev-stack/index.js';
import { lockDirectory } from '../../src/dev-stack/directory-lock.js';
import { isAlive, processIdentity, waitForExit } from '../../src/dev-stack/processes.js';
import { spawnDevStack } from '../support/dev-stack-process.js';

jest.setTimeout(120_000);

let dataDir: string;
beforeEach(async () => { dataDir = await mkdtemp(join(tmpdir(), 'zhengben-fault-')); });
afterEach(() => rm(dataDir, { recursive: true, force: true }));

async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined); // the server is killed under it
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

const countRows = (url: string) => withClient(url, async (client) => Number((await client.query('SELECT count(*) AS n FROM acknowledged')).rows[0].n));

describe('the embedded database after kill -9', () => {
  it('of its parent: the next start takes the orphan over, and nothing committed is lost', async () => {
    const run = spawnDevStack('postgres', dataDir);
    const { adminUrl, pid } = await run.started;
    await withClient(adminUrl, (client) => client.query('CREATE TABLE acknowledged AS SELECT generate_series(1, 1000)'));
    await run.kill();
    expect(isAlive(pid)).toBe(true);

    const lines: string[] = [];
    const server = await startEmbeddedPostgres({ dataDir, log: (line) => lines.push(line) });
    expect(isAlive(pid)).toBe(false);
    expect(lines).toHaveLength(1);
    await expect(countRows(server.adminUrl)).resolves.toBe(1000);
    await server.stop();
  });

  it('of the server itself under load: every acknowledged row is there', async () => {
    const first = await startEmbeddedPostgres({ dataDir });
    let acknowledged = 0;
    await withClient(first.adminUrl, async (client) => {
      await client.query('CREATE TABLE acknowledged (n int)');
      setTimeout(() => { process.kill(first.pid, 'SIGKILL'); }, 300);
      while (await client.query('INSERT INTO acknowledged VALUES ($1)', [acknowledged]).then(() => true, () => false)) acknowledged += 1;
    });
    await first.stop();

    const second = await startEmbeddedPostgres({ dataDir });
    expect(acknowledged).toBeGreaterThan(0);
    // The last insert may have been committed with its answer lost.
    expect([acknowledged, acknowledged + 1]).toContain(await countRows(second.adminUrl));
    await second.stop();
  });

  it('of the parent at any moment of the first start: the next start works', async () => {
    const kills = process.env['DEEP'] === '1' ? 40 : 4;
    const delays = Array.from({ length: kills }, () => Math.floor(Math.random() * 2500));
    process.stderr.write(`killed after ${delays.join(', ')} ms\n`);
    for (const delay of delays) {
      const run = spawnDevStack('postgres', dataDir);
      await sleep(delay);
      await run.kill();
    }
    const server = await startEmbeddedPostgres({ dataDir, durable: false });
    await expect(withClient(server.serviceUrl, (client) => client.query('SELECT 1'))).resolves.toMatchObject({ rowCount: 1 });
    await server.stop();
  });

  it('leaves a postmaster.pid whose number another process has by now: the start is not stopped by it', async () => {
    const first = await startEmbeddedPostgres({ dataDir, durable: false });
    const pidFile = join(dataDir, 'postgres', 'postmaster.pid');
    const lines = (await readFile(pidFile, 'utf8')).split('\n');
    await first.stop();
    // Under the server's own account: PostgreSQL takes a process that it may signal for the owner of the file.
    const { uid, gid } = await stat(join(dataDir, 'postgres'));
    const other = spawn('sleep', ['60'], process.getuid?.() === 0 ? { uid, gid } : {});
    await writeFile(pidFile, [other.pid, ...lines.slice(1)].join('\n'));

    const second = await startEmbeddedPostgres({ dataDir, durable: false });
    expect(isAlive(Number(other.pid))).toBe(true);
    await second.stop();
    other.kill();

    await writeFile(pidFile, 'garbage\n');
    const third = await startEmbeddedPostgres({ dataDir, durable: false });
    await third.stop();
  });
});

describe('the lock of the data directory', () => {
  it('is taken over from a process that is gone, also when its id lives again, and by one only', async () => {
    const path = join(dataDir, 'lock');
    const gone = spawn('true');
    await new Promise((resolve) => { gone.once('exit', resolve); });
    await waitForExit(Number(gone.pid), 5000);
    const mine = processIdentity(process.pid) ?? '';
    for (const stale of [mine.replace(`${process.pid}/`, `${gone.pid}/`), mine.replace(/[^/]+$/, '1'), '', 'garbage']) {
      await writeFile(path, `${stale}\n`);
      const results = await Promise.allSettled(Array.from({ length: 8 }, () => lockDirectory(path)));
      const winners = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
      expect(winners).toHaveLength(1);
      await winners[0]?.();
      await expect(stat(path)).rejects.toMatchObject({ code: 'ENOENT' });
    }
  });
});
