import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { VerdictReport } from '../../../src/lib/verdict/index.js';
import { CONTRACT, type Json, type JsonObject, LOG, logKey, ORIGIN, WORK } from '../../unit/lib/proof/build-bundle.js';
import { buildVerdict, changed, sign } from '../../unit/lib/verdict/build-verdict.js';
import { type BuiltCli, buildCli, type CliRun } from './run-cli.js';

// A verdict as its buyer meets it years later: a file, a key, no network.

let folder: string;
let cli: BuiltCli;
const { verdict } = buildVerdict();
const told = ['--log-key', LOG.vkey];

beforeAll(async () => {
  [folder, cli] = await Promise.all([mkdtemp(join(tmpdir(), 'zhengben-verdict-')), buildCli()]);
}, 60_000);
afterAll(async () => {
  await cli.remove();
  await rm(folder, { recursive: true });
});

async function verify(value: Json | string, args: readonly string[] = told): Promise<CliRun> {
  const file = join(folder, `${Math.random().toString(36).slice(2)}.json`);
  await writeFile(file, typeof value === 'string' ? value : JSON.stringify(value, null, 1));
  return cli.run(['verify', file, ...args]);
}

test('told the key: verified, 0, whatever the answer is', async () => {
  const { code, stdout, stderr } = await verify(verdict, [...told, '--json']);
  const report = JSON.parse(stdout) as VerdictReport;
  expect([code, stderr, report.verdict, report.answer, report.subject, report.checks.map(({ result }) => result)]).toEqual([
    0, '', 'verified', 'permitted', WORK, ['pass', 'pass', 'pass', 'pass', 'pass', 'skipped'],
  ]);
  const forbidden = await verify(sign({ ...verdict, verdict: 'forbidden' }), [...told, '--json']);
  expect([forbidden.code, (JSON.parse(forbidden.stdout) as VerdictReport).answer]).toEqual([0, 'forbidden']);
});

test('for people: the answer beside the outcome, a line a check', async () => {
  const { code, stdout } = await verify(verdict);
  const lines = stdout.split('\n');
  expect([code, lines.filter((line) => line.startsWith('  ')).length]).toEqual([0, 6]);
  expect(lines[0]?.startsWith(`${WORK}: verified`) === true && lines[0].includes('permitted')).toBe(true);
  const refuted = await verify({ ...verdict, verdict: 'forbidden' });
  expect(refuted.stdout.split('\n')[0]).toBe(`${WORK}: refuted`);
});

test('untold: unconfirmed, 3', async () => {
  expect((await verify(verdict, [])).code).toBe(3);
});

test('the answer changed, another key, a reason dropped, another log’s tree: refuted, 1', async () => {
  const other = logKey('other.example/log', 5);
  const { log } = buildVerdict();
  const runs = await Promise.all([
    verify({ ...verdict, verdict: 'unclear' }), verify(verdict, ['--log-key', logKey(ORIGIN, 9).vkey]), verify({ ...verdict, reasons: (verdict['reasons'] as Json[]).slice(1) }),
    verify(sign(changed(verdict, '/asOf/checkpoint', () => log.checkpoint([other], 'other.example/log'))), [...told, '--log-key', other.vkey]),
    verify({ ...verdict, verdict: 'unclear' }, []),
  ]);
  expect(runs.map(({ code }) => code)).toEqual([1, 1, 1, 1, 1]);
});

test('an RPC that is down takes nothing away: verified, 0', async () => {
  const { code, stdout } = await verify(verdict, [...told, '--contract', `1:${CONTRACT}`, '--rpc', 'http://127.0.0.1:9', '--json']);
  expect([code, (JSON.parse(stdout) as VerdictReport).checks.at(-1)?.result]).toEqual([0, 'skipped']);
});

test('unusable: 2, and no report', async () => {
  await writeFile(join(folder, 'film.mp4'), 'a film');
  const { note: _note, ...unsigned } = verdict;
  const runs = await Promise.all([
    verify({ ...verdict, format: 'zhengben-verdict/2' }), verify(unsigned), verify({ ...verdict, verdict: 'maybe' }), verify(JSON.stringify(verdict).slice(0, -1)),
    // A file beside a verdict is compared with nothing, and must not seem to have been.
    verify(verdict, [join(folder, 'film.mp4'), ...told]), verify(verdict, ['--log-key', 'nonsense']),
  ]);
  expect(runs.map(({ code, stdout, stderr }) => [code, stdout, stderr !== ''])).toEqual(runs.map(() => [2, '', true]));
});

test('what a verdict says cannot write to the terminal', async () => {
  const hostile = sign(changed(verdict, '/question', (question) => ({ ...(question as JsonObject), work: '\u001b[2J\u202e', right: '\u001b[1A' })));
  const { code, stdout } = await verify(hostile);
  expect([code, stdout.includes('\u001b') || stdout.includes('\u202e')]).toEqual([0, false]);
});
