import { Interface, TypedDataEncoder, Wallet } from 'ethers';
import { rightsSettlementAbi } from './abi/rights-settlement.js';
import type { ChainSession } from './chain-session.js';
import { ChainError } from './errors.js';

const contractInterface = new Interface(rightsSettlementAbi);

/** docs/spec/settlement.md, «Order». */
const ORDER_TYPES = {
  Order: [
    { name: 'orderId', type: 'bytes32' }, { name: 'buyer', type: 'address' }, { name: 'token', type: 'address' }, { name: 'amount', type: 'uint256' },
    { name: 'payees', type: 'address[]' }, { name: 'shareBps', type: 'uint16[]' }, { name: 'deadline', type: 'uint64' },
  ],
};

export const MAX_PAYEES = 32;
export const MAX_CHAIN_AMOUNT = (1n << 96n) - 1n;
export const MAX_TERM_SECONDS = 90 * 86_400;

/** What the order signer signs and the buyer funds. Addresses in lower case; the zero address as token: the chain's own currency. */
export interface ChainOrder {
  /** 0x and 64 hex digits. */
  readonly orderId: string;
  readonly buyer: string;
  readonly token: string;
  readonly amount: bigint;
  readonly payees: readonly string[];
  readonly shareBps: readonly number[];
  /** Seconds since 1970. */
  readonly deadline: number;
}

export const CHAIN_ORDER_STATES = ['none', 'funded', 'released', 'refunded'] as const;
export type ChainOrderState = (typeof CHAIN_ORDER_STATES)[number];

/** Signs orders; never sends a transaction. */
export class OrderSigner {
  readonly #wallet: Wallet;

  /** @param privateKey 0x and 64 hex digits. */
  constructor(privateKey: string) {
    this.#wallet = new Wallet(privateKey);
  }

  /** Lower case. */
  get address(): string {
    return this.#wallet.address.toLowerCase();
  }

  /** EIP-712, for one contract on one chain. @returns the order's struct hash, which the contract keeps, and the signature of 65 bytes. */
  async sign(order: ChainOrder, { chainId, contract }: { readonly chainId: number; readonly contract: string }): Promise<{ orderHash: string; signature: string }> {
    const domain = { name: 'Zhengben RightsSettlement', version: '1', chainId, verifyingContract: contract };
    return { orderHash: TypedDataEncoder.hashStruct('Order', ORDER_TYPES, order), signature: await this.#wallet.signTypedData(domain, ORDER_TYPES, order) };
  }
}

/** The contract `RightsSettlement` at one address of one chain, read at named blocks. */
export class RightsSettlementContract {
  constructor(
    private readonly session: ChainSession,
    readonly address: string,
  ) {}

  /** @returns false when there is no contract at the address. */
  async exists(atBlock: number): Promise<boolean> {
    return (await this.session.code(this.address, atBlock)) !== '0x';
  }

  /** Who signs orders, and who releases them; lower case. */
  async roles(atBlock: number): Promise<{ orderSigner: string; settler: string }> {
    const [[orderSigner], [settler]] = [await this.#read('holderOf', [0], atBlock), await this.#read('holderOf', [1], atBlock)];
    return { orderSigner: String(orderSigner).toLowerCase(), settler: String(settler).toLowerCase() };
  }

  async stateOf(orderId: string, atBlock: number): Promise<ChainOrderState> {
    const [state] = await this.#read('orderOf', [orderId], atBlock);
    const name = CHAIN_ORDER_STATES[Number(state)];
    if (name === undefined) throw new ChainError('CHAIN.MALFORMED_ANSWER', `${this.session.host}: an order is in no known state`);
    return name;
  }

  async #read(name: string, args: readonly unknown[], atBlock: number): Promise<readonly unknown[]> {
    const answer = await this.session.call({ to: this.address, data: contractInterface.encodeFunctionData(name, args) }, atBlock);
    try {
      return [...contractInterface.decodeFunctionResult(name, answer)];
    } catch (error) {
      throw new ChainError('CHAIN.MALFORMED_ANSWER', `${this.session.host}: ${name}() of ${this.address} is not a RightsSettlement's`, { cause: error });
    }
  }
}

/** The input of the settler's transaction that gives the payees their shares. */
export function encodeRelease(order: ChainOrder): string {
  return contractInterface.encodeFunctionData('release', [order]);
}

/** The input of the settler's transaction that gives the buyer everything back. */
export function encodeRefund(orderId: string): string {
  return contractInterface.encodeFunctionData('refund', [orderId]);
}
