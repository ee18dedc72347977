import { Logger } from '@nestjs/common';
import { Client } from 'pg';
import { toHash, toTreeSize } from '../../../src/lib/merkle/index.js';
import { AppendStatement, CheckHead, LogGate, recoverLog } from '../../../src/modules/log/index.js';
import { transact } from '../../../src/platform/database/index.js';
import { openLogSource } from '../../../src/platform/tlog/index.js';
import { LogRig } from './support/log-rig.js';

let rig: LogRig;

beforeAll(() => Logger.overrideLogger(false));
beforeEach(async () => {
  rig = await LogRig.start();
  await rig.sayMany(3);
  await rig.publish();
});
afterEach(() => rig.stop());

const amend = (gate: LogGate): Promise<unknown> =>
  transact(rig.dataSource, (tx) => new AppendStatement(rig.keys, gate).execute(tx, { type: 'test.said', subject: 'test-gate', actor: 'test', body: {}, sealed: [] }, []));

test('what one process finds stops every other: none sequences, signs or appends until the contradiction is gone', async () => {
  const [holder, standby] = [new LogGate(rig.dataSource), new LogGate(rig.dataSource)];
  const other = await LogRig.on(rig.database, rig.dataDir, rig.key);
  try {
    await rig.sayMany(2);
    await holder.record('anchored', 'another tree was anchored');
    expect(await other.batch.execute(100)).toBeNull();
    expect(await standby.follow()).toBe('another tree was anchored');
    await expect(amend(standby)).rejects.toMatchObject({ code: 'LOG.RECOVERY_NEEDED' });

    await holder.record('published', null);
    expect(await standby.follow()).toBe('another tree was anchored');
    await holder.record('anchored', null);
    expect(await standby.follow()).toBeNull();
    await amend(standby);
    expect(await other.batch.execute(100)).toMatchObject({ placed: 3, treeSize: 6 });
  } finally {
    await other.stop({ keepData: true });
  }
});

test('settings that are wrong close the process that has them, and no other', async () => {
  const [wrong, right] = [new LogGate(rig.dataSource), new LogGate(rig.dataSource)];
  wrong.refuse('another key');
  await wrong.record('published', null);
  expect(await wrong.follow()).toBe('another key');
  expect(await right.follow()).toBeNull();
});

test('a published checkpoint that the database does not hold closes the gate; a later look that finds it opens it', async () => {
  const gate = new LogGate(rig.dataSource);
  const note = (await rig.tiles.checkpoint())!.toString('utf8');
  await rig.tiles.put('checkpoint', rig.keys.signCheckpoint(toTreeSize(3), toHash(Buffer.alloc(32, 1))));
  const check = new CheckHead(rig.dataSource, rig.tiles, rig.keys, gate);
  await check.executeAgainstPublished();
  expect(await new LogGate(rig.dataSource).follow()).toMatch(/tree size 3 .* already published/);
  await rig.tiles.put('checkpoint', note);
  await check.executeAgainstPublished();
  expect(await new LogGate(rig.dataSource).follow()).toBeNull();
});

test('a recovery opens it', async () => {
  const gate = new LogGate(rig.dataSource);
  await gate.record('published', 'the database is behind');
  await gate.record('anchored', 'the database is behind');
  await recoverLog({ dataSource: rig.dataSource, keys: rig.keys, files: rig.tiles, source: await openLogSource(rig.logDir), projections: [] });
  expect(await gate.follow()).toBeNull();
});

test('no service can take what is logged back by way of the gate', async () => {
  const client = new Client({ connectionString: rig.database.serviceUrl });
  await client.connect();
  try {
    await expect(client.query(`UPDATE log_head SET anchored_contradiction = 'x', tree_size = 0, published_size = 0`)).rejects.toMatchObject({ code: 'ZB001' });
  } finally {
    await client.end();
  }
});
