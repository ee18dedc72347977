import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ANCHORER_KEY, headOf, ORIGIN, Rig } from '../../integration/anchoring/support/rig.js';
import { rpc } from '../../integration/anchoring/support/rpc-proxy.js';
import { startTestChain, type TestChain } from '../../support/index.js';

const RUNNER = join(import.meta.dirname, '../../support/run-typescript.cjs');
const PROGRAM = join(import.meta.dirname, 'anchorer-program.ts');
const EVENT = '0x031af2ea7f6de84bdca3583762e907ac3bb3b1092e7b71ca4fa616a2eae67303';
/** Without DEEP=1 a sample: the points around what cannot be taken back. */
const SAMPLE = ['anchor.store:after', 'anchor.broadcast:after'];
const deep = process.env['DEEP'] === '1';

let chain: TestChain;

beforeAll(async () => {
  chain = await startTestChain();
});
afterAll(() => chain.stop());

it('a kill at any write or broadcast: the next process anchors, once, without help', async () => {
  const points = await tracePoints();
  expect(points.filter((point) => point.startsWith('unnamed'))).toEqual([]);
  expect(points).toEqual(expect.arrayContaining(SAMPLE));
  const chosen = deep ? points : SAMPLE;
  let killed = 0;
  for (const point of chosen) {
    const rig = await Rig.open(chain.url);
    try {
      rig.log.grow(3);
      const signal = await runProgram(rig, { FAULT_POINT: point });
      expect([point, signal]).toEqual([point, 'SIGKILL']);
      killed++;
      await settleOncePossible(rig);
      expect([point, await rig.statuses()]).toEqual([point, ['3 final']]);
      expect((await rig.transactions()).length).toBe(1);
      expect(await headOf(chain.url, rig.contract)).toBe(3);
      expect(await rpc<unknown[]>(chain.url, 'eth_getLogs', { address: rig.contract, fromBlock: '0x0', topics: [EVENT] })).toHaveLength(1);
    } finally {
      await rig.close();
    }
  }
  console.log(`killed ${killed} of ${chosen.length}`);
}, 300_000);

/** Every point that an anchor passes, from a run that nothing kills. */
async function tracePoints(): Promise<string[]> {
  const directory = await mkdtemp(join(tmpdir(), 'zhengben-trace-'));
  const rig = await Rig.open(chain.url);
  try {
    rig.log.grow(3);
    const file = join(directory, 'trace');
    expect(await runProgram(rig, { FAULT_TRACE: file })).toBe(0);
    return [...new Set((await readFile(file, 'utf8')).trimEnd().split('\n'))];
  } finally {
    await rig.close();
    await rm(directory, { recursive: true });
  }
}

/** @returns the signal or the exit code that it ended with. */
async function runProgram(rig: Rig, environment: Record<string, string>): Promise<unknown> {
  const order = {
    databaseUrl: rig.databaseUrl, rpcUrl: chain.url, contract: rig.contract, origin: ORIGIN, key: ANCHORER_KEY, size: rig.log.size, leaseSeconds: 1,
  };
  const child = spawn(process.execPath, [RUNNER, PROGRAM, JSON.stringify(order)], { env: { ...process.env, NODE_ENV: 'test', ...environment }, stdio: ['ignore', 'ignore', 'inherit'] });
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  return signal ?? code;
}

/** The dead process's lease runs out first. */
async function settleOncePossible(rig: Rig): Promise<void> {
  const anchorer = rig.anchorer();
  for (const since = Date.now(); Date.now() - since < 20_000;) {
    const result = await anchorer.tick();
    if (result.role === 'leader' && !result.lookAgainSoon && result.problem === null) return;
    await new Promise((done) => setTimeout(done, result.role === 'standby' ? result.heldForMs : 20));
  }
  throw new Error('the anchorer does not come to rest');
}
