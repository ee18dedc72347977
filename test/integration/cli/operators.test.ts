import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { Wallet } from 'ethers';
import { openNote, parseSignerKey, parseVerifierKey, signNote } from '../../../src/lib/note/index.js';
import { ChainClient, CheckpointAnchorContract, RightsSettlementContract } from '../../../src/platform/chain/index.js';
import { createTestDatabase, startTestChain } from '../../support/index.js';
import { useCli } from '../log/support/cli.js';

jest.setTimeout(120_000);

const cli = useCli();
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'zhengben-operators-'));
});

afterAll(() => rm(directory, { recursive: true, force: true }));

function run(args: readonly string[], env: Record<string, string> = {}) {
  return cli(args, { NODE_ENV: 'production', ...env });
}

test('log keygen makes a key that only its owner can read, prints its vkey and never overwrites', async () => {
  const file = join(directory, 'log.key');
  const made = await run(['log', 'keygen', 'log.example.org/2026', file]);
  expect(made).toMatchObject({ code: 0 });
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  const signerKey = (await readFile(file, 'utf8')).trim();
  expect(made.stdout + made.stderr).not.toContain(signerKey.split('+').slice(4).join('+')); // base64 has pluses of its own
  const vkey = made.stdout.trim();
  expect(openNote(signNote('hello\n', [parseSignerKey(signerKey)]), [parseVerifierKey(vkey)]).verified).toHaveLength(1);
  expect(await run(['log', 'keygen', 'log.example.org/2026', file])).toMatchObject({ code: 2 });
  expect((await readFile(file, 'utf8')).trim()).toBe(signerKey);
  expect(await run(['log', 'keygen', 'a name', join(directory, 'no.key')])).toMatchObject({ code: 2 });
  expect(await readdir(directory)).not.toContain('no.key');
});

test('migrate brings an empty database up to date as its owner, and then has nothing to do', async () => {
  const database = await createTestDatabase({ migrated: false });
  try {
    const env = { DATABASE_MIGRATION_URL: database.ownerUrl };
    const first = await run(['migrate'], env);
    expect(first).toMatchObject({ code: 0 });
    expect(first.stdout.trim().split('\n').length).toBeGreaterThanOrEqual(5);
    const second = await run(['migrate'], env);
    expect(second).toMatchObject({ code: 0 });
    const client = new Client({ connectionString: database.ownerUrl });
    await client.connect();
    expect((await client.query('SELECT tree_size FROM log_head')).rows).toEqual([{ tree_size: '0' }]);
    await client.end();
    expect(await run(['migrate'])).toMatchObject({ code: 2, stderr: expect.stringContaining('DATABASE_MIGRATION_URL') });
  } finally {
    await database.drop();
  }
});

test('anchor deploy takes keys from files and prints what to set', async () => {
  const chain = await startTestChain();
  try {
    const log = join(directory, 'anchored.key');
    const { stdout: vkey } = await run(['log', 'keygen', 'anchored.example/log', log]);
    // The well-known first account of every Hardhat node.
    await writeFile(join(directory, 'deployer.key'), '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80\n');
    const anchorer = Wallet.createRandom();
    await writeFile(join(directory, 'anchor.key'), anchorer.privateKey);
    const owner = Wallet.createRandom().address;
    const predecessor = Wallet.createRandom().address;
    const args = ['anchor', 'deploy', '--rpc', chain.url, '--deployer-key-file', join(directory, 'deployer.key'), '--owner', owner, '--predecessor', predecessor];
    const env = { LOG_KEY_FILE: log, ANCHOR_KEY_FILE: join(directory, 'anchor.key') };
    const deployed = await run(args, env);
    expect(deployed).toMatchObject({ code: 0 });
    const set = Object.fromEntries(deployed.stdout.trim().split('\n').map((line) => line.split('=') as [string, string]));
    expect(set['EVM_CHAIN_ID']).toBe('31337');

    const client = new ChainClient([chain.url], 31_337);
    const session = await client.connect(null);
    const contract = new CheckpointAnchorContract(session, String(set['ANCHOR_CONTRACT']));
    const { number } = await session.latestBlock();
    expect(await contract.origin(number)).toBe('anchored.example/log');
    expect(Buffer.from(await contract.logKey(number))).toEqual(Buffer.from(parseVerifierKey(vkey.trim()).publicKey));
    expect(await contract.anchorer(number)).toBe(anchorer.address);
    client.close();
    expect(await run([...args.slice(0, -4), '--owner', 'nobody'], env)).toMatchObject({ code: 2 });
    expect(await run(args, { ...env, ANCHOR_KEY_FILE: log })).toMatchObject({ code: 2 });
  } finally {
    await chain.stop();
  }
});

test('settlement deploy gives three roles to three addresses, and prints what to set', async () => {
  const chain = await startTestChain();
  try {
    const [settler, orderSigner, owner] = [Wallet.createRandom(), Wallet.createRandom(), Wallet.createRandom().address];
    const env = { EVM_RPC_URL: chain.url, SETTLEMENT_KEY_FILE: join(directory, 'settler.key'), ORDER_SIGNER_KEY_FILE: join(directory, 'orders.key') };
    await writeFile(join(directory, 'deployer.key'), '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80\n');
    await writeFile(env.SETTLEMENT_KEY_FILE, settler.privateKey);
    await writeFile(env.ORDER_SIGNER_KEY_FILE, orderSigner.privateKey);
    const args = ['settlement', 'deploy', '--deployer-key-file', join(directory, 'deployer.key'), '--owner', owner];
    const deployed = await run(args, env);
    expect(deployed).toMatchObject({ code: 0 });
    const set = Object.fromEntries(deployed.stdout.trim().split('\n').map((line) => line.split('=') as [string, string]));
    expect(set['EVM_CHAIN_ID']).toBe('31337');
    const client = new ChainClient([chain.url], 31_337);
    const session = await client.connect(null);
    const contract = new RightsSettlementContract(session, String(set['SETTLEMENT_CONTRACT']));
    expect(await contract.roles((await session.latestBlock()).number)).toEqual({ orderSigner: orderSigner.address.toLowerCase(), settler: settler.address.toLowerCase() });
    client.close();
    expect(await run([...args, '--settler', owner.toLowerCase()], env)).toMatchObject({ code: 2 });
    expect(await run([...args, '--order-signer', 'nobody'], env)).toMatchObject({ code: 2 });
    expect(await run(args, { ...env, SETTLEMENT_KEY_FILE: '' })).toMatchObject({ code: 2, stderr: expect.stringContaining('SETTLEMENT_KEY_FILE') });
    expect(await run(args, { ...env, EVM_RPC_URL: 'http://127.0.0.1:1' })).toMatchObject({ code: 1 });
  } finally {
    await chain.stop();
  }
});

test('what the commands need and lack, they name', async () => {
  expect(await run(['log', 'fsck'])).toMatchObject({ code: 2, stderr: expect.stringContaining('LOG_KEY_FILE') });
  expect(await run(['log', 'fsck', '--log-key', 'nonsense'], { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' })).toMatchObject({ code: 2 });
  expect(await run(['restore', directory], { DATABASE_MIGRATION_URL: 'postgres://nobody@127.0.0.1:1/none' })).toMatchObject({ code: 2, stderr: expect.stringContaining('manifest.json') });
  expect(await run(['log', 'recover'], { DATA_DIR: directory, LOG_KEY_FILE: join(directory, 'none') })).toMatchObject({ code: 2 });
});
