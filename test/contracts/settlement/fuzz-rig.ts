import { setTimeout as sleep } from 'node:timers/promises';
import { SigningKey, computeAddress, id } from 'ethers';
import { startAnvil } from '../../integration/anchoring/support/anvil.js';
import { type Outcome, ZERO_ADDRESS } from '../chain.js';
import { Contract, deployed, type Rpc } from './chain.js';
import { type Artifact, compile } from './compile.js';

const ACTORS = 8;
/** 2^110 wei: nobody runs out of it, whatever an order asks for. */
const PLENTY = `0x4${'0'.repeat(27)}`;
const CAST = ['SettlementFuzz', 'Actor', 'TestToken', 'ReturnlessToken', 'FeeToken', 'FalseToken', 'HookToken'];
/** Many times what a run of 50 steps takes. */
const RUN_GAS = 2n ** 30n;

export const STEPS = 50;
export const KINDS = ['fund', 'replay', 'release', 'refund', 'withdraw', 'warp', 'role', 'donate', 'misbehave'] as const;

export interface FuzzChain { readonly rpc: Rpc; stop(): Promise<void> }

/** anvil: it keeps no trace of each opcode, which makes a run forty times as fast as on Hardhat's chain. */
export async function openFuzzChain(): Promise<FuzzChain> {
  const anvil = await startAnvil();
  const rpc: Rpc = async <T>(method: string, ...params: unknown[]): Promise<T> => {
    for (;;) {
      const response = await fetch(anvil.url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }) });
      const { result, error } = (await response.json()) as { result: T; error?: { message: string; data?: string } };
      if (error !== undefined) throw Object.assign(new Error(`${method}: ${error.message}`), error.data === undefined ? {} : { data: error.data });
      if (method !== 'eth_getTransactionReceipt' || result !== null) return result;
      await sleep(5); // not mined yet
    }
  };
  return { rpc, stop: () => anvil.stop() };
}

/** Compiles the harness and puts it on the chain with its cast; `changed` sources make the settlement a mutant. Runs change nothing of it. */
export async function deployFuzz(rpc: Rpc, changed: Readonly<Record<string, string>> = {}): Promise<Contract> {
  const artifacts = { ...await compile(CAST.map(toPath)), ...await compile([toPath('SettlementUnderTest')], changed) };
  const [deployer = ''] = await rpc<string[]>('eth_accounts');
  await rpc('evm_setBlockGasLimit', `0x${RUN_GAS.toString(16)}`);
  const create = (name: string, ...args: unknown[]): Promise<Contract> => deployed(artifacts[name] as Artifact, deployer, args, [], rpc);

  const harness = await create('SettlementFuzz');
  const actors: Contract[] = [];
  for (let i = 0; i < ACTORS; i += 1) actors.push(await create('Actor'));
  const keys = [1, 2, 3].map((n) => id(`order signer ${n}`));
  const signers = keys.map((key) => computeAddress(new SigningKey(key)));
  const settlement = await create('SettlementUnderTest', actors[0]?.address, signers[0], actors[1]?.address);
  const tokens = [await create('TestToken', 'Test', 'TEST', 6)];
  for (const name of ['ReturnlessToken', 'FeeToken', 'FalseToken', 'HookToken']) tokens.push(await create(name));

  const prepared = await harness.send(deployer, 'prepare', settlement.address, actors.map(({ address }) => address), [ZERO_ADDRESS, ...tokens.map(({ address }) => address)], keys, signers);
  if (!prepared.ok) throw new Error(`the cast was refused with ${prepared.error}`);
  for (const { address } of [harness, ...actors]) await rpc('anvil_setBalance', address, PLENTY);
  return harness;
}

/** One run: how many steps of each kind succeeded, or where it failed. */
export async function run(harness: Contract, seed: bigint, steps = STEPS): Promise<Outcome> {
  return harness.call(ZERO_ADDRESS, 'run', [seed, steps], RUN_GAS);
}

function toPath(name: string): string {
  return `contracts/mocks/${name}.sol`;
}
