import { Interface, type InterfaceAbi, Result } from 'ethers';
import hre from 'hardhat';
import { checkpointAnchorAbi, checkpointAnchorBytecode } from '../../src/platform/chain/abi/checkpoint-anchor.js';

export const ZERO_ADDRESS = `0x${'0'.repeat(40)}`;
export const ZERO_HASH = `0x${'0'.repeat(64)}`;
export const ORIGIN = 'log.zhengben.example/test';
export const LOG_KEY = `0x${'a5'.repeat(32)}`;

export interface Log { readonly name: string; readonly args: readonly unknown[] }
/** What became of a call or a transaction: its values, or the custom error it reverted with. */
export type Outcome =
  | { readonly ok: true; readonly values: Result; readonly logs: readonly Log[]; readonly gasUsed: number }
  | { readonly ok: false; readonly error: string; readonly args: readonly unknown[] };

export interface Receipt {
  readonly status: string; readonly gasUsed: string; readonly contractAddress: string | null;
  readonly blockNumber: string; readonly logs: readonly { readonly topics: string[]; readonly data: string }[];
}

/**
 * The chain of Hardhat in this process, mining a block a transaction. (Each test file loads Hardhat anew; from the second one of a jest
 * worker on, its native part says «Failed to set global tracing subscriber», which means only that its log settings stay.)
 */
export function request<T>(method: string, ...params: unknown[]): Promise<T> {
  return hre.network.provider.request({ method, params }) as Promise<T>;
}

/** Hardhat's twenty funded accounts, in order. */
export function accounts(): Promise<string[]> {
  return request<string[]>('eth_accounts');
}

export interface Deployment { readonly origin?: string; readonly logKey?: string; readonly owner: string; readonly anchorer: string; readonly predecessor?: string }

/** A `CheckpointAnchor`, or the error its constructor reverted with. */
export async function deploy(options: Deployment): Promise<AnchorContract | Extract<Outcome, { ok: false }>> {
  const { origin = ORIGIN, logKey = LOG_KEY, owner, anchorer, predecessor = ZERO_ADDRESS } = options;
  const [deployer] = await accounts();
  const data = checkpointAnchorBytecode + abi.encodeDeploy([origin, logKey, owner, anchorer, predecessor]).slice(2);
  const outcome = await attempt(async () => {
    const hash = await request<string>('eth_sendTransaction', { from: deployer, data });
    return request<Receipt>('eth_getTransactionReceipt', hash);
  });
  if ('error' in outcome) return outcome;
  if (outcome.contractAddress === null) throw new Error('a deployment without an address');
  return new AnchorContract(outcome.contractAddress, Number(outcome.gasUsed), toLogs(outcome));
}

/** The same, where the constructor cannot have anything against it. */
export async function deployed(options: Deployment): Promise<AnchorContract> {
  const contract = await deploy(options);
  if (contract instanceof AnchorContract) return contract;
  throw new Error(`the constructor reverted with ${contract.error}`);
}

export class AnchorContract {
  constructor(readonly address: string, readonly deploymentGas: number, readonly deploymentLogs: readonly Log[]) {}

  encode(method: string, ...args: unknown[]): string {
    return abi.encodeFunctionData(method, args);
  }

  /** Mines a transaction. */
  async send(from: string, method: string, ...args: unknown[]): Promise<Outcome> {
    const outcome = await attempt(async () => {
      const hash = await request<string>('eth_sendTransaction', { from, to: this.address, data: this.encode(method, ...args) });
      return request<Receipt>('eth_getTransactionReceipt', hash);
    });
    if ('error' in outcome) return outcome;
    return { ok: true, values: Result.fromItems([]), logs: toLogs(outcome), gasUsed: Number(outcome.gasUsed) };
  }

  /** Whether a transaction succeeds with this gas limit. It is mined either way. */
  async succeedsWithGas(gas: number, from: string, method: string, ...args: unknown[]): Promise<boolean> {
    const before = await request<string>('eth_getTransactionCount', from, 'latest');
    const transaction = { from, to: this.address, gas: `0x${gas.toString(16)}`, data: this.encode(method, ...args) };
    const succeeded = await request('eth_sendTransaction', transaction).then(() => true, () => false);
    if (await request<string>('eth_getTransactionCount', from, 'latest') === before) throw new Error(`not mined with ${gas} gas`);
    return succeeded;
  }

  /** Asks what the call would do; changes nothing. */
  async call(from: string, method: string, ...args: unknown[]): Promise<Outcome> {
    const outcome = await attempt(() => request<string>('eth_call', { from, to: this.address, data: this.encode(method, ...args) }, 'latest'));
    if (typeof outcome !== 'string') return outcome;
    return { ok: true, values: abi.decodeFunctionResult(method, outcome), logs: [], gasUsed: 0 };
  }

  /** The values of a view. */
  async read(method: string, ...args: unknown[]): Promise<unknown[]> {
    const outcome = await this.call(ZERO_ADDRESS, method, ...args);
    if (!outcome.ok) throw new Error(`${method} reverted with ${outcome.error}`);
    return outcome.values.toArray();
  }
}

const abi = new Interface(checkpointAnchorAbi as unknown as InterfaceAbi);

async function attempt<T>(act: () => Promise<T>): Promise<T | Extract<Outcome, { ok: false }>> {
  try {
    return await act();
  } catch (error) {
    const data = revertData(error);
    if (data === undefined) throw error;
    const parsed = abi.parseError(data);
    return { ok: false, error: parsed?.name ?? data, args: parsed?.args.toArray() ?? [] };
  }
}

/** Hardhat reports the data of a revert as `error.data`, or as `error.data.data` over JSON-RPC. */
export function revertData(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('data' in error)) return undefined;
  const { data } = error;
  if (typeof data === 'string') return data;
  return revertData({ data: typeof data === 'object' && data !== null && 'data' in data ? data.data : undefined });
}

function toLogs(receipt: Receipt): Log[] {
  return receipt.logs.map((log) => {
    const parsed = abi.parseLog(log);
    if (parsed === null) throw new Error('an event that the ABI does not know');
    return { name: parsed.name, args: parsed.args.toArray() };
  });
}
