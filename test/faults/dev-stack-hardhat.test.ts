import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startHardhatNode } from '../../src/dev-stack/index.js';
import { waitForExit } from '../../src/dev-stack/processes.js';
import { spawnDevStack } from '../support/dev-stack-process.js';
import { startTestChain } from '../support/index.js';

jest.setTimeout(60_000);

async function call(url: string, method: string, ...params: unknown[]): Promise<unknown> {
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }) });
  return (await response.json() as { result: unknown }).result;
}

describe('the Hardhat node', () => {
  let dataDir: string;
  beforeEach(async () => { dataDir = await mkdtemp(join(tmpdir(), 'zhengben-node-')); });
  afterEach(() => rm(dataDir, { recursive: true, force: true }));

  it('dies with its parent, also by kill -9, and needs neither HOME nor LANG', async () => {
    const run = spawnDevStack('hardhat', dataDir, { env: { PATH: process.env['PATH'] } });
    const { url, pid } = await run.started;
    await expect(call(url, 'eth_chainId')).resolves.toBe('0x7a69');
    await run.kill();
    await expect(waitForExit(pid, 5000)).resolves.toBe(true);
    await expect(call(url, 'eth_chainId')).rejects.toMatchObject({ name: 'TypeError' });
  });

  it('is another chain at each start, takes another port when the wanted one is taken, and stops', async () => {
    const one = await startHardhatNode({ dataDir, port: 0 });
    const wanted = Number(new URL(one.url).port);
    const chain = await startTestChain({ port: wanted });
    expect(new URL(chain.url).port).not.toBe(String(wanted));
    const genesis = await Promise.all([one, chain].map(({ url }) => call(url, 'eth_getBlockByNumber', '0x0', false)));
    expect(Object(genesis[0]).hash).not.toBe(Object(genesis[1]).hash);
    await Promise.all([one.stop(), chain.stop()]);
    await expect(Promise.all([one, chain].map(({ pid }) => waitForExit(pid, 0)))).resolves.toEqual([true, true]);

    const again = await startHardhatNode({ dataDir, port: wanted });
    expect(again.url).toBe(one.url);
    await again.stop();
    expect((await readdir(dataDir)).toSorted()).toEqual(['hardhat', 'hardhat.log']);
  });
});
