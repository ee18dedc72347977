import { randomUUID } from 'node:crypto';
import { computeRoot, decodeEntries, entriesPath, hashLeaf, tilePath, toHash, verifyConsistency, verifyInclusion } from '../../../src/lib/merkle/index.js';
import { openNote, parseCheckpoint, parseVerifierKey } from '../../../src/lib/note/index.js';
import { parseStatement } from '../../../src/lib/statement/index.js';
import { AppendStatement } from '../../../src/modules/log/index.js';
import { SequenceBatch } from '../../../src/modules/log/sequence-batch.js';
import { sqlState, transact } from '../../../src/platform/database/index.js';
import { type LogFixture, openLog } from '../../support/log-fixture.js';

let log: LogFixture;
let append: AppendStatement;

beforeAll(async () => {
  log = await openLog();
  append = new AppendStatement(log.keys);
});
afterAll(() => log.stop());

function say(subject: string): Promise<unknown> {
  return transact(log.dataSource, (tx) => append.execute(tx, { type: 'test.said', subject, actor: 'acct:test', body: { nonce: randomUUID() }, sealed: [] }, []));
}

async function rootOfAll(): Promise<Uint8Array> {
  const rows: { bytes: Buffer }[] = await log.dataSource.query('SELECT bytes FROM log_entry JOIN statement USING (ordinal) ORDER BY leaf_index');
  return computeRoot(rows.map((row) => hashLeaf(row.bytes)));
}

test('batches of two racing sequencers place every statement once, seq before seq + 1, under roots that are consistent', async () => {
  const other = new SequenceBatch(log.dataSource, log.keys);
  const subjects = Array.from({ length: 7 }, () => randomUUID());
  const roots = new Map<number, Uint8Array>([[0, await rootOfAll()]]);
  for (let round = 0; round < 12; round++) {
    await Promise.all([...Array.from({ length: 25 }, (_, i) => say(subjects[(round + i) % 7] ?? '')), log.batch.execute(9), other.execute(11)]);
    const published = await log.publish.execute();
    roots.set(published, toHash((await log.reader.published())?.rootHash ?? (await rootOfAll())));
  }
  while ((await log.batch.execute(64))?.placed) await log.publish.execute();
  const size = await log.publish.execute();
  expect(size).toBe(300);
  roots.set(size, (await log.reader.published())!.rootHash);
  expect((await log.reader.published())!.rootHash).toEqual(toHash(await rootOfAll()));

  const sizes = [...roots.keys()].toSorted((a, b) => a - b);
  for (let i = 1; i < sizes.length; i++) {
    const [oldSize, newSize] = [sizes[i - 1]!, sizes[i]!];
    if (oldSize === 0) continue;
    verifyConsistency({ oldSize, newSize, oldRoot: roots.get(oldSize)!, newRoot: roots.get(newSize)!, proof: await log.reader.consistencyProof(oldSize, newSize) });
  }
  for (const subject of subjects) {
    const chain = await log.reader.chain(subject);
    chain.forEach((entry, seq) => {
      expect(entry.seq).toBe(seq);
      expect(parseStatement(entry.bytes).prev).toBe(seq === 0 ? null : Buffer.from(chain[seq - 1]!.leafHash).toString('hex'));
      if (seq > 0) expect(entry.leafIndex!).toBeGreaterThan(chain[seq - 1]!.leafIndex!);
    });
    const proofs = await log.reader.inclusionProofs(chain.map((entry) => entry.leafIndex!), size);
    chain.forEach((entry, i) => verifyInclusion({ leafHash: entry.leafHash, leafIndex: entry.leafIndex!, treeSize: size, rootHash: roots.get(size)!, proof: proofs[i]! }));
  }
});

test('what is published is a C2SP log: checkpoint, tiles and entries agree', async () => {
  const note = (await log.tiles.checkpoint())!.toString('utf8');
  const checkpoint = parseCheckpoint(openNote(note, [parseVerifierKey(log.keys.vkey)]).text);
  expect(checkpoint).toMatchObject({ origin: 'test.example/log', treeSize: 300 });
  const entries = [...decodeEntries((await log.tiles.get(entriesPath(0)))!), ...decodeEntries((await log.tiles.get(entriesPath(1, 44)))!)];
  expect(computeRoot(entries.map(hashLeaf))).toEqual(checkpoint.rootHash);
  const hashes = Buffer.concat([(await log.tiles.get(tilePath(0, 0)))!, (await log.tiles.get(tilePath(0, 1, 44)))!]);
  expect(hashes).toEqual(Buffer.concat(entries.map(hashLeaf)));
  expect((await log.tiles.get(tilePath(1, 0, 1)))!).toEqual(Buffer.from(computeRoot(entries.slice(0, 256).map(hashLeaf))));
});

describe('the database itself refuses', () => {
  const refusals: [string, string, string][] = [
    ['an update of a statement, for lack of the privilege', 'UPDATE statement SET type = type', '42501'],
    ['a deletion of a log entry, for lack of the privilege', 'DELETE FROM log_entry', '42501'],
    ['truncation, for lack of the privilege', 'TRUNCATE log_node', '42501'],
    ['a log that shrinks', 'UPDATE log_head SET tree_size = tree_size - 1, published_size = 0', 'ZB001'],
    ['another root of the same size', `UPDATE log_head SET root_hash = sha256('')`, 'ZB001'],
    ['a statement that does not follow its predecessor', `INSERT INTO statement (subject, seq, type, prev, bytes, accepted_at, receipt) SELECT subject, seq + 1, type, sha256(''), bytes, now(), '' FROM statement ORDER BY seq DESC LIMIT 1`, 'ZB002'],
    ['a second statement at one place of a chain', `INSERT INTO statement (subject, seq, type, prev, bytes, accepted_at, receipt) SELECT subject, seq, type, prev, bytes, now(), '' FROM statement LIMIT 1`, '23505'],
    ['a leaf hash of the writer\'s own', `INSERT INTO statement (subject, seq, type, bytes, leaf_hash, accepted_at, receipt) VALUES ('x', 0, 't', '{}', sha256(''), now(), '')`, '428C9'],
    ['a second place for a statement', 'INSERT INTO log_entry SELECT leaf_index + 100000, ordinal, leaf_hash FROM log_entry LIMIT 1', '23505'],
  ];
  test.each(refusals)('%s', async (_what, sql, state) => {
    expect(await log.dataSource.query(sql).then(() => 'done', sqlState)).toBe(state);
  });

  test.each(['UPDATE statement SET type = type', 'DELETE FROM log_checkpoint', 'TRUNCATE statement CASCADE'])('the owner as well: %s', async (sql) => {
    const { Client } = await import('pg');
    const owner = new Client({ connectionString: log.database.ownerUrl });
    await owner.connect();
    expect(await owner.query(sql).then(() => 'done', sqlState)).toBe('ZB001');
    await owner.end();
  });
});
