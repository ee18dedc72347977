import { bytesToHex } from '../../../src/lib/bytes/index.js';
import { ChainClient, ChainError, createChainReader, deployCheckpointAnchor, RpcRefusal, TransactionSigner } from '../../../src/platform/chain/index.js';
import { startTestChain, type TestChain } from '../../support/index.js';
import { ANCHORER, DEPLOYER_KEY, deploy, ORIGIN, OWNER, Rig, settle } from './support/rig.js';
import { rpc, type RpcProxy, startRpcProxy } from './support/rpc-proxy.js';

let chain: TestChain;
let proxy: RpcProxy;

beforeAll(async () => {
  chain = await startTestChain();
  proxy = await startRpcProxy(chain.url);
});
afterAll(async () => {
  await proxy.close();
  await chain.stop();
});
beforeEach(() => {
  proxy.fault = null;
  proxy.calls.length = 0;
});

describe('a call', () => {
  const open = async (): Promise<{ client: ChainClient; session: Awaited<ReturnType<ChainClient['connect']>> }> => {
    const client = new ChainClient([proxy.url], 31_337, { timeoutMs: 300, attempts: 3, backoffMs: 1 });
    return { client, session: await client.connect(null) };
  };

  it.each([
    ['429', { status: 429 } as const],
    ['503', { status: 503 } as const],
    ['−32603', { error: { code: -32_603, message: 'Internal error' } } as const],
    ['−32005', { error: { code: -32_005, message: 'limit exceeded' } } as const],
    ['a dropped connection', 'hang-up' as const],
  ])('is tried again after %s, a bounded number of times', async (_, answer) => {
    const { client, session } = await open();
    let left = 2;
    proxy.fault = async () => (left-- > 0 ? answer : undefined);
    await expect(session.latestBlock()).resolves.toMatchObject({ number: expect.any(Number) });
    proxy.fault = async () => answer;
    proxy.calls.length = 0;
    await expect(session.latestBlock()).rejects.toMatchObject({ code: 'CHAIN.UNAVAILABLE' });
    expect(proxy.calls).toHaveLength(3);
    client.close();
  });

  it('is not tried again after a refusal; a revert brings its data', async () => {
    const { client, session } = await open();
    const { address } = await deploy(chain.url);
    proxy.calls.length = 0;
    const refusal = await session.estimateGas({ from: OWNER, to: address, data: '0xdeadbeef' }).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(RpcRefusal);
    expect((refusal as RpcRefusal).revertData).toBe('0x');
    expect(proxy.calls).toHaveLength(1);
    client.close();
  });

  it('ends when the client is closed', async () => {
    const { client, session } = await open();
    proxy.fault = () => new Promise((done) => setTimeout(done, 2_000, 'hang-up'));
    const call = session.latestBlock().catch((error: unknown) => error);
    client.close();
    expect(await call).toMatchObject({ code: 'CHAIN.UNAVAILABLE' });
  });

  it('sends what a URL holds of credentials as a header, and does not quote the URL in errors', async () => {
    const url = new URL('http://127.0.0.1:9/v3/secret-key');
    url.username = 'user';
    url.password = 'secret-word';
    const client = new ChainClient([url.href], 31_337, { attempts: 1 });
    const error = await client.connect(null).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ChainError);
    expect(String(error)).not.toMatch(/secret/);
  });
});

it('a signing key that is none is refused without being quoted', () => {
  const attempt = (): unknown => new TransactionSigner('0xabcdef-secret');
  expect(attempt).toThrow(TypeError);
  expect(attempt).not.toThrow(/secret/);
});

it('a deployment names the log; its owner and anchorer must differ', async () => {
  const deployment = await deploy(chain.url);
  expect(await rpc(chain.url, 'eth_getCode', deployment.address, 'latest')).not.toBe('0x');
  const receipt = await rpc<{ contractAddress: string; blockNumber: string }>(chain.url, 'eth_getTransactionReceipt', deployment.transactionHash);
  expect([receipt.contractAddress, Number(receipt.blockNumber)]).toEqual([deployment.address.toLowerCase(), deployment.blockNumber]);
  await expect(deployCheckpointAnchor({ rpcUrl: chain.url, deployerKey: DEPLOYER_KEY, owner: ANCHORER, anchorer: ANCHORER, origin: ORIGIN, logKey: new Uint8Array(32).fill(7) }))
    .rejects.toMatchObject({ code: 'CHAIN.REFUSED' });
});

it('the verifier’s reader answers what the contract says', async () => {
  const rig = await Rig.open(chain.url);
  try {
    rig.log.grow(5);
    await settle(rig.anchorer());
    const reader = createChainReader(chain.url);
    const contract = rig.contract.toLowerCase();
    expect(await reader.chainId()).toBe(31_337);
    expect(await reader.genesisHash()).toBe((await rpc<{ hash: string }>(chain.url, 'eth_getBlockByNumber', '0x0', false)).hash);
    expect(await reader.contractOrigin(contract)).toBe(ORIGIN);
    const root = bytesToHex(rig.log.rootAt(5));
    const blockTime = await reader.anchoredAt(contract, 5, root);
    expect(await reader.anchoredAt(contract, 4, root)).toBe(0);
    const [{ hash, block } = { hash: '', block: 0 }] = await rig.dataSource.query<{ hash: string; block: number }[]>(
      `SELECT '0x' || encode(transaction_hash, 'hex') AS hash, block_number::int AS block FROM anchor`);
    const transaction = await reader.transaction(hash);
    expect(transaction).toMatchObject({ blockNumber: block, succeeded: true, logs: [{ address: contract, topics: expect.arrayContaining([`0x${root}`]) }] });
    expect(await reader.block(block)).toMatchObject({ hash: transaction?.blockHash, timestamp: blockTime });
    expect(await reader.transaction(`0x${'11'.repeat(32)}`)).toBeNull();
    expect(await reader.block(1_000_000)).toBeNull();
    await expect(reader.contractOrigin(`0x${'22'.repeat(20)}`)).rejects.toMatchObject({ code: 'CHAIN.MALFORMED_ANSWER' });
    await expect(createChainReader('http://127.0.0.1:9').chainId()).rejects.toMatchObject({ code: 'CHAIN.UNAVAILABLE' });
  } finally {
    await rig.close();
  }
});
