import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Wallet } from 'ethers';
import { formatSignerKey, parseSignerKey } from '../../src/lib/note/index.js';
import { deployCheckpointAnchor } from '../../src/platform/chain/index.js';
import { type Checkout, leftRunning, makeCheckout, Running, startService } from '../support/checkout.js';
import { createTestDatabase, startTestChain, type TestChain, type TestDatabase } from '../support/index.js';

jest.setTimeout(120_000);

const ORIGIN = 'log.example.org';
const HARDHAT_ACCOUNT = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266';

let checkout: Checkout;
let database: TestDatabase;
let chain: TestChain;
let directory: string;
/** Complete and right, but for a chain that is down. */
let production: Record<string, string>;

beforeAll(async () => {
  [checkout, database, chain, directory] = await Promise.all([makeCheckout(), createTestDatabase(), startTestChain(), mkdtemp(join(tmpdir(), 'zhengben-production-'))]);
  await writeFile(join(directory, 'log.key'), formatSignerKey(ORIGIN, randomBytes(32)));
  await writeFile(join(directory, 'anchor.key'), `0x${randomBytes(32).toString('hex')}\n`);
  production = {
    NODE_ENV: 'production', PORT: '0', PUBLIC_URL: 'https://zhengben.example', DATA_DIR: join(directory, 'data'), DATABASE_URL: database.serviceUrl, SMTP_URL: 'smtp://127.0.0.1:1',
    EVM_RPC_URL: 'http://127.0.0.1:1', EVM_CHAIN_ID: '4242', ANCHOR_CONTRACT: `0x${'1'.repeat(40)}`, ANCHOR_KEY_FILE: join(directory, 'anchor.key'),
    LOG_ORIGIN: ORIGIN, LOG_KEY_FILE: join(directory, 'log.key'),
  };
});

afterAll(async () => {
  await chain.stop();
  await database.drop();
  await checkout.remove();
  await rm(directory, { recursive: true });
});

/** Starts what must not start. @returns what it says is wrong. */
async function refused(env: Record<string, string>): Promise<string> {
  const service: Running = startService(checkout, env);
  const exitCode = await service.exited;
  expect({ exitCode, stdout: service.stdout }).toEqual({ exitCode: 78, stdout: '' });
  expect(service.stderr).not.toContain('    at ');
  expect(leftRunning(checkout)).toEqual([]);
  return service.stderr;
}

test('nothing is set: one list, and no keys or data are made', async () => {
  const message = await refused({ NODE_ENV: 'production' });
  for (const name of ['DATABASE_URL', 'EVM_RPC_URL', 'EVM_CHAIN_ID', 'ANCHOR_CONTRACT', 'ANCHOR_KEY_FILE', 'LOG_ORIGIN', 'LOG_KEY_FILE', 'PUBLIC_URL', 'DATA_DIR', 'SMTP_URL']) {
    expect(message.match(new RegExp(`^ {2}- set ${name}\\b`, 'gm'))).toHaveLength(1);
  }
  expect(await readdir(checkout.directory)).not.toContain('.data');
});

test('wrong values: all of them at once', async () => {
  await writeFile(join(directory, 'bad.key'), '0x1234');
  const message = await refused({
    ...production, PORT: '70000', EVM_CHAIN_ID: '31337', LOG_ORIGIN: 'localhost/zhengben', ANCHOR_KEY_FILE: join(directory, 'bad.key'), LOG_KEY_FILE: join(directory, 'none.key'), DATABASE_URL: 'mysql://x',
  });
  for (const name of ['PORT', 'EVM_CHAIN_ID', 'LOG_ORIGIN', 'ANCHOR_KEY_FILE', 'LOG_KEY_FILE', 'DATABASE_URL']) expect(message).toMatch(new RegExp(`^ {2}- ${name}: `, 'm'));
  expect(message).not.toContain('0x1234');
});

test('the key of another log', async () => {
  expect(await refused({ ...production, LOG_ORIGIN: 'other.example.org' })).toContain(`is the key of the log «${ORIGIN}», and LOG_ORIGIN is «other.example.org»`);
});

test('a database role that could change what is logged, or a wrong password', async () => {
  expect(await refused({ ...production, DATABASE_URL: database.ownerUrl })).toContain('owns tables');
  expect(await refused({ ...production, DATABASE_URL: database.adminUrl })).toContain('is a superuser');
  expect(await refused({ ...production, DATABASE_URL: database.serviceUrl.replace(/:[^:@/]+@/, ':wrong@') })).toMatch(/^DATABASE_URL: /);
});

test('a chain and a contract that are not ours', async () => {
  expect(await refused({ ...production, EVM_RPC_URL: chain.url })).toContain('  - EVM_CHAIN_ID: ');
  const anchorer = new Wallet(`0x${randomBytes(32).toString('hex')}`).address;
  const deploy = async (origin: string, logKey: Uint8Array) => (await deployCheckpointAnchor({ rpcUrl: chain.url, unlocked: HARDHAT_ACCOUNT, owner: HARDHAT_ACCOUNT, anchorer, origin, logKey })).address;
  const ours = parseSignerKey(formatSignerKey(ORIGIN, randomBytes(32))).verifierKey.publicKey;
  // The chain of development is refused in production by its id alone; what its contracts say matters the same in both.
  const env = { ...production, NODE_ENV: 'development', EVM_RPC_URL: chain.url, EVM_CHAIN_ID: '31337' };
  expect(await refused(env)).toContain('there is no contract at');
  const foreign = await refused({ ...env, ANCHOR_CONTRACT: await deploy('other.example.org', ours) });
  expect(foreign).toContain('anchors the log «other.example.org»');
  expect(foreign).toContain('was deployed for another log key');
  // One URL that is wrong, and another that is down.
  expect(await refused({ ...env, EVM_RPC_URL: `http://127.0.0.1:1,${chain.url}`, ANCHOR_CONTRACT: await deploy(ORIGIN, ours) })).toContain('was deployed for another log key');
});

test('it starts when all is set, though the chain is down, and makes no demo account', async () => {
  const service = startService(checkout, production);
  const [line = ''] = await service.prints(/^\{.*"msg":"listening"\}$/m);
  const { url } = JSON.parse(line) as { url: string };
  expect((await fetch(`${url}/health/ready`)).status).toBe(200);
  expect(service.stdout).not.toContain('demo');
  expect(await service.stop()).toBe(0);
  expect(service.stdout.trimEnd().split('\n').every((logged) => logged.startsWith('{'))).toBe(true);
  expect(await readdir(join(directory, 'data'))).not.toContain('keys');
});
