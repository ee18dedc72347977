import { chownSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { chmod, lchown, mkdtemp, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Checkout, leftRunning, makeCheckout, run, type Running, startService, takePort } from '../support/checkout.js';
import { canRunProjectAs } from '../support/dev-stack-process.js';
import { declaredContent, minimalForm } from '../support/work-forms.js';

jest.setTimeout(300_000);

/** «nobody» of Debian and of most other systems. */
const NOBODY = { uid: 65_534, gid: 65_534 };
const isRoot = process.getuid?.() === 0;
/** Without demo seeds (test/start/demo-seeds.test.ts): what is logged here is what is deposited here. */
const ENV = { PORT: '0', ANCHOR_INTERVAL: '0.5', DEMO_SEEDS: 'off' };

const checkouts: Checkout[] = [];
const services: Running[] = [];

afterEach(async () => {
  for (const service of services.splice(0)) if (service.child.exitCode === null && service.child.signalCode === null) await service.stop('SIGKILL');
});
afterAll(async () => {
  for (const checkout of checkouts) await checkout.remove();
});

async function checkOut(parent?: string): Promise<Checkout> {
  const checkout = await makeCheckout(parent);
  checkouts.push(checkout);
  return checkout;
}

function start(checkout: Checkout, env: Record<string, string> = ENV, options = {}): Running {
  const service = startService(checkout, env, options);
  services.push(service);
  return service;
}

/** Everything that `npm start` prints before it is ready, and the demo key of it. */
async function started(service: Running): Promise<{ url: string; key: string }> {
  await service.prints(/for the tour in the README/);
  return { url: await service.url(), key: (await service.prints(/demo key +(\S+)/))[1] ?? '' };
}

async function deposit({ url, key }: { url: string; key: string }): Promise<string> {
  const response = await fetch(`${url}/api/v1/works`, {
    method: 'POST', headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' }, body: JSON.stringify({ ...minimalForm, contents: [declaredContent()] }),
  });
  expect(response.status).toBe(201);
  return ((await response.json()) as { number: string }).number;
}

async function reaches(url: string, number: string, status: string): Promise<void> {
  for (const deadline = Date.now() + 60_000; ; await sleep(100)) {
    const work = (await (await fetch(`${url}/api/v1/works/${number}`)).json()) as { status: string };
    if (work.status === status) return;
    if (Date.now() > deadline) throw new Error(`${number} is ${work.status}, not ${status}`);
  }
}

test('again and again on the same data, after a stop and after kill -9; the chain is new and everything is anchored again', async () => {
  // As root this lies below a directory that nobody else may enter, as /root is.
  const checkout = await checkOut(isRoot ? homedir() : undefined);
  const first = start(checkout);
  const at = await started(first);
  const number = await deposit(at);
  await reaches(at.url, number, 'final');
  expect(first.stdout).not.toContain('anchored again');
  expect([first.stdout.includes('demo market'), existsSync(join(checkout.directory, '.data/demo-seeds.json'))]).toEqual([false, false]);
  expect(first.stderr).toBe('');
  // Quiet: nothing of what the framework wires.
  expect(first.stdout.split('\n').length).toBeLessThan(16);
  expect(first.stdout).not.toContain('{"level"');
  expect(await first.stop()).toBe(0);
  expect(leftRunning(checkout)).toEqual([]);

  const second = start(checkout);
  const again = await started(second);
  expect(again.key).toBe(at.key);
  await second.prints(/contract deployed at 0x/);
  await second.prints(/anchored again in block \d+ \(1 statements\)/);
  await reaches(again.url, number, 'final');
  const other = await deposit(again);
  await second.stop('SIGKILL');
  expect(leftRunning(checkout).some((line) => line.includes('postgres'))).toBe(true);

  const third = start(checkout);
  const { url } = await started(third);
  await third.prints(/an earlier run left its database server behind/);
  await third.prints(/anchored again/);
  await reaches(url, number, 'final');
  await reaches(url, other, 'final');

  // Two at once on one data directory: the second gives way, the first goes on.
  const rival = start(checkout);
  expect(await rival.exited).toBe(69);
  expect(rival.stderr).toMatch(/^Another process \(pid \d+\) is using .*zhengben\.lock.*\n$/);
  expect((await fetch(`${url}/health/ready`)).status).toBe(200);
  expect(await third.stop('SIGINT')).toBe(0);
  expect(leftRunning(checkout)).toEqual([]);
});

describe('in a temporary directory', () => {
  let checkout: Checkout;
  beforeAll(async () => {
    checkout = await checkOut();
  });

  test('a port that is taken: one line, before anything is started', async () => {
    const { port, release } = await takePort();
    const service = start(checkout, { PORT: String(port) });
    expect(await service.exited).toBe(69);
    expect(service.stderr).toBe(`Port ${port} is taken by another program. Stop it, or choose another one: PORT=${port + 1} npm start\n`);
    expect(service.stdout).toBe('');
    expect(existsSync(join(checkout.directory, '.data/postgres'))).toBe(false);
    expect(leftRunning(checkout)).toEqual([]);
    await release();
  });

  test('a wrong value is named before anything is started', async () => {
    const service = start(checkout, { PORT: 'three thousand' });
    expect(await service.exited).toBe(78);
    expect(service.stderr).toContain('  - PORT: ');
    expect(existsSync(join(checkout.directory, '.data/postgres'))).toBe(false);
  });

  test('SIGTERM while it starts leaves nothing running', async () => {
    const moments: ((service: Running) => Promise<unknown>)[] = [
      () => appears('.data/zhengben.lock'),
      () => appears('.data/hardhat.log'),
      (service) => service.prints(/contract deployed/),
      (service) => service.prints(/is listening/),
    ];
    for (const moment of process.env['DEEP'] === '1' ? moments : moments.toSorted(() => Math.random() - 0.5).slice(0, 2)) {
      await rm(join(checkout.directory, '.data/hardhat.log'), { force: true });
      const service = start(checkout);
      await moment(service);
      expect(await service.stop()).toBe(0);
      expect(leftRunning(checkout)).toEqual([]);
      expect(service.stderr).toBe('');
    }

    async function appears(name: string): Promise<void> {
      while (!existsSync(join(checkout.directory, name))) await sleep(5);
    }
  });

  test('Ctrl-C in a terminal, where npm and the service both get it', async () => {
    const npm = run('npm', ['start'], { cwd: checkout.directory, env: { ...process.env, NODE_ENV: '', ...ENV }, detached: true });
    services.push(npm);
    await started(npm);
    process.kill(-(npm.child.pid ?? 0), 'SIGINT');
    await npm.exited;
    for (const deadline = Date.now() + 30_000; leftRunning(checkout).length > 0 && Date.now() < deadline;) await sleep(50);
    expect(leftRunning(checkout)).toEqual([]);
  });
});

const asAnOrdinaryUser = canRunProjectAs(NOBODY.uid, NOBODY.gid) ? test : test.skip;
asAnOrdinaryUser('started by root’s colleague, an ordinary user', async () => {
  const parent = await mkdtemp(join(tmpdir(), 'zhengben-user-'));
  await chmod(parent, 0o755);
  const checkout = await checkOut(parent);
  chownSync(checkout.directory, NOBODY.uid, NOBODY.gid);
  for (const name of readdirSync(checkout.directory, { recursive: true, encoding: 'utf8' }).filter((path) => !path.startsWith('node_modules/'))) {
    await lchown(join(checkout.directory, name), NOBODY.uid, NOBODY.gid);
  }
  const service = start(checkout, ENV, NOBODY);
  const at = await started(service);
  await reaches(at.url, await deposit(at), 'final');
  expect(readFileSync(join(checkout.directory, '.data/demo.env'), 'utf8')).toContain(`KEY='${at.key}'`);
  expect(await service.stop()).toBe(0);
  expect(leftRunning(checkout)).toEqual([]);
  await rm(parent, { recursive: true });
});
