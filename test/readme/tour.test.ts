import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Checkout, leftRunning, makeCheckout, run, type Running } from '../support/checkout.js';

const README = readFileSync(join(__dirname, '../../README.md'), 'utf8');

/** The shell blocks of one section, as printed. */
function blocksOf(title: string): string[] {
  const section = README.split(/^## /m).find((text) => text.startsWith(`${title}\n`));
  if (section === undefined) throw new Error(`the README has no section «${title}»`);
  return [...section.matchAll(/^```sh\n(.*?)^```$/gms)].map((match) => match[1] ?? '');
}

/** What a block says of itself: `# refuted, exit code 1`. */
function claimOf(block: string): { verdict: string | null; exitCode: number } {
  const claim = /# (verified|unconfirmed|refuted), exit code (\d)$/m.exec(block);
  return { verdict: claim?.[1] ?? null, exitCode: Number(claim?.[2] ?? 0) };
}

let checkout: Checkout;
let service: Running;

beforeAll(async () => {
  checkout = await makeCheckout();
  service = run('npm', ['start'], { cwd: checkout.directory, env: { ...process.env, NODE_ENV: '', PORT: '0', ANCHOR_INTERVAL: '1', npm_config_cache: join(checkout.directory, '.npm') } });
  await service.prints(/for the tour in the README/);
}, 120_000);

afterAll(async () => {
  expect(await service.stop()).toBe(0);
  expect(leftRunning(checkout)).toEqual([]);
  await checkout.remove();
}, 90_000);

test('the README begins with the two commands', () => {
  expect(blocksOf('Start')).toEqual(['npm ci && npm start\n', 'npm ci && npm test\n']);
});

test('every variable that the service reads is in the table', () => {
  const config = readFileSync(join(__dirname, '../../src/platform/config/config.ts'), 'utf8');
  const names = [...config.matchAll(/^ {2}([A-Z][A-Z_]+): /gm)].map((match) => match[1] ?? '');
  expect(names.length).toBeGreaterThan(20);
  const table = README.split(/^## /m).find((text) => text.startsWith('Configuration\n')) ?? '';
  expect(names.filter((name) => !table.includes(`\`${name}\``))).toEqual([]);
});

test('the tour does what the README says', () => {
  const blocks = blocksOf('Five-minute tour');
  // One shell for all blocks, as if they were pasted into it one after the other.
  const script = blocks.map((block, i) => `printf '\\n::begin %d\\n' ${i}\n${block}printf '\\n::end %d %d\\n' ${i} $?\n`).join('');
  const { stdout, stderr } = spawnSync('bash', ['-s'], {
    cwd: checkout.directory, input: script, encoding: 'utf8', timeout: 240_000,
    env: { ...process.env, npm_config_cache: join(checkout.directory, '.npm'), npm_config_offline: 'true', TMPDIR: checkout.directory },
  });
  const outputs = blocks.map((block, i) => {
    const [, output = '', exitCode] = new RegExp(`^::begin ${i}\n([^]*?)\n::end ${i} (\\d+)$`, 'm').exec(stdout) ?? [];
    return { block, output, exitCode: exitCode === undefined ? null : Number(exitCode) };
  });
  for (const { block, output, exitCode } of outputs) {
    const claim = claimOf(block);
    expect({ block, exitCode, output, stderr }).toMatchObject({ exitCode: claim.exitCode });
    if (claim.verdict) expect(output).toMatch(new RegExp(`^(?:ZB|OR)-\\S+: ${claim.verdict}(?:; the answer is: permitted)?$`, 'm'));
  }
  expect(outputs.map(({ block }) => claimOf(block).verdict).filter(Boolean)).toEqual(['unconfirmed', 'verified', 'refuted', 'refuted', 'verified', 'verified', 'verified']);
  const output = outputs.map((one) => one.output).join('\n');
  expect(output).toContain('"receipt":"localhost/zhengben/receipt');
  expect([...output.matchAll(/"status":"final"/g)]).toHaveLength(2);
  expect(output).toContain('a stranger gets 404');
  expect(output).toMatch(/fail {5}content/);
}, 260_000);
