import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { LogFollower } from '../../../src/cli/mirror/follow-log.js';
import { MirrorStore } from '../../../src/cli/mirror/mirror-store.js';
import { openNote, parseSignerKey, parseVerifierKey } from '../../../src/lib/note/index.js';
import { parseStatement } from '../../../src/lib/statement/index.js';
import { CheckHead, fsckLog, LogGate, rotateKey } from '../../../src/modules/log/index.js';
import { openLogSource } from '../../../src/platform/tlog/index.js';
import { useCli } from './support/cli.js';
import { type Key, LogRig, makeKey, ORIGIN } from './support/log-rig.js';

Logger.overrideLogger(false);
jest.setTimeout(120_000);

const cli = useCli();
let rig: LogRig;
let directory: string;
const open: LogRig[] = [];

beforeEach(async () => {
  rig = await LogRig.start();
  directory = await mkdtemp(join(tmpdir(), 'zhengben-rotation-'));
});

afterEach(async () => {
  for (const one of open.splice(0)) await one.stop({ keepData: true });
  await rig.stop();
  await rm(directory, { recursive: true, force: true });
});

/** The service started again with these keys. */
async function restart(key: Key, previous: Key | null): Promise<LogRig> {
  const again = await LogRig.on(rig.database, rig.dataDir, key, previous);
  open.push(again);
  return again;
}

async function closedBecause(service: LogRig): Promise<string | null> {
  const gate = new LogGate(service.dataSource);
  await new CheckHead(service.dataSource, service.tiles, service.keys, gate).executeAgainstPublished();
  return gate.closedBecause;
}

function follow(): Promise<LogFollower> {
  return openLogSource(rig.logDir).then((source) => LogFollower.open(source, new MirrorStore(join(directory, 'mirror')), [rig.key.vkey], { say: () => undefined }));
}

test('both keys sign for a while, either suffices to verify, mirrors follow, and fsck knows the receipts of before', async () => {
  await rig.sayMany(3);
  await rig.publish();
  await (await follow()).step();
  const next = makeKey();
  await writeFile(join(directory, 'next.key'), next.signerKey);
  const run = await cli(['log', 'rotate', '--to', join(directory, 'next.key')], rig.environment);
  expect(run).toMatchObject({ code: 0, stdout: `${next.vkey}\n` });
  await rotateKey(rig.dataSource, rig.keys, parseSignerKey(rig.key.signerKey), parseSignerKey(next.signerKey)); // again: nothing more
  await rig.publish();
  const [entry, ...more] = await rig.reader.chain('log');
  expect(more).toEqual([]);
  const { body, signatures } = parseStatement(entry?.bytes as Buffer);
  expect(body).toMatchObject({ from: rig.key.vkey, to: next.vkey });
  expect(Date.parse(String(body['until'])) - Date.now()).toBeGreaterThan(29 * 86_400_000);
  expect(signatures).toHaveLength(2);

  const both = await restart(next, rig.key);
  expect(await closedBecause(both)).toBeNull();
  await both.sayMany(3);
  await both.publish();
  const note = (await both.tiles.checkpoint())?.toString('utf8') ?? '';
  for (const { vkey } of [rig.key, next]) expect(openNote(note, [parseVerifierKey(vkey)])).toMatchObject({ unknown: 1 });

  await (await follow()).step();
  const alone = await restart(next, null);
  expect(await closedBecause(alone)).toBeNull();
  await alone.sayMany(3);
  await alone.publish();
  // The mirror was told of the old key only; the log told it of the next.
  const follower = await follow();
  expect(await follower.step()).toBe(true);
  expect(follower.current?.treeSize).toBe(10);
  expect(await fsckLog({ dataSource: alone.dataSource, files: alone.tiles, vkeys: alone.keys.vkeys })).toMatchObject({ findings: [] });
});

test('a new key without the old beside it, before both have signed, signs nothing', async () => {
  await rig.sayMany(3);
  await rig.publish();
  const stranger = await restart(makeKey(), null);
  expect(await closedBecause(stranger)).toContain('LOG_PREVIOUS_KEY_FILE');
});

test('a change of key that the old key did not sign moves no mirror', async () => {
  await rig.publish();
  await rig.sayMany(1);
  const thief = makeKey();
  await rig.say('log', { from: rig.key.vkey, to: thief.vkey, until: '2030-01-01T00:00:00.000Z' }, 'log.key-changed');
  await rig.publish();
  await (await follow()).step();
  const theirs = await restart(thief, null);
  await theirs.sayMany(1);
  await theirs.publish();
  await expect((await follow()).step()).rejects.toMatchObject({ exitCode: 1 });
});

test('the new key must be another one of the same log', async () => {
  const old = parseSignerKey(rig.key.signerKey);
  await expect(rotateKey(rig.dataSource, rig.keys, old, old)).rejects.toThrow(RangeError);
  await expect(rotateKey(rig.dataSource, rig.keys, old, parseSignerKey(makeKey('elsewhere.example').signerKey))).rejects.toThrow(RangeError);
});

test('a succession is the first statement of another log, and names the last good head of the one before', async () => {
  await rig.sayMany(5);
  await rig.publish();
  const good = (await rig.reader.published())?.rootHash as Uint8Array;
  await rig.sayMany(2);
  await rig.publish();
  const successor = await LogRig.start({ key: makeKey('successor.example/log') });
  try {
    const contract = '0x00000000000000000000000000000000000000aA';
    const succeed = (...args: string[]) => cli(['log', 'succeed', '--from', rig.logDir, '--log-key', rig.key.vkey, '--contract', `31337:${contract}`, ...args], successor.environment);
    expect(await succeed('--size', '8')).toMatchObject({ code: 1 });
    expect(await succeed('--size', '5')).toMatchObject({ code: 0 });
    await successor.sayMany(1);
    await successor.publish();
    const [entry] = await successor.reader.chain('log');
    expect(entry?.leafIndex).toBe(0);
    expect(parseStatement(entry?.bytes as Buffer)).toMatchObject({
      type: 'log.succeeds', seq: 0, body: { origin: ORIGIN, treeSize: 5, rootHash: Buffer.from(good).toString('hex'), chainId: 31_337, contract: contract.toLowerCase() },
    });
    expect(await succeed('--size', '5')).toMatchObject({ code: 1 }); // it has begun
    expect(await fsckLog({ dataSource: successor.dataSource, files: successor.tiles, vkeys: successor.keys.vkeys })).toMatchObject({ findings: [] });
  } finally {
    await successor.stop();
  }
});

test('what is not understood is said with exit code 2', async () => {
  expect(await cli(['log', 'succeed', '--from', rig.logDir, '--log-key', rig.key.vkey, '--contract', 'nonsense'])).toMatchObject({ code: 2 });
});
