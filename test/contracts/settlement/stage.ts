import { HDNodeWallet, id, Interface, type InterfaceAbi, TypedDataEncoder, Wallet } from 'ethers';
import { rightsSettlementAbi, rightsSettlementBytecode } from '../../../src/platform/chain/abi/rights-settlement.js';
import { accounts, type Outcome, request, ZERO_ADDRESS } from '../chain.js';
import { Contract, deployed } from './chain.js';
import { type Artifact, compile } from './compile.js';

export const DEV_CHAIN_ID = 31_337;
export const DAY = 86_400n;
export const State = { none: 0n, funded: 1n, released: 2n, refunded: 3n } as const;
export const Role = { orderSigner: 0, settler: 1 } as const;
export const SETTLEMENT: Artifact = { abi: rightsSettlementAbi as unknown as InterfaceAbi, bytecode: rightsSettlementBytecode };
export const settlementAbi = new Interface(SETTLEMENT.abi);

/** docs/spec/settlement.md; ethers hashes and signs it, the contract has to agree. */
export const ORDER_TYPES = {
  Order: [
    { name: 'orderId', type: 'bytes32' }, { name: 'buyer', type: 'address' }, { name: 'token', type: 'address' }, { name: 'amount', type: 'uint256' },
    { name: 'payees', type: 'address[]' }, { name: 'shareBps', type: 'uint16[]' }, { name: 'deadline', type: 'uint64' },
  ],
};

export interface Order {
  readonly orderId: string; readonly buyer: string; readonly token: string; readonly amount: bigint;
  readonly payees: readonly string[]; readonly shareBps: readonly number[]; readonly deadline: bigint;
}

/** A settlement with its people: accounts of Hardhat, and an order signer that never sends a transaction. */
export class Stage {
  readonly signer = new Wallet(id('order signer'));
  #orders = 0;

  private constructor(
    readonly settlement: Contract, readonly owner: string, readonly settler: string, readonly buyer: string, readonly seller: string, readonly author: string, readonly stranger: string,
  ) {}

  static async open(): Promise<Stage> {
    const [deployer = '', owner = '', settler = '', buyer = '', seller = '', author = '', stranger = ''] = await accounts();
    const settlement = await deployed(SETTLEMENT, deployer, [owner, new Wallet(id('order signer')).address, settler]);
    return new Stage(settlement, owner, settler, buyer, seller, author, stranger);
  }

  /** 1,001 units for two payees, due in a day. */
  async order(change: Partial<Order> = {}): Promise<Order> {
    this.#orders += 1;
    return {
      orderId: id(`order ${this.#orders}`), buyer: this.buyer, token: ZERO_ADDRESS, amount: 1_001n, payees: [this.seller, this.author], shareBps: [9_000, 1_000],
      deadline: await now() + DAY, ...change,
    };
  }

  sign(order: Order, { signer = this.signer as Wallet | HDNodeWallet, chainId = DEV_CHAIN_ID, contract = this.settlement.address } = {}): Promise<string> {
    return signer.signTypedData({ name: 'Zhengben RightsSettlement', version: '1', chainId, verifyingContract: contract }, ORDER_TYPES, order);
  }

  async fund(order: Order, { from = order.buyer, value = order.token === ZERO_ADDRESS ? order.amount : 0n, signature = undefined as string | undefined } = {}): Promise<Outcome> {
    return this.settlement.pay(from, value, 'fund', order, signature ?? await this.sign(order));
  }

  /** An order that is funded. */
  async funded(change: Partial<Order> = {}): Promise<Order> {
    const order = await this.order(change);
    const outcome = await this.fund(order);
    if (!outcome.ok) throw new Error(`fund reverted with ${outcome.error}`);
    return order;
  }

  async stateOf(order: Order): Promise<unknown> {
    return (await this.settlement.read('orderOf', order.orderId))[0];
  }

  async withdrawable(account: string, token = ZERO_ADDRESS): Promise<unknown> {
    return (await this.settlement.read('withdrawable', account, token))[0];
  }

  async held(token = ZERO_ADDRESS): Promise<unknown> {
    return (await this.settlement.read('held', token))[0];
  }

  /** A mock of contracts/mocks. */
  async mock(name: string, ...args: unknown[]): Promise<Contract> {
    const [deployer = ''] = await accounts();
    const artifact = (await compile([`contracts/mocks/${name}.sol`]))[name];
    if (artifact === undefined) throw new Error(`no mock ${name}`);
    return deployed(artifact, deployer, args, [settlementAbi]);
  }

  /** A token of which the buyer has enough, and lets the settlement take it. */
  async token(name: string, ...args: unknown[]): Promise<Contract> {
    const token = await this.mock(name, ...args);
    await token.send(this.buyer, 'mint', this.buyer, 10n ** 30n);
    await token.send(this.buyer, 'approve', this.settlement.address, 10n ** 30n);
    return token;
  }
}

export function orderHash(order: Order): string {
  return TypedDataEncoder.hashStruct('Order', ORDER_TYPES, order);
}

/** Time of the newest block. */
export async function now(): Promise<bigint> {
  return BigInt((await request<{ timestamp: string }>('eth_getBlockByNumber', 'latest', false)).timestamp);
}

/** The next block, and so the next transaction, has this time. */
export async function atTime(time: bigint): Promise<void> {
  await request('evm_setNextBlockTimestamp', `0x${time.toString(16)}`);
}

export async function balanceOf(account: string): Promise<bigint> {
  return BigInt(await request<string>('eth_getBalance', account, 'latest'));
}
