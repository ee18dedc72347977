import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { minimalForm } from '../support/work-forms.js';
import { type Client, joinAs } from '../support/http-client.js';
import { zhengben } from '../support/program.js';
import { startApplication, type TestApplication } from '../support/start-application.js';

let service: TestApplication;
let creator: Client;
let directory: string;
const photo = randomBytes(300_000);

beforeAll(async () => {
  [service, directory] = await Promise.all([startApplication({ chain: true }), mkdtemp(join(tmpdir(), 'zhengben-e2e-'))]);
  creator = await joinAs(service, 'creator');
  await writeFile(join(directory, 'night.jpg'), photo);
}, 60_000);
afterAll(async () => {
  await service.stop();
  await rm(directory, { recursive: true, force: true });
});

/** Runs the command-line verifier as anyone would. @returns its exit code and, per check, the result. */
async function verify(...args: string[]): Promise<{ exitCode: number | null; verdict: string; results: Record<string, string> }> {
  const { exitCode, stdout, stderr } = await zhengben('verify', ...args, '--json');
  if (stdout === '') throw new Error(stderr);
  const report = JSON.parse(stdout) as { verdict: string; checks: { check: string; result: string }[] };
  return { exitCode, verdict: report.verdict, results: Object.fromEntries(report.checks.map((check) => [check.check, check.result])) };
}

async function prove(number: string, query = ''): Promise<string> {
  const path = join(directory, `${number}${query.length}.zbproof.json`);
  await writeFile(path, JSON.stringify(await creator.get(`/works/${number}/proof${query}`).then((answer) => answer.body)));
  return path;
}

test('a creator deposits a file; it is logged, anchored, and anyone verifies the proof', async () => {
  const form = new FormData();
  form.set('work', JSON.stringify(minimalForm));
  form.append('files', new Blob([photo], { type: 'image/jpeg' }), 'night.jpg');
  const deposited = await creator.post('/works', form, { prefer: 'wait=10' });
  expect(deposited.status).toBe(201);
  const number = deposited.body['number'] as string;
  expect(number).toMatch(/^ZB-(?:[0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]$/);

  const statuses = await creator.events(`/works/${number}/events`);
  expect(statuses.at(-1)).toMatchObject({ status: 'final', leafIndex: 0 });

  const vkey = (await (await fetch(`${service.url}/log/vkey`)).text()).trim();
  const trust = ['--log-key', vkey, '--contract', `31337:${service.config.chain.contract}`, '--rpc', service.chain!.url];
  const bundle = await prove(number);
  const file = join(directory, 'night.jpg');
  expect(await verify(bundle, file, ...trust)).toMatchObject({
    exitCode: 0, verdict: 'verified',
    results: { content: 'pass', disclosures: 'pass', 'chain-of-entries': 'pass', inclusion: 'pass', 'checkpoint-signature': 'pass', 'anchor-root': 'pass', 'anchor-on-chain': 'pass' },
  });
  expect(await verify(bundle, file)).toMatchObject({ exitCode: 3, verdict: 'unconfirmed', results: { 'checkpoint-signature': 'skipped', 'anchor-on-chain': 'skipped' } });

  const other = join(directory, 'other.jpg');
  await writeFile(other, Buffer.concat([photo.subarray(0, -1), Buffer.from([(photo.at(-1) ?? 0) ^ 1])]));
  expect(await verify(bundle, other, ...trust)).toMatchObject({ exitCode: 1, verdict: 'refuted', results: { content: 'fail' } });
}, 60_000);
