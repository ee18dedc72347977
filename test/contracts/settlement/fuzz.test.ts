import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deployFuzz, type FuzzChain, KINDS, openFuzzChain, run, STEPS } from './fuzz-rig.js';
import { type Mutant, MUTANTS } from './mutants.js';

const deep = process.env['DEEP'] === '1';
const seed = BigInt(process.env['FUZZ_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const RUNS = Number(process.env['FUZZ_RUNS'] ?? (deep ? 10_000 : 60));
/** A mutant that has not been found by then lives. */
const MUTANT_RUNS = 1_000;
const AT_ONCE = 4;

process.stderr.write(`settlement fuzz: FUZZ_SEED=${seed}, ${RUNS} runs of ${STEPS} steps${deep ? '' : ' (DEEP=1 for 10000)'}\n`);

let chain: FuzzChain;
beforeAll(async () => {
  chain = await openFuzzChain();
});
afterAll(() => chain.stop());

/** Calls `act` for 0 … `count` − 1, a few at a time, until one of them says so. */
async function many(count: number, act: (i: number) => Promise<'stop' | undefined>): Promise<void> {
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < count) if (await act(next++) === 'stop') next = count;
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

test('whatever anybody does: in = out + held, each order ends once, all get what is theirs without the operator', async () => {
  const harness = await deployFuzz(chain.rpc);
  const done = KINDS.map(() => 0);
  const started = Date.now();
  let finished = 0;
  await many(RUNS, async (i) => {
    const outcome = await run(harness, seed + BigInt(i));
    expect(outcome).toMatchObject({ ok: true }); // else `args` tell seed, step, what, which error was due and which came
    if (!outcome.ok) return 'stop';
    (outcome.values[0] as bigint[]).forEach((n, kind) => { done[kind]! += Number(n); });
    finished += 1;
    if (finished % 1_000 === 0) process.stderr.write(`settlement fuzz: ${finished} runs in ${Math.round((Date.now() - started) / 1_000)} s\n`);
    return undefined;
  });
  process.stderr.write(`settlement fuzz: ${finished} runs, ${finished * STEPS} steps in ${Math.round((Date.now() - started) / 1_000)} s; done: ${KINDS.map((kind, i) => `${kind} ${done[i]}`).join(', ')}\n`);
  expect(finished).toBe(RUNS);
  // Of what can succeed at all, each did often enough to show something.
  for (const kind of ['fund', 'release', 'refund', 'withdraw', 'role', 'donate'] as const) expect({ kind, enough: done[KINDS.indexOf(kind)]! > RUNS / 2 }).toEqual({ kind, enough: true });
  expect(done[KINDS.indexOf('replay')]).toBe(0);
}, 3_600_000);

/** Without DEEP=1 a sample, another one each time. */
const sample = deep ? MUTANTS : [0, 1].map((n) => MUTANTS[Number((seed + BigInt(n * 17)) % BigInt(MUTANTS.length))] as Mutant);

test.each(sample.map((mutant) => [mutant.what, mutant] as const))('finds the mistake: %s', async (_what, { path, from, to }) => {
  const source = readFileSync(join(__dirname, '../../..', path), 'utf8');
  expect(source.split(from)).toHaveLength(2);
  const harness = await deployFuzz(chain.rpc, { [path]: source.replace(from, () => to) });
  let found: unknown;
  await many(MUTANT_RUNS, async (i) => {
    const outcome = await run(harness, seed + BigInt(i));
    if (outcome.ok) return undefined;
    found = outcome.error;
    return 'stop';
  });
  expect(found).toBe('SettlementFuzzFailed');
}, 300_000);
