import { verifyInclusion, hashLeaf } from '../../../src/lib/merkle/index.js';
import { ProveStatements } from '../../../src/modules/log/prove-statements.js';
import { LogRig } from './support/log-rig.js';

let rig: LogRig;
beforeAll(async () => {
  rig = await LogRig.start();
});
afterAll(() => rig.stop());

test('proves all statements of a growing tree, those at its edge too, the same way twice', async () => {
  const prove = new ProveStatements(rig.dataSource, rig.reader);
  const subjects: string[] = [];
  for (const count of [1, 1, 3, 58, 1, 2, 63, 129, 70]) {
    for (let i = 0; i < count; i++) {
      subjects.push(`test-${subjects.length}`);
      await rig.say(subjects.at(-1) as string);
    }
    await rig.sequence();
    await rig.publication.execute();
    const refs = subjects.map((subject) => ({ subject, seq: 0 }));
    for (let again = 0; again < 2; again++) {
      // Asked for in halves: a proof of the second rests on nodes that the first has remembered.
      for (const half of [refs.slice(0, Math.ceil(refs.length / 2)), refs]) {
        const { statements, checkpoint } = await prove.execute(half);
        expect(statements).toHaveLength(half.length);
        for (const statement of statements) {
          verifyInclusion({ leafHash: hashLeaf(Buffer.from(statement?.text ?? '')), leafIndex: statement?.leafIndex ?? -1, treeSize: checkpoint?.treeSize ?? 0, rootHash: checkpoint?.rootHash ?? new Uint8Array(), proof: statement?.path ?? [] });
        }
      }
    }
  }
}, 60_000);

test('has no proof of what has no place yet, null for what is not there, and each as often as it was asked for', async () => {
  const prove = new ProveStatements(rig.dataSource, rig.reader);
  await rig.say('waiting');
  const { statements: [waiting, none, placed, again] } = await prove.execute([{ subject: 'waiting', seq: 0 }, { subject: 'nobody', seq: 0 }, { subject: 'test-0', seq: 0 }, { subject: 'test-0', seq: 0 }]);
  expect(waiting).toMatchObject({ leafIndex: null, path: null });
  expect(none).toBeNull();
  expect(placed).toMatchObject({ leafIndex: 0 });
  expect(again).toEqual(placed);
});
