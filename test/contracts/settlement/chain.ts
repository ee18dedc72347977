import { Interface, Result } from 'ethers';
import { type Log, type Outcome, type Receipt, request, revertData } from '../chain.js';
import type { Artifact } from './compile.js';

export type Rpc = <T>(method: string, ...params: unknown[]) => Promise<T>;

/** Any contract, on Hardhat's chain in this process unless `rpc` leads elsewhere. Errors that it passes on are looked up in `known` too. */
export class Contract {
  private constructor(readonly address: string, readonly abi: Interface, readonly deploymentGas: number, private readonly known: readonly Interface[], private readonly rpc: Rpc) {}

  static async deploy(artifact: Artifact, from: string, args: readonly unknown[] = [], known: readonly Interface[] = [], rpc: Rpc = request): Promise<Contract | Extract<Outcome, { ok: false }>> {
    const abi = new Interface(artifact.abi);
    const data = artifact.bytecode + abi.encodeDeploy(args).slice(2);
    const receipt = await attempt([abi], async () => rpc<Receipt>('eth_getTransactionReceipt', await rpc<string>('eth_sendTransaction', { from, data, gas: DEPLOYMENT_GAS })));
    if ('error' in receipt) return receipt;
    if (receipt.contractAddress === null) throw new Error('a deployment without an address');
    return new Contract(receipt.contractAddress, abi, Number(receipt.gasUsed), known, rpc);
  }

  encode(method: string, ...args: unknown[]): string {
    return this.abi.encodeFunctionData(method, args);
  }

  /** Mines a transaction. */
  async send(from: string, method: string, ...args: unknown[]): Promise<Outcome> {
    return this.pay(from, 0n, method, ...args);
  }

  /** The same, with money. */
  async pay(from: string, value: bigint, method: string, ...args: unknown[]): Promise<Outcome> {
    const transaction = { from, to: this.address, value: `0x${value.toString(16)}`, data: this.encode(method, ...args) };
    const receipt = await attempt([this.abi, ...this.known], async () => this.rpc<Receipt>('eth_getTransactionReceipt', await this.rpc<string>('eth_sendTransaction', transaction)));
    if ('error' in receipt) return receipt;
    return { ok: true, values: Result.fromItems([]), logs: this.#toLogs(receipt), gasUsed: Number(receipt.gasUsed) };
  }

  /** Asks what the call would do; changes nothing. */
  async call(from: string, method: string, args: readonly unknown[] = [], gas?: bigint): Promise<Outcome> {
    const transaction = { from, to: this.address, data: this.abi.encodeFunctionData(method, args), ...(gas === undefined ? {} : { gas: `0x${gas.toString(16)}` }) };
    const result = await attempt([this.abi, ...this.known], () => this.rpc<string>('eth_call', transaction, 'latest'));
    if (typeof result !== 'string') return result;
    return { ok: true, values: this.abi.decodeFunctionResult(method, result), logs: [], gasUsed: 0 };
  }

  /** The values of a view. */
  async read(method: string, ...args: unknown[]): Promise<unknown[]> {
    const outcome = await this.call(`0x${'0'.repeat(40)}`, method, args);
    if (!outcome.ok) throw new Error(`${method} reverted with ${outcome.error}`);
    return outcome.values.toArray();
  }

  /** Those of this contract and those that are known. */
  #toLogs(receipt: Receipt): Log[] {
    return receipt.logs.flatMap((log) => {
      const parsed = this.abi.parseLog(log);
      return parsed === null ? [] : [{ name: parsed.name, args: parsed.args.toArray() }];
    });
  }
}

/** The same, where the constructor cannot have anything against it. */
export async function deployed(artifact: Artifact, from: string, args: readonly unknown[] = [], known: readonly Interface[] = [], rpc: Rpc = request): Promise<Contract> {
  const contract = await Contract.deploy(artifact, from, args, known, rpc);
  if (contract instanceof Contract) return contract;
  throw new Error(`the constructor reverted with ${contract.error}`);
}

const DEPLOYMENT_GAS = '0x1000000';

async function attempt<T>(known: readonly Interface[], act: () => Promise<T>): Promise<T | Extract<Outcome, { ok: false }>> {
  try {
    return await act();
  } catch (error) {
    const data = revertData(error);
    if (data === undefined) throw error;
    const parsed = known.map((abi) => abi.parseError(data)).find((candidate) => candidate !== null);
    return { ok: false, error: parsed?.name ?? data, args: parsed?.args.toArray() ?? [] };
  }
}
