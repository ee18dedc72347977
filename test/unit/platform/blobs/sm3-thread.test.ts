import { createHash, randomBytes } from 'node:crypto';
import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { Sm3Thread } from '../../../../src/platform/blobs/sm3-thread.js';

const sm3 = (bytes: Buffer): string => createHash('sm3').update(bytes).digest('hex');
let folder: string;
let thread: Sm3Thread;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zhengben-sm3-'));
  thread = new Sm3Thread();
});
afterAll(async () => {
  await thread.stop();
  await rm(folder, { recursive: true });
});

/** Writes a file in the pieces given, telling of each. */
async function write(name: string, pieces: readonly Buffer[]): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, '');
  const followed = thread.follow(path);
  let written = 0;
  for (const piece of pieces) {
    await appendFile(path, piece);
    followed.wrote(written += piece.length);
  }
  return followed.digest();
}

test('files that grow side by side get each its own digest', async () => {
  const files = [[1, 3_000_000, 17], [2_500_000, 2_500_000], [0, 5]].map((lengths) => lengths.map((length) => randomBytes(length)));
  expect(await Promise.all(files.map((pieces, i) => write(`side-${i}`, pieces)))).toEqual(files.map((pieces) => sm3(Buffer.concat(pieces))));
});

test('what is not told of is not read', async () => {
  const path = join(folder, 'longer');
  await writeFile(path, 'told and not told');
  const followed = thread.follow(path);
  followed.wrote(4);
  expect(await followed.digest()).toBe(sm3(Buffer.from('told')));
});

test('a file that is shorter than told, one that is none, and one that was given up have no digest', async () => {
  const path = join(folder, 'short');
  await writeFile(path, 'short');
  const [short, none, abandoned] = [thread.follow(path), thread.follow(join(folder, 'none')), thread.follow(path)];
  short.wrote(6);
  none.wrote(1);
  abandoned.abandon();
  const outcomes = await Promise.allSettled([short, none, abandoned].map((followed) => followed.digest()));
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
});

test('when the thread dies whoever waits is told, and the next file has another thread', async () => {
  const path = join(folder, 'dying');
  await writeFile(path, 'x');
  const followed = thread.follow(path);
  followed.wrote(1);
  const waiting = followed.digest();
  const [outcome] = await Promise.allSettled([waiting, (thread as unknown as { worker: Worker }).worker.terminate()]);
  // The digest may have been on its way already.
  if (outcome.status === 'fulfilled') expect(outcome.value).toBe(sm3(Buffer.from('x')));
  expect(await write('after', [Buffer.from('after')])).toBe(sm3(Buffer.from('after')));
});
