import { setTimeout as sleep } from 'node:timers/promises';
import { getCreateAddress, HDNodeWallet, Interface, type InterfaceAbi, JsonRpcProvider, Transaction, ZeroAddress } from 'ethers';
import { checkpointAnchorAbi, checkpointAnchorBytecode } from '../../src/platform/chain/abi/checkpoint-anchor.js';
import { startTestChain } from '../support/test-chain.js';

jest.setTimeout(120_000);

const DEV_CHAIN_ID = 31_337;
const root = `0x${'11'.repeat(32)}`;
const abi = new Interface(checkpointAnchorAbi as unknown as InterfaceAbi);
/** Hardhat's first account, of the phrase that everybody knows. */
const deployer = HDNodeWallet.fromPhrase('test test test test test test test test test test test junk');
const owner = HDNodeWallet.createRandom().address;

/** What a service would have stored before it broadcast: a deployment and the first anchor, with fixed nonces and fees. */
async function signBoth(): Promise<{ raw: readonly [string, string]; hashes: readonly [string, string]; contract: string }> {
  const fees = { chainId: DEV_CHAIN_ID, type: 2, maxFeePerGas: 10n ** 10n, maxPriorityFeePerGas: 10n ** 9n, gasLimit: 2_000_000 };
  const constructor = abi.encodeDeploy(['log.zhengben.example/test', root, owner, deployer.address, ZeroAddress]);
  const contract = getCreateAddress({ from: deployer.address, nonce: 0 });
  const deployment = await deployer.signTransaction({ ...fees, nonce: 0, data: checkpointAnchorBytecode + constructor.slice(2) });
  const anchor = await deployer.signTransaction({ ...fees, nonce: 1, to: contract, data: abi.encodeFunctionData('anchor', [1, root, []]) });
  return { raw: [deployment, anchor], hashes: [hashOf(deployment), hashOf(anchor)], contract };
}

function hashOf(raw: string): string {
  const { hash } = Transaction.from(raw);
  if (hash === null) throw new Error('an unsigned transaction');
  return hash;
}

/** Starts a node, lets `look` look at it, and stops it. */
async function onNewNode<T>(look: (provider: JsonRpcProvider) => Promise<T>): Promise<T> {
  const chain = await startTestChain();
  const provider = new JsonRpcProvider(chain.url, DEV_CHAIN_ID, { staticNetwork: true, cacheTimeout: -1, pollingInterval: 20 });
  try {
    return await look(provider);
  } finally {
    provider.destroy();
    await chain.stop();
  }
}

async function genesisHash(provider: JsonRpcProvider): Promise<string | null | undefined> {
  return (await provider.getBlock(0))?.hash;
}

// Why a chain instance is (chainId, hash of block 0, contract): all else repeats, and the EVM's replay protection with it.
test('two starts of a node have the same addresses and transaction hashes and another block 0', async () => {
  const { raw, hashes, contract } = await signBoth();

  const first = await onNewNode(async (provider) => {
    const sent = [];
    for (const transaction of raw) sent.push(await provider.broadcastTransaction(transaction));
    expect(sent.map((transaction) => transaction.hash)).toEqual(hashes);
    const receipt = await provider.getTransactionReceipt(hashes[0]);
    expect(receipt?.contractAddress).toBe(contract);
    return { genesis: await genesisHash(provider), head: await provider.call({ to: contract, data: abi.encodeFunctionData('head') }) };
  });
  await sleep(1_100); // block 0 differs by its time alone, which counts whole seconds

  await onNewNode(async (provider) => {
    expect(await genesisHash(provider)).not.toBe(first.genesis);
    // A stored hash or address of the first chain says nothing here …
    expect(await provider.getTransactionReceipt(hashes[0])).toBeNull();
    expect(await provider.getCode(contract)).toBe('0x');
    // … and yet the chain takes the first one's bytes, gives them the same hashes and the same address: only block 0 tells the two apart.
    for (const transaction of raw) await provider.broadcastTransaction(transaction);
    expect((await provider.getTransactionReceipt(hashes[1]))?.status).toBe(1);
    const head = abi.decodeFunctionResult('head', await provider.call({ to: contract, data: abi.encodeFunctionData('head') }));
    expect(head.toArray().slice(0, 2)).toEqual(abi.decodeFunctionResult('head', first.head).toArray().slice(0, 2));
  });
});
