import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toHash } from '../../../src/lib/merkle/index.js';
import { composeStatement } from '../../../src/modules/log/index.js';
import { useCli } from './support/cli.js';
import { LogRig } from './support/log-rig.js';

jest.setTimeout(3_600_000);

const deep = process.env['DEEP'] === '1';
const SIZE = deep ? 200_000 : 4_100;
/** What Node, the programs and one page need; a hundred times the statements need no more. */
const HEAP_MIB = 96;

const cli = useCli();
let rig: LogRig;
let directory: string;

beforeAll(async () => {
  [rig, directory] = await Promise.all([LogRig.start(), mkdtemp(join(tmpdir(), 'zhengben-large-'))]);
  const [body, now] = [{ text: 'x'.repeat(800) }, new Date()];
  for (let done = 0; done < SIZE; done += 1_000) {
    const count = Math.min(1_000, SIZE - done);
    const composed = Array.from({ length: count }, (_, i) => composeStatement({ type: 'test.said', subject: `test-${done + i}`, actor: 'test', body, sealed: [] }, { seq: 0, prev: null }, now));
    await rig.dataSource.query(
      `INSERT INTO statement (subject, seq, type, prev, bytes, accepted_at, receipt)
       SELECT s.subject, 0, 'test.said', NULL, convert_to(s.text, 'UTF8'), $3, s.receipt FROM unnest($1::text[], $2::text[], $4::text[]) AS s(subject, text, receipt)`,
      [composed.map(({ subject }) => subject), composed.map(({ bytes }) => Buffer.from(bytes).toString('utf8')), now, composed.map(({ leafHash }) => rig.keys.signReceipt(toHash(leafHash), now))],
    );
  }
  // Published in one go, in several steps: the last of them adds nothing to the higher levels.
  for (let size = 0; size < SIZE;) size = await rig.sequence();
  await rig.publication.execute();
});

afterAll(async () => {
  await rig.stop();
  await rm(directory, { recursive: true, force: true });
});

test.each([
  ['fsck', () => ['log', 'fsck', '--json']],
  ['mirror', () => ['log', 'mirror', rig.logDir, join(directory, 'mirror'), '--log-key', rig.key.vkey]],
  ['backup', () => ['backup', join(directory, 'backup')]],
])('%s streams: its memory does not grow with the log', async (_, args) => {
  const startedAt = performance.now();
  const done = await cli(args(), { ...rig.environment, NODE_OPTIONS: `--max-old-space-size=${HEAP_MIB}` });
  expect({ code: done.code, said: done.stderr + done.stdout.slice(0, 2_000) }).toEqual({ code: 0, said: expect.anything() });
  if (deep) process.stdout.write(`${args().slice(0, 2).join(' ')}: ${SIZE} leaves in ${Math.round(performance.now() - startedAt)} ms\n`);
});
