import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startHardhatNode } from '../../src/dev-stack/hardhat-node.js';

export interface TestChain {
  /** JSON-RPC over HTTP; chain id 31337, Hardhat's twenty funded accounts. */
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/** A Hardhat node of its own, on a free port (or `port`, to come back as another chain on the same URL). */
export async function startTestChain({ port = 0 }: { port?: number } = {}): Promise<TestChain> {
  const dataDir = await mkdtemp(join(tmpdir(), 'zhengben-chain-'));
  const node = await startHardhatNode({ dataDir, port });
  return {
    url: node.url,
    pid: node.pid,
    async stop() {
      await node.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
