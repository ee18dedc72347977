import { randomUUID } from 'node:crypto';
import { AppendStatement } from '../../src/modules/log/index.js';
import { PublishTree } from '../../src/modules/log/publish-tree.js';
import { TileStore } from '../../src/modules/log/tile-store.js';
import { transact } from '../../src/platform/database/index.js';
import { type LogFixture, openLog } from '../support/log-fixture.js';

/** A disk that takes its time over checkpoints. */
class SlowTileStore extends TileStore {
  /** Called around each checkpoint that is put. */
  before: () => Promise<void> = async () => undefined;
  after: () => Promise<void> = async () => undefined;

  override async put(name: string, bytes: Uint8Array | string): Promise<void> {
    if (name !== 'checkpoint') return super.put(name, bytes);
    await this.before();
    await super.put(name, bytes);
    await this.after();
  }
}

let log: LogFixture;
let append: AppendStatement;

beforeAll(async () => {
  log = await openLog();
  append = new AppendStatement(log.keys);
});
afterAll(() => log.stop());

async function grow(): Promise<void> {
  await transact(log.dataSource, (tx) => append.execute(tx, { type: 'test.said', subject: randomUUID(), actor: 'acct:test', body: {}, sealed: [] }, []));
  await log.batch.execute(100);
}

function gate(): { passed: Promise<void>; open: () => void } {
  let open = (): void => undefined;
  const passed = new Promise<void>((resolve) => { open = resolve; });
  return { passed, open };
}

/** What is on disk is what is served. */
async function assertNewest(size: number): Promise<void> {
  const published = await log.reader.published();
  expect(published?.treeSize).toBe(size);
  expect((await log.tiles.checkpoint())?.toString('utf8')).toBe(published?.note);
}

test('a process that publishes an older checkpoint last does not leave it there', async () => {
  await grow();
  const slow = new SlowTileStore(log.config);
  const reached = gate();
  const go = gate();
  slow.before = async () => {
    slow.before = async () => undefined;
    reached.open();
    await go.passed;
  };
  const older = new PublishTree(log.dataSource, slow).execute();
  await reached.passed;
  await grow();
  await log.publish.execute();
  go.open();
  await older;
  await assertNewest(2);
});

test('nor one that puts it between the other one’s file and row', async () => {
  await grow();
  const [slowOlder, slowNewer] = [new SlowTileStore(log.config), new SlowTileStore(log.config)];
  const [olderReached, olderGo, newerPut, newerGo] = [gate(), gate(), gate(), gate()];
  slowOlder.before = async () => {
    slowOlder.before = async () => undefined;
    olderReached.open();
    await olderGo.passed;
  };
  slowNewer.after = async () => {
    slowNewer.after = async () => undefined;
    newerPut.open();
    await newerGo.passed;
  };
  const older = new PublishTree(log.dataSource, slowOlder).execute();
  await olderReached.passed;
  await grow();
  const newer = new PublishTree(log.dataSource, slowNewer).execute();
  await newerPut.passed;
  olderGo.open();
  await older;
  newerGo.open();
  await newer;
  await assertNewest(4);
});
