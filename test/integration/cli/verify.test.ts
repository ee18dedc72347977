import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Contract, ContractFactory, JsonRpcProvider, ZeroAddress } from 'ethers';
import { build } from 'esbuild';
import { digestFile } from '../../../src/cli/digest-file.js';
import type { Report } from '../../../src/lib/proof/index.js';
import { checkpointAnchorAbi, checkpointAnchorBytecode } from '../../../src/platform/chain/abi/checkpoint-anchor.js';
import { startTestChain, type TestChain } from '../../support/index.js';
import { buildScene, ed25519Key, FILE, FILE_DIGEST, hex, type Json, type JsonObject, LOG, ORIGIN, WORK } from '../../unit/lib/proof/build-bundle.js';
import { type BuiltCli, buildCli, type CliRun } from './run-cli.js';

// The verifier as its users meet it: a process, files, and a real chain.

let folder: string;
let chain: TestChain;
let cli: BuiltCli;
let contract: string;
let bundle: JsonObject;
const path = (name: string): string => join(folder, name);

/** Deploys the contract and anchors the scene's root; the bundle's anchor is written from what the chain answers. */
async function anchorScene(): Promise<void> {
  const scene = buildScene({ chainId: 31337 });
  // Without `cacheTimeout: -1` ethers may take a block number of a quarter of a second ago for today's, and wait for a block that nobody mines.
  const provider = new JsonRpcProvider(chain.url, undefined, { cacheTimeout: -1, pollingInterval: 20 });
  const [deployer, anchorer] = [await provider.getSigner(0), await provider.getSigner(1)];
  const factory = new ContractFactory(checkpointAnchorAbi, checkpointAnchorBytecode, deployer);
  const deployed = await factory.deploy(ORIGIN, `0x${ed25519Key(1).publicKey.toString('hex')}`, await deployer.getAddress(), await anchorer.getAddress(), ZeroAddress);
  await deployed.waitForDeployment();
  contract = await deployed.getAddress();
  const anchor = new Contract(contract, checkpointAnchorAbi, anchorer).getFunction('anchor');
  const sent: { hash: string } = await anchor(scene.log.leaves.length, `0x${hex(scene.log.root())}`, []);
  const receipt = await provider.waitForTransaction(sent.hash);
  const [genesis, block] = [await provider.getBlock(0), await provider.getBlock(receipt?.blockNumber ?? -1)];
  if (!receipt || !genesis?.hash || !block?.hash) throw new Error('the chain did not mine');
  bundle = {
    ...scene.bundle,
    anchor: {
      ...(scene.bundle['anchor'] as JsonObject), genesisHash: genesis.hash, contract, transactionHash: sent.hash, blockNumber: receipt.blockNumber, blockHash: block.hash,
      blockTime: new Date(block.timestamp * 1000).toISOString(),
    },
  };
  provider.destroy();
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zhengben-cli-'));
  [chain, cli] = await Promise.all([startTestChain(), buildCli()]);
  await anchorScene();
  await writeFile(path('work.zbproof.json'), JSON.stringify(bundle));
  await writeFile(path('night.jpg'), FILE);
  await writeFile(path('other.jpg'), 'another file');
}, 60_000);
afterAll(async () => {
  await chain.stop();
  await cli.remove();
  await rm(folder, { recursive: true });
});

const runCli = (args: readonly string[]): Promise<CliRun> => cli.run(args);
const told = (): string[] => ['--log-key', LOG.vkey, '--contract', `31337:${contract}`, '--rpc', chain.url];
const edited = async (name: string, edit: (copy: JsonObject) => void): Promise<string> => {
  const copy = structuredClone(bundle);
  edit(copy);
  await writeFile(path(name), JSON.stringify(copy));
  return path(name);
};

test('told whom to trust, with the file: verified, 0', async () => {
  const { code, stdout, stderr } = await runCli(['verify', path('work.zbproof.json'), path('night.jpg'), ...told(), '--json']);
  const report = JSON.parse(stdout) as Report;
  expect([code, stderr, report.verdict, report.checks.map(({ result }) => result)]).toEqual([
    0, '', 'verified', ['pass', 'pass', 'pass', 'pass', 'pass', 'skipped', 'pass', 'pass'],
  ]);
  expect(report.times.developmentChain).toBe(true);
});

test('for people: the verdict, a line a check, the limits', async () => {
  const { code, stdout } = await runCli(['verify', path('work.zbproof.json'), ...told()]);
  expect([code, stdout.split('\n')[0], stdout.split('\n').filter((line) => line.startsWith('  ')).length]).toEqual([0, `${WORK}: verified`, 8]);
  expect(stdout).toContain('later statements are not excluded');
  expect(stdout).toContain('a development chain: proves no time');
});

test('untold: unconfirmed, 3', async () => {
  const runs = await Promise.all([[], ['--log-key', LOG.vkey], ['--contract', `31337:${contract}`, '--rpc', chain.url]].map((args) => runCli(['verify', path('work.zbproof.json'), ...args])));
  expect(runs.map(({ code }) => code)).toEqual([3, 3, 3]);
});

test('the wrong file, one wrong of two, a flipped bit, another contract: refuted, 1', async () => {
  const flipped = await edited('flipped.json', (copy) => {
    const anchor = copy['anchor'] as JsonObject;
    anchor['transactionHash'] = String(anchor['transactionHash']).replace(/.$/, (digit) => (digit === '0' ? '1' : '0'));
  });
  const runs = await Promise.all([
    runCli(['verify', path('work.zbproof.json'), path('other.jpg'), ...told()]), runCli(['verify', path('work.zbproof.json'), path('night.jpg'), path('other.jpg')]),
    runCli(['verify', flipped, ...told()]), runCli(['verify', path('work.zbproof.json'), '--contract', `31337:0x${'11'.repeat(20)}`]),
  ]);
  expect(runs.map(({ code }) => code)).toEqual([1, 1, 1, 1]);
});

test('a contract that is none, and one that never anchored this root: refuted, 1', async () => {
  const nowhere = `0x${'11'.repeat(20)}`;
  const elsewhere = await edited('elsewhere.json', (copy) => ((copy['anchor'] as JsonObject)['contract'] = nowhere));
  expect((await runCli(['verify', elsewhere, '--log-key', LOG.vkey, '--contract', `31337:${nowhere}`, '--rpc', chain.url])).code).toBe(1);
});

test('an RPC that is down, talks nonsense, or is of another instance: unconfirmed, 3', async () => {
  const nonsense = createServer((_request, response) => response.end('{"jsonrpc":"2.0","id":1,"result":{"hash":1}}'));
  await new Promise<void>((listening) => nonsense.listen(0, '127.0.0.1', listening));
  const url = `http://127.0.0.1:${(nonsense.address() as AddressInfo).port}`;
  const other = await startTestChain();
  try {
    const outcomes = await Promise.all(['http://127.0.0.1:9', url, other.url].map(async (rpc) => {
      const { code, stdout } = await runCli(['verify', path('work.zbproof.json'), '--log-key', LOG.vkey, '--contract', `31337:${contract}`, '--rpc', rpc, '--json']);
      return [code, (JSON.parse(stdout) as Report).checks.at(-1)?.result];
    }));
    expect(outcomes).toEqual([[3, 'skipped'], [3, 'skipped'], [3, 'skipped']]);
  } finally {
    await other.stop();
    nonsense.close();
  }
}, 60_000);

test('unusable input: 2, and no report', async () => {
  await writeFile(path('no.json'), '{"format":');
  await writeFile(path('no-utf8.json'), Buffer.of(0x7b, 0xff, 0x7d));
  const runs = await Promise.all([
    [path('missing.json')], [path('no.json')], [path('no-utf8.json')], [folder], [path('work.zbproof.json'), path('missing.jpg')], [path('work.zbproof.json'), folder],
    [path('work.zbproof.json'), '--log-key', 'nonsense'], [path('work.zbproof.json'), '--contract', 'nonsense'], [path('work.zbproof.json'), '--rpc', 'file:///etc/passwd'],
    [path('work.zbproof.json'), '--no-such-option'], [],
  ].map((args) => runCli(['verify', ...args])));
  expect(runs.map(({ code, stdout, stderr }) => [code, stdout, stderr !== ''])).toEqual(runs.map(() => [2, '', true]));
});

test('what a bundle says cannot write to the terminal', async () => {
  const hostile = await edited('hostile.json', (copy) => {
    copy['subject'] = '\u001b[2J\u202everified';
    (copy['chains'] as Json[]).length = 1;
  });
  const { code, stdout } = await runCli(['verify', hostile]);
  expect([code, stdout.includes('\u001b') || stdout.includes('\u202e'), stdout.startsWith('\\u{1b}[2J\\u{202e}verified: refuted')]).toEqual([1, false, true]);
});

test('help: 0; an unknown command: 2', async () => {
  const [help, verifyHelp, unknown] = await Promise.all([runCli(['--help']), runCli(['help', 'verify']), runCli(['nonsense'])]);
  expect([help.code, help.stdout.includes('verify'), verifyHelp.code, verifyHelp.stdout.includes('--log-key'), unknown.code]).toEqual([0, true, 0, true, 2]);
});

test('a file is digested without being held', async () => {
  const big = path('big.bin');
  await using file = await open(big, 'w');
  await file.truncate(128 * 1024 * 1024);
  const before = process.memoryUsage().rss;
  const { byteLength, sha256 } = await digestFile(big);
  // SHA-256 of 2^27 zero bytes, as sha256sum prints it.
  expect([byteLength, sha256]).toEqual([128 * 1024 * 1024, '254bcc3fc4f27172636df4bf32de9f107f620d559b20d760197e452b97453917']);
  expect(process.memoryUsage().rss - before).toBeLessThan(48 * 1024 * 1024);
  const { name, sm3 } = await digestFile(path('night.jpg'));
  expect({ name, sm3 }).toEqual({ name: 'night.jpg', sm3: FILE_DIGEST.sm3 });
}, 60_000);

test('needs neither database nor service', async () => {
  const result = await build({
    entryPoints: [resolve(__dirname, '../../../src/cli/verify.ts')], bundle: true, write: false, platform: 'node', format: 'esm', metafile: true, logLevel: 'silent',
  });
  const inputs = Object.keys(result.metafile.inputs);
  expect(inputs.filter((input) => input.startsWith('src/') && !/^src\/(?:lib|cli)\//.test(input))).toEqual([]);
  const packages = new Set(inputs.map((input) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1]).filter((name) => name !== undefined));
  expect([...packages].toSorted()).toEqual(['@noble/curves', '@noble/hashes', 'canonicalize', 'commander', 'zod']);
  expect(await readFile(resolve(__dirname, '../../../src/cli/main.ts'), 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
});
