import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AuditError, LogFollower } from '../../../src/cli/mirror/follow-log.js';
import { MirrorStore } from '../../../src/cli/mirror/mirror-store.js';
import { hexToBytes } from '../../../src/lib/bytes/index.js';
import { entriesPath, tilePath, tilesBetween, verifyConsistency } from '../../../src/lib/merkle/index.js';
import { openNote, parseCheckpoint, parseVerifierKey } from '../../../src/lib/note/index.js';
import { openLogSource } from '../../../src/platform/tlog/index.js';
import { useCli } from './support/cli.js';
import { LogRig, makeKey } from './support/log-rig.js';
import { serveDirectory, type StaticServer } from './support/static-server.js';

jest.setTimeout(120_000);

const cli = useCli();
let rig: LogRig;
let server: StaticServer;
const directories: string[] = [];

beforeAll(async () => {
  rig = await LogRig.start();
  await rig.sayMany(300);
  await rig.publish();
  server = await serveDirectory(rig.logDir);
});

afterAll(async () => {
  await server.stop();
  await rig.stop();
  for (const directory of directories) await rm(directory, { recursive: true, force: true });
});

beforeEach(() => {
  server.requests.length = 0;
  server.intercept = () => false;
});

async function newDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'zhengben-mirror-'));
  directories.push(directory);
  return directory;
}

async function follow(directory: string, url = server.url, keys: readonly string[] = [rig.key.vkey]): Promise<{ follower: LogFollower; said: string[] }> {
  const said: string[] = [];
  return { follower: await LogFollower.open(await openLogSource(url), new MirrorStore(directory), keys, { say: (line) => said.push(line) }), said };
}

/** Every file of the log below a directory, by name; but not partial tiles of sizes before that of the checkpoint, which may lie there besides. */
async function filesOf(directory: string): Promise<Record<string, string>> {
  const size = Number((await readFile(join(directory, 'checkpoint'), 'utf8').catch(() => '')).split('\n')[1] ?? 0);
  const needed = new Set(['checkpoint', ...tilesBetween(0, size).flatMap(({ level, index, width }) => [tilePath(level, index, width), ...(level === 0 ? [entriesPath(index, width)] : [])])]);
  const files: Record<string, string> = {};
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name).slice(directory.length + 1);
    if (entry.isFile() && (needed.has(path) || /^(tile\/(?!.*\.p\/)|checkpoint$)/.test(path))) files[path] = (await readFile(join(directory, path))).toString('hex');
  }
  return files;
}

test('a mirror is byte for byte the log, grows with it, fetches no full tile twice, and can be mirrored itself', async () => {
  const directory = await newDirectory();
  const { follower } = await follow(directory);
  expect(await follower.step()).toBe(true);
  expect(await filesOf(directory)).toEqual(await filesOf(rig.logDir));
  expect(await follower.step()).toBe(false);

  await rig.sayMany(400);
  await rig.publish();
  server.requests.length = 0;
  expect(await follower.step()).toBe(true);
  expect(await filesOf(directory)).toEqual(await filesOf(rig.logDir));
  expect(server.requests).not.toContain('/tile/entries/000');
  expect(server.requests).toContain('/tile/entries/001');

  // Opened again it holds itself against every checkpoint that it has seen.
  expect((await follow(directory)).follower.current?.treeSize).toBe(700);
  const second = await newDirectory();
  await (await follow(second, directory)).follower.step();
  expect(await filesOf(second)).toEqual(await filesOf(rig.logDir));
});

test('an interrupted run goes on where it was, and what it has left was no log meanwhile', async () => {
  const directory = await newDirectory();
  server.intercept = (request, response) => {
    if (request.url !== '/tile/entries/001') return false;
    response.writeHead(404).end();
    return true;
  };
  const { follower } = await follow(directory);
  await expect(follower.step()).rejects.toThrow(AuditError);
  expect(await filesOf(directory)).not.toHaveProperty('checkpoint');
  server.intercept = () => false;
  // The first attempt was refused, and its files with it. A killed one leaves them:
  await new MirrorStore(directory).put('tile/entries/000', await readFile(join(rig.logDir, 'tile/entries/000')));
  server.requests.length = 0;
  await (await follow(directory)).follower.step();
  expect(server.requests).not.toContain('/tile/entries/000');
  expect(await filesOf(directory)).toEqual(await filesOf(rig.logDir));
});

test('what a killed run left damaged is fetched again', async () => {
  const directory = await newDirectory();
  const entries = await readFile(join(rig.logDir, 'tile/entries/000'));
  entries[100] = (entries[100] as number) ^ 1;
  await new MirrorStore(directory).put('tile/entries/000', entries);
  await (await follow(directory)).follower.step();
  expect(await filesOf(directory)).toEqual(await filesOf(rig.logDir));
});

test('trust on first use pins the key and says so; another key is refused', async () => {
  const directory = await newDirectory();
  await expect(follow(directory, server.url, [])).rejects.toThrow(/--log-key/); // a bare directory of tiles does not say its key
  server.intercept = (request, response) => {
    if (request.url !== '/vkey') return false;
    response.end(`${rig.key.vkey}\n`);
    return true;
  };
  const { follower, said } = await follow(directory, server.url, []);
  await follower.step();
  expect(said.join('\n')).toContain(rig.key.vkey);
  expect((await follow(directory, server.url, [])).said).toEqual([]);
  const elsewhere = await newDirectory();
  await expect((await follow(elsewhere, server.url, [makeKey().vkey])).follower.step()).rejects.toThrow(AuditError);
  expect(await filesOf(elsewhere)).toEqual({});
});

test('an entry that is not the one that was signed is not taken over; a tile that is wrong is named', async () => {
  const directory = await newDirectory();
  const tamper = (path: string) => {
    server.intercept = (request, response) => {
      if (request.url !== path) return false;
      void readFile(join(rig.logDir, path)).then((bytes) => {
        bytes[50] = (bytes[50] as number) ^ 4;
        response.end(bytes);
      });
      return true;
    };
  };
  tamper('/tile/entries/001');
  await expect((await follow(directory)).follower.step()).rejects.toThrow(AuditError);
  expect(await filesOf(directory)).toEqual({});
  expect(await readdir(join(directory, 'evidence'))).toHaveLength(1);
  tamper('/tile/0/001');
  await expect((await follow(directory)).follower.step()).rejects.toThrow(/tile\/0\/001/);
  expect(await filesOf(directory)).toEqual(await filesOf(rig.logDir));
});

test('two signed checkpoints that contradict each other are proof of misconduct, kept and printed', async () => {
  const key = makeKey();
  const [honest, forked] = [await LogRig.start({ key }), await LogRig.start({ key })];
  try {
    await honest.sayMany(20);
    await honest.publish();
    await forked.sayMany(280);
    await forked.publish();
    for (const [first, then] of [[honest, forked], [forked, honest]] as const) {
      const directory = await newDirectory();
      const run = (from: LogRig) => cli(['log', 'mirror', from.logDir, directory, '--log-key', key.vkey]);
      expect(await run(first)).toMatchObject({ code: 0 });
      const before = await filesOf(directory);
      const caught = await run(then);
      expect(caught).toMatchObject({ code: 1 });
      expect(caught.stderr).toContain('PROOF OF MISCONDUCT');
      expect(await filesOf(directory)).toEqual(before);

      const [name] = await readdir(join(directory, 'evidence'));
      const evidence = JSON.parse(await readFile(join(directory, 'evidence', name as string), 'utf8')) as { older: string; newer: string; rootUnderNewer: string; consistencyProof: string[] };
      expect(caught.stderr).toContain(evidence.older);
      expect(caught.stderr).toContain(evidence.newer);
      const open = (note: string) => parseCheckpoint(openNote(note, [parseVerifierKey(key.vkey)]).text);
      const [older, newer] = [open(evidence.older), open(evidence.newer)];
      verifyConsistency({ oldSize: older.treeSize, oldRoot: hexToBytes(evidence.rootUnderNewer), newSize: newer.treeSize, newRoot: newer.rootHash, proof: evidence.consistencyProof.map(hexToBytes) });
      expect(evidence.rootUnderNewer).not.toBe(Buffer.from(older.rootHash).toString('hex'));
    }
  } finally {
    await honest.stop();
    await forked.stop();
  }
});

test('a mirror that lost files behind its back does not pretend to have seen nothing', async () => {
  const directory = await newDirectory();
  await (await follow(directory)).follower.step();
  await rm(join(directory, 'checkpoint'));
  await expect(follow(directory)).rejects.toThrow(AuditError);
});

test('--work proves that a chain is complete, and catches a bundle that leaves something out', async () => {
  const number = await rig.deposit();
  await rig.publish();
  await rig.say(number, { a: '1' });
  await rig.deposit({ form: { title: `"subject":"${number}"` } });
  await rig.publish();
  const directory = await newDirectory();
  const run = await cli(['log', 'mirror', rig.logDir, directory, '--log-key', rig.key.vkey, '--work', number.toLowerCase(), '--json']);
  expect(run).toMatchObject({ code: 0 });
  const chain = JSON.parse(run.stdout) as { links: { statement: { seq: number } }[]; problems: string[] };
  expect(chain.links.map(({ statement }) => statement.seq)).toEqual([0, 1]);
  expect(chain.problems).toEqual([]);
  const missing = await cli(['log', 'mirror', rig.logDir, directory, '--work', 'ZB-0000-0000-0000-0']);
  expect(missing).toMatchObject({ code: 1 });
  expect(await cli(['log', 'mirror', rig.logDir, directory, '--work', 'ZB-0000-0000-0000-1'])).toMatchObject({ code: 2 });
});

test('what cannot be reached is no verdict', async () => {
  expect(await cli(['log', 'mirror', join(tmpdir(), 'there-is-no-such-log'), await newDirectory()])).toMatchObject({ code: 2 });
});
